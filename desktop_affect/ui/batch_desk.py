"""Films dropped onto the main window, and the queue behind them. Nothing is loaded before the first one."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QMimeData, QObject
from PySide6.QtGui import QDropEvent

if TYPE_CHECKING:
    from desktop_affect.batch.film_queue import FilmQueue
    from desktop_affect.ui.batch_window import BatchWindow
    from desktop_affect.ui.window import MainWindow

# The main window's turns between two looks: a few times a second.
_EVERY = 10


class BatchDesk(QObject):
    """Belongs to the main window, whose timer calls `look`."""

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self._owner = window
        self._turns = 0
        self.queue: FilmQueue | None = None
        self.window: BatchWindow | None = None
        self._accept_drops(window)

    def _accept_drops(self, widget: MainWindow | BatchWindow) -> None:
        widget.setAcceptDrops(True)
        widget.installEventFilter(self)

    def show(self) -> None:
        """The window of the queue; made when it is first wanted."""
        from desktop_affect.ui.batch_window import BatchWindow

        if self.window is None:
            self.window = BatchWindow(self._opened_queue(), self._owner.theme, self._owner)
            self.window.wants_result.connect(self.open_result)
            self._accept_drops(self.window)
        self.window.show()
        self.window.raise_()

    def add(self, paths: Sequence[str]) -> None:
        """Into the queue, and show it."""
        self._opened_queue().add(paths)
        self.show()

    def _opened_queue(self) -> FilmQueue:
        from desktop_affect.batch.film_queue import FilmQueue

        if self.queue is None:
            folder = self._owner.control.backend.sessions_folder() / f"Films {datetime.now():%Y-%m-%d %H-%M-%S}"
            self.queue = FilmQueue(lambda: self._owner.control.backend.settings, folder)
        return self.queue

    def open_result(self, session: Path) -> None:
        """In review."""
        self._owner.show_sessions()
        if self._owner.review is not None:
            self._owner.review.open_session(session)

    def look(self) -> None:
        self._turns += 1
        if self.window is not None and self.window.isVisible() and self._turns % _EVERY == 0:
            self.window.look()

    @property
    def working(self) -> bool:
        """Films are waiting or being analysed."""
        return self.queue is not None and any(not row.state.over for row in self.queue.rows)

    def close(self) -> None:
        """Finished films stay; what is going on is left."""
        if self.window is not None:
            self.window.close()
        if self.queue is not None:
            self.queue.stop()

    @property
    def closed(self) -> bool:
        return self.queue is None or self.queue.closed

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if isinstance(event, QDropEvent) and event.type() in (QEvent.Type.DragEnter, QEvent.Type.Drop):
            paths = local_files(event.mimeData())
            if paths:
                event.acceptProposedAction()
                if event.type() is QEvent.Type.Drop:
                    self.add(paths)
                return True
        return False


def local_files(data: QMimeData) -> list[str]:
    """What lies on this machine; pages of the web are no films."""
    return [url.toLocalFile() for url in data.urls() if url.isLocalFile()]
