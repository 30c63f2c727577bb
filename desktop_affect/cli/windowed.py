"""A run with the window."""

from __future__ import annotations

import argparse
import logging
import sys
from typing import TYPE_CHECKING

from desktop_affect.cli.overrides import settings_for
from desktop_affect.core.errors import AffectError
from desktop_affect.system import crash
from desktop_affect.ui.app import WindowOptions, application, run_window, tell
from desktop_affect.ui.backend import RealBackend

if TYPE_CHECKING:
    from desktop_affect.ui.single import Door

log = logging.getLogger(__name__)

READY = "ready"
"""Printed once the first estimate is on the screen: what the smoke test of an installation waits for."""
SHOWN = "window"
"""Printed once the window itself is on the screen."""


def run(args: argparse.Namespace) -> int:
    try:
        return _run(args)
    except AffectError as error:
        if sys.stderr is None:  # a windowed build: nobody would see why it did not open
            tell(error)
        raise


def _run(args: argparse.Namespace) -> int:
    settings = settings_for(args)
    record = None
    if args.record:
        from desktop_affect.cli.headless import session_plan

        record = session_plan(args, settings)
    door = _door(args)
    if door is None:
        log.info("already open: its window came forward")
        say("Desktop Affect is already open; its window is in front now.")
        return 0
    options = WindowOptions(
        source=args.source or "",
        quit_after_s=args.duration,
        on_ready=say_ready,
        record=record,
        on_shown=lambda: say(SHOWN),
        door=door,
        crash_reports=() if args.duration else crash.pending(),
    )
    return run_window(RealBackend(settings), options)


def _door(args: argparse.Namespace) -> Door | None:
    """Only a plain start (a click on the icon) gives way to a window that is open: whoever asks for a source or a
    recording gets it."""
    application()
    from desktop_affect.ui.single import take_place

    asked = args.source, args.record, args.duration, args.model, args.device
    return take_place(plain=not any(asked))


def say_ready() -> None:
    say(READY)


def say(words: str) -> None:
    if sys.stdout is not None:
        print(words, flush=True)
