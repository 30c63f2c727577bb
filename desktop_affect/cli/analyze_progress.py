"""What `analyze` tells while it works and at the end: a line that is rewritten, plain lines, or JSON."""

from __future__ import annotations

import json
import math
import shutil
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from desktop_affect.batch.jobs import Job, Outcome, Progress, State
from desktop_affect.batch.meter import Meter
from desktop_affect.system.clock import MonotonicClock

if TYPE_CHECKING:
    from desktop_affect.batch.ledger import Ledger

_MOST_WIDTH = 100
# A terminal's line; a file gets one of these only while a long film says nothing else.
_REWRITE_S, _PLAIN_S, _JSON_S = 0.5, 30.0, 1.0
_STATE_WORDS = {State.DONE: "", State.PARTIAL: "not whole: ", State.FAILED: "failed: "}


class Teller(Protocol):
    """Main thread."""

    def hear(self, happening: Progress | Outcome) -> None: ...
    def finish(self, ledger: Ledger, written: Sequence[Path], *, stopped: bool) -> None: ...


def teller_for(jobs: Sequence[Job], skipped: int, *, as_json: bool) -> Teller:
    return _Json(jobs, skipped) if as_json else _Words(jobs, skipped)


class _Words:
    """Lines for people, on the error stream; the paths at the end on the output."""

    def __init__(self, jobs: Sequence[Job], skipped: int) -> None:
        self._meter = Meter(jobs, MonotonicClock())
        self._names = {job.folder: job.name for job in jobs}
        self._terminal = sys.stderr is not None and sys.stderr.isatty()
        self._told_s = 0.0
        if skipped:
            self._line(f"{skipped} done before, {len(jobs)} to do")

    def hear(self, happening: Progress | Outcome) -> None:
        self._meter.hear(happening)
        if isinstance(happening, Outcome):
            self._line(self._outcome(happening))
        if self._meter.took_s - self._told_s >= (_REWRITE_S if self._terminal else _PLAIN_S):
            self._told_s = self._meter.took_s
            self._progress()

    def _outcome(self, outcome: Outcome) -> str:
        words = [f"{self._meter.done}/{self._meter.total}", outcome.name]
        if outcome.frames:
            words += [counted(outcome.frames, "frame"), f"face {_percent(outcome.figures['face_share'])}"]
            words.append(f"{outcome.frames / max(outcome.took_s, 1e-3):.0f} frames/s")
        if outcome.trouble is not None:
            words.append(_STATE_WORDS[outcome.state] + outcome.trouble.message)
        return "  ".join(words)

    def _progress(self) -> None:
        meter = self._meter
        words = [f"{meter.done}/{meter.total} films", f"{meter.frames_per_s:.0f} frames/s"]
        if math.isfinite(meter.left_s):
            words.append(f"{clock(meter.left_s)} left")
        words += [f"{self._names.get(p.folder, p.folder)} {_percent(p.share)}" for p in meter.going]
        text = "  ".join(words)
        if not self._terminal:
            self._line(text)
        elif sys.stderr is not None:
            width = _width()
            print(f"\r{text:<{width}.{width}}", end="", file=sys.stderr, flush=True)

    def _line(self, text: str) -> None:
        if sys.stderr is not None:
            print(f"\r{text:<{_width()}}" if self._terminal else text, file=sys.stderr, flush=True)

    def finish(self, ledger: Ledger, written: Sequence[Path], *, stopped: bool) -> None:
        if self._terminal:
            print(f"\r{'':<{_width()}}\r", end="", file=sys.stderr, flush=True)
        if sys.stdout is None:
            return
        print("\n".join(_closing_words(self._meter, ledger, stopped)))
        for path in written:
            print(path)


def _closing_words(meter: Meter, ledger: Ledger, stopped: bool) -> Iterator[str]:
    troubled = [outcome for outcome in ledger.outcomes if outcome.trouble is not None]
    for outcome in troubled:
        trouble = outcome.trouble
        if trouble is not None:
            yield f"{outcome.name}: {trouble.message} {trouble.advice}".rstrip()
    if meter.total:
        films, frames = counted(meter.total, "film"), counted(meter.frames, "frame")
        yield f"{meter.done} of {films}, {frames} in {clock(meter.took_s)}: " + _speed(meter)
    if ledger.skipped:
        yield f"{counted(ledger.skipped, 'film')} done before"
    if stopped:
        yield "Stopped. What is finished stays; go on with --resume and the same --output."


def _speed(meter: Meter) -> str:
    return f"{meter.frames_per_s:.0f} frames/s, {meter.real_time:.1f} times real time"


class _Json:
    """One object a line on the output."""

    def __init__(self, jobs: Sequence[Job], skipped: int) -> None:
        self._meter = Meter(jobs, MonotonicClock())
        self._told_s = 0.0
        _print({"event": "begin", "films": len(jobs), "skipped": skipped})

    def hear(self, happening: Progress | Outcome) -> None:
        self._meter.hear(happening)
        if isinstance(happening, Outcome):
            _print({"event": "film", **_told(happening)})
        elif self._meter.took_s - self._told_s >= _JSON_S:
            self._told_s = self._meter.took_s
            _print({"event": "progress", **self._facts()})

    def _facts(self) -> dict[str, object]:
        meter = self._meter
        going = [{"session": p.folder, "frames": p.frames, "share": _finite(p.share)} for p in meter.going]
        return {
            "done": meter.done,
            "films": meter.total,
            "share": round(meter.share, 4),
            "frames": meter.frames,
            "frames_per_s": _finite(meter.frames_per_s),
            "left_s": _finite(meter.left_s),
            "going": going,
        }

    def finish(self, ledger: Ledger, written: Sequence[Path], *, stopped: bool) -> None:
        troubled = [outcome for outcome in ledger.outcomes if outcome.trouble is not None]
        facts = {
            **self._facts(),
            "took_s": round(self._meter.took_s, 3),
            "real_time": _finite(self._meter.real_time),
            "skipped": ledger.skipped,
            "stopped": stopped,
            "output": str(ledger.root),
            "files": [str(path) for path in written],
            "problems": [_told(outcome) for outcome in troubled],
        }
        _print({"event": "end", **facts})


def _told(outcome: Outcome) -> dict[str, object]:
    trouble = outcome.trouble
    return {
        "path": outcome.path,
        "session": outcome.folder if outcome.figures else None,
        "state": outcome.state.value,
        "problem": None if trouble is None else trouble.message,
        "advice": None if trouble is None else trouble.advice,
        "frames": outcome.frames,
        "face_share": outcome.figures.get("face_share"),
        "took_s": outcome.took_s,
        "exports": dict(outcome.exports),
    }


def _print(document: dict[str, object]) -> None:
    print(json.dumps(document, ensure_ascii=False, allow_nan=False), flush=True)


def _finite(value: float) -> float | None:
    return round(value, 3) if math.isfinite(value) else None


def _percent(share: float | None) -> str:
    return "…" if share is None or math.isnan(share) else f"{share:.0%}"


def clock(seconds: float) -> str:
    """`6:12`, `1:06:12`."""
    whole = round(seconds)
    hours = f"{whole // 3600}:{whole // 60 % 60:02d}" if whole >= 3600 else f"{whole // 60}"
    return f"{hours}:{whole % 60:02d}"


def counted(number: int, thing: str) -> str:
    return f"{number} {thing}" if number == 1 else f"{number} {thing}s"


def _width() -> int:
    """A line that is rewritten must not wrap."""
    return min(shutil.get_terminal_size().columns - 1, _MOST_WIDTH)
