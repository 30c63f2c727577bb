"""A window over scripted parts, and the promise that it is closed at the end."""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import pytest
from PySide6.QtCore import QEvent
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot
from shiboken6 import delete

from desktop_affect.ui.control import Control
from desktop_affect.ui.litter import Litter
from desktop_affect.ui.review import ReviewWindow
from desktop_affect.ui.theme import DARK
from desktop_affect.ui.window import MainWindow
from tests.ui.near_process import NearProcess
from tests.ui.scripted import ScriptedBackend

# A waiting test ends as soon as it can; only on a very busy machine does it need this long.
PATIENCE_MS = 20_000

MakeWindow = Callable[[ScriptedBackend], MainWindow]


@pytest.fixture
def qtbot(qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> QtBot:
    """With the patience that machines under load ask for."""
    monkeypatch.setattr(qtbot, "waitUntil", partial(qtbot.waitUntil, timeout=PATIENCE_MS))
    return qtbot


@pytest.fixture(autouse=True)
def litter(qapp: QApplication) -> Iterator[None]:
    """What the application does from its start on."""
    collecting = Litter(qapp)
    yield
    delete(collecting)
    gc.enable()


@pytest.fixture
def make_window(qtbot: QtBot) -> Iterator[MakeWindow]:
    made: list[tuple[MainWindow, ScriptedBackend]] = []

    def make(backend: ScriptedBackend) -> MainWindow:
        window = MainWindow(Control(backend), DARK)
        made.append((window, backend))
        window.show()
        qtbot.waitExposed(window)
        return window

    yield make
    for window, backend in made:
        backend.let_go()
        window.force_close()
        qtbot.waitUntil(lambda w=window: w.control.closed, timeout=PATIENCE_MS)  # type: ignore[misc]
        qtbot.waitUntil(lambda w=window: not w.ticking, timeout=PATIENCE_MS)  # type: ignore[misc]
        window.deleteLater()
    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    made.clear()
    gc.collect()


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """Where the sessions of a test lie."""
    return tmp_path / "sessions"


@pytest.fixture
def review(
    make_window: MakeWindow, root: Path, monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest, qtbot: QtBot
) -> Callable[[], ReviewWindow]:
    """Opens the window of recorded sessions from the main window; its work stays in this process unless the test is
    marked `far`."""
    if not request.node.get_closest_marker("far"):
        monkeypatch.setattr("desktop_affect.ui.jobs.SideProcess", NearProcess)
    monkeypatch.setenv("DESKTOP_AFFECT_HOME", str(root.parent / "home"))
    backend = ScriptedBackend()
    monkeypatch.setattr(backend, "sessions_folder", lambda: root)
    window = make_window(backend)

    def open_review() -> ReviewWindow:
        window.show_sessions()
        assert window.review is not None
        qtbot.waitUntil(window.review.isVisible)  # a turn later
        return window.review

    return open_review
