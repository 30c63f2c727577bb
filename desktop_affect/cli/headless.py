"""A run without a window: progress lines while it lasts, a summary at the end."""

from __future__ import annotations

import argparse
import json
import math
import signal
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType

from desktop_affect.assembly import Run, RunPlan, build_run
from desktop_affect.cli.overrides import settings_for
from desktop_affect.cli.studies import next_condition
from desktop_affect.core.errors import SessionError
from desktop_affect.core.settings import Settings
from desktop_affect.core.types import EngineState, Sample, SourceKind, Status
from desktop_affect.session.plan import Consent, FilmConsent, SessionPlan
from desktop_affect.signals.calibration import CalibrationState
from desktop_affect.signals.chain import SignalChain
from desktop_affect.sinks.recording import RecorderState
from desktop_affect.sinks.tally import Summary, Tally
from desktop_affect.sources.choose import parse_source
from desktop_affect.system import paths

# Often enough to see that it lives, seldom enough to read; a terminal's line is rewritten, a file gets a line.
PROGRESS_S = 1.0
NEXT = "next"
"""As a condition: the one that the plan has."""
_PLAIN_EVERY = 5
_LOOK_S = 0.1


def run(args: argparse.Namespace) -> int:
    tally = Tally()
    settings = settings_for(args)
    run = build_run(plan_of(args, settings), settings, (tally,))
    with ctrl_c() as interrupted:
        if args.calibrate:
            run.begin_calibration()
        run.engine.start()
        _watch(run, tally, args.duration, interrupted)
        run.stop()
    _report(args, run, tally, interrupted.is_set())
    return 1 if _failed(run) else 0


def _failed(run: Run) -> bool:
    """The run, or the recording that was asked for, is not what it should be."""
    recorder = run.recorder
    recorded = recorder is None or recorder.state is RecorderState.CLOSED
    return run.engine.status().state is EngineState.FAILED or not recorded


def plan_of(args: argparse.Namespace, settings: Settings) -> RunPlan:
    """Without a window a film is there to be analysed: every frame of it, unless `--pace live` says otherwise."""
    is_film = parse_source(args.source).kind is SourceKind.VIDEO
    live = not is_film if args.pace is None else args.pace == "live"
    whose = session_plan(args, settings)
    session, participant = (whose, None) if args.record else (None, whose if args.participant else None)
    return RunPlan(source=args.source, live=live, session=session, participant=participant)


def session_plan(args: argparse.Namespace, settings: Settings) -> SessionPlan:
    root = args.output or paths.sessions_dir(settings.text("recording.folder"))
    return SessionPlan(
        root=root,
        study=args.study,
        participant=args.participant,
        condition=condition_of(args, root),
        consent=Consent(FilmConsent(args.film), args.consent_note),
        baseline=args.baseline,
    )


def condition_of(args: argparse.Namespace, root: Path) -> str:
    """As typed, or what the plan of the study has next. Raises SessionError in words when nothing is left."""
    if args.condition != NEXT:
        return str(args.condition)
    condition = next_condition(root, args.study, args.participant)
    if not condition:
        advice = "Name the condition: --condition NAME"
        raise SessionError(f"{args.participant} has done everything that “{args.study}” plans.", advice=advice)
    return condition


