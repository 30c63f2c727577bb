"""The two dialogs of the main window in which something is decided: the new session, and the settings."""

from __future__ import annotations

from typing import TYPE_CHECKING

from desktop_affect.session.plan import SessionPlan
from desktop_affect.ui.preflight import Item, preflight
from desktop_affect.ui.session_dialog import SessionDialog
from desktop_affect.ui.settings_dialog import SettingsDialog
from desktop_affect.ui.showing import open_next_turn

if TYPE_CHECKING:
    from desktop_affect.ui.window import MainWindow


class Dialogs:
    """Those that are open. Closed they are gone: hidden ones would be styled and laid out with the window.

    Each is made in one turn of the event loop and comes in a later one: together they take as long as two frames.
    """

    def __init__(self, window: MainWindow) -> None:
        self._window = window
        self.session: SessionDialog | None = None
        self.settings: SettingsDialog | None = None
        self.last_plan: SessionPlan | None = None
        """What the next new session begins with."""

    def new_session(self) -> None:
        """Ask whose it is, then record it."""
        if self.session is not None:  # it is about to come
            return
        dialog = self.session = self.made_session_dialog()
        dialog.accepted.connect(lambda: self._window.record(dialog.plan()))
        dialog.finished.connect(self._session_closed)
        open_next_turn(dialog)

    def made_session_dialog(self) -> SessionDialog:
        """Filled with what is known, not shown."""
        window, control = self._window, self._window.control
        folder, before = control.backend.sessions_folder(), self.last_plan
        return SessionDialog(folder, before, self._checks(), window.theme, window, control.known, control.free_gb)

    def open_settings(self) -> None:
        self.search_settings("")

    def search_settings(self, words: str) -> None:
        """The settings that these words find."""
        if self.settings is not None:
            return
        dialog = self.settings = self.made_settings_dialog(words)
        dialog.finished.connect(self._settings_closed)
        open_next_turn(dialog)

    def made_settings_dialog(self, words: str = "") -> SettingsDialog:
        """Filled with what holds, not shown."""
        window = self._window
        return SettingsDialog(
            window.settings, window.use_settings, window.theme, window, window.control.shelf, words=words
        )

    def look(self) -> None:
        """What the preflight says changes while one looks."""
        if self.session is not None:
            self.session.checks.show_items(self._checks())

    def _session_closed(self) -> None:
        if self.session is not None:
            self.session.deleteLater()
        self.session = None

    def _settings_closed(self) -> None:
        if self.settings is not None:
            self.settings.deleteLater()
        self.settings = None

    def _checks(self) -> tuple[Item, ...]:
        control = self._window.control
        preview = control.preview()
        return preflight(control.status(), preview.sample if preview else None, control.surroundings)
