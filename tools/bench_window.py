"""How the window holds up with 30 minutes in view while the demo runs at 30 frames a second, all in one run.

    python tools/bench_window.py [--seconds 60] [--span 30min|5min|1min|10s] [--size 1280x800] [--json]

The real window over the real tracker and model; its history is filled beforehand with 30 minutes at 30 frames a
second. Counted are the paintings that reach each part (paint events, not wishes), how long the window's thread was away
(its own watchdog), what the analysis kept, and processor time. QT_QPA_PLATFORM=xcb under Xvfb paints through a window
system; the default paints offscreen. On a machine with other work: `chrt -r 1 python tools/bench_window.py`.
"""

from __future__ import annotations

import argparse
import json
import math
import os
import sys
import time
from collections import Counter
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from PySide6.QtCore import QEvent, QObject, QTimer  # noqa: E402  after the platform was chosen

from desktop_affect.core.settings_table import default_settings  # noqa: E402
from desktop_affect.sinks.history import History  # noqa: E402
from desktop_affect.ui import control, curves  # noqa: E402
from desktop_affect.ui.app import WindowOptions, open_window  # noqa: E402
from desktop_affect.ui.backend import RealBackend  # noqa: E402
from desktop_affect.ui.time_plot import TimePlot  # noqa: E402
from desktop_affect.ui.watchdog import BLOCKED_MS, Watchdog  # noqa: E402
from desktop_affect.ui.window import TICK_MS, MainWindow  # noqa: E402
from tests.ui.replayed import FPS, sample_at  # noqa: E402

SPANS = ("10s", "1min", "5min", "30min")
FILLED_S = 1800
# Until the model is warm and every page of the window was touched.
WARM_UP_S = 5.0


class Paintings(QObject):
    """Counts the paint events of what it is installed on; of a plot, whose picture is kept, the paintings of that."""

    def __init__(self, plots: dict[str, TimePlot]) -> None:
        super().__init__()
        self._plots = plots
        self._count: Counter[str] = Counter()
        self.clear()

    def clear(self) -> None:
        self._count = Counter({name: -plot.paintings for name, plot in self._plots.items()})

    @property
    def count(self) -> Counter[str]:
        return self._count + Counter({name: plot.paintings for name, plot in self._plots.items()})

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802  Qt's name
        if event.type() is QEvent.Type.Paint:
            self._count[watched.objectName()] += 1
        return False


def filled_history() -> History:
    """Half an hour before now."""
    history, now_s = History(), time.perf_counter()
    for number in range(FILLED_S * FPS):
        history.on_sample(sample_at(number, now_s - FILLED_S + number / FPS), None)
    return history


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seconds", type=float, default=60.0)
    parser.add_argument("--span", choices=SPANS, default="30min")
    parser.add_argument("--size", default="1280x800")
    parser.add_argument(
        "--every-turn", action="store_true", help="paint the curves at every turn, not only when they move by a pixel"
    )
    parser.add_argument("--json", action="store_true")
    args = parser.parse_args()
    control.__dict__["History"] = filled_history
    if args.every_turn:
        curves.SLOWEST_S = 0.0
    settings = default_settings().with_changes({"window.look": "dark"})
    app, window = open_window(RealBackend(settings), WindowOptions(source=""))
    width, height = (int(part) for part in args.size.split("x"))
    window.resize(width, height)
    window.rooms.curves.affect.spans.choose(SPANS.index(args.span))
    paintings = watch(window)
    result: dict[str, object] = {}

    def begin() -> None:
        window.watchdog = Watchdog(TICK_MS)
        paintings.clear()
        before = (window.control.status(), window.ticks, time.process_time(), time.thread_time(), time.perf_counter())
        QTimer.singleShot(int(args.seconds * 1000), window, lambda: end(before))

    def end(before: tuple[object, ...]) -> None:
        result.update(measured(window, paintings, before))
        window.force_close()

    window.on_painted = lambda: QTimer.singleShot(int(WARM_UP_S * 1000), window, begin)
    window.start("demo")
    app.exec()
    print(json.dumps(result) if args.json else "\n".join(f"{name:42} {value}" for name, value in result.items()))
    return 0


def watch(window: MainWindow) -> Paintings:
    rooms = window.rooms
    plots = {"valence and arousal": rooms.curves.affect.plot, "hesitancy": rooms.curves.hesitancy.plot}
    paintings = Paintings(plots)
    parts: dict[str, QObject] = {
        "picture": rooms.picture,
        "circumplex": rooms.circumplex,
        "action units": rooms.faces.pages[0],
    }
    for name, part in parts.items():
        part.setObjectName(name)
        part.installEventFilter(paintings)
    paintings.setParent(window)
    return paintings


def measured(window: MainWindow, paintings: Paintings, before: tuple[object, ...]) -> dict[str, object]:
    status, ticks, process_s, thread_s, began_s = before
    now = window.control.status()
    took_s = time.perf_counter() - float(str(began_s))
    captured, analysed, skipped = (
        getattr(now, name) - getattr(status, name) for name in ("captured", "analysed", "skipped")
    )
    late = sorted(window.watchdog._late_ms)
    return {
        "platform": os.environ["QT_QPA_PLATFORM"],
        "window": f"{window.width()}x{window.height()}",
        "seconds": round(took_s, 1),
        "frames captured / s": round(captured / took_s, 2),
        "frames analysed / s": round(analysed / took_s, 2),
        "frames skipped": skipped,
        "turns of the window / s": round((window.ticks - int(str(ticks))) / took_s, 2),
        **{f"paintings / s, {name}": round(count / took_s, 2) for name, count in sorted(paintings.count.items())},
        "lateness of the window's turns, median ms": round(late[len(late) // 2], 1),
        "lateness, 99th percentile ms": round(late[math.ceil(len(late) * 0.99) - 1], 1),
        "lateness, longest ms": round(late[-1], 1),
        f"pauses over {BLOCKED_MS:.0f} ms": window.watchdog.blocked,
        "of these the window's own work": window.watchdog.own,
        "window's thread, share of a core": round((time.thread_time() - float(str(thread_s))) / took_s, 3),
        "whole application, cores": round((time.process_time() - float(str(process_s))) / took_s, 3),
    }


if __name__ == "__main__":
    sys.exit(main())
