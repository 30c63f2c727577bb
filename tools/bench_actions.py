"""How long the window's thread is away at each thing a person does, first time and again, all in one run.

    python tools/bench_actions.py [--live] [--session FOLDER] [--only WORD] [--times 3] [--warm] [--json]

The real windows, measured by the main window's own timer as its watchdog does. `longest` is the longest pause by the
clock, as the status line tells it (less the timer's own 25 ms); `worked` the most processor time that the thread used
from one turn to the next: what a quiet machine would wait. `--session` adds what is done with a recorded one, and with
two of them, which are links to the same. QT_QPA_PLATFORM=xcb under Xvfb paints through a window system; the default
paints offscreen. On a machine with other work: `nice -n -10`, or `chrt -r 1` for a few seconds with `--only WORD`.
`--warm` is for some virtual machines: see `warm_memory.py`.
"""

from __future__ import annotations

import argparse
import json
import multiprocessing
import os
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from tools.event_loop import HandTurned  # noqa: E402  after the path
from tools.warm_memory import keep_warm  # noqa: E402

if multiprocessing.parent_process() is None:  # the processes that the window starts read this file too
    from PySide6.QtCore import QPoint
    from PySide6.QtGui import QCursor
    from PySide6.QtTest import QTest
    from PySide6.QtWidgets import QApplication, QDialog

    from desktop_affect.core.settings_table import default_settings
    from desktop_affect.core.types import Fault, Severity
    from desktop_affect.ui.app import WindowOptions, open_window
    from desktop_affect.ui.backend import RealBackend
    from desktop_affect.ui.desk import Place
    from desktop_affect.ui.review import ReviewWindow
    from desktop_affect.ui.theme import DARK, LIGHT
    from desktop_affect.ui.time_plot import TimePlot
    from desktop_affect.ui.watchdog import Watchdog
    from desktop_affect.ui.window import TICK_MS, MainWindow
    from tools.bench_review import idle, linked, shown

Action = tuple[str, Callable[[], object], Callable[[], bool]]
_MOST_S = 120.0
# Until what an action set off (layouts, pieces of a page, workers that answer) is on the screen.
_AFTER_S = 0.8


class Turns(Watchdog if multiprocessing.parent_process() is None else object):  # type: ignore[misc]
    """Also how much each turn worked."""

    def __init__(self) -> None:
        super().__init__(TICK_MS)
        self.turns: list[tuple[float, float]] = []

    def tick(self, now_s: float, processor_s: float) -> None:
        if self._last is not None:
            pause_ms, worked_ms = (now_s - self._last[0]) * 1e3, (processor_s - self._last[1]) * 1e3
            self.turns.append((max(pause_ms - TICK_MS, 0.0), worked_ms))
        super().tick(now_s, processor_s)


class Bench(HandTurned):
    """One action after the other; `rows` is what came out: name, longest, worked."""

    def __init__(self, app: QApplication, window: MainWindow, only: str) -> None:
        super().__init__(app)
        self.window, self.only = window, only
        self.rows: dict[str, list[tuple[float, float]]] = {}

    def measure(self, name: str, begin: Callable[[], object], over: Callable[[], bool] = lambda: True) -> None:
        wanted = self.only in name
        self.wait(0.3 if wanted else 0.0)
        watchdog = self.window.watchdog = Turns()
        self.wait(0.1)
        watchdog.turns.clear()
        begin()
        self.wait_until(over, _MOST_S, name)
        self.wait(_AFTER_S if wanted else 0.0)
        if wanted:
            longest = max(late for late, _ in watchdog.turns), max(worked for _, worked in watchdog.turns)
            self.rows.setdefault(name, []).append(longest)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--live", action="store_true", help="with the demo running in the main window")
    parser.add_argument("--session", type=Path, help="a recorded one to be opened, played, compared")
    parser.add_argument(
        "--only", default="", metavar="WORD", help="measure only what holds this word, hurry through the rest"
    )
    parser.add_argument("--group", choices=("main", "review"), help="only this half of the actions")
    parser.add_argument("--times", type=int, default=3, help="how often everything is done")
    parser.add_argument("--warm", action="store_true", help="keep all memory within reach")
    parser.add_argument("--json", action="store_true")
    args = parser.parse_args()
    if args.warm:
        keep_warm()
    with tempfile.TemporaryDirectory() as home:
        os.environ["DESKTOP_AFFECT_HOME"] = home
        root = Path(home) / "sessions"
        if args.session:
            for name in ("first", "second"):
                linked(args.session, root / name)
        settings = default_settings().with_changes({"recording.folder": str(root), "window.look": "dark"})
        app, window = open_window(RealBackend(settings), WindowOptions(source=""))
        bench = Bench(app, window, args.only)
        bench.wait(2.0)
        if args.live:
            window.start("demo")
            bench.wait(6.0)
        for time_number in range(args.times):
            if args.group != "review":
                main_window(bench)
            if args.group != "main":
                review(bench, root if args.session else None, first=time_number == 0)
        window.force_close()
        while window.ticking:
            app.processEvents()
    print(json.dumps(bench.rows) if args.json else table(bench.rows))
    return 0


def table(rows: dict[str, list[tuple[float, float]]]) -> str:
    lines = [f"{'longest / worked, ms':40} first time       again"]
    for name, times in rows.items():
        lines.append(f"{name:40} " + "   ".join(f"{late:5.0f} / {worked:4.0f}" for late, worked in times))
    return "\n".join(lines)


