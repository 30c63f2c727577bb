"""A change of theme: every window has a style sheet of its own and puts the new one on in a turn of its own.

One sheet for the whole application would be shorter, but Qt then styles all widgets of all windows at once, 0.4 s with
a session open, and again every widget that is laid into another: three times the work of opening a window.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from functools import partial
from typing import Protocol, runtime_checkable

from PySide6.QtCore import Qt
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QDialog, QWidget
from shiboken6 import isValid

from desktop_affect.ui.theme import Theme, wear
from desktop_affect.ui.turns import Turns

Piece = Callable[[], object]
_AT_ONCE_S = 0.004


@runtime_checkable
class Themed(Protocol):
    """A window that wears a theme."""

    def theme_turns(self, theme: Theme) -> Iterable[Piece]:
        """The change to this theme in pieces, one a turn."""


class ThemedDialog(QDialog):
    """Styled when everything in it is made and it comes to be shown, or in a turn before (`showing.py`)."""

    def __init__(self, theme: Theme | None = None, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._undressed = theme

    def dress(self) -> None:
        """Put on the theme that it was made with."""
        if self._undressed is not None:
            self.set_theme(self._undressed)

    def set_theme(self, theme: Theme) -> None:
        self._undressed = None
        wear(self, theme)

    def showEvent(self, event: QShowEvent) -> None:
        self.dress()
        super().showEvent(event)

    def theme_turns(self, theme: Theme) -> Iterable[Piece]:
        return (lambda: self.set_theme(theme),)


class Dressing:
    """GUI thread. A window that waits for its turn is not painted: it stays whole as it was, its frame included."""

    def __init__(self) -> None:
        self._turns = Turns()

    def begin(self, theme: Theme, windows: Iterable[QWidget]) -> None:
        """Those that are seen come first. What was begun before is begun anew with this theme."""
        pieces: list[Piece] = []
        for window in sorted(windows, key=lambda window: not window.isVisible()):
            if isinstance(window, Themed):
                whole = window.window()
                whole.setUpdatesEnabled(False)
                pieces += [_piece(window, piece) for piece in window.theme_turns(theme)]
                pieces.append(_piece(whole, partial(_show, whole)))
        self._turns.begin(*pieces)

    def step(self) -> bool:
        """One piece; False when every window wears the theme."""
        return self._turns.step()

    def work(self) -> None:
        """Short pieces together, for an eighth of a frame, and a long one alone."""
        until_s = time.monotonic() + _AT_ONCE_S
        while self.step() and time.monotonic() < until_s:
            pass

    def finish(self) -> None:
        """All that is left, now."""
        self._turns.finish()


def _show(window: QWidget) -> None:
    """All of it, now. Left to Qt's next turn, a window that was about to be painted for the first time when its updates
    were switched off would never be painted again: Qt takes it for one whose painting is on its way."""
    window.setUpdatesEnabled(True)
    window.repaint()


def windows_of(owner: QWidget) -> list[QWidget]:
    """Those that belong to a window, seen or not."""
    children = owner.findChildren(QWidget, options=Qt.FindChildOption.FindDirectChildrenOnly)
    return [child for child in children if child.isWindow()]


def _piece(window: QWidget, piece: Piece) -> Piece:
    """Nothing where the window was closed and deleted meanwhile."""
    return lambda: piece() if isValid(window) else None
