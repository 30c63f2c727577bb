"""Painting of the plots, one in every turn of Qt's event loop: all plots of a window take as long as several frames,
and what else is painted or asked for meanwhile need not wait for the last of them."""

from __future__ import annotations

from collections import deque
from typing import Protocol

from PySide6.QtCore import QCoreApplication, QObject, Qt, QTimer
from shiboken6 import isValid


class Painted(Protocol):
    """What is painted in a turn of its own."""

    def refresh(self) -> None:
        """Paint it."""


class PaintTurns(QObject):
    """GUI thread; one for the whole application, ends with it. Nobody waits in it twice: what changed several times
    is painted once, as it is then."""

    def __init__(self, parent: QObject | None) -> None:
        super().__init__(parent)
        self._waiting: deque[Painted] = deque()
        self._timer = QTimer(self)
        self._timer.timeout.connect(self._turn)
        self._begun = False

    def add(self, plot: Painted) -> None:
        """It gets its turn after those that wait already."""
        if not any(plot is waiting for waiting in self._waiting):
            self._waiting.append(plot)
            self._timer.start()

    def _turn(self) -> None:
        """The first one paints nothing: it was asked for before what made the paintings necessary had ended, and the
        timers of the windows, which have become due meanwhile, would come after it."""
        if self._begun:
            self.step()
        self._begun = self._timer.isActive()

    def step(self) -> None:
        """Paint the next one."""
        while self._waiting:
            plot = self._waiting.popleft()
            if isValid(plot):
                plot.refresh()
                break
        if not self._waiting:
            self._timer.stop()

    @property
    def over(self) -> bool:
        return not self._waiting


def paint_turns() -> PaintTurns:
    """The application's."""
    app = QCoreApplication.instance()
    children = Qt.FindChildOption.FindDirectChildrenOnly
    found = app.findChild(PaintTurns, options=children) if app is not None else None
    return found if isinstance(found, PaintTurns) else PaintTurns(app)
