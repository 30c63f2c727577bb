"""The sessions as a table that sorts by what a column means, not by how it is written."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt

from desktop_affect.ui.finding import Listed
from desktop_affect.ui.words import clock_label

_Index = QModelIndex | QPersistentModelIndex


@dataclass(frozen=True, slots=True)
class Column:
    """One column of the table."""

    title: str
    text: Callable[[Listed], str]
    key: Callable[[Listed], Any]
    width_px: int
    right: bool = False


def _words(name: str) -> Callable[[Listed], str]:
    return lambda listed: str(getattr(listed.entry, name))


def _folded(name: str) -> Callable[[Listed], str]:
    return lambda listed: str(getattr(listed.entry, name)).casefold()


def _number(name: str) -> Callable[[Listed], float]:
    """What is not known comes last when it is sorted downwards."""

    def key(listed: Listed) -> float:
        value = getattr(listed.entry, name)
        return -math.inf if value is None else float(value)

    return key


def _shown(name: str, words: Callable[[float], str]) -> Callable[[Listed], str]:
    def text(listed: Listed) -> str:
        value = getattr(listed.entry, name)
        return "–" if value is None else words(value)

    return text


def size_words(size_bytes: float) -> str:
    """`1.9 MB`."""
    for unit, power in (("GB", 9), ("MB", 6), ("kB", 3)):
        if size_bytes >= 10**power:
            return f"{size_bytes / 10**power:.1f} {unit}"
    return f"{size_bytes:.0f} B"


COLUMNS: tuple[Column, ...] = (
    Column("Recorded (UTC)", lambda s: s.entry.started_utc[:16].replace("T", " "), _words("started_utc"), 144),
    Column("Participant", _words("participant"), _folded("participant"), 92),
    Column("Condition", _words("condition"), _folded("condition"), 80),
    Column("Study", _words("study"), _folded("study"), 92),
    Column("Length", _shown("duration_s", clock_label), _number("duration_s"), 72, right=True),
    Column("Rows", _shown("rows", lambda n: f"{n:,.0f}"), _number("rows"), 72, right=True),
    Column("Face", _shown("face_share", lambda x: f"{x:.0%}"), _number("face_share"), 60, right=True),
    Column("Alerts", _shown("alerts", lambda n: f"{n:.0f}"), _number("alerts"), 60, right=True),
    Column("Size", _shown("size_bytes", size_words), _number("size_bytes"), 76, right=True),
    Column("State", lambda s: s.state_words, lambda s: s.state_words, 80),
    Column("Tags", lambda s: ", ".join(s.entry.labels.tags), lambda s: s.entry.labels.tags, 140),
)


class SessionsModel(QAbstractTableModel):
    """Owned by the browser; rows are replaced as a whole."""

    def __init__(self) -> None:
        super().__init__()
        self._rows: list[Listed] = []
        self._sorted_by, self._order = 0, Qt.SortOrder.DescendingOrder

    @property
    def rows(self) -> Sequence[Listed]:
        """As they are shown."""
        return self._rows

    def replace(self, rows: Sequence[Listed]) -> None:
        self.beginResetModel()
        self._rows = list(rows)
        self._sort()
        self.endResetModel()

    def row_of(self, path: Path) -> int:
        """−1 when it is not there."""
        return next((row for row, listed in enumerate(self._rows) if listed.entry.path == path), -1)

    def rowCount(self, parent: _Index = QModelIndex()) -> int:  # noqa: B008  Qt's own default
        return 0 if parent.isValid() else len(self._rows)

    def columnCount(self, parent: _Index = QModelIndex()) -> int:  # noqa: B008  Qt's own default
        return 0 if parent.isValid() else len(COLUMNS)

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        column, listed = COLUMNS[index.column()], self._rows[index.row()]
        if role == Qt.ItemDataRole.DisplayRole:
            return column.text(listed)
        if role == Qt.ItemDataRole.ToolTipRole:
            return listed.entry.labels.note or str(listed.entry.path)
        if role == Qt.ItemDataRole.TextAlignmentRole:
            side = Qt.AlignmentFlag.AlignRight if column.right else Qt.AlignmentFlag.AlignLeft
            return int(side | Qt.AlignmentFlag.AlignVCenter)
        return None

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if orientation is not Qt.Orientation.Horizontal:
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            return COLUMNS[section].title
        if role == Qt.ItemDataRole.TextAlignmentRole:
            side = Qt.AlignmentFlag.AlignRight if COLUMNS[section].right else Qt.AlignmentFlag.AlignLeft
            return int(side | Qt.AlignmentFlag.AlignVCenter)
        return None

    def sort(self, column: int, order: Qt.SortOrder = Qt.SortOrder.AscendingOrder) -> None:
        self.layoutAboutToBeChanged.emit()
        self._sorted_by, self._order = column, order
        self._sort()
        self.layoutChanged.emit()

    def _sort(self) -> None:
        key = COLUMNS[self._sorted_by].key
        self._rows.sort(key=key, reverse=self._order is Qt.SortOrder.DescendingOrder)
