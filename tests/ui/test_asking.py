"""The question before something is ended."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QMessageBox, QWidget
from pytestqt.qtbot import QtBot

from desktop_affect.ui.asking import GO_ON, ask


@pytest.fixture
def owner(qtbot: QtBot) -> QWidget:
    widget = QWidget()
    qtbot.addWidget(widget)
    widget.show()
    return widget


def open_box() -> QMessageBox:
    (box,) = (widget for widget in QApplication.topLevelWidgets() if isinstance(widget, QMessageBox))
    return box


def button(text: str) -> QAbstractButton:
    return next(one for one in open_box().buttons() if one.text() == text)


def test_the_buttons_say_what_happens(owner: QWidget) -> None:
    QTimer.singleShot(0, lambda: button("Stop and close").click())
    assert ask(owner, "A session is being recorded.", "Stop and close?")
    QTimer.singleShot(0, lambda: button(GO_ON).click())
    assert not ask(owner, "A session is being recorded.", "Stop and close?")


@pytest.mark.parametrize("key", [Qt.Key.Key_Escape, Qt.Key.Key_Return])
def test_a_stray_key_ends_nothing(owner: QWidget, key: Qt.Key) -> None:
    QTimer.singleShot(0, lambda: QTest.keyClick(open_box().defaultButton(), key))
    assert not ask(owner, "A session is being recorded.", "Stop and close?")
