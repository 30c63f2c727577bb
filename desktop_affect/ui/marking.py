"""Turns what is pressed and written in the row of markers into markers of the run."""

from __future__ import annotations

from desktop_affect.core.types import Marker
from desktop_affect.ui.control import Control
from desktop_affect.ui.markers_bar import MarkersBar

NOT_MARKED = "Not marked: nothing is running"


class Marking:
    """A key counts when it is pressed, a note when it was begun: that is the moment it is about."""

    def __init__(self, bar: MarkersBar, control: Control) -> None:
        self._bar = bar
        self._control = control
        self._note_since_s = 0.0
        bar.marked.connect(self.mark)
        bar.note_begun.connect(self._begin_note)

    def mark(self, text: str, kind: str) -> None:
        control = self._control
        at_s = control.now_s()
        # A note that was begun before this run has no place in it.
        if kind == "note" and self._note_since_s >= control.history.begin_s:
            at_s = self._note_since_s
        if not control.publish(Marker(at_s, text, kind)):
            self._bar.last.setText(NOT_MARKED)

    def _begin_note(self) -> None:
        self._note_since_s = self._control.now_s()