def main_window(bench: Bench) -> None:
    """Everything of the main window, its dialogs and the small windows."""
    window = bench.window
    for name, begin, end in openings(window):
        if bench.only in f"{name}: opened, closed":
            bench.measure(f"{name}: opened", begin)
            bench.measure(f"{name}: closed", end)
    bench.measure("theme: light", lambda: window.set_theme(LIGHT))
    bench.measure("theme: dark", lambda: window.set_theme(DARK))
    for number, span in enumerate(("10 s", "1 min", "5 min", "30 min")):
        bench.measure(f"span: {span}", lambda n=number: window.rooms.curves.affect.spans.choose(n))  # type: ignore[misc]
    bench.measure("pointer: over the curves", lambda: None, Pointer(*window.rooms.curves.plots).step)
    window.rooms.curves.affect.spans.choose(1)
    for place in Place:
        bench.measure(f"dock put away: {place.value}", lambda p=place: window.rooms.desk.want(p, False))  # type: ignore[misc]
        bench.measure(f"dock shown: {place.value}", lambda p=place: window.rooms.desk.want(p, True))  # type: ignore[misc]
    bench.measure("layout: reset", window.rooms.desk.reset)
    fault = Fault(0.0, "bench", Severity.WARNING, "A sentence.", "What to do about it.", "detail")
    bench.measure("notice: comes", lambda: window.rooms.notices.add(fault))
    bench.measure("notice: goes", window.rooms.notices.clear)
    bench.measure("window: larger", lambda: window.resize(1600, 1000))
    bench.measure("window: smaller", lambda: window.resize(1280, 800))
    bench.measure("window: narrow", lambda: window.resize(900, 620))
    bench.measure("window: usual", lambda: window.resize(1280, 800))
    bench.measure("window: full screen", window.toggle_full_screen)
    bench.measure("window: as before", window.toggle_full_screen)


def openings(window: MainWindow) -> Iterator[tuple[str, Callable[[], object], Callable[[], object]]]:
    """What opens over the main window: name, opening, closing."""

    def dialogs() -> list[QDialog]:
        return [dialog for dialog in window.findChildren(QDialog) if dialog.isVisible()]

    def close() -> None:
        for dialog in dialogs():
            dialog.close()

    yield "menu", lambda: window.rooms.menu.popup(window.mapToGlobal(window.rect().center())), window.rooms.menu.close
    yield "settings", window.dialogs.open_settings, close
    yield "settings, searched", lambda: window.dialogs.search_settings("marker"), close
    yield "new session", window.dialogs.new_session, close
    yield "help", window.show_help, close
    yield "about", window.show_about, close
    yield "alerts", window.show_alerts, close
    yield "films", window.films.show, close
    yield "second window", window.show_second, window.show_second


def review(bench: Bench, root: Path | None, *, first: bool) -> None:
    """The window of recorded sessions; `root` holds two of them."""
    window = bench.window
    bench.measure("sessions: opened", window.show_sessions)
    opened = window.review
    if opened is None:
        raise AssertionError("no review was opened")
    bench.wait(1.0)
    themes(bench, "with the list of sessions")
    if root is not None:
        with_sessions(bench, opened, root / "first", root / "second")
    bench.measure("sessions: closed", opened.close, lambda: opened.closed)


def with_sessions(bench: Bench, opened: ReviewWindow, first: Path, second: Path) -> None:
    bench.measure("session: opened", lambda: opened.open_session(first), lambda: shown(opened, first))
    bench.measure("session: signal added", opened.player.view.signals.actions_by_name["hesitancy"].trigger,
                  lambda: idle(opened))  # fmt: skip
    play = opened.player.playback
    bench.measure("session: another place", lambda: opened.player.seek(play.end_s / 2))
    bench.measure("session: closer", lambda: opened.player.playback_zoom(3, play.cursor_s))
    bench.measure("pointer: over the session's curves", lambda: None, Pointer(*opened.player.view.plots).step)
    bench.measure("session: annotated", opened.player.desk.mark)
    for dialog in opened.findChildren(QDialog):
        dialog.close()
    themes(bench, "with a session")
    bench.measure("export dialog: opened", lambda: opened.export_desk.ask([first]))
    if opened.export_desk.dialog is not None:
        plot = opened.player.view.affect.plot  # where the pointer comes to lie when the dialog goes
        QCursor.setPos(plot.mapToGlobal(plot.rect().center()))
        bench.measure("export dialog: closed", opened.export_desk.dialog.reject)
    bench.measure("sessions: back to the list", opened.show_browser, lambda: idle(opened))
    bench.measure(
        "compared",
        lambda: opened.pages.browser.compared.emit(first, second),
        lambda: idle(opened) and opened.pages.currentWidget() is opened.compare and opened.compare.up_to_date,
    )
    themes(bench, "with a comparison")
    bench.measure("compared: one above the other", lambda: opened.compare.layouts.choose(1))
    bench.measure("compared: overlaid", lambda: opened.compare.layouts.choose(0))


class Pointer:
    """Goes over plots from left to right, a step every turn, and then away from them."""

    def __init__(self, *plots: TimePlot) -> None:
        self._way = ((plot, share) for plot in plots for share in range(20, 100))

    def step(self) -> bool:
        """True when it has gone away."""
        plot, share = next(self._way, (None, 0))
        if plot is None:
            QCursor.setPos(0, 0)
            return True
        view = plot.viewport()
        QTest.mouseMove(view, QPoint(view.width() * share // 100, view.height() // 2))
        return False


def themes(bench: Bench, where: str) -> None:
    bench.measure(f"theme: light, {where}", lambda: bench.window.set_theme(LIGHT))
    bench.measure(f"theme: dark, {where}", lambda: bench.window.set_theme(DARK))


if __name__ == "__main__":
    sys.exit(main())
