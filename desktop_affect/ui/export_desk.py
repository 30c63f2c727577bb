"""Exporting from the window of recorded sessions: the question how, a worker that does it, what came of it."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt

from desktop_affect.core.errors import AffectError
from desktop_affect.core.types import Fault
from desktop_affect.session.export.several import Outcome
from desktop_affect.ui.export_dialog import ExportDialog
from desktop_affect.ui.exporting import ExportWish, exported, outcome_notes, tidied
from desktop_affect.ui.in_turns import InTurns
from desktop_affect.ui.jobs import Jobs
from desktop_affect.ui.showing import on_its_way, open_next_turn

if TYPE_CHECKING:
    from desktop_affect.ui.review import ReviewWindow


class ExportDesk:
    """Its jobs are its own: a session can be looked through while another is written."""

    def __init__(
        self, window: ReviewWindow, note: Callable[[Fault], None], failed: Callable[[AffectError], None]
    ) -> None:
        self._window, self._note, self._failed = window, note, failed
        self.jobs = Jobs("export")
        self.dialog: ExportDialog | None = None
        """The newest one that was opened."""
        self._coming: InTurns | None = None

    def ask(self, sessions: list[Path], in_view: tuple[float, float] | None = None) -> None:
        """How to export them; it is done when the dialog is accepted."""
        if on_its_way(self._coming):
            return
        dialog = ExportDialog(sessions, self._window.theme, in_view, self._window)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.accepted.connect(lambda: self.carry_out(dialog.wish))
        self.dialog = dialog
        self._coming = open_next_turn(dialog)

    def carry_out(self, wish: ExportWish | None) -> None:
        if wish is None:
            return
        count = len(wish.sessions)
        title = f"Exporting {wish.sessions[0].name}" if count == 1 else f"Exporting {count} sessions"
        work = self.jobs.aside(exported, wish, lost=partial(tidied, wish))
        self.jobs.run(title, work, self._show_outcomes, self._failed)

    def _show_outcomes(self, outcomes: list[Outcome]) -> None:
        for note in outcome_notes(outcomes):
            self._note(note)
