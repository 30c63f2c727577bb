"""The second window: it shows what the first one knows, and nothing of the face when that is hidden."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from desktop_affect.ui.second_window import SecondWindow, other_screen
from desktop_affect.ui.theme import LIGHT
from desktop_affect.ui.window import MainWindow
from tests.fakes import ScriptedModel
from tests.ui.conftest import MakeWindow
from tests.ui.scripted import ScriptedBackend


@pytest.fixture
def window(make_window: MakeWindow) -> MainWindow:
    return make_window(ScriptedBackend(model=ScriptedModel()))


def opened(window: MainWindow) -> SecondWindow:
    second = next(action for action in window.actions() if action.text() == "Second window")
    second.trigger()
    assert window.side.second is not None
    return window.side.second


def test_it_says_why_there_is_nothing_to_see(window: MainWindow, qtbot: QtBot) -> None:
    second = opened(window)
    qtbot.waitUntil(lambda: second.said.text() == "Nothing is running")
    assert second.values["valence"].text() == "–"


def test_it_shows_picture_numbers_and_the_state_of_the_recording(window: MainWindow, qtbot: QtBot) -> None:
    second = opened(window)
    window.start("demo")
    qtbot.waitUntil(lambda: second.picture.painted_seq >= 0)
    qtbot.waitUntil(lambda: second.values["valence"].text() == "+0.50")
    assert second.said.text() == ""
    assert second.badge.text() == "not recording"
    window.set_theme(LIGHT)
    qtbot.waitUntil(lambda: LIGHT.valence in second.values["valence"].styleSheet())


def test_a_hidden_face_is_hidden_here_too(window: MainWindow, qtbot: QtBot) -> None:
    second = opened(window)
    window.rooms.seen.hide_face.click()
    assert second.picture.hidden_face
    window.rooms.seen.hide_face.click()
    second.close()
    window.rooms.seen.hide_face.click()
    assert opened(window).picture.hidden_face


def test_the_key_that_opens_it_closes_it_too(window: MainWindow, qtbot: QtBot) -> None:
    """It has the keyboard then; the menu with the key belongs to the other window."""
    second = opened(window)
    second.activateWindow()
    qtbot.waitUntil(second.isActiveWindow)
    QTest.keyClick(second, Qt.Key.Key_D, Qt.KeyboardModifier.ControlModifier)
    assert not second.isVisible()
    assert opened(window).isVisible()


def test_type_grows_with_the_window(window: MainWindow) -> None:
    second = opened(window)
    second.resize(640, 360)
    small = second.values["valence"].sizeHint().height()
    second.resize(1920, 1080)
    assert second.values["valence"].sizeHint().height() > 2 * small


def test_escape_leaves_the_full_screen_and_then_the_window(window: MainWindow) -> None:
    second = opened(window)
    second.full.click()
    assert second.isFullScreen()
    QTest.keyClick(second, Qt.Key.Key_Escape)
    assert not second.isFullScreen()
    second.on_top.click()
    assert second.isVisible()
    QTest.keyClick(second, Qt.Key.Key_Escape)
    assert not second.isVisible()


def test_alt_enter_fills_the_screen_and_gives_it_back(window: MainWindow, qtbot: QtBot) -> None:
    second = opened(window)
    second.activateWindow()
    qtbot.waitUntil(lambda: QApplication.activeWindow() is second)
    for full in (True, False):
        QTest.keyClick(second, Qt.Key.Key_Return, Qt.KeyboardModifier.AltModifier)
        assert second.isFullScreen() is full
    assert not window.isFullScreen()


def test_the_other_display_is_taken_where_there_is_one() -> None:
    main, beamer = object(), object()
    assert other_screen(main, [main, beamer]) is beamer  # type: ignore[arg-type, list-item]
    assert other_screen(main, [main]) is main  # type: ignore[arg-type, list-item]


def test_it_goes_with_the_main_window(window: MainWindow, qtbot: QtBot) -> None:
    second = opened(window)
    window.close()
    assert not second.isVisible()
