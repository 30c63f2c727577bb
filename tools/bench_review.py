"""How long the window's thread is away while a long session is opened, exported and compared.

    python tools/bench_review.py SESSION [--live] [--json]

SESSION is a session's folder; it is looked at through links in a folder of this run's own, so it stays as it is. The
real windows, measured by their own watchdog; `--live` lets the demo run beside it. `beside_s` is what the other threads
of the window's process worked meanwhile: that is what can keep the interpreter from the window, on any machine.
QT_QPA_PLATFORM=xcb under Xvfb paints through a window system; the default paints offscreen.
"""

from __future__ import annotations

import argparse
import json
import multiprocessing
import os
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from tools.event_loop import HandTurned  # noqa: E402  after the path

if TYPE_CHECKING:
    from desktop_affect.system.side_process import Tell
    from desktop_affect.ui.review_open import Opened

if multiprocessing.parent_process() is None:  # the processes that the window starts read this file too
    from PySide6.QtWidgets import QApplication

    from desktop_affect.core.settings_table import default_settings
    from desktop_affect.session.export.options import ExportOptions, Format
    from desktop_affect.system.side_process import SideProcess
    from desktop_affect.ui.app import WindowOptions, open_window
    from desktop_affect.ui.backend import RealBackend
    from desktop_affect.ui.exporting import ExportWish
    from desktop_affect.ui.review import ReviewWindow
    from desktop_affect.ui.signal_panel import USUAL
    from desktop_affect.ui.theme import Look
    from desktop_affect.ui.watchdog import BLOCKED_MS, Watchdog
    from desktop_affect.ui.window import TICK_MS, MainWindow

_MOST_S = 900.0
_WARM_UP_S = 8.0


class Bench(HandTurned):
    """One measurement after the other; `rows` is what came out."""

    def __init__(self, app: QApplication, window: MainWindow) -> None:
        super().__init__(app)
        self._window = window
        self.rows: list[dict[str, object]] = []

    def measure(self, name: str, begin: Callable[[], object], over: Callable[[], bool]) -> None:
        watchdog = self._window.watchdog = Watchdog(TICK_MS)
        self.wait(0.5)
        began_s, worked_s, all_s = time.perf_counter(), time.thread_time(), time.process_time()
        begin()
        self.wait_until(over, _MOST_S, name)
        took_s = time.perf_counter() - began_s
        self.wait(0.5)
        self.rows.append(
            {
                "what": name,
                "took_s": round(took_s, 2),
                "longest_ms": round(max(watchdog._late_ms, default=0.0)),
                f"over_{BLOCKED_MS:.0f}_ms": watchdog.blocked,
                "own": watchdog.own,
                "gui_thread_s": round(time.thread_time() - worked_s, 2),
                "beside_s": round(time.process_time() - all_s - (time.thread_time() - worked_s), 2),
            }
        )
        print(self.rows[-1], flush=True)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("session", type=Path)
    parser.add_argument("--live", action="store_true", help="with the demo running in the main window")
    parser.add_argument("--only", action="append", help="only the measurements whose name holds this word")
    parser.add_argument("--json", action="store_true", help="also as one line at the end")
    args = parser.parse_args()
    with tempfile.TemporaryDirectory() as home:
        os.environ["DESKTOP_AFFECT_HOME"] = home
        root = Path(home) / "sessions"
        first, second = (linked(args.session, root / name) for name in ("first", "second"))
        settings = default_settings().with_changes({"recording.folder": str(root), "window.look": "dark"})
        app, window = open_window(RealBackend(settings), WindowOptions(source=""))
        bench = Bench(app, window)
        if args.only is None or "phases" in args.only:
            print_phases(first)
        if args.live:
            window.start("demo")
        bench.wait(_WARM_UP_S if args.live else 1.0)
        measure_all(bench, window, first, second, Path(home) / "exports", args.only)
        window.force_close()
        while window.ticking:
            app.processEvents()
        if args.json:
            print(json.dumps(bench.rows))
    return 0


def measure_all(
    bench: Bench, window: MainWindow, first: Path, second: Path, output: Path, only: list[str] | None
) -> None:
    def measure(name: str, begin: Callable[[], object], over: Callable[[], bool]) -> None:
        if not only or any(word in name for word in only):
            bench.measure(name, begin, over)

    bench.measure("the window of sessions", window.show_sessions, lambda: True)
    review = opened(window)
    bench.wait(1.0)
    measure("made anew: the list", lambda: review.refresh(rebuild=True), lambda: idle(review))
    measure("opened", lambda: review.open_session(first), lambda: shown(review, first))
    if review.session is not None:
        play = review.player.playback
        review.player.transport.speed_chosen.emit(16.0)
        until_s = time.perf_counter() + 20.5  # half a second passes before it begins
        measure("played for 20 s", play.toggle, lambda: time.perf_counter() > until_s)
        play.playing = False
        hesitancy = review.player.view.signals.actions_by_name["hesitancy"]
        measure("another signal", hesitancy.trigger, lambda: idle(review))
        for look in (Look.LIGHT, Look.DARK):
            changed = window.settings.with_changes({"window.look": look.value})
            measure(f"turned {look.value}", lambda s=changed: window.use_settings(s), lambda: True)  # type: ignore[misc]
    for form in Format:
        wish = ExportWish((first,), (form,), ExportOptions(), output)
        measure(f"exported as {form.value}", lambda w=wish: review.export_desk.carry_out(w), lambda: idle(review))  # type: ignore[misc]
    measure(
        "compared with itself",
        lambda: review.compare.open(first, second),
        lambda: idle(review) and review.pages.currentWidget() is review.compare and review.compare.up_to_date,
    )


def timed_opening(folder: Path, names: tuple[str, ...], tell: Tell) -> tuple[Opened, dict[str, float], float]:
    """What happens in the process beside the window, by the clock; and when it was over."""
    from desktop_affect.session.reader import read_session
    from desktop_affect.ui.recording import BASE, curves
    from desktop_affect.ui.review_open import open_recording

    began_s = time.monotonic()
    session = read_session(folder, tell, wanted=(*BASE, *names))
    read_s = time.monotonic()
    curves(session, names)
    times = {"read": round(read_s - began_s, 2), "curves": round(time.monotonic() - read_s, 2)}
    return open_recording(folder, names, lambda done, total: None), times, time.monotonic()


def print_phases(folder: Path) -> None:
    """Of an opening, one after the other, without the window."""
    beside = SideProcess("bench-review", preload=("desktop_affect.ui.review_open",))
    beside.start()
    time.sleep(_WARM_UP_S / 4)
    _, times, over_s = beside.do(timed_opening, folder, USUAL, tell=lambda done, total: None)
    print({"what": "phases of opening, s", **times, "handed_over": round(time.monotonic() - over_s, 2)}, flush=True)
    beside.close()


def opened(window: MainWindow) -> ReviewWindow:
    if window.review is None:
        raise AssertionError("no review was opened")
    return window.review


def idle(review: ReviewWindow) -> bool:
    return review.jobs.current is None and review.export_desk.jobs.current is None


def shown(review: ReviewWindow, folder: Path) -> bool:
    """Its curves are on the screen, whole."""
    player = review.pages.made_player
    there = review.session is not None and review.session.path == folder and review.pages.currentWidget() is player
    return there and player is not None and player.up_to_date


def linked(session: Path, folder: Path) -> Path:
    """Its files under another name."""
    folder.mkdir(parents=True)
    for file in session.iterdir():
        if file.is_file():
            (folder / file.name).symlink_to(file.resolve())
    return folder


if __name__ == "__main__":
    sys.exit(main())