@contextmanager
def ctrl_c() -> Iterator[threading.Event]:
    """Ctrl-C, and a polite kill, set the event instead of tearing through the middle of something."""
    event = threading.Event()

    def note(number: int, at: FrameType | None) -> None:
        event.set()

    before = {number: signal.signal(number, note) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield event
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _watch(run: Run, tally: Tally, duration_s: float | None, interrupted: threading.Event) -> None:
    """Until the film is over, the time is up, or somebody stops it. Time counts from the first frame."""
    engine, ends_s, told_s, lines = run.engine, math.inf, -math.inf, 0
    while not engine.finished.is_set() and not interrupted.is_set():
        now_s = run.clock.now_s()
        if now_s >= ends_s:
            return
        if duration_s is not None and ends_s == math.inf and engine.status().analysed:
            ends_s = now_s + duration_s
        if now_s - told_s >= PROGRESS_S:
            _progress(engine.status(), tally.newest, lines)
            told_s, lines = now_s, lines + 1
        engine.finished.wait(min(_LOOK_S, ends_s - now_s))


def _progress(status: Status, sample: Sample | None, lines: int) -> None:
    if sys.stderr is None:
        return
    if sys.stderr.isatty():
        print(f"\r{_line(status, sample):<110.110}", end="", file=sys.stderr, flush=True)
    elif lines % _PLAIN_EVERY == 0:
        print(_line(status, sample), file=sys.stderr, flush=True)


def _line(status: Status, sample: Sample | None) -> str:
    if status.waiting_for:
        return f"{status.waiting_for} ..."
    words = [
        f"{status.captured} frames",
        f"{number(status.fps_in)} fps in",
        f"{number(status.fps_analysed)} analysed",
        f"{number(status.latency_ms)} ms",
        f"{status.skipped} dropped",
    ]
    if sample is not None:
        words.append("face" if sample.face is not None else "no face")
        if sample.affect is not None:
            words.append(f"valence {sample.affect.valence:+.2f} arousal {sample.affect.arousal:+.2f}")
    return "  ".join(words)


def number(value: float) -> str:
    return "–" if math.isnan(value) else f"{value:.1f}"


def _report(args: argparse.Namespace, run: Run, tally: Tally, interrupted: bool) -> None:
    if sys.stderr is not None and sys.stderr.isatty():
        print(file=sys.stderr)
    summary, status = tally.summary(), run.engine.status()
    if status.state is EngineState.FAILED and status.fault is not None and sys.stderr is not None:
        print(status.fault.message, status.fault.advice, sep="\n", file=sys.stderr)
    if sys.stdout is None:
        return
    if args.json:
        print(json.dumps(_document(summary, status, run, interrupted), allow_nan=False))
    else:
        print("\n".join(_words(summary, status, run)))


def _document(summary: Summary, status: Status, run: Run, interrupted: bool) -> dict[str, object]:
    return {
        "frames": summary.frames,
        "analysed": summary.analysed,
        "faces": summary.faces,
        "dropped": summary.dropped,
        "fps": _finite(summary.fps),
        "duration_s": _finite(summary.duration_s),
        "latency_ms_p50": _finite(summary.latency_ms_p50),
        "latency_ms_p95": _finite(summary.latency_ms_p95),
        "state": status.state.value,
        "interrupted": interrupted,
        "source": status.source.name if status.source else None,
        "model": status.model.name if status.model else None,
        "device": status.model.device if status.model else None,
        "session": _folder(run),
        "film": _film(run),
        "baseline": baseline_words(run.signals),
        "faults": list(summary.faults) or ([status.fault.message] if status.fault else []),
    }


def baseline_words(signals: SignalChain | None) -> str | None:
    """The id of what the rows were corrected by, or why they were not."""
    if signals is None:
        return None
    status = signals.calibration
    if status is not None and status.state is not CalibrationState.DONE:
        return f"not calibrated: {status.words or 'the recording ended first'}"
    if signals.baseline_problem:
        return signals.baseline_problem
    return signals.baseline.id if signals.baseline else None


def _folder(run: Run) -> str | None:
    return str(run.recorder.folder) if run.recorder is not None and run.recorder.folder is not None else None


def _film(run: Run) -> dict[str, object] | None:
    film = run.recorder.film if run.recorder is not None else None
    if film is None:
        return None
    return {"mode": film.mode.value, "frames": film.frames, "dropped": film.dropped, "bytes": film.size_bytes}


def _finite(value: float) -> float | None:
    return round(value, 3) if math.isfinite(value) else None


def _words(summary: Summary, status: Status, run: Run) -> Iterator[str]:
    share = summary.faces / summary.frames if summary.frames else 0.0
    yield f"{summary.frames} frames in {number(summary.duration_s)} s, {summary.dropped} dropped"
    yield f"face in {summary.faces} frames ({share:.0%}), {number(summary.fps)} analysed per second of the source"
    if math.isfinite(summary.latency_ms_p50):
        p50, p95 = number(summary.latency_ms_p50), number(summary.latency_ms_p95)
        yield f"capture to estimate {p50} ms (median), {p95} ms (95th percentile)"
    if (film := _film(run)) is not None:
        yield f"film ({film['mode']}): {film['frames']} pictures, {film['dropped']} dropped"
    if status.source is not None and status.source.kind is SourceKind.DEMO:
        yield "the participant is the demo, not a camera"
    yield f"model: {status.model.name} on {status.model.device}" if status.model else "model: none"
    if words := baseline_words(run.signals):
        yield f"baseline: {words}"
    if folder := _folder(run):
        yield f"session: {folder}"
    yield from (f"note: {message}" for message in summary.faults)
