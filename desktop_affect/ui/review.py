"""Recorded sessions: find one, see its curves, jump between its markers and alerts.

Files are read on the control's worker; the window's timer calls `look` to fetch what is ready.
"""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from PySide6.QtCore import Qt, QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import (
    QDialog,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from desktop_affect.core.errors import AffectError
from desktop_affect.ui.control import Control
from desktop_affect.ui.recording_view import RecordingView
from desktop_affect.ui.theme import GRID_PX, Theme
from desktop_affect.ui.words import clock_label

if TYPE_CHECKING:
    from desktop_affect.session.library import Entry
    from desktop_affect.session.reader import Session

T = TypeVar("T")
_DATA = Qt.ItemDataRole.UserRole
NO_SESSIONS = "No session has been recorded yet. Start a source and choose “Record …”."


class ReviewWindow(QDialog):
    """Non-modal: recording may go on behind it."""

    def __init__(self, control: Control, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle("Sessions")
        self.resize(1120, 720)
        self._control = control
        self._waiting: list[tuple[Future[Any], Callable[[], None]]] = []
        self._session: Session | None = None
        self.search, self.sessions, self.moments = QLineEdit(), QListWidget(), QListWidget()
        self.search.setPlaceholderText("Search")
        self.search.setClearButtonEnabled(True)
        self.state, self.title = QLabel(), QLabel()
        self.state.setProperty("role", "muted")
        self.title.setProperty("role", "title")
        for label in (self.state, self.title):
            label.setWordWrap(True)
        self.folder_button = QPushButton("Open folder")
        self.folder_button.setEnabled(False)
        self.view = RecordingView(theme)
        self._lay_out()
        self.search.textChanged.connect(self.look_for)
        self.sessions.currentItemChanged.connect(self._choose)
        self.moments.currentItemChanged.connect(self._jump)
        self.folder_button.clicked.connect(self._open_folder)
        self.look_for("")

    def _lay_out(self) -> None:
        left, right = QVBoxLayout(), QVBoxLayout()
        for widget in (self.search, self.sessions, QLabel("Markers and alerts"), self.moments):
            left.addWidget(widget)
        left.setStretchFactor(self.sessions, 3)
        left.setStretchFactor(self.moments, 2)
        head = QHBoxLayout()
        head.addWidget(self.title, 1)
        head.addWidget(self.folder_button)
        right.addLayout(head)
        right.addWidget(self.state)
        right.addWidget(self.view, 1)
        row = QHBoxLayout(self)
        row.setContentsMargins(*(GRID_PX * 2,) * 4)
        row.setSpacing(GRID_PX * 2)
        row.addLayout(left, 2)
        row.addLayout(right, 5)

    @property
    def session(self) -> Session | None:
        """The one that is shown."""
        return self._session

    def look_for(self, words: str) -> None:
        """List the sessions that fit."""
        root = self._control.backend.sessions_folder()
        self._ask(lambda: found_in(root, words), self._show_found)

    def open_session(self, folder: Path) -> None:
        self.state.setText("Reading …")
        self._ask(lambda: read(folder), self._show_session)

    def look(self) -> None:
        """Called by the window's timer."""
        ready = [pair for pair in self._waiting if pair[0].done()]
        self._waiting = [pair for pair in self._waiting if not pair[0].done()]
        for future, show in ready:
            error = future.exception()
            if error is None:
                show()
            else:
                self.state.setText(f"{error.message} {error.advice}" if isinstance(error, AffectError) else repr(error))

    def _ask(self, work: Callable[[], T], show: Callable[[T], None]) -> None:
        future = self._control.submit(work)
        self._waiting.append((future, lambda: show(future.result())))

    def _show_found(self, found: list[Entry]) -> None:
        self.sessions.clear()
        for entry in found:
            item = QListWidgetItem(entry_words(entry))
            item.setData(_DATA, str(entry.path))
            self.sessions.addItem(item)
        if self._session is None:
            self.state.setText("" if found else NO_SESSIONS)

    def _show_session(self, session: Session) -> None:
        self._session = session
        self.title.setText(" · ".join(session.path.parts[-3:]))
        self.state.setText(state_words(session))
        self.folder_button.setEnabled(True)
        self.view.show_session(session)
        self.moments.clear()
        moments = [(m.t_s, m.text) for m in session.markers] + [(a.begin_s, f"alert: {a.rule}") for a in session.alerts]
        for t_s, text in sorted(moments):
            item = QListWidgetItem(f"{clock_label(t_s)}   {text}")
            item.setData(_DATA, t_s)
            self.moments.addItem(item)

    def _choose(self, item: QListWidgetItem | None) -> None:
        if item is not None:
            self.open_session(Path(item.data(_DATA)))

    def _jump(self, item: QListWidgetItem | None) -> None:
        if item is not None:
            self.view.go_to(float(item.data(_DATA)))

    def _open_folder(self) -> None:
        if self._session is not None:
            QDesktopServices.openUrl(QUrl.fromLocalFile(str(self._session.path)))


def found_in(root: Path, words: str) -> list[Entry]:
    """Worker thread."""
    from desktop_affect.session.library import Library, Search

    library = Library(root)
    library.refresh()
    return library.search(Search(words=words))


def read(folder: Path) -> Session:
    """Worker thread; columns that the view needs are put together here too."""
    from desktop_affect.session.reader import read_session
    from desktop_affect.ui.recording_view import stretch_of

    session = read_session(folder)
    stretch_of(session)
    return session


def entry_words(entry: Entry) -> str:
    """Two lines: whose, and when and how long."""
    who = " · ".join(part for part in (entry.participant, entry.condition, entry.study) if part) or entry.path.name
    long = f" · {clock_label(entry.duration_s)}" if entry.duration_s is not None else ""
    return f"{who}\n{entry.started_utc[:16].replace('T', ' ')}{long}"


def state_words(session: Session) -> str:
    """How long it is, and whether anything is missing."""
    words = [f"{session.rows} rows, {clock_label(session.duration_s)}" if session.rows else "No rows"]
    if session.torn_bytes or session.bad_rows:
        words.append("The recording was cut off; everything up to the last whole row is here.")
    return "   ".join(words)
