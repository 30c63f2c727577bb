"""Opens the window and stays until it is closed."""

from __future__ import annotations

import gc
import signal
import sys
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING

from desktop_affect.ui.backend import Backend
from desktop_affect.ui.needs import window_problem

if TYPE_CHECKING:
    from PySide6.QtWidgets import QApplication

    from desktop_affect.core.errors import AffectError
    from desktop_affect.session.plan import SessionPlan
    from desktop_affect.ui.single import Door
    from desktop_affect.ui.window import MainWindow


# A turn of the window lets go of the interpreter ten times or more, and each time waits as long as this for another
# thread that computes. At Python's own 5 ms such a turn took 150 ms beside one on a busy machine, at 1 ms 48 ms.
_SWITCH_S = 0.001


@dataclass(frozen=True, slots=True)
class WindowOptions:
    """How the window begins."""

    source: str = "demo"
    """As the command line takes it; empty to start nothing."""
    quit_after_s: float | None = None
    """Close by itself, for smoke tests; counted from the start of the event loop."""
    on_ready: Callable[[], None] | None = None
    """Called once, on the GUI thread, when the first estimate is painted."""
    record: SessionPlan | None = None
    """Record from the first frame on."""
    on_shown: Callable[[], None] | None = None
    """Called once, on the GUI thread, when the window itself is painted."""
    door: Door | None = None
    """Answers a second start by coming forward."""
    crash_reports: Sequence[Path] = ()
    """What earlier runs left, to be offered once."""


def run_window(backend: Backend, options: WindowOptions) -> int:
    """0 when the window was closed; raises AffectError where no window can be opened. Main thread."""
    app, window = open_window(backend, options)
    with closed_by_ctrl_c(window):
        return int(app.exec())


def application() -> QApplication:
    """Qt, started where it was not. Raises AffectError where no window can be opened. Main thread."""
    problem = window_problem()
    if problem is not None:
        raise problem
    from PySide6.QtWidgets import QApplication

    existing = QApplication.instance()
    return existing if isinstance(existing, QApplication) else QApplication(sys.argv[:1])


def open_window(backend: Backend, options: WindowOptions) -> tuple[QApplication, MainWindow]:
    """The window on the screen, the source starting behind it."""
    from PySide6.QtCore import QTimer

    from desktop_affect.ui.control import Control
    from desktop_affect.ui.icon import app_icon
    from desktop_affect.ui.litter import Litter
    from desktop_affect.ui.theme import BODY_PT, Look, chosen_theme, font
    from desktop_affect.ui.window import MainWindow

    sys.setswitchinterval(_SWITCH_S)
    app = application()
    Litter(app)  # which owns it
    app.setApplicationName("Desktop Affect")
    app.setStyle("Fusion")
    app.setFont(font(BODY_PT))  # figures of equal width everywhere
    # The window hides when it is closed, but its threads end first.
    app.setQuitOnLastWindowClosed(False)
    look = Look(backend.settings.text("window.look"))
    window = MainWindow(Control(backend), chosen_theme(look))
    window.gone.connect(app.quit)
    app.styleHints().colorSchemeChanged.connect(window.follow_system)
    window.on_painted = options.on_ready
    app.setWindowIcon(app_icon())
    app.setDesktopFileName("desktop-affect")
    _show(window, options)
    # After the first paint, so that the imports of a run do not compete with it.
    QTimer.singleShot(0, window, lambda: _begin(window, options))
    if options.quit_after_s is not None:
        QTimer.singleShot(int(options.quit_after_s * 1000), window, window.force_close)
    return app, window


def _show(window: MainWindow, options: WindowOptions) -> None:
    from desktop_affect.ui.forward import FirstPaint, come_forward
    from desktop_affect.ui.window_state import fit_screen

    fit_screen(window)
    if options.on_shown is not None:
        FirstPaint(window, options.on_shown)
    if options.door is not None:
        options.door.open(lambda token: come_forward(window, token))
        window.gone.connect(options.door.close)
    window.show()
    if options.crash_reports:
        from desktop_affect.ui.crash_notice import offer

        offer(options.crash_reports, window.rooms.head)


def _begin(window: MainWindow, options: WindowOptions) -> None:
    window.control.look_around()
    if options.source:
        window.start(options.source)
        if options.record is not None:
            window.record(options.record)
    window.control.submit(_load_others)


def _load_others() -> None:
    """The modules of windows that are often opened later: loaded on the worker, when the run is there, they do not hold
    the window up. What is there by then stays to the end: looked through by Python's collector for what nobody needs,
    it would hold all threads up for 20 ms and more, again and again."""
    import desktop_affect.ui.about
    import desktop_affect.ui.batch_window
    import desktop_affect.ui.review  # noqa: F401

    gc.freeze()


def tell(error: AffectError) -> None:
    """Say it in a box, where there is no console to say it on. Does nothing where no window can be opened."""
    if window_problem() is not None:
        return
    from PySide6.QtWidgets import QMessageBox

    app = application()
    box = QMessageBox(QMessageBox.Icon.Warning, "Desktop Affect", error.message)
    box.setInformativeText(error.advice)
    box.setDetailedText(error.detail)
    box.exec()
    del app


@contextmanager
def closed_by_ctrl_c(window: MainWindow) -> Iterator[None]:
    """Ctrl-C in the terminal, and a polite kill, close the window; its timer lets Python see the signal."""

    from PySide6.QtCore import QTimer

    def close(number: int, at: FrameType | None) -> None:
        # In a turn of its own: Python hears of a signal in the middle of whatever runs, and a window that goes while it
        # is being painted takes what is painted on with it.
        QTimer.singleShot(0, window, window.force_close)

    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = {number: signal.signal(number, close) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
