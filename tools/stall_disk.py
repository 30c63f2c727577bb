"""A disk that stands still for ten seconds, for real, while the application records: what does it cost?

    python tools/stall_disk.py [--stall 10] [--film whole] [--of both]

The demo runs at its own pace through the real tracker, model, recorder and film; after eight seconds every write and
sync of the session's files blocks until the stall is over, as it does on a network drive that sleeps. It ends with 1
where a row is missing, where a frame has neither a picture nor a line in the list of dropped ones, where nobody was
told, or where handing a sample over took the analysis longer than 10 ms at any time.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
import threading
import time
from pathlib import Path
from typing import Any

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

from desktop_affect.cli.main import main as desktop_affect
from desktop_affect.session.files import DiskOps
from desktop_affect.session.film_reader import FilmReader
from desktop_affect.session.reader import Session, read_session
from desktop_affect.sinks.recorder import Recorder

BEFORE_S, AFTER_S = 8.0, 8.0
MOST_HANDING_OVER_MS = 10.0


class Stall:
    """Begins when the first row has waited `BEFORE_S`, and holds whoever comes until it is over."""

    def __init__(self, length_s: float, of: tuple[str, ...]) -> None:
        self.length_s = length_s
        self.begin_s = float("inf")
        self.held: dict[str, float] = {}
        """How long each kind of call of each thread was held at the most."""
        for name in of:
            self._hold(name)

    def _hold(self, name: str) -> None:
        really = getattr(DiskOps, name)

        def held(ops: DiskOps, *arguments: Any) -> Any:
            over_s, now_s = self.begin_s + self.length_s, time.monotonic()
            if self.begin_s <= now_s < over_s:
                time.sleep(over_s - now_s)
                place = f"{name} on {threading.current_thread().name}"
                self.held[place] = max(self.held.get(place, 0.0), over_s - now_s)
            return really(ops, *arguments)

        setattr(DiskOps, name, held)


def watch(stall: Stall) -> list[tuple[float, float]]:
    """When each sample was handed to the recorder, and how long that took, in seconds."""
    really = Recorder.on_sample
    seen: list[tuple[float, float]] = []

    def on_sample(recorder: Recorder, *arguments: Any) -> None:
        began_s = time.monotonic()
        if not seen:
            stall.begin_s = began_s + BEFORE_S
        really(recorder, *arguments)
        seen.append((began_s, time.monotonic() - began_s))

    Recorder.on_sample = on_sample  # type: ignore[assignment, method-assign]
    return seen


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--stall", type=float, default=10.0, metavar="S")
    parser.add_argument("--film", choices=("none", "whole", "face", "blurred"), default="whole")
    parser.add_argument("--of", choices=("write", "sync", "both"), default="both")
    args = parser.parse_args()
    stall = Stall(args.stall, ("write", "sync") if args.of == "both" else (args.of,))
    seen = watch(stall)
    with tempfile.TemporaryDirectory() as root:
        words = ["run", "--headless", "--source", "demo", "--record", "--output", root]
        words += ["--duration", str(BEFORE_S + args.stall + AFTER_S)]
        if args.film != "none":
            words += ["--film", args.film, "--consent", "film", "--consent-note", "nobody: the demo"]
        code = desktop_affect(words)
        problems = report(next(Path(root).iterdir()), stall, np.array(seen))
    for problem in problems:
        print(f"NOT MET: {problem}")
    return 1 if problems or code != 0 else 0


def report(folder: Path, stall: Stall, seen: np.ndarray[Any, Any]) -> list[str]:
    session = read_session(folder)
    begun_s, took_ms = seen[:, 0] - stall.begin_s, seen[:, 1] * 1e3
    inside = (begun_s >= 0) & (begun_s < stall.length_s)
    for place, held_s in sorted(stall.held.items()):
        print(f"held: {place}, {held_s:.2f} s at the most")
    for words, part in (("during the stall", inside), ("otherwise", ~inside)):
        latency_ms = session["latency_ms"][part[: session.rows]]
        print(
            f"{words}: {part.sum()} samples, handed over in {np.median(took_ms[part]):.3f} ms (median), "
            f"{took_ms[part].max():.2f} ms (most); capture to estimate {np.nanmedian(latency_ms):.1f} ms (median)"
        )
    told = [str(event.get("message")) for event in session.events if event.get("event") == "fault"]
    print("told:", *told, sep="\n  ")
    return [*_rows(session, len(seen)), *_pictures(session), *_person(told, took_ms, stall)]


def _rows(session: Session, handed_over: int) -> list[str]:
    end = session.header["end"]
    print(f"rows: {session.rows} of {handed_over} samples; lost {end['lost_rows']}; closed: {session.state.value}")
    missing = handed_over != session.rows or end["lost_rows"] or (np.diff(session["seq"]) != 1).any()
    return ["a row is missing"] if missing else []


def _pictures(session: Session) -> list[str]:
    film = FilmReader.open(session.path)
    if film is None:
        return []
    with film:
        pictures, dropped = len(film.times()), len(film.dropped)
    print(f"film: {pictures} pictures, {dropped} frames listed as dropped")
    return [] if pictures + dropped == session.rows else ["a frame has neither a picture nor a line"]


def _person(told: list[str], took_ms: np.ndarray[Any, Any], stall: Stall) -> list[str]:
    found = []
    if not any("stood still" in message for message in told):
        found.append("nobody was told")
    if took_ms.max() > MOST_HANDING_OVER_MS:
        found.append(f"the analysis waited {took_ms.max():.1f} ms for the recorder")
    if max(stall.held.values(), default=0.0) < stall.length_s / 2:
        found.append("nothing was held: the stall was none")
    return found


if __name__ == "__main__":
    sys.exit(main())
