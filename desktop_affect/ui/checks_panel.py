"""The preflight as a panel: a line per check, told apart by sign and word as well as colour. It may be shown anew."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QGridLayout, QLabel

from desktop_affect.ui.panel import Panel
from desktop_affect.ui.preflight import Item, Light
from desktop_affect.ui.theme import GRID_PX, Theme

_SIGNS: Mapping[Light, str] = {Light.GREEN: "✓ ok", Light.AMBER: "! look", Light.RED: "✕ stop"}


class ChecksPanel(Panel):
    """`show_items` is called again and again while a dialog is open; lines that stay the same are left alone."""

    reworded = Signal()
    """Other lines than before: they may need more room."""

    def __init__(self, theme: Theme) -> None:
        super().__init__("Before you record")
        self._colours = _colours(theme)
        self._grid = QGridLayout()
        self._grid.setHorizontalSpacing(GRID_PX)
        self._grid.setVerticalSpacing(GRID_PX // 2)
        self._grid.setColumnStretch(1, 1)
        self._shown: tuple[Item, ...] = ()
        self._lines: list[tuple[QLabel, QLabel]] = []
        self.content.addLayout(self._grid)
        self.content.addStretch(1)

    def set_theme(self, theme: Theme) -> None:
        self._colours = _colours(theme)
        shown, self._shown = self._shown, ()
        self.show_items(shown)

    def show_items(self, items: Sequence[Item]) -> None:
        """The worst first: that is what somebody has to do something about."""
        order = (Light.RED, Light.AMBER, Light.GREEN)
        items = sorted(items, key=lambda item: order.index(item.light))
        while len(self._lines) < len(items):
            self._add_line()
        if tuple(items) == self._shown:
            return
        self._shown = tuple(items)
        for number, (sign, text) in enumerate(self._lines):
            used = number < len(items)
            sign.setVisible(used)
            text.setVisible(used)
            if used:
                self._show(sign, text, items[number])
        self.reworded.emit()

    def _show(self, sign: QLabel, text: QLabel, item: Item) -> None:
        sign.setText(_SIGNS[item.light])
        sign.setStyleSheet(f"color: {self._colours[item.light]}; font-weight: 700;")
        text.setText(f"{item.what}\n{item.advice}" if item.advice else item.what)

    def _add_line(self) -> None:
        sign, text = QLabel(), QLabel()
        text.setWordWrap(True)
        row = len(self._lines)
        self._grid.addWidget(sign, row, 0, Qt.AlignmentFlag.AlignTop)
        self._grid.addWidget(text, row, 1, Qt.AlignmentFlag.AlignTop)
        self._lines.append((sign, text))


def _colours(theme: Theme) -> Mapping[Light, str]:
    return {Light.GREEN: theme.accent, Light.AMBER: theme.amber, Light.RED: theme.alert}
