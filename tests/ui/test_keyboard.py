"""Everything can be reached by keyboard and has a name that a screen reader can say."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible, QAction
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QAbstractScrollArea,
    QAbstractSlider,
    QAbstractSpinBox,
    QApplication,
    QComboBox,
    QDialog,
    QLineEdit,
    QMenu,
    QScrollArea,
    QScrollBar,
    QToolButton,
    QWidget,
)
from pytestqt.qtbot import QtBot

from desktop_affect.core.types import Fault, Severity
from desktop_affect.ui.alerts import AlertTable
from desktop_affect.ui.help import HelpDialog
from desktop_affect.ui.theme import DARK
from desktop_affect.ui.window import MainWindow
from tests.fakes import ScriptedModel
from tests.ui.conftest import MakeWindow
from tests.ui.scripted import ScriptedBackend

_USED = (
    QAbstractButton,
    QComboBox,
    QLineEdit,
    QAbstractSpinBox,
    QAbstractItemView,
    QAbstractScrollArea,
    QAbstractSlider,
)


def used(root: QWidget) -> Iterator[QWidget]:
    """Visible widgets that a person can do something with; parts of such widgets are not counted again."""
    for widget in root.findChildren(QWidget):
        owner = widget.parentWidget()
        part = isinstance(owner, QComboBox | QAbstractSpinBox | QLineEdit | QAbstractItemView)
        bar = isinstance(widget, QScrollBar | QScrollArea) or widget.objectName().startswith("qt_")
        if isinstance(widget, _USED) and widget.isVisibleTo(root) and not part and not bar:
            yield widget


def name_of(widget: QWidget) -> str:
    """What a screen reader is told, labels beside the widget included."""
    interface = QAccessible.queryAccessibleInterface(widget)
    return interface.text(QAccessible.Text.Name) if interface is not None else ""


def problems(root: QWidget) -> list[str]:
    """What cannot be said or reached."""
    found = []
    for widget in used(root):
        what = f"{type(widget).__name__} “{name_of(widget)}” in {type(widget.parentWidget()).__name__}"
        if not name_of(widget).strip():
            found.append(f"{what} has no name")
        if not widget.focusPolicy() & Qt.FocusPolicy.TabFocus:
            found.append(f"{what} cannot be reached with Tab")
    return found


@pytest.fixture
def window(make_window: MakeWindow, qtbot: QtBot) -> MainWindow:
    made = make_window(ScriptedBackend(model=ScriptedModel()))
    made.start("demo")
    qtbot.waitUntil(lambda: made.rooms.picture.painted_seq >= 0)
    fault = Fault(1.0, "camera", Severity.WARNING, "The camera is busy.", "Close the other program.", "EBUSY")
    made.rooms.notices.add(fault)
    made.rooms.alert_banner.show()
    return made


def test_the_main_window(window: MainWindow) -> None:
    assert len(list(used(window))) > 25
    assert problems(window) == []


def test_tab_comes_to_everything(window: MainWindow, qtbot: QtBot) -> None:
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow)
    reached = set()
    for _ in range(80):
        QTest.keyClick(QApplication.focusWidget() or window, Qt.Key.Key_Tab)
        reached.add(QApplication.focusWidget())
    # Of a row of which one is on, Tab comes to one and the arrows go to the others.
    alone = {w for w in used(window) if w.isEnabled() and not (isinstance(w, QAbstractButton) and w.group())}
    assert {name_of(widget) for widget in alone - reached} == set()
    assert any(isinstance(w, QAbstractButton) and w.group() for w in reached)


def test_at_rest_no_key_begins_a_note(make_window: MakeWindow, qtbot: QtBot) -> None:
    made = make_window(ScriptedBackend())
    made.activateWindow()
    qtbot.waitUntil(made.isActiveWindow)
    assert QApplication.focusWidget() is made.rooms.picture
    made.rooms.empty.button.setFocus()
    made.rooms.empty.button.click()
    qtbot.waitUntil(lambda: made.rooms.picture.painted_seq >= 0)
    assert QApplication.focusWidget() is made.rooms.picture


def test_arrows_choose_within_a_row(window: MainWindow) -> None:
    spans = window.rooms.curves.affect.spans
    spans.choose(0)
    first = spans.findChildren(QToolButton)[0]
    first.setFocus()
    QTest.keyClick(first, Qt.Key.Key_Right)
    assert spans.chosen_number == 1


@pytest.mark.parametrize("name", ["settings", "session", "help", "alerts", "second"])
def test_the_other_windows(window: MainWindow, qtbot: QtBot, name: str) -> None:
    window.show_second()
    other: dict[str, QWidget | None] = {
        "settings": window.dialogs.made_settings_dialog(),
        "session": window.dialogs.made_session_dialog(),
        "help": HelpDialog(DARK, window),
        "alerts": AlertTable(DARK, window),
        "second": window.side.second,
    }
    shown = other[name]
    assert shown is not None
    shown.show()
    assert list(used(shown))
    assert problems(shown) == []
    if isinstance(shown, QDialog):
        assert shown.windowTitle()


def test_no_key_does_two_things(window: MainWindow) -> None:
    menus = window.findChildren(QMenu)
    actions: set[QAction] = set(chain.from_iterable([*(menu.actions() for menu in menus), window.actions()]))
    keys = [key.toString() for action in actions for key in action.shortcuts()]
    assert sorted(keys) == sorted(set(keys))
    assert not {f"F{number}" for number in range(1, 13)} & set(keys)
