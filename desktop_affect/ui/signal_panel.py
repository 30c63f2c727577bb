"""Any three signals between 0 and 1 over time, as the person chooses them: action units, expressions, cues, quality."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QLabel, QMenu, QToolButton

from desktop_affect.session.format import SAMPLE_COLUMNS, Column, Kind, Part
from desktop_affect.signals.catalogue import BY_KEY
from desktop_affect.sinks.history import Channel, Stretch
from desktop_affect.ui.panel import Panel
from desktop_affect.ui.theme import BODY_PT, Theme
from desktop_affect.ui.time_plot import TimePlot

SLOTS = ("accent", "amber", "muted")
"""Colours of the theme, in the order in which signals are chosen."""
USUAL = ("AU12", "AU04", "quality")

_GROUPS = (
    ("Action units", (Part.ACTION_UNITS,)),
    ("Expressions", (Part.EXPRESSIONS,)),
    ("Mimicry", (Part.MIMICRY,)),
    ("Hesitancy and behaviour", (Part.CUES, Part.AFFECT)),
    ("Quality", (Part.DERIVED, Part.FACE, Part.LIGHT, Part.RAW)),
)
_NAMES = {
    "quality": "Quality", "face_confidence": "Tracker's confidence", "model_confidence": "Model's window filled",
}  # fmt: skip


def offered() -> Iterator[tuple[str, tuple[str, ...]]]:
    """Groups and their columns: everything that lies between 0 and 1, once."""
    for title, parts in _GROUPS:
        yield title, tuple(column.name for column in SAMPLE_COLUMNS if column.part in parts and _is_share(column))


def _is_share(column: Column) -> bool:
    """Between 0 and 1, and not the raw twin of another."""
    return column.unit == "0..1" and column.kind is Kind.VALUE and not column.name.endswith("_raw")


def signal_words(name: str) -> str:
    """“AU12 lip corner puller”."""
    if name in _NAMES:
        return _NAMES[name]
    if name in BY_KEY:
        label = BY_KEY[name].label
        return label if not name.startswith("AU") or label.startswith(name) else f"{name} {label}"
    return name.replace("expression_", "").replace("mimicry_", "").replace("_", " ")


class SignalPanel(Panel):
    """`chosen` carries the names of the columns, at most one per slot; the owner fetches them and calls `show_part`."""

    chosen = Signal(tuple)

    def __init__(self, theme: Theme) -> None:
        super().__init__("Signals")
        self._names: tuple[str, ...] = USUAL
        self._short = False
        self._theme = theme
        self.legends = tuple(QLabel() for _ in SLOTS)
        self.button = QToolButton()
        self.button.setText("Choose …")
        self.button.setProperty("role", "chip")
        self.button.setAccessibleName("Choose up to three signals")
        self.button.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self.menu = QMenu(self)
        self.button.setMenu(self.menu)
        self.button.setStyleSheet("QToolButton::menu-indicator { image: none; }")
        self.actions_by_name: dict[str, QAction] = {}
        self._fill_menu()
        self.tools.addSpacing(8)
        for legend in self.legends:
            self.tools.addWidget(legend)
        self.tools.addStretch(1)
        self.tools.addWidget(self.button)
        self.plot = TimePlot(theme, 0.0, 1.0)
        self.plot.setAccessibleName("Chosen signals over time")
        self.plot.getPlotItem().getAxis("left").setTicks([[(0, "0"), (1, "1")]])
        self.plot.level(0)
        for slot, colour_name in enumerate(SLOTS):
            self.plot.add_curve(len(Channel) + slot, colour_name, True)
        self.add(self.plot, 1)
        self.set_theme(theme)
        self._show_chosen()

    @property
    def names(self) -> tuple[str, ...]:
        return self._names

    def choose(self, names: Sequence[str]) -> None:
        """The first of more than there are slots make room for the last."""
        self._names = tuple(names)[-len(SLOTS) :]
        self._show_chosen()
        self.chosen.emit(self._names)

    def set_theme(self, theme: Theme) -> None:
        self._theme = theme
        self.plot.set_theme(theme)
        for legend, colour_name in zip(self.legends, SLOTS, strict=True):
            legend.setStyleSheet(f"color: {getattr(theme, colour_name)}; font-size: {BODY_PT}pt; padding-right: 12px;")

    def set_short(self, short: bool) -> None:
        """Only the first word of each signal, where there is little room; from the next values on."""
        self._short = short

    def show_part(self, part: Stretch, names: Sequence[str], span_s: float, end_s: float) -> None:
        """`names` are those of the rows behind the channels; slots that nothing was chosen for stay empty."""
        rows = np.full((len(Channel) + len(SLOTS), len(part.t_s)), np.nan, dtype=np.float32)
        rows[: len(Channel) + len(names)] = part.values
        self.plot.show_stretch(Stretch(part.t_s, rows), 0.0, span_s, end_s)

    def show_values(self, values: NDArray[np.float32], names: Sequence[str]) -> None:
        for slot, legend in enumerate(self.legends):
            legend.setVisible(slot < len(names))
            if slot < len(names):
                value = float(values[len(Channel) + slot])
                number = f"{value:.2f}" if math.isfinite(value) else "–"
                words = signal_words(names[slot])
                legend.setText(f"{words.split()[0] if self._short else words}  {number}")
                legend.setToolTip(words)

    def _fill_menu(self) -> None:
        for title, names in offered():
            below = self.menu.addMenu(title)
            for name in names:
                action = below.addAction(signal_words(name))
                action.setCheckable(True)
                action.setData(name)
                action.triggered.connect(self._toggled)
                self.actions_by_name[name] = action

    def _toggled(self) -> None:
        now = {name for name, action in self.actions_by_name.items() if action.isChecked()}
        kept = [name for name in self._names if name in now]
        self.choose([*kept, *(name for name in now if name not in kept)])

    def _show_chosen(self) -> None:
        for name, action in self.actions_by_name.items():
            action.setChecked(name in self._names)
        self.plot.say("" if self._names else "Choose signals to see them here.")
