"""Notices that float over a page leave it as it is."""

from __future__ import annotations

from PySide6.QtWidgets import QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from desktop_affect.core.types import Fault, Severity
from desktop_affect.ui.notices import FloatingNotices


def test_floating_notices_cover_the_upper_edge_and_move_nothing(qtbot: QtBot) -> None:
    room = QWidget()
    page = QWidget()
    column = QVBoxLayout(room)
    column.addWidget(page)
    stack = FloatingNotices(page, room)
    qtbot.addWidget(room)
    room.resize(600, 400)
    room.show()
    before = page.geometry()
    assert stack.height() == 0
    stack.add(Fault(0.0, "export", Severity.NOTICE, "Written. " * 40, "Open the folder."))
    assert page.geometry() == before
    assert stack.geometry().topLeft() == before.topLeft()
    assert stack.width() == before.width()
    (notice,) = stack.notices()
    assert stack.height() >= notice.heightForWidth(before.width()) > 40
    room.resize(1000, 400)
    qtbot.waitUntil(lambda: stack.width() == page.width())
    notice.close_button.click()
    qtbot.waitUntil(lambda: stack.height() == 0)
