"""Recorded sessions, in a window of their own: find one, look through it, annotate it, compare two, export.

Everything that reads or writes files happens on workers; the window's timer fetches what is ready.
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Iterable
from functools import partial
from pathlib import Path
from typing import Any

from PySide6.QtCore import Qt, QTimer, QUrl
from PySide6.QtGui import QCloseEvent, QDesktopServices, QKeySequence, QShortcut, QShowEvent
from PySide6.QtWidgets import (
    QFileDialog,
    QVBoxLayout,
    QWidget,
)

from desktop_affect.core.errors import AffectError
from desktop_affect.core.types import Fault, Severity
from desktop_affect.session.labels import Labels
from desktop_affect.session.library import Library
from desktop_affect.session.reader import Session
from desktop_affect.ui.asking import ask
from desktop_affect.ui.browser import Browser
from desktop_affect.ui.compare import ComparePage
from desktop_affect.ui.control import Control
from desktop_affect.ui.dressing import Piece, Themed, windows_of
from desktop_affect.ui.export_desk import ExportDesk
from desktop_affect.ui.finding import find, find_anew
from desktop_affect.ui.forward import come_forward
from desktop_affect.ui.in_turns import EveryTurn, InTurns
from desktop_affect.ui.jobs import Job, Jobs
from desktop_affect.ui.notices import FloatingNotices
from desktop_affect.ui.player import Player
from desktop_affect.ui.progress_strip import ProgressStrip
from desktop_affect.ui.recording import state_words, title_words
from desktop_affect.ui.review_head import ReviewHead
from desktop_affect.ui.review_open import WHERE, Opened, open_recording
from desktop_affect.ui.review_pages import ReviewPages
from desktop_affect.ui.showing import showing_turns
from desktop_affect.ui.theme import GRID_PX, Theme, wear
from desktop_affect.ui.trash import Trash
from desktop_affect.ui.turns import Turns

# The screen's pace, as in the main window.
_TICK_MS = 33
# A laptop's screen at 200 %; what does not fit there gives way.
_SMALLEST_PX = (944, 512)


class ReviewWindow(QWidget):
    """Recording may go on behind it. Its workers are its own: a long export never delays a recording."""

    def __init__(self, control: Control, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent, Qt.WindowType.Window)
        self.setWindowTitle("Sessions")
        self.resize(1280, 800)
        self.setMinimumSize(*_SMALLEST_PX)
        self._control = control
        self.theme = theme
        self.jobs = Jobs("review", preload=(open_recording.__module__,))
        self._finding: Job[Any] | None = None
        self._opening: Job[Any] | None = None
        self._trash = Trash(self.jobs, control.backend.sessions_folder, self._show_trashed, self.tell)
        self.confirm: Callable[[str, str], bool] = self._ask
        self.pages, self.turns = ReviewPages(theme, self.jobs), Turns()
        self.notices = FloatingNotices(self.pages, self)
        self.export_desk = ExportDesk(self, self.notices.add, self.tell)
        self.progress = ProgressStrip(self.jobs, self.export_desk.jobs)
        self.head = ReviewHead(self.progress)
        self._coming = EveryTurn(self, self._come_further)
        self._lay_out()
        self._connect()
        self._timer = QTimer(self)
        self._timer.setInterval(_TICK_MS)
        self._timer.timeout.connect(self.look)
        self._timer.start()
        self.jobs.warm_up()

    def come(self) -> None:
        """It is shown when its list is there, some turns of the event loop later: together that takes three frames."""
        self._coming.begin()

    def _come_further(self) -> bool:
        if not self.open:  # closed before it was there
            return False
        if not self.pages.presentable:
            self.pages.make_next()
            return True
        InTurns(self).begin(*showing_turns(self, lambda: self.setVisible(self.open)))
        return False

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.pages.be_presentable()

    def _lay_out(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(GRID_PX * 2, GRID_PX, GRID_PX * 2, GRID_PX)
        column.setSpacing(GRID_PX)
        column.addWidget(self.head)
        column.addWidget(self.pages, 1)

    def _connect(self) -> None:
        self.pages.browser_made.connect(self._begin_browsing)
        self.pages.player_made.connect(lambda: self.player.failed.connect(self.tell))
        self.pages.compare_made.connect(self._connect_compare)
        self.head.export_button.clicked.connect(self._export_this)
        self.head.back.clicked.connect(self.show_browser)
        self.head.folder_button.clicked.connect(self._open_this_folder)
        QShortcut(QKeySequence("Ctrl+F"), self, self._go_to_search)
        QShortcut(QKeySequence("Escape"), self, self.show_browser)
        QShortcut(QKeySequence("Ctrl+W"), self, self.close)

    def _begin_browsing(self) -> None:
        browser = self.browser
        browser.searched.connect(self.refresh)
        browser.opened.connect(self.open_session)
        browser.labelled.connect(self._label)
        browser.delete_wanted.connect(self._trash.put)
        browser.undo_wanted.connect(self._trash.take_back)
        browser.rebuild_wanted.connect(lambda: self.refresh(rebuild=True))
        browser.elsewhere_wanted.connect(self._open_elsewhere)
        browser.folder_wanted.connect(self._open_folder)
        browser.main_wanted.connect(self._show_main)
        browser.export_wanted.connect(self.export_desk.ask)
        browser.compared.connect(self._compare)
        for part in self._own_parts:
            wear(part, self.theme)
        self._show_page(browser)
        self.refresh()

    def _connect_compare(self) -> None:
        self.compare.failed.connect(self.tell)
        self.compare.shown.connect(self._show_comparison)

    @property
    def browser(self) -> Browser:
        return self.pages.browser

    @property
    def player(self) -> Player:
        return self.pages.player

    @property
    def compare(self) -> ComparePage:
        return self.pages.compare

    @property
    def session(self) -> Session | None:
        """The one that is looked through."""
        player = self.pages.made_player
        return player.recording.session if player is not None and player.recording else None

    def theme_turns(self, theme: Theme) -> Iterable[Piece]:
        """Every page wears a style sheet of its own: one for all would take as long as they do together. Nothing is put
        on a window that has been closed: its pages go before it."""
        self.theme = theme
        return (partial(self._if_open, piece) for piece in self._theme_pieces(theme)) if self.open else ()

    def _theme_pieces(self, theme: Theme) -> Iterable[Piece]:
        yield from self.pages.theme_turns(theme)
        yield from (partial(wear, part, theme) for part in self._own_parts)
        for window in windows_of(self):
            if isinstance(window, Themed):
                yield from window.theme_turns(theme)

    def _if_open(self, piece: Piece) -> None:
        if self.open:
            piece()

    @property
    def _own_parts(self) -> tuple[QWidget, ...]:
        return self.head, self.notices

    def set_theme(self, theme: Theme) -> None:
        for piece in self.theme_turns(theme):
            piece()

    # Finding.

    def refresh(self, *, rebuild: bool = False) -> None:
        """List the sessions that fit; a search that was overtaken is given up."""
        root, wanted = self._control.backend.sessions_folder(), self.browser.search.wanted
        if self._finding is not None:
            self._finding.cancel()
        title = "Reading all session folders" if rebuild else "Looking for sessions"
        work = self.jobs.aside(find_anew, root, wanted) if rebuild else partial(find, root, wanted)
        self._finding = self.jobs.run(title, work, self.browser.show_found, self.tell)

    def show_browser(self) -> None:
        self.turns.begin(self.refresh)
        self.pages.leave()
        self._show_page(self.browser)

    def _go_to_search(self) -> None:
        self._show_page(self.browser)
        self.browser.search.words.setFocus()

    def _label(self, session: Path, labels: Labels) -> None:
        root = self._control.backend.sessions_folder()
        save = Library(root).label
        self.jobs.run("Saving the labels", lambda tell: save(session, labels), lambda done: self.refresh(), self.tell)

    def _show_trashed(self, words: str) -> None:
        self.browser.show_trashed(words)
        self.refresh()

    # Looking through one.

    def open_session(self, folder: Path) -> None:
        """Read it on the worker and show it; what was being opened before is given up."""
        if self._opening is not None:
            self._opening.cancel()
        work = self.jobs.aside(open_recording, folder, self.pages.signal_names)
        self._opening = self.jobs.run(f"Opening {folder.name}", work, self._show_opened, self.tell)

    def _compare(self, first: Path, second: Path) -> None:
        self.compare.open(first, second)

    def _show_comparison(self) -> None:
        self.turns.begin(self._show_compared)

    def _show_compared(self) -> None:
        self.notices.clear()
        self._show_page(self.compare)
        self.head.say("   and   ".join(self.compare.names), "compared")

    def _open_elsewhere(self) -> None:
        folder = QFileDialog.getExistingDirectory(self.head, "Open a session's folder")
        if folder:
            self.open_session(Path(folder))

    def _show_opened(self, opened: Opened) -> None:
        self.notices.clear()
        for note in opened.notes:
            self.notices.add(note)
        self.player.show_recording(opened.recording, opened.pictures)
        self.turns.begin(partial(self._show_player, opened.recording.session))

    def _show_player(self, session: Session) -> None:
        self.head.say(title_words(session), state_words(session))
        self._show_page(self.player)

    def _show_page(self, page: QWidget) -> None:
        self.pages.setCurrentWidget(page)
        browsing = page is self.pages.made_browser
        self.head.back.setVisible(not browsing)
        for button in (self.head.export_button, self.head.folder_button):
            button.setVisible(page is self.pages.made_player)
        if browsing:
            self.head.say("Sessions")
        page.setFocus()

    def _export_this(self) -> None:
        if self.session is not None:
            self.export_desk.ask([self.session.path], self.player.playback.window)

    def _open_this_folder(self) -> None:
        if self.session is not None:
            self._open_folder(self.session.path)

    def _open_folder(self, folder: Path) -> None:
        QDesktopServices.openUrl(QUrl.fromLocalFile(str(folder)))

    # Telling, and coming to an end.

    def tell(self, error: AffectError) -> None:
        """What went wrong, what to do, and the details to copy."""
        self.notices.add(Fault(math.nan, WHERE, Severity.ERROR, error.message, error.advice, error.detail))

    def look(self) -> None:
        """What the timer does."""
        if self.turns.step():
            return  # what it changed is laid out first
        self.jobs.look()
        self.export_desk.jobs.look()
        self.pages.make_next()
        self.progress.look()
        self.notices.expire(time.monotonic())
        self.pages.tick()

    def _show_main(self) -> None:
        main = self.parentWidget()
        if main is not None:
            come_forward(main.window())

    def closeEvent(self, event: QCloseEvent) -> None:
        if self.export_desk.jobs.current is not None and not self.confirm(
            "An export is being written.", "Give it up and close?"
        ):
            event.ignore()
            return
        self._timer.stop()
        self.pages.leave()
        self.jobs.close()
        self.export_desk.jobs.close()
        event.accept()
        self._go()

    def _go(self) -> None:
        """Page by page: together they take two frames, which would hold up the opening of the next window."""
        InTurns(self).begin(*(page.deleteLater for page in self.pages.made), self.deleteLater)

    @property
    def open(self) -> bool:
        """It is on the screen or comes there, and was not closed."""
        return self._timer.isActive()

    @property
    def closed(self) -> bool:
        """Nothing is read or written any more."""
        return self.jobs.closed and self.export_desk.jobs.closed

    def force_close(self) -> None:
        """Without a question: the application is closing."""
        self.confirm = lambda title, text: True
        self.close()

    def _ask(self, title: str, text: str) -> bool:
        return ask(self.head, title, text)
