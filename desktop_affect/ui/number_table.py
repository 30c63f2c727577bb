"""A table of names and numbers, for looking at two sessions side by side."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt
from PySide6.QtGui import QHideEvent, QShowEvent
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTableView

from desktop_affect.ui.words import signed

_Index = QModelIndex | QPersistentModelIndex
_LEFT = int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
_RIGHT = int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)


class NumberModel(QAbstractTableModel):
    """Texts by row and column; the view asks for those that it shows, however many there are."""

    def __init__(self, heads: Sequence[str]) -> None:
        super().__init__()
        self._heads = list(heads)
        self._rows: list[tuple[str, ...]] = []

    def set_head(self, column: int, text: str) -> None:
        self._heads[column] = text
        self.headerDataChanged.emit(Qt.Orientation.Horizontal, column, column)

    def show_rows(self, rows: Sequence[tuple[str, ...]]) -> None:
        if len(rows) != len(self._rows):
            self.beginResetModel()
            self._rows = list(rows)
            self.endResetModel()
        elif rows and list(rows) != self._rows:
            self._rows = list(rows)
            self.dataChanged.emit(self.index(0, 0), self.index(len(rows) - 1, len(self._heads) - 1))

    def rowCount(self, parent: _Index = QModelIndex()) -> int:  # noqa: B008  Qt's own default
        return 0 if parent.isValid() else len(self._rows)

    def columnCount(self, parent: _Index = QModelIndex()) -> int:  # noqa: B008  Qt's own default
        return 0 if parent.isValid() else len(self._heads)

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if role == Qt.ItemDataRole.DisplayRole:
            return self._rows[index.row()][index.column()]
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return _RIGHT if index.column() else _LEFT
        return None

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if orientation is not Qt.Orientation.Horizontal:
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            return self._heads[section]
        return (_RIGHT if section else _LEFT) if role == Qt.ItemDataRole.TextAlignmentRole else None


class NumberTable(QTableView):
    """Read-only; names on the left, numbers on the right."""

    def __init__(self, heads: Sequence[str], name: str) -> None:
        super().__init__()
        self.numbers = NumberModel(heads)
        self.setModel(self.numbers)
        self.setAccessibleName(name)
        self.verticalHeader().hide()
        self.verticalHeader().setDefaultSectionSize(24)
        self.setShowGrid(False)
        self.setTabKeyNavigation(False)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        head = self.horizontalHeader()
        head.setHighlightSections(False)
        head.setResizeContentsPrecision(0)  # columns fit what is in view: measuring hundreds of rows takes long
        self._fit(QHeaderView.ResizeMode.Interactive)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._fit(QHeaderView.ResizeMode.ResizeToContents)

    def hideEvent(self, event: QHideEvent) -> None:
        """Hidden, Qt would measure every row there is whenever the theme changes: 0.15 s for eight hours of minutes."""
        super().hideEvent(event)
        self._fit(QHeaderView.ResizeMode.Interactive)

    def _fit(self, mode: QHeaderView.ResizeMode) -> None:
        head = self.horizontalHeader()
        head.setSectionResizeMode(mode)
        head.setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)


def row_texts(name: str, first: float, second: float) -> tuple[str, str, str, str]:
    """Name, first, second, and the second minus the first."""
    one, other, difference = (signed(round(value, 2) + 0.0) for value in (first, second, second - first))
    return name, one, other, difference
