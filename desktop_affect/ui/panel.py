"""A quiet surface with a title row: what every part of the window stands on."""

from __future__ import annotations

from collections.abc import Iterable

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QButtonGroup,
    QFrame,
    QHBoxLayout,
    QLabel,
    QSplitter,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from desktop_affect.ui.theme import GRID_PX


class Panel(QFrame):
    """Title on the left, tools on the right, content below. `header` may be taken away by a dock, as its handle."""

    def __init__(self, title: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("panel")
        self.setAccessibleName(title)
        column = QVBoxLayout(self)
        column.setContentsMargins(GRID_PX * 2, GRID_PX, GRID_PX * 2, GRID_PX)
        column.setSpacing(GRID_PX // 2)
        self.title = QLabel(title)
        self.title.setProperty("role", "title")
        self.tools = QHBoxLayout()
        self.tools.setSpacing(GRID_PX // 2)
        self.header = QWidget()
        row = QHBoxLayout(self.header)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(self.title)
        row.addLayout(self.tools, 1)
        column.addWidget(self.header)
        self.content = column

    def add(self, widget: QWidget, stretch: int = 0) -> None:
        self.content.addWidget(widget, stretch)


class Chips(QWidget):
    """A row of small switches of which one is on."""

    chosen = Signal(int)

    def __init__(self, texts: Iterable[str], name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(name)
        self._group = QButtonGroup(self)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(2)
        for number, text in enumerate(texts):
            button = chip(text, f"{name}: {text}")
            self._group.addButton(button, number)
            row.addWidget(button)
        self._group.idClicked.connect(self.chosen)

    def choose(self, number: int) -> None:
        """As if it had been clicked; a number that is not there changes nothing."""
        button = self._group.button(number)
        if button is not None:
            button.click()

    def check(self, number: int) -> None:
        """Show it as chosen, without saying so."""
        self._group.button(number).setChecked(True)

    def choose_none(self) -> None:
        """What is shown is none of them."""
        self._group.setExclusive(False)
        for button in self._group.buttons():
            button.setChecked(False)
        self._group.setExclusive(True)

    def set_offered(self, number: int, offered: bool) -> None:
        self._group.button(number).setVisible(offered)

    @property
    def chosen_number(self) -> int:
        return self._group.checkedId()


def chip(text: str, accessible: str = "", checked: bool = False) -> QToolButton:
    """One small switch."""
    button = QToolButton()
    button.setText(text)
    button.setCheckable(True)
    button.setChecked(checked)
    button.setProperty("role", "chip")
    button.setAccessibleName(accessible or text)
    return button


def split(orientation: Qt.Orientation, *parts: tuple[QWidget, int]) -> QSplitter:
    """Widgets with their shares, each at least as large as it must be."""
    splitter = QSplitter(orientation)
    splitter.setHandleWidth(GRID_PX)
    splitter.setChildrenCollapsible(False)
    for part, stretch in parts:
        splitter.addWidget(part)
        splitter.setStretchFactor(splitter.count() - 1, stretch)
    return splitter
