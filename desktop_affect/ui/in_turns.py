"""`Turns` for windows without a timer of their own: a piece for every turn of Qt's event loop, until all are done."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, QTimer

from desktop_affect.ui.turns import Turns


class InTurns(QObject):
    """Ends with its parent; what is left then is not done."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._turns = Turns()
        self._timer = QTimer(self)
        self._timer.timeout.connect(self._step)

    def begin(self, *pieces: Callable[[], object]) -> None:
        """In place of what was not finished."""
        self._turns.begin(*pieces)
        self._timer.start()

    def finish(self) -> None:
        """All that is left, now: somebody asks for the whole."""
        self._turns.finish()
        self._timer.stop()

    @property
    def over(self) -> bool:
        return self._turns.over

    def _step(self) -> None:
        if not self._turns.step():
            self._timer.stop()
