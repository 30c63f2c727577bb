"""The windows beside the main one: the second window, the recorded sessions, the help, the table of alerts."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget
from shiboken6 import isValid

from desktop_affect.core.types import Preview, Sample
from desktop_affect.ui.alerts import AlertLog, AlertTable
from desktop_affect.ui.forward import come_forward
from desktop_affect.ui.help import HelpDialog
from desktop_affect.ui.in_turns import InTurns
from desktop_affect.ui.picture import PictureView
from desktop_affect.ui.second_window import SecondWindow
from desktop_affect.ui.showing import on_its_way, showing_turns
from desktop_affect.ui.theme import Theme
from desktop_affect.ui.words import Emptiness

if TYPE_CHECKING:
    from desktop_affect.ui.control import Control
    from desktop_affect.ui.review import ReviewWindow


class SideWindows:
    """Opens each once; the main window's timer keeps them up to date."""

    def __init__(self, owner: QWidget) -> None:
        self._owner = owner
        self.alerts: AlertTable | None = None
        self.second: SecondWindow | None = None
        self.help: HelpDialog | None = None
        self._help_coming: InTurns | None = None
        self.review: ReviewWindow | None = None

    def show_second(self, theme: Theme, apply: Callable[[PictureView], None]) -> None:
        """Open it, or close it; `apply` lets its picture be drawn as the main one."""
        if self.second is None:
            self.second = SecondWindow(theme, self._owner)
        self.second.setVisible(not self.second.isVisible())
        self.second.set_theme(theme)
        apply(self.second.picture)

    def show_sessions(self, control: Control, theme: Theme) -> None:
        """Not loaded before it is wanted."""
        from desktop_affect.ui.review import ReviewWindow

        if self.review is not None and isValid(self.review) and self.review.open:
            come_forward(self.review)
            return
        self.review = ReviewWindow(control, theme, self._owner)
        self.review.come()

    def apply(self, apply: Callable[[PictureView], None]) -> None:
        """The switches of the picture have changed."""
        if self.second is not None:
            apply(self.second.picture)

    def show_picture(self, preview: Preview | None, empty: Emptiness | None) -> None:
        if self.second is not None and self.second.isVisible():
            self.second.show_picture(preview, empty)

    def close(self) -> None:
        for window in (self.second, self.alerts, self.help):
            if window is not None:
                window.close()
        if self.review is not None and isValid(self.review):
            self.review.force_close()

    @property
    def closed(self) -> bool:
        """Nothing is read or written any more by any of them."""
        return self.review is None or self.review.closed

    def show_help(self, theme: Theme, search: str) -> None:
        """One window, whoever asks; `search`: what it is to be about."""
        if self.help is None:
            self.help = HelpDialog(theme, self._owner)
        self.help.search.setText(search)
        if self.help.isVisible():
            come_forward(self.help)
        elif not on_its_way(self._help_coming):
            self._help_coming = InTurns(self.help)
            self._help_coming.begin(*showing_turns(self.help, self.help.show))

    def show_about(self, theme: Theme) -> None:
        from desktop_affect.ui.about import AboutDialog  # seldom opened: the first window need not wait for it

        dialog = AboutDialog(theme, self._owner)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        InTurns(dialog).begin(*showing_turns(dialog, dialog.show))

    def show_alerts(self, theme: Theme, log: AlertLog, begin_s: float) -> None:
        if self.alerts is None:
            self.alerts = AlertTable(theme, self._owner)
        self.alerts.look(log, begin_s)
        self.alerts.show()
        self.alerts.raise_()

    def look(self, log: AlertLog, begin_s: float, sample: Sample | None, badge: str) -> None:
        """Four times a second."""
        if self.second is not None and self.second.isVisible():
            self.second.show_numbers(sample, badge)
        if self.alerts is not None and self.alerts.isVisible():
            self.alerts.look(log, begin_s)
