"""A table of names and numbers, for looking at two sessions side by side."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTableWidget, QTableWidgetItem

from desktop_affect.ui.words import signed


def number_table(heads: Sequence[str], name: str) -> QTableWidget:
    """Empty, read-only; names on the left, numbers on the right."""
    table = QTableWidget(0, len(heads))
    table.setHorizontalHeaderLabels(list(heads))
    table.setAccessibleName(name)
    table.verticalHeader().hide()
    table.verticalHeader().setDefaultSectionSize(24)
    table.setShowGrid(False)
    table.setTabKeyNavigation(False)
    table.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
    table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
    head = table.horizontalHeader()
    head.setHighlightSections(False)
    head.setDefaultAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
    head.setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
    head.setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
    first = table.horizontalHeaderItem(0)
    if first is not None:
        first.setTextAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
    return table


def fill_table(table: QTableWidget, rows: Sequence[tuple[str, float, float]]) -> None:
    """Name, first, second, and the second minus the first."""
    if table.rowCount() != len(rows):
        table.setRowCount(len(rows))
    for row, (name, first, second) in enumerate(rows):
        cells = (name, *(signed(round(value, 2) + 0.0) for value in (first, second, second - first)))
        for column, text in enumerate(cells):
            item = table.item(row, column)
            if item is None:
                table.setItem(row, column, cell(text, right=column > 0))
            elif item.text() != text:
                item.setText(text)


def cell(text: str, right: bool) -> QTableWidgetItem:
    """One text at its side."""
    item = QTableWidgetItem(text)
    side = Qt.AlignmentFlag.AlignRight if right else Qt.AlignmentFlag.AlignLeft
    item.setTextAlignment(side | Qt.AlignmentFlag.AlignVCenter)
    return item
