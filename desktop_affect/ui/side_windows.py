"""The windows beside the main one: the help, the table of alerts."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from desktop_affect.ui.alerts import AlertLog, AlertTable
from desktop_affect.ui.help import HelpDialog
from desktop_affect.ui.theme import Theme


class SideWindows:
    """Opens each once; the main window's timer keeps them up to date."""

    def __init__(self, owner: QWidget) -> None:
        self._owner = owner
        self.alerts: AlertTable | None = None

    def show_help(self, theme: Theme) -> None:
        dialog = HelpDialog(theme, self._owner)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.show()

    def show_alerts(self, log: AlertLog, begin_s: float) -> None:
        if self.alerts is None:
            self.alerts = AlertTable(self._owner)
        self.alerts.look(log, begin_s)
        self.alerts.show()
        self.alerts.raise_()

    def look(self, log: AlertLog, begin_s: float) -> None:
        """Four times a second."""
        if self.alerts is not None and self.alerts.isVisible():
            self.alerts.look(log, begin_s)
