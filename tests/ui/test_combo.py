"""Combo boxes under our style sheet."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QImage, QPainter
from PySide6.QtWidgets import QListView, QStyleOptionComboBox, QStyleOptionViewItem
from pytestqt.qtbot import QtBot

from desktop_affect.ui.combo import Combo


def test_a_text_without_room_ends_in_an_ellipsis(qtbot: QtBot) -> None:
    box = Combo()
    qtbot.addWidget(box)
    box.addItem("Logitech StreamCam Professional on the second port")
    option = QStyleOptionComboBox()
    box.resize(160, 32)
    box.initStyleOption(option)
    assert option.currentText.startswith("Logi")
    assert option.currentText.endswith("…")
    box.resize(800, 32)
    box.initStyleOption(option)
    assert option.currentText == box.currentText()


def test_rows_of_one_height_are_measured_once(qtbot: QtBot) -> None:
    box = Combo()
    qtbot.addWidget(box)
    box.addItems(["one", "two"])
    box._dress_list()
    view = box.view()
    assert isinstance(view, QListView)
    assert view.uniformItemSizes()
    box.insertSeparator(1)
    assert not view.uniformItemSizes(), "a line is lower"


def test_a_separator_is_a_line_and_no_row(qtbot: QtBot) -> None:
    box = Combo()
    qtbot.addWidget(box)
    box.addItems(["one", "two"])
    box.insertSeparator(1)
    box._dress_list()
    model, delegate = box.model(), box.itemDelegate()
    row, line = (delegate.sizeHint(QStyleOptionViewItem(), model.index(number, 0)) for number in (0, 1))
    assert line.height() < row.height()
    picture = QImage(100, line.height(), QImage.Format.Format_ARGB32)
    picture.fill(Qt.GlobalColor.transparent)
    option = QStyleOptionViewItem()
    option.rect = picture.rect()
    painter = QPainter(picture)
    delegate.paint(painter, option, model.index(1, 0))
    painter.end()
    drawn = [y for y in range(picture.height()) if picture.pixelColor(50, y).alpha()]
    assert drawn == [line.height() // 2]
