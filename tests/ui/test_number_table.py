"""The table of names and numbers fits its columns to what is in view, and measures nothing while nobody looks."""

from __future__ import annotations

from PySide6.QtWidgets import QHeaderView
from pytestqt.qtbot import QtBot

from desktop_affect.ui.number_table import NumberTable
from desktop_affect.ui.theme import DARK, LIGHT, wear

ROWS = [(f"interval {k}", "+0.10", "+0.20", "+0.10") for k in range(500)]


def shown(qtbot: QtBot) -> NumberTable:
    table = NumberTable(("Name", "First", "Second", "Difference"), "Means")
    qtbot.addWidget(table)
    table.numbers.show_rows(ROWS)
    table.resize(500, 300)
    table.show()
    qtbot.waitExposed(table)
    return table


def test_columns_fit_what_is_in_view(qtbot: QtBot) -> None:
    table = shown(qtbot)
    narrow = table.columnWidth(1)
    table.numbers.show_rows([(name, "a far longer text than before", "+0.20", "+0.10") for name, *_ in ROWS])
    assert table.columnWidth(1) > narrow + 40


def test_nothing_is_measured_while_nobody_looks(qtbot: QtBot) -> None:
    table = shown(qtbot)
    wear(table, DARK)
    table.hide()
    modes = {table.horizontalHeader().sectionResizeMode(column) for column in range(1, 4)}
    assert modes == {QHeaderView.ResizeMode.Interactive}, "a theme would have Qt measure all rows of a hidden table"
    wear(table, LIGHT)
    table.show()
    assert table.horizontalHeader().sectionResizeMode(1) is QHeaderView.ResizeMode.ResizeToContents
    assert table.horizontalHeader().sectionResizeMode(0) is QHeaderView.ResizeMode.Stretch
