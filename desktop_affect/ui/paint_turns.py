"""Painting of the plots, one in every turn of Qt's event loop: all plots of a window take as long as several frames,
and what else is painted or asked for meanwhile need not wait for the last of them. What has to be put into them before
waits in the same row."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from typing import Protocol

from PySide6.QtCore import QCoreApplication, QObject, Qt
from shiboken6 import isValid

from desktop_affect.ui.in_turns import EveryTurn


class Painted(Protocol):
    """What is painted in a turn of its own."""

    def refresh(self) -> None:
        """Paint it."""


class Errand(QObject):
    """Something else that is done in a turn of its own. Wanted several times before its turn, it is done once."""

    def __init__(self, owner: QObject, do: Callable[[], object]) -> None:
        """It ends with its owner."""
        super().__init__(owner)
        self._do = do
        self.waits = False

    def want(self) -> None:
        self.waits = True
        paint_turns().add(self)

    def refresh(self) -> None:
        """Do it now, if it is wanted."""
        if self.waits:
            self.waits = False
            self._do()


class PaintTurns(QObject):
    """GUI thread; one for the whole application, ends with it. Nobody waits in it twice: what changed several times
    is painted once, as it is then."""

    def __init__(self, parent: QObject | None) -> None:
        super().__init__(parent)
        self._waiting: deque[Painted] = deque()
        self._every_turn = EveryTurn(self, self.step)

    def add(self, plot: Painted) -> None:
        """It gets its turn after those that wait already."""
        if not any(plot is waiting for waiting in self._waiting):
            self._waiting.append(plot)
            self._every_turn.begin()

    def step(self) -> bool:
        """Paint the next one; False when there was none."""
        while self._waiting:
            plot = self._waiting.popleft()
            if isValid(plot):
                plot.refresh()
                return True
        return False

    @property
    def over(self) -> bool:
        return not self._waiting


def paint_turns() -> PaintTurns:
    """The application's."""
    app = QCoreApplication.instance()
    children = Qt.FindChildOption.FindDirectChildrenOnly
    found = app.findChild(PaintTurns, options=children) if app is not None else None
    return found if isinstance(found, PaintTurns) else PaintTurns(app)
