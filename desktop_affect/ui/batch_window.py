"""The queue of films in a window of its own: what waits, how far each is, and the way to its result."""

from __future__ import annotations

import math
from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import Qt, QUrl, Signal
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import (
    QFileDialog,
    QFrame,
    QHBoxLayout,
    QLabel,
    QProgressBar,
    QPushButton,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from desktop_affect.batch.film_queue import FilmQueue, Row, RowState
from desktop_affect.ui.dressing import ThemedDialog
from desktop_affect.ui.elided import ElidedLabel
from desktop_affect.ui.theme import GRID_PX, Theme

_FILMS = "Films and pictures (*.mp4 *.mov *.avi *.mkv *.webm *.m4v *.mpg *.wmv *.jpg *.jpeg *.png);;All files (*)"
_STEPS = 1000
# More would make the window slow; the page over all films shows the rest.
MOST_SHOWN = 200
# Where there are more, what is going on and what went wrong comes before what is done.
_WORTH = (RowState.WORKING, RowState.FAILED, RowState.PARTIAL, RowState.WAITING, RowState.DONE, RowState.CANCELLED)
EMPTY = "Drop films, pictures or folders here. Every frame is analysed; the films themselves are not copied."


class FilmRow(QFrame):
    """One film."""

    wants_cancel = Signal(str)
    wants_result = Signal(Path)

    def __init__(self, row: Row) -> None:
        super().__init__()
        self.setObjectName("panel")
        self._row = row
        self.name, self.told = ElidedLabel(Path(row.name).name), ElidedLabel()
        self.name.setToolTip(row.name)
        self.name.setProperty("role", "title")
        self.told.setProperty("role", "small")
        self.bar, self.button = QProgressBar(), QPushButton()
        self.bar.setTextVisible(False)
        self.bar.setFixedHeight(6)
        self.bar.setAccessibleName(f"Progress of {self.name.text()}")
        self.button.clicked.connect(self._clicked)
        self.button.setFixedWidth(120)
        words = QVBoxLayout()
        words.setSpacing(GRID_PX // 2)
        for widget in (self.name, self.bar, self.told):
            words.addWidget(widget)
        line = QHBoxLayout(self)
        line.setContentsMargins(GRID_PX * 2, GRID_PX, GRID_PX * 2, GRID_PX)
        line.setSpacing(GRID_PX * 2)
        line.addLayout(words, 1)
        line.addWidget(self.button)
        self._paint()

    def show_row(self, row: Row) -> None:
        if row != self._row:
            self._row = row
            self._paint()

    def _paint(self) -> None:
        row = self._row
        known = math.isfinite(row.share)
        self.bar.setRange(0, _STEPS if known or row.state.over else 0)
        if known:
            self.bar.setValue(round(row.share * _STEPS))
        self.bar.setVisible(row.state is RowState.WORKING)
        self.told.setText(_words(row))
        self.told.setToolTip(_words(row))
        self.button.setText("Open result" if row.state.over else "Cancel")
        self.button.setAccessibleName(f"{self.button.text()}: {self.name.text()}")
        self.button.setVisible(not row.state.over or row.session is not None)

    def _clicked(self) -> None:
        if not self._row.state.over:
            self.wants_cancel.emit(self._row.key)
        elif self._row.session is not None:
            self.wants_result.emit(self._row.session)


def _words(row: Row) -> str:
    if row.state is RowState.WORKING:
        return f"{row.share:.0%}" if math.isfinite(row.share) else "working"
    word = row.state.value.capitalize()
    return f"{word}: {row.told}" if row.told else word


class BatchWindow(ThemedDialog):
    """Non-modal; the main window's timer calls `look`."""

    wants_result = Signal(Path)
    """A session to open in review."""

    def __init__(self, queue: FilmQueue, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(theme, parent)
        self.queue = queue
        self.setWindowTitle("Films")
        self.resize(760, 520)
        self.state, self.left, self.empty, self.problem = QLabel(), QLabel(), QLabel(EMPTY), QLabel()
        self.state.setProperty("role", "title")
        for label in (self.left, self.empty, self.problem):
            label.setProperty("role", "muted")
            label.setWordWrap(True)
        self.add_button, self.index_button = QPushButton("Add films …"), QPushButton("All results")
        self.index_button.setToolTip("The page over all films of this queue, in the browser")
        self.add_button.clicked.connect(self._choose)
        self.index_button.clicked.connect(self._open_index)
        self._rows: dict[str, FilmRow] = {}
        self._list = QVBoxLayout()
        self._lay_out()
        self.look()

    def _lay_out(self) -> None:
        head = QHBoxLayout()
        head.addWidget(self.state)
        head.addSpacing(GRID_PX)
        head.addWidget(self.left, 1)
        head.addWidget(self.index_button)
        head.addWidget(self.add_button)
        inside = QWidget()
        inside.setLayout(self._list)
        self._list.setContentsMargins(0, 0, 0, 0)
        self._list.setSpacing(GRID_PX)
        self._list.addStretch(1)
        area = QScrollArea()
        area.setWidgetResizable(True)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)  # long names end in an ellipsis
        area.setWidget(inside)
        self._area = area
        self.empty.setAlignment(Qt.AlignmentFlag.AlignCenter)
        column = QVBoxLayout(self)
        column.setContentsMargins(*(GRID_PX * 2,) * 4)
        column.setSpacing(GRID_PX)
        column.addLayout(head)
        column.addWidget(self.problem)
        column.addWidget(self.empty, 1)
        column.addWidget(area, 1)

    def look(self) -> None:
        """Show how things stand."""
        rows = self.queue.rows
        worth_it = chosen(rows)
        for row in worth_it:
            self._shown(row).show_row(row)
        for key in self._rows.keys() - {row.key for row in worth_it}:
            self._rows.pop(key).deleteLater()
        nothing = not rows and not self.queue.planning
        self.empty.setVisible(nothing)
        self._area.setVisible(not nothing)
        self.problem.setText(self.queue.problem)
        self.problem.setVisible(bool(self.queue.problem))
        self.state.setText(_state_words(rows, self.queue.planning))
        self.left.setText(left_words(self.queue.left_s) if any(not row.state.over for row in rows) else "")
        self.index_button.setEnabled(any(row.session for row in rows) and all(row.state.over for row in rows))

    def _shown(self, row: Row) -> FilmRow:
        if row.key not in self._rows:
            made = self._rows[row.key] = FilmRow(row)
            made.wants_cancel.connect(self.queue.cancel)
            made.wants_result.connect(self.wants_result)
            self._list.insertWidget(self._list.count() - 1, made)
        return self._rows[row.key]

    @property
    def film_rows(self) -> list[FilmRow]:
        return list(self._rows.values())

    def _choose(self) -> None:
        paths, _ = QFileDialog.getOpenFileNames(self, "Add films", "", _FILMS)
        if paths:
            self.queue.add(paths)

    def _open_index(self) -> None:
        QDesktopServices.openUrl(QUrl.fromLocalFile(str(self.queue.index)))


def chosen(rows: Sequence[Row]) -> list[Row]:
    """Those that are shown, in their order."""
    worth_it = sorted(rows, key=lambda row: _WORTH.index(row.state))[:MOST_SHOWN]
    keys = {row.key for row in worth_it}
    return [row for row in rows if row.key in keys]


def left_words(left_s: float) -> str:
    if not math.isfinite(left_s):
        return ""
    minutes = math.ceil(left_s / 60)
    if minutes <= 1:
        return "less than a minute left"
    hours = f"{minutes // 60} h " if minutes >= 60 else ""
    return f"about {hours}{minutes % 60} min left"


def _state_words(rows: Sequence[Row], planning: bool) -> str:
    if planning:
        return "Looking through what was added …"
    if not rows:
        return "No films yet"
    over = sum(row.state.over for row in rows)
    more = f", {MOST_SHOWN} of them shown" if len(rows) > MOST_SHOWN else ""
    return f"{over} of {len(rows)} films finished{more}"
