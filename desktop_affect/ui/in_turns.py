"""`Turns` for windows without a timer of their own: a piece for every turn of Qt's event loop, until all are done."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import partial

from PySide6.QtCore import QObject, QTimer
from PySide6.QtWidgets import QDialog, QWidget
from shiboken6 import isValid

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


def open_next_turn(dialog: QDialog) -> InTurns:
    """To be made and to be shown take as long as two frames each: it comes some turns later, unless it is over by then.
    What is returned is valid as long as the dialog."""
    coming = InTurns(dialog)
    dialog.finished.connect(coming.give_up)
    coming.begin(*showing_turns(dialog, dialog.open))
    return coming


def showing_turns(window: QWidget, show: Callable[[], object]) -> Iterable[Callable[[], object]]:
    """What Qt does when a window is shown for the first time, a piece each: the looks of all that is in it, where it
    stands, and the window itself."""
    return partial(_polish, window), partial(_lay_out, window), show


def _polish(window: QWidget) -> None:
    for widget in (window, *window.findChildren(QWidget)):
        widget.ensurePolished()


def _lay_out(window: QWidget) -> None:
    layout = window.layout()
    if layout is not None:
        layout.activate()


def on_its_way(coming: InTurns | None) -> bool:
    """Whoever asks for it again, a key that is held down, need not be given another one."""
    return coming is not None and isValid(coming) and not coming.over
