"""Where everything stands in the main window; behaviour is in `window.py`."""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial

from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLabel,
    QMenu,
    QPushButton,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from desktop_affect.ui.alerts import AlertBanner
from desktop_affect.ui.calibration_bar import CalibrationBar
from desktop_affect.ui.chooser import SourceChooser
from desktop_affect.ui.circumplex import Circumplex
from desktop_affect.ui.curves import Curves
from desktop_affect.ui.desk import Desk, Place
from desktop_affect.ui.dressing import Piece
from desktop_affect.ui.elided import ElidedLabel
from desktop_affect.ui.faces_panel import FacesPanel
from desktop_affect.ui.head_row import HeadRow
from desktop_affect.ui.markers_bar import MarkersBar
from desktop_affect.ui.notices import NoticeStack
from desktop_affect.ui.panel import Panel
from desktop_affect.ui.seen_panel import SeenPanel
from desktop_affect.ui.seen_strip import SeenStrip
from desktop_affect.ui.session_bar import SessionBar
from desktop_affect.ui.theme import GRID_PX, Theme, wear

_FOOT_PX = 40


class Rooms(QWidget):
    """The widgets of the main window."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self.chooser = SourceChooser()
        self.start_button = QPushButton("Start")
        self.state = QLabel()
        self.calibration = CalibrationBar()
        self.session_bar = SessionBar(theme)
        self.menu_button = QToolButton()
        self.menu = QMenu(self)
        self.notices, self.alert_banner = NoticeStack(), AlertBanner()
        self.seen, self.strip = SeenPanel(theme), SeenStrip(theme)
        self.picture, self.empty, self.quality = self.seen.picture, self.seen.empty, self.seen.quality
        self.circumplex = Circumplex(theme)
        self.curves = Curves(theme)
        self.faces = FacesPanel(theme)
        self.desk = Desk(
            self.curves, {Place.PICTURE: self.seen, Place.CIRCUMPLEX: self._where(), Place.FACES: self.faces}
        )
        self.markers = MarkersBar()
        self.alert_button = QToolButton()
        self.foot = ElidedLabel()
        self.foot.setProperty("role", "small")
        self.desk.rearranged.connect(self._show_strip)
        self._lay_out()
        for part in self.parts:
            wear(part, theme)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """The head may have become higher or lower: at once, or everything is painted twice."""
        super().resizeEvent(event)
        self._column.activate()

    def _show_strip(self) -> None:
        """In the same turn as the picture's dock goes: a turn later everything would be laid out and painted again."""
        self.strip.setVisible(not self.desk.holds(Place.PICTURE))

    def rest_keyboard(self) -> None:
        """Where a stray key does nothing."""
        (self.picture if self.desk.holds(Place.PICTURE) else self.desk).setFocus()

    def theme_turns(self, theme: Theme) -> Iterable[Piece]:
        """The sheets, what is painted without one, and each plot: in one turn it would all take 45 ms."""
        sheets = (partial(wear, part, theme) for part in self.parts)
        plots = (plot.refresh for plot in self.curves.plots)
        return *sheets, partial(self._paint_in, theme), *plots

    @property
    def parts(self) -> Iterable[QWidget]:
        """Each wears a sheet of its own."""
        above = self.head, self.notices, self.strip, self.menu
        return *above, self.desk, self.markers, self.alert_button, self.foot, self.alert_banner

    def _paint_in(self, theme: Theme) -> None:
        for part in (self.session_bar, self.seen, self.strip, self.circumplex, self.curves, self.faces):
            part.set_theme(theme)

    def _lay_out(self) -> None:
        column = self._column = QVBoxLayout(self)
        column.setContentsMargins(GRID_PX * 2, GRID_PX, GRID_PX * 2, GRID_PX // 2)
        column.setSpacing(GRID_PX)
        self.head = self._head()
        column.addWidget(self.head)
        column.addWidget(self.notices)
        column.addWidget(self.strip)
        column.addWidget(self.desk, 1)
        column.addLayout(self._marker_row())
        column.addLayout(self._foot_row())

    def _head(self) -> HeadRow:
        self.menu_button.setText("Menu")
        self.menu_button.setAccessibleName("Menu")
        self.menu_button.setMenu(self.menu)
        self.menu_button.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self.menu_button.setStyleSheet("QToolButton::menu-indicator { image: none; }")
        self.state.setProperty("role", "title")
        run = (self.chooser, self.start_button, self.state)
        return HeadRow(run, (self.calibration, self.session_bar), self.menu_button)

    def _where(self) -> Panel:
        panel = Panel("Circumplex")
        panel.add(self.circumplex, 1)
        return panel

    def _marker_row(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(GRID_PX * 2)
        row.addWidget(self.markers, 1)
        row.addWidget(self.alert_button, 0, Qt.AlignmentFlag.AlignTop)
        return row

    def _foot_row(self) -> QHBoxLayout:
        """The alert has its own place, so that nothing jumps when one comes or goes."""
        row = QHBoxLayout()
        row.setSpacing(GRID_PX * 2)
        row.addWidget(self.foot, 2)
        row.addWidget(self.alert_banner, 3)
        row.addStrut(_FOOT_PX)
        return row
