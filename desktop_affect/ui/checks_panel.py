"""The preflight as a panel: a line per check, told apart by sign and word as well as colour. It may be shown anew."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QGridLayout, QLabel, QVBoxLayout

from desktop_affect.ui.panel import Panel
from desktop_affect.ui.preflight import Item, Light
from desktop_affect.ui.theme import GRID_PX, give_role

_SIGNS: Mapping[Light, str] = {Light.GREEN: "✓ ok", Light.AMBER: "! look", Light.RED: "✕ stop"}


class ChecksPanel(Panel):
    """`show_items` is called again and again while a dialog is open; lines that stay the same are left alone."""

    reworded = Signal()
    """Other lines than before: they may need more room."""

    def __init__(self) -> None:
        super().__init__("Before you record")
        self._grid = QGridLayout()
        self._grid.setHorizontalSpacing(GRID_PX)
        self._grid.setVerticalSpacing(GRID_PX // 2)
        self._grid.setColumnStretch(1, 1)
        self._shown: tuple[Item, ...] = ()
        self._lines: list[tuple[QLabel, QLabel, QLabel]] = []
        self.content.addLayout(self._grid)
        self.content.addStretch(1)

    def show_items(self, items: Sequence[Item]) -> None:
        """The worst first: that is what somebody has to do something about."""
        order = (Light.RED, Light.AMBER, Light.GREEN)
        items = sorted(items, key=lambda item: order.index(item.light))
        while len(self._lines) < len(items):
            self._add_line()
        if tuple(items) == self._shown:
            return
        self._shown = tuple(items)
        for number, line in enumerate(self._lines):
            self._show(line, items[number] if number < len(items) else None)
        self.reworded.emit()

    def _show(self, line: tuple[QLabel, QLabel, QLabel], item: Item | None) -> None:
        sign, what, advice = line
        for label in line:
            label.setVisible(item is not None)
        if item is not None:
            sign.setText(_SIGNS[item.light])
            give_role(sign, item.light.value)
            what.setText(item.what)
            advice.setText(item.advice)
            advice.setVisible(bool(item.advice))

    def _add_line(self) -> None:
        """What to do about it is said less loudly than what it is."""
        sign, what, advice = QLabel(), QLabel(), QLabel()
        advice.setProperty("role", "muted")
        row, top = len(self._lines), Qt.AlignmentFlag.AlignTop
        words = QVBoxLayout()
        words.setSpacing(0)
        for label in (what, advice):
            label.setWordWrap(True)
            words.addWidget(label)
        words.addStretch(1)
        self._grid.addWidget(sign, row, 0, top)
        # Not aligned: Qt would give aligned lines the height that they need in a wider panel.
        self._grid.addLayout(words, row, 1)
        self._lines.append((sign, what, advice))
