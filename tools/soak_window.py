"""Hours of a session through the real window, replayed fast: memory and the cost of a tick, every half hour.

    python tools/soak_window.py [--hours 8] [--tick-every 4]

Samples are made up (30 a second), with markers, alerts, notices and times without a face; everything else is the
window as people have it, with 30 minutes in view. It ends with 1 where memory grew by more than 20 MB after the
first hour (by then every buffer of the window is full).
"""

from __future__ import annotations

import argparse
import os
import sys
import time
from collections.abc import Callable
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

import psutil
from PySide6.QtWidgets import QApplication

from desktop_affect.ui.app import WindowOptions, open_window
from desktop_affect.ui.control import Phase
from tests.ui.replayed import ReplayedBackend, ReplayedEngine

ALLOWED_MB = 20.0
STEP_S = 1800


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--hours", type=float, default=8.0)
    parser.add_argument("--tick-every", type=int, default=4, metavar="S", help="seconds between paintings")
    args = parser.parse_args()
    backend = ReplayedBackend()
    app, window = open_window(backend, WindowOptions(source="demo"))
    while window.control.phase is not Phase.RUNNING or backend.engine is None:
        app.processEvents()
    window.rooms.curves.affect.spans.choose(3)
    used_mb = []
    print("simulated h   memory MB   tick and painting, processor ms")
    for step in range(int(args.hours * 3600 / STEP_S)):
        cost_ms = half_hour(app, window.tick, backend.engine, args.tick_every)
        used_mb.append(psutil.Process().memory_info().rss / 1e6)
        print(f"{(step + 1) * STEP_S / 3600:11.1f}   {used_mb[-1]:9.1f}   {cost_ms:8.1f}", flush=True)
    grown_mb = max(used_mb[2:], default=used_mb[-1]) - used_mb[min(1, len(used_mb) - 1)]
    print(f"grown after the first hour: {grown_mb:+.1f} MB (allowed {ALLOWED_MB:.0f})")
    window.force_close()
    while not window.control.closed:
        app.processEvents()
    return int(grown_mb > ALLOWED_MB)


def half_hour(app: QApplication, tick: Callable[[], None], engine: ReplayedEngine, tick_every: int) -> float:
    """Mean processor time of a tick with its painting."""
    spent_s, count = 0.0, 0
    for second in range(STEP_S):
        engine.second()
        if second % tick_every == 0:
            began_s = time.thread_time()
            tick()
            app.processEvents()
            spent_s += time.thread_time() - began_s
            count += 1
    return spent_s / count * 1e3


if __name__ == "__main__":
    sys.exit(main())
