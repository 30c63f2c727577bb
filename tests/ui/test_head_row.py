"""The row on top, wide and narrow."""

from __future__ import annotations

from PySide6.QtWidgets import QPushButton
from pytestqt.qtbot import QtBot

from desktop_affect.ui.head_row import TWO_ROWS_BELOW_PX, HeadRow


def test_where_it_is_narrow_the_session_has_a_row_of_its_own(qtbot: QtBot) -> None:
    source, calibrate, record, menu = (QPushButton(text) for text in ("source", "calibrate", "record", "menu"))
    head = HeadRow([source], [calibrate, record], menu)
    qtbot.addWidget(head)
    head.show()
    head.resize(TWO_ROWS_BELOW_PX, 40)
    one_row = {widget.mapTo(head, widget.rect().center()).y() for widget in (source, calibrate, record, menu)}
    head.resize(TWO_ROWS_BELOW_PX - 1, 80)
    qtbot.waitUntil(lambda: record.mapTo(head, record.rect().center()).y() > menu.geometry().bottom())
    assert len(one_row) == 1
    assert head.minimumSizeHint().width() < sum(one.minimumSizeHint().width() for one in (source, calibrate, record))
    assert calibrate.mapTo(head, calibrate.rect().topLeft()).x() == 0
    assert record.mapTo(head, record.rect().topRight()).x() == head.width() - 1
    head.resize(TWO_ROWS_BELOW_PX, 40)
    qtbot.waitUntil(lambda: not head.narrow)
