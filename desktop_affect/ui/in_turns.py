"""`Turns` for windows without a timer of their own: a piece for every turn of Qt's event loop, until all are done."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, QTimer

from desktop_affect.ui.turns import Turns


class EveryTurn(QObject):
    """Calls `step` once in every turn of Qt's event loop, as long as it returns True.

    Qt calls timers in the order in which they became due. One that always is due would come before a window's own timer
    that became due while something took long: so it is started anew after every step, and its first turn is let pass.
    """

    def __init__(self, parent: QObject | None, step: Callable[[], bool]) -> None:
        super().__init__(parent)
        self._step = step
        self._waited = False
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self._turn)

    @property
    def active(self) -> bool:
        return self._timer.isActive()

    def begin(self) -> None:
        if not self.active:
            self._waited = False
            self._timer.start()

    def stop(self) -> None:
        self._timer.stop()

    def _turn(self) -> None:
        if not self._waited or self._step():
            self._waited = True
            self._timer.start()


class InTurns(QObject):
    """Ends with its parent; what is left then is not done."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._turns = Turns()
        self._every_turn = EveryTurn(self, self._turns.step)

    def begin(self, *pieces: Callable[[], object]) -> None:
        """In place of what was not finished."""
        self._turns.begin(*pieces)
        self._every_turn.begin()

    def add(self, *pieces: Callable[[], object]) -> None:
        """After those that wait already."""
        self._turns.add(*pieces)
        self._every_turn.begin()

    def give_up(self) -> None:
        """Nothing of what is left is done."""
        self._turns.begin()
        self._every_turn.stop()

    def finish(self) -> None:
        """All that is left, now: somebody asks for the whole."""
        self._turns.finish()
        self._every_turn.stop()

    @property
    def over(self) -> bool:
        return self._turns.over
