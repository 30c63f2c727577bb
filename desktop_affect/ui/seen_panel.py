"""The picture with its switches, and under it how far the data can be believed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from PySide6.QtCore import QEvent, QObject, Signal
from PySide6.QtWidgets import QHBoxLayout, QToolButton

from desktop_affect.ui.empty import EmptyPlace, PictureNote
from desktop_affect.ui.overlay import Layers
from desktop_affect.ui.panel import Panel, chip
from desktop_affect.ui.picture import PictureView
from desktop_affect.ui.quality_strip import QualityStrip
from desktop_affect.ui.theme import GRID_PX, Theme

LAYERS = {
    "Mesh": "Contours of the face and the rims of the irises",
    "Box": "Where the face was found",
    "Pose": "The head's own axes: left, up, and thick where the face points",
    "Gaze": "Where each eye looks",
}
"""What can be drawn over the picture, and what it shows."""


class SeenPanel(Panel):
    """`switched` tells that the picture is to be drawn otherwise."""

    switched = Signal()

    def __init__(self, theme: Theme) -> None:
        super().__init__("Picture")
        self.picture = PictureView(theme)
        self.empty, self.note = EmptyPlace(self.picture), PictureNote(self.picture)
        self.quality = QualityStrip(theme)
        self.layer_chips = {name: chip(name, f"Draw {name.lower()}", checked=True) for name in LAYERS}
        for name, layer in self.layer_chips.items():
            layer.setToolTip(LAYERS[name])
        self.nothing = chip("Off", "Draw nothing over the picture")
        self.nothing.setToolTip("Draws nothing over the picture; press again to have what was drawn before")
        self._before_off: tuple[str, ...] = tuple(LAYERS)
        self.mirror, self.hide_face = chip("Mirror"), chip("Hide face")
        self.hide_face.setToolTip("Covers the picture, here and in the second window, while the analysis goes on")
        self.tools.setSpacing(2)
        self.tools.addStretch(1)
        for switch in self.switches:
            self.tools.addWidget(switch)
        # “Off” belongs to what is drawn, not to the mirror.
        self.tools.insertSpacing(self.tools.indexOf(self.mirror), GRID_PX // 2)
        for layer in self.layer_chips.values():
            layer.toggled.connect(self._layer_switched)
        self.nothing.toggled.connect(self._switch_off)
        for switch in (self.mirror, self.hide_face):
            switch.toggled.connect(self.switched)
        self.content.setContentsMargins(0, 0, 0, GRID_PX)
        self.add(self.picture, 1)
        strip = QHBoxLayout()
        strip.setContentsMargins(GRID_PX * 2, GRID_PX // 2, GRID_PX * 2, 0)
        strip.addWidget(self.quality)
        self.content.addLayout(strip)
        self.picture.installEventFilter(self)

    @property
    def switches(self) -> tuple[QToolButton, ...]:
        return (*self.layer_chips.values(), self.nothing, self.mirror, self.hide_face)

    @property
    def _drawn(self) -> tuple[str, ...]:
        return tuple(name for name, layer in self.layer_chips.items() if layer.isChecked())

    def _switch_off(self, off: bool) -> None:
        """Everything, and what was on before comes back."""
        if off:
            self._before_off = self._drawn or self._before_off
        for name, layer in self.layer_chips.items():
            layer.blockSignals(True)
            layer.setChecked(not off and name in self._before_off)
            layer.blockSignals(False)
        self.switched.emit()

    def _layer_switched(self) -> None:
        """The last one that goes is the same as “Off”; any that comes is the end of it."""
        self.nothing.blockSignals(True)
        self.nothing.setChecked(not self._drawn)
        self.nothing.blockSignals(False)
        self.switched.emit()

    @property
    def layers(self) -> Layers:
        on: Mapping[str, bool] = {name.lower(): switch.isChecked() for name, switch in self.layer_chips.items()}
        return replace(Layers(), **on)

    def apply(self, picture: PictureView) -> None:
        """Let a picture be drawn as the switches say."""
        picture.set_options(
            mirrored=self.mirror.isChecked(), hidden_face=self.hide_face.isChecked(), layers=self.layers
        )

    def set_theme(self, theme: Theme) -> None:
        self.picture.set_theme(theme)
        self.quality.set_theme(theme)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() is QEvent.Type.Resize and watched is self.picture:
            self.empty.setGeometry(self.picture.rect())
            self.note.place(self.picture.width())
        return False
