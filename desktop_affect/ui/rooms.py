"""Where everything stands in the main window; behaviour is in `window.py`."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QMenu,
    QPushButton,
    QSplitter,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from desktop_affect.ui.alerts import AlertBanner
from desktop_affect.ui.calibration_bar import CalibrationBar
from desktop_affect.ui.chooser import SourceChooser
from desktop_affect.ui.circumplex import Circumplex
from desktop_affect.ui.curves import Curves
from desktop_affect.ui.empty import EmptyPlace
from desktop_affect.ui.faces_panel import FacesPanel
from desktop_affect.ui.markers_bar import MarkersBar
from desktop_affect.ui.notices import NoticeStack
from desktop_affect.ui.panel import Panel, chip
from desktop_affect.ui.picture import PictureView
from desktop_affect.ui.quality_strip import QualityStrip
from desktop_affect.ui.session_bar import SessionBar
from desktop_affect.ui.theme import GRID_PX, Theme

_LAYERS = ("Mesh", "Box", "Pose", "Gaze")


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
        self.picture = PictureView(theme)
        self.empty = EmptyPlace(self.picture)
        self.layer_chips = {name: chip(name, f"Draw {name.lower()}", checked=True) for name in _LAYERS}
        self.mirror, self.hide_face = chip("Mirror"), chip("Hide face")
        self.quality = QualityStrip(theme)
        self.circumplex = Circumplex(theme)
        self.curves = Curves(theme)
        self.faces = FacesPanel(theme)
        self.markers = MarkersBar()
        self.alert_button = QToolButton()
        self.foot = QLabel()
        self.foot.setProperty("role", "small")
        self._lay_out()

    def set_theme(self, theme: Theme) -> None:
        for part in (self.session_bar, self.picture, self.quality, self.circumplex, self.curves, self.faces):
            part.set_theme(theme)

    def _lay_out(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(GRID_PX * 2, GRID_PX, GRID_PX * 2, GRID_PX)
        column.setSpacing(GRID_PX)
        column.addLayout(self._head())
        column.addWidget(self.notices)
        column.addWidget(self._body(), 1)
        column.addLayout(self._marker_row())
        column.addWidget(self.foot)

    def _head(self) -> QHBoxLayout:
        self.menu_button.setText("Menu")
        self.menu_button.setAccessibleName("Menu")
        self.menu_button.setMenu(self.menu)
        self.menu_button.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self.menu_button.setStyleSheet("QToolButton::menu-indicator { image: none; }")
        self.state.setProperty("role", "title")
        row = QHBoxLayout()
        row.setSpacing(GRID_PX)
        for widget in (self.chooser, self.start_button, self.state):
            row.addWidget(widget)
        row.addStretch(1)
        row.addWidget(self.calibration)
        row.addSpacing(GRID_PX)
        row.addWidget(self.session_bar)
        row.addWidget(self.menu_button)
        return row

    def _body(self) -> QSplitter:
        right = QWidget()
        column = QVBoxLayout(right)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(GRID_PX)
        column.addWidget(self.curves, 5)
        column.addWidget(self.faces, 2)
        body = QSplitter(Qt.Orientation.Horizontal)
        body.setHandleWidth(GRID_PX)
        body.setChildrenCollapsible(False)
        body.addWidget(self._left())
        body.addWidget(right)
        body.setStretchFactor(0, 5)
        body.setStretchFactor(1, 8)
        body.setSizes([480, 768])
        return body

    def _left(self) -> QWidget:
        seen = QFrame()
        seen.setObjectName("panel")
        column = QVBoxLayout(seen)
        column.setContentsMargins(0, 0, 0, GRID_PX)
        column.setSpacing(GRID_PX // 2)
        column.addWidget(self.picture)
        column.addLayout(self._switches())
        strip = QHBoxLayout()
        strip.setContentsMargins(GRID_PX * 2, 0, GRID_PX * 2, 0)
        strip.addWidget(self.quality)
        column.addLayout(strip)
        where = Panel("Circumplex")
        where.add(self.circumplex, 1)
        left = QWidget()
        both = QVBoxLayout(left)
        both.setContentsMargins(0, 0, 0, 0)
        both.setSpacing(GRID_PX)
        both.addWidget(seen)
        both.addWidget(where, 1)
        return left

    def _switches(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setContentsMargins(GRID_PX * 2, 0, GRID_PX * 2, 0)
        row.setSpacing(2)
        for switch in self.layer_chips.values():
            row.addWidget(switch)
        row.addStretch(1)
        self.hide_face.setToolTip("Covers the picture while the analysis goes on")
        row.addWidget(self.mirror)
        row.addWidget(self.hide_face)
        return row

    def _marker_row(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(GRID_PX * 2)
        row.addWidget(self.markers)
        row.addWidget(self.alert_banner, 1)
        row.addStretch(0)
        row.addWidget(self.alert_button)
        return row
