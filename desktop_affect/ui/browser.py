"""Which sessions there are: search and filters, a table, and beside it what is known and can be done."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import partial
from pathlib import Path

from PySide6.QtCore import QItemSelection, QItemSelectionModel, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QScrollArea,
    QStackedWidget,
    QTableView,
    QVBoxLayout,
    QWidget,
)

from desktop_affect.ui.browser_model import COLUMNS, SessionsModel, size_words
from desktop_affect.ui.dressing import Piece
from desktop_affect.ui.finding import Found, Listed
from desktop_affect.ui.session_details import SessionDetails
from desktop_affect.ui.session_search import SessionSearch
from desktop_affect.ui.theme import GRID_PX, LARGE_PT, Theme, wear

NO_SESSIONS = ("No session yet", "Start a source in the main window and choose “Record …”, or analyse a film.",
               "To the main window")  # fmt: skip
NOTHING_FOUND = ("Nothing fits", "Try fewer words or other filters.", "Show all sessions")
"""Title, advice, and the one button."""


class Browser(QWidget):
    """Says what is wanted; the window does it."""

    searched = Signal()
    opened = Signal(object)
    """The folder of a session."""
    compared = Signal(object, object)
    export_wanted = Signal(object)
    """The folders."""
    folder_wanted = Signal(object)
    delete_wanted = Signal(object)
    labelled = Signal(object, object)
    rebuild_wanted = Signal()
    elsewhere_wanted = Signal()
    main_wanted = Signal()
    """To where sessions are recorded."""
    undo_wanted = Signal()

    def __init__(self, search: SessionSearch, table: SessionsTable, details: SessionDetails) -> None:
        super().__init__()
        self.search, self.table, self.details = search, table, details
        self.model = SessionsModel()
        self.table.setModel(self.model)
        self.empty_title, self.empty_advice, self.empty_button = QLabel(), QLabel(), QPushButton()
        self.pages = QStackedWidget()
        self.count, self.trashed = QLabel(), QLabel()
        self.undo = QPushButton("Take it back")
        self.rebuild, self.elsewhere = QPushButton("Rebuild the list"), QPushButton("Open another folder …")
        self._lay_out()
        self._connect()
        self.show_trashed("")

    def theme_turns(self, theme: Theme) -> Iterable[Piece]:
        """Each part is a piece."""
        return (partial(wear, part, theme) for part in self.parts)

    def set_theme(self, theme: Theme) -> None:
        for piece in self.theme_turns(theme):
            piece()

    def _lay_out(self) -> None:
        for page in (self.table, self._empty_page()):
            self.pages.addWidget(page)
        middle = QHBoxLayout()
        middle.setSpacing(GRID_PX)
        middle.addWidget(self.pages, 1)
        beside = QScrollArea()
        beside.setWidgetResizable(True)
        beside.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        beside.setWidget(self.details)
        beside.setFixedWidth(288)
        middle.addWidget(beside)
        for column, facts in enumerate(COLUMNS[:-1]):  # the last one takes what is left
            self.table.setColumnWidth(column, facts.width_px)
        for label in (self.count, self.trashed):
            label.setProperty("role", "muted")
        below = QWidget()
        foot = QHBoxLayout(below)
        foot.setContentsMargins(0, 0, 0, 0)
        foot.setSpacing(GRID_PX)
        foot.addWidget(self.count)
        foot.addStretch(1)
        for widget in (self.trashed, self.undo, self.elsewhere, self.rebuild):
            foot.addWidget(widget)
        self.rebuild.setToolTip("Reads all session folders again; nothing in them is changed")
        page_column = QVBoxLayout(self)
        page_column.setContentsMargins(0, 0, 0, 0)
        page_column.setSpacing(GRID_PX)
        page_column.addWidget(self.search)
        page_column.addLayout(middle, 1)
        page_column.addWidget(below)
        self.parts = self.search, self.pages, beside, below

    def _empty_page(self) -> QWidget:
        page = QWidget()
        column = QVBoxLayout(page)
        column.addStretch(1)
        self.empty_title.setStyleSheet(f"font-size: {LARGE_PT}pt; font-weight: 600;")
        self.empty_advice.setProperty("role", "muted")
        for label in (self.empty_title, self.empty_advice):
            label.setAlignment(Qt.AlignmentFlag.AlignCenter)
            label.setWordWrap(True)
            column.addWidget(label)
        column.setSpacing(GRID_PX)
        column.addSpacing(GRID_PX)
        column.addWidget(self.empty_button, 0, Qt.AlignmentFlag.AlignHCenter)
        column.addStretch(1)
        return page

    def _connect(self) -> None:
        self.search.changed.connect(self.searched)
        self.table.selectionModel().selectionChanged.connect(self._show_chosen)
        self.table.activated.connect(lambda index: self._open())
        self.table.delete_pressed.connect(self._delete)
        self.details.open_wanted.connect(self._open)
        self.details.compare_wanted.connect(self._compare)
        self.details.export_wanted.connect(lambda: self.export_wanted.emit(self.chosen_paths))
        self.details.folder_wanted.connect(lambda: self.folder_wanted.emit(self.chosen_paths[0]))
        self.details.delete_wanted.connect(self._delete)
        self.details.labelled.connect(self.labelled)
        self.empty_button.clicked.connect(self._take_offer)
        self.undo.clicked.connect(self.undo_wanted)
        self.rebuild.clicked.connect(self.rebuild_wanted)
        self.elsewhere.clicked.connect(self.elsewhere_wanted)

    @property
    def chosen(self) -> list[Listed]:
        """The selected sessions, in the order of the table."""
        rows = sorted(index.row() for index in self.table.selectionModel().selectedRows())
        return [self.model.rows[row] for row in rows]

    @property
    def chosen_paths(self) -> list[Path]:
        return [listed.entry.path for listed in self.chosen]

    def show_found(self, found: Found) -> None:
        """What was selected stays selected as far as it is still there."""
        chosen = self.chosen_paths
        self.search.offer(found.choices)
        self.model.replace(found.listed)
        self.choose(chosen)
        self.pages.setCurrentIndex(0 if found.listed else 1)
        title, advice, way_out = NOTHING_FOUND if found.any else NO_SESSIONS
        self.empty_title.setText(title)
        self.empty_advice.setText(advice)
        self.empty_button.setText(way_out)
        size = size_words(sum(listed.entry.size_bytes for listed in found.listed))
        count = len(found.listed)
        self.count.setText(f"{count} session{'s' if count != 1 else ''}, {size}" if count else "")

    def choose(self, paths: Sequence[Path]) -> None:
        """Select these."""
        selection = QItemSelection()
        for row in filter(lambda row: row >= 0, map(self.model.row_of, paths)):
            selection.select(self.model.index(row, 0), self.model.index(row, len(COLUMNS) - 1))
        self.table.selectionModel().select(selection, QItemSelectionModel.SelectionFlag.ClearAndSelect)
        self._show_chosen()

    def show_trashed(self, words: str) -> None:
        """What can be taken back; empty for nothing."""
        self.trashed.setText(words)
        for widget in (self.trashed, self.undo):
            widget.setVisible(bool(words))

    def _show_chosen(self, *_: object) -> None:
        self.details.show_chosen(self.chosen)

    def _take_offer(self) -> None:
        """Nothing is there, or nothing fits what is looked for."""
        if self.empty_button.text() == NO_SESSIONS[-1]:
            self.main_wanted.emit()
        else:
            self.search.clear()

    def _open(self) -> None:
        if len(self.chosen) == 1:
            self.opened.emit(self.chosen_paths[0])

    def _compare(self) -> None:
        first, second = self.chosen_paths
        self.compared.emit(first, second)

    def _delete(self) -> None:
        if self.chosen and not any(listed.live for listed in self.chosen):
            self.delete_wanted.emit(self.chosen_paths)


class SessionsTable(QTableView):
    """Enter opens, Delete moves to the trash."""

    delete_pressed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setAccessibleName("Sessions")
        self.setSortingEnabled(True)
        self.sortByColumn(0, Qt.SortOrder.DescendingOrder)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setShowGrid(False)
        self.setTabKeyNavigation(False)
        self.setWordWrap(False)
        self.verticalHeader().hide()
        self.verticalHeader().setDefaultSectionSize(32)
        self.horizontalHeader().setHighlightSections(False)
        self.horizontalHeader().setStretchLastSection(True)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Delete:
            self.delete_pressed.emit()
        else:
            super().keyPressEvent(event)
