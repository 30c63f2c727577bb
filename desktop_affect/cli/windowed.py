"""A run with the window."""

from __future__ import annotations

import argparse
import sys

from desktop_affect.cli.overrides import settings_for
from desktop_affect.ui.app import WindowOptions, run_window
from desktop_affect.ui.backend import RealBackend

READY = "ready"
"""Printed once the first estimate is on the screen: what the smoke test of an installation waits for."""


def run(args: argparse.Namespace) -> int:
    settings = settings_for(args)
    record = None
    if args.record:
        from desktop_affect.cli.headless import session_plan

        record = session_plan(args, settings)
    options = WindowOptions(source=args.source or "", quit_after_s=args.duration, on_ready=say_ready, record=record)
    return run_window(RealBackend(settings), options)


def say_ready() -> None:
    if sys.stdout is not None:
        print(READY, flush=True)
