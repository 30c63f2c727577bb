"""A window over scripted parts, and the promise that it is closed at the end."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial

import pytest
from pytestqt.qtbot import QtBot

from desktop_affect.ui.control import Control
from desktop_affect.ui.theme import DARK
from desktop_affect.ui.window import MainWindow
from tests.ui.scripted import ScriptedBackend

# A waiting test ends as soon as it can; only on a very busy machine does it need this long.
PATIENCE_MS = 20_000

MakeWindow = Callable[[ScriptedBackend], MainWindow]


@pytest.fixture
def qtbot(qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> QtBot:
    """With the patience that machines under load ask for."""
    monkeypatch.setattr(qtbot, "waitUntil", partial(qtbot.waitUntil, timeout=PATIENCE_MS))
    return qtbot


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
