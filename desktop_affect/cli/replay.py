"""`desktop-affect replay`: a recorded session at its own pace, through the same fan-out as a camera."""

from __future__ import annotations

import argparse
import json
import math
import sys
import threading
import time
from pathlib import Path
from typing import TYPE_CHECKING

from desktop_affect.cli.run import seconds
from desktop_affect.core.errors import AffectError
from desktop_affect.core.types import Alert, AlertPhase, Event, Fault, Frame, Marker, RunStart, Sample

if TYPE_CHECKING:
    from desktop_affect.assembly import ReplayRun
    from desktop_affect.cli.parsers import Verbs

_PROGRESS_S = 1.0
_PLAIN_EVERY = 10
_LOOK_S = 0.1


def add_parser(verbs: Verbs) -> argparse.ArgumentParser:
    parser = verbs.add_parser("replay", help="play a recorded session at its own pace, as if it happened now")
    parser.add_argument(
        "session", type=Path, metavar="SESSION", help="a session's folder, or a folder of sessions for the newest"
    )
    parser.add_argument("--speed", type=float, default=1.0, metavar="X", help="0.25 to 16 times its pace (default: 1)")
    parser.add_argument("--from", type=float, default=0.0, dest="begin_s", metavar="S", help="begin at this second")
    parser.add_argument("--duration", type=seconds, metavar="S", help="stop by itself after this many seconds")
    parser.add_argument("--headless", action="store_true", help="no window: markers and alerts as they come")
    parser.add_argument("--json", action="store_true", help="headless: the last line is one JSON object")
    parser.set_defaults(go=go)
    return parser


def go(args: argparse.Namespace) -> int:
    if args.json and not args.headless:
        raise AffectError("--json belongs to a replay without a window.", advice="Add --headless.")
    args.session = _newest(args.session)
    return _headless(args) if args.headless else _in_window(args)


def _newest(folder: Path) -> Path:
    """The folder itself, or the newest session below it."""
    from desktop_affect.session.format import HEADER_FILE
    from desktop_affect.session.library import Library

    if folder.name == HEADER_FILE:  # as a file manager hands it over
        return folder.parent
    if (folder / HEADER_FILE).exists() or not folder.is_dir():
        return folder
    library = Library(folder)
    library.refresh()
    entries = library.search()
    return entries[0].path if entries else folder


def _in_window(args: argparse.Namespace) -> int:
    from desktop_affect.assembly import build_replay
    from desktop_affect.cli.windowed import say_ready
    from desktop_affect.system.settings_file import load_settings
    from desktop_affect.ui.app import WindowOptions, run_window
    from desktop_affect.ui.replayed import ReplayBackend

    build_replay(args.session, (), speed=args.speed, begin_s=args.begin_s)  # what cannot work is told before a window
    backend = ReplayBackend(load_settings().settings, args.session, args.speed, args.begin_s)
    return run_window(backend, WindowOptions(source=backend.source, on_ready=say_ready, quit_after_s=args.duration))


def _headless(args: argparse.Namespace) -> int:
    from desktop_affect.assembly import build_replay
    from desktop_affect.cli.headless import ctrl_c
    from desktop_affect.sinks.tally import Tally

    teller, tally = Teller(quiet=args.json), Tally()
    run = build_replay(args.session, (tally, teller), speed=args.speed, begin_s=args.begin_s)
    with ctrl_c() as interrupted:
        run.replay.start()
        _watch(run, interrupted, math.inf if args.duration is None else args.duration)
        run.stop()
    teller.end_line()
    if run.failed:
        return 1
    _report(args, run, teller, interrupted.is_set())
    return 0


def _watch(run: ReplayRun, interrupted: threading.Event, duration_s: float) -> None:
    """Until the recording is over, somebody presses Ctrl-C, or the time is up."""
    told_s, lines, until_s = float("-inf"), 0, time.monotonic() + duration_s
    while not run.replay.finished.wait(_LOOK_S) and not interrupted.is_set() and time.monotonic() < until_s:
        now_s = run.clock.now_s()
        if now_s - told_s >= _PROGRESS_S and sys.stderr is not None:
            words = f"{run.position_s:8.1f} of {run.duration_s:.1f} s"
            if sys.stderr.isatty():
                print(f"\r{words}", end="", file=sys.stderr, flush=True)
            elif lines % _PLAIN_EVERY == 0:
                print(words, file=sys.stderr, flush=True)
            told_s, lines = now_s, lines + 1


class Teller:
    """A sink that says what happens, in the time of the recording. Called on the replay's thread."""

    name = "console"

    def __init__(self, quiet: bool) -> None:
        self._quiet = quiet
        self._t_s = 0.0
        self.rows = self.faces = self.markers = self.alerts = 0

    def open(self, start: RunStart) -> None:
        """Nothing to prepare."""

    def on_sample(self, sample: Sample, frame: Frame | None) -> None:
        self._t_s = sample.media_t_s
        self.rows += 1
        self.faces += sample.face is not None

    def on_event(self, event: Event) -> None:
        if isinstance(event, Marker):
            self.markers += 1
            self._say(f"{event.kind}: {event.text}")
        elif isinstance(event, Alert):
            began = event.phase is AlertPhase.BEGAN
            self.alerts += began
            self._say(f"alert {event.rule} begins" if began else f"alert {event.rule}: {', '.join(event.reasons)}")
        elif isinstance(event, Fault):
            self._say(f"{event.message} {event.advice}")

    def close(self) -> None:
        """Nothing is held."""

    def _say(self, words: str) -> None:
        if not self._quiet and sys.stdout is not None:
            self.end_line()
            print(f"{self._t_s:8.1f} s  {words}", flush=True)

    def end_line(self) -> None:
        if sys.stderr is not None and sys.stderr.isatty():
            print("\r", end="", file=sys.stderr, flush=True)


def _report(args: argparse.Namespace, run: ReplayRun, teller: Teller, interrupted: bool) -> None:
    facts = {
        "session": str(args.session),
        "speed": args.speed,
        "rows": teller.rows,
        "faces": teller.faces,
        "markers": teller.markers,
        "alerts": teller.alerts,
        "duration_s": round(run.duration_s, 3),
        "interrupted": interrupted,
    }
    if sys.stdout is None:
        return
    if args.json:
        print(json.dumps(facts))
    else:
        print(f"{teller.rows} rows, {teller.markers} markers, {teller.alerts} alerts at {args.speed:g} times the pace")
