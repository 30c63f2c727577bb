"""About: which version this is, what it is made of, and the licences of all of it."""

from __future__ import annotations

import platform
from collections.abc import Iterable, Sequence
from functools import partial

from PySide6.QtCore import Qt
from PySide6.QtGui import QFont, QFontDatabase, QGuiApplication, QTextCursor
from PySide6.QtWidgets import (
    QDialogButtonBox,
    QHBoxLayout,
    QHeaderView,
    QLabel,
    QLineEdit,
    QPlainTextEdit,
    QTableWidget,
    QTableWidgetItem,
    QTabWidget,
    QVBoxLayout,
    QWidget,
)

from desktop_affect import __version__
from desktop_affect.system import papers
from desktop_affect.system.papers import Part
from desktop_affect.ui.button_box import ButtonBox
from desktop_affect.ui.dressing import ThemedDialog
from desktop_affect.ui.icon import app_icon
from desktop_affect.ui.in_turns import InTurns
from desktop_affect.ui.theme import GRID_PX, Theme

ICON_PX = 64
WORDS = (
    "Reads a person's affect from a webcam, live. Nothing leaves this machine, and no picture is kept unless you say "
    "so. What a face does is not what a person feels: do not use it to decide about anybody."
)
OWN_LICENCE = (
    "Free software under the Apache License 2.0, made of the parts below. Qt and FFmpeg are used under the LGPL: you "
    "may replace them; how, and where their sources are, stands first under “Licences”."
)

_ROWS, _LETTERS = 10, 40_000
"""Of parts and of wordings, what is shown in one turn."""


def about_text() -> str:
    """For a report: what the person copies."""
    return f"Desktop Affect {__version__}, {platform.platform()}, Python {platform.python_version()}"


class AboutDialog(ThemedDialog):
    """Head, and two pages: the parts, and the wordings of their licences. Both are filled in turns of Qt's event loop
    after it is there: reading the papers takes longer than making the dialog."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(theme, parent)
        self.setWindowTitle("About Desktop Affect")
        self.resize(800, 640)
        self.search, self.table, self.wordings = QLineEdit(), _table(), QPlainTextEdit()
        self.search.setPlaceholderText("Search the parts")
        self.search.setAccessibleName("Search the parts")
        self.search.setClearButtonEnabled(True)
        self.search.textChanged.connect(self._filter)
        self.wordings.setReadOnly(True)
        self.wordings.setUndoRedoEnabled(False)  # it would keep the text twice
        self.wordings.setLineWrapMode(QPlainTextEdit.LineWrapMode.WidgetWidth)
        self.wordings.setFont(_fixed_font())
        self.wordings.setAccessibleName("Licences")
        self.pages = QTabWidget()
        self.pages.addTab(self._parts_page(), "Parts")
        self.pages.addTab(self.wordings, "Licences")
        column = QVBoxLayout(self)
        column.setContentsMargins(*(GRID_PX * 3,) * 4)
        column.setSpacing(GRID_PX * 2)
        column.addLayout(_head())
        column.addWidget(_small(OWN_LICENCE))
        column.addWidget(self.pages, 1)
        column.addWidget(self._buttons())
        self._parts: Sequence[Part] = ()
        self._filling = InTurns(self)
        self._filling.begin(self._read_parts, self._read_notices)

    def fill(self) -> None:
        """All of it, now."""
        self._filling.finish()

    def _read_parts(self) -> None:
        self._parts = papers.parts()
        self.table.setRowCount(len(self._parts))
        self.pages.setTabText(0, f"Parts ({len(self._parts)})")
        rows = range(len(self._parts))
        self._filling.add(*(partial(self._show_parts, rows[at : at + _ROWS]) for at in rows[::_ROWS]))
        self._filling.add(lambda: self._filter(self.search.text()))

    def _read_notices(self) -> None:
        text = papers.notices()
        portions = (text[at : at + _LETTERS] for at in range(0, len(text), _LETTERS))
        self._filling.add(*(partial(self._show_wording, portion) for portion in portions))

    def _show_parts(self, rows: Iterable[int]) -> None:
        for row in rows:
            part = self._parts[row]
            for column, text in enumerate((part.name, part.version or "–", part.licence or "see its metadata")):
                item = QTableWidgetItem(text)
                item.setToolTip(text)
                self.table.setItem(row, column, item)

    def _show_wording(self, text: str) -> None:
        """At the end, while one may be reading the beginning."""
        end = QTextCursor(self.wordings.document())
        end.movePosition(QTextCursor.MoveOperation.End)
        end.insertText(text)

    def _parts_page(self) -> QWidget:
        page = QWidget()
        column = QVBoxLayout(page)
        column.setContentsMargins(0, GRID_PX, 0, 0)
        column.setSpacing(GRID_PX)
        column.addWidget(self.search)
        column.addWidget(self.table)
        return page

    def _buttons(self) -> QDialogButtonBox:
        buttons = ButtonBox(QDialogButtonBox.StandardButton.Close)
        copy = buttons.addButton("Copy version", QDialogButtonBox.ButtonRole.ActionRole)
        copy.clicked.connect(lambda: QGuiApplication.clipboard().setText(about_text()))
        buttons.rejected.connect(self.reject)
        return buttons

    def _filter(self, words: str) -> None:
        for row in range(self.table.rowCount()):
            cells = (self.table.item(row, column) for column in range(self.table.columnCount()))
            text = " ".join(cell.text() for cell in cells if cell is not None).lower()
            self.table.setRowHidden(row, not all(word in text for word in words.lower().split()))


def _head() -> QHBoxLayout:
    row = QHBoxLayout()
    row.setSpacing(GRID_PX * 2)
    picture, title = QLabel(), QLabel(f"Desktop Affect {__version__}")
    picture.setPixmap(app_icon().pixmap(ICON_PX, ICON_PX))
    title.setProperty("role", "title")
    title.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
    words = QVBoxLayout()
    words.setSpacing(GRID_PX // 2)
    words.addWidget(title)
    words.addWidget(_small(WORDS))
    row.addWidget(picture, 0, Qt.AlignmentFlag.AlignTop)
    row.addLayout(words, 1)
    return row


def _small(text: str) -> QLabel:
    label = QLabel(text)
    label.setWordWrap(True)
    label.setProperty("role", "muted")
    return label


def _fixed_font() -> QFont:
    return QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont)


def _table() -> QTableWidget:
    table = QTableWidget(0, 3)
    table.setHorizontalHeaderLabels(["Part", "Version", "Licence"])
    table.setAccessibleName("Parts")
    table.setEditTriggers(QTableWidget.EditTrigger.NoEditTriggers)
    table.setSelectionBehavior(QTableWidget.SelectionBehavior.SelectRows)
    table.setAlternatingRowColors(False)
    table.setShowGrid(False)
    table.verticalHeader().hide()
    header = table.horizontalHeader()
    header.setSectionResizeMode(0, QHeaderView.ResizeMode.ResizeToContents)
    header.setSectionResizeMode(1, QHeaderView.ResizeMode.ResizeToContents)
    header.setSectionResizeMode(2, QHeaderView.ResizeMode.Stretch)
    header.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
    return table
