"""A window over scripted parts, and the promise that it is closed at the end."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from pytestqt.qtbot import QtBot

from desktop_affect.ui.control import Control
from desktop_affect.ui.theme import DARK
from desktop_affect.ui.window import MainWindow
from tests.ui.scripted import ScriptedBackend

MakeWindow = Callable[[ScriptedBackend], MainWindow]


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
        qtbot.waitUntil(lambda w=window: w.control.closed, timeout=10_000)  # type: ignore[misc]
        qtbot.waitUntil(lambda w=window: not w.ticking, timeout=5_000)  # type: ignore[misc]
        window.deleteLater()
