"""Windows that come some turns of the event loop after they were asked for: to be made, to be styled and to be shown
takes as long as a frame or two each."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import partial

from PySide6.QtWidgets import QDialog, QWidget
from shiboken6 import isValid

from desktop_affect.ui.dressing import ThemedDialog
from desktop_affect.ui.in_turns import InTurns


def open_next_turn(dialog: QDialog) -> InTurns:
    """To be made and to be shown take as long as two frames each: it comes some turns later, unless it is over by then.
    What is returned is valid as long as the dialog."""
    coming = InTurns(dialog)
    dialog.finished.connect(coming.give_up)
    coming.begin(*showing_turns(dialog, dialog.open))
    return coming


def showing_turns(window: QWidget, show: Callable[[], object]) -> Iterable[Callable[[], object]]:
    """What is done before a window is on the screen for the first time, a piece each: its sheet, the looks of all that
    is in it, where it stands, and the window itself."""
    dress = (window.dress,) if isinstance(window, ThemedDialog) else ()
    return *dress, partial(_polish, window), partial(_lay_out, window), show


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
