"""What is looked for among the recorded sessions: words, and a choice each of what they have in common."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QWidget

from desktop_affect.session.library import Search
from desktop_affect.ui.combo import Combo
from desktop_affect.ui.finding import FILTERS
from desktop_affect.ui.theme import GRID_PX


class SessionSearch(QWidget):
    """Says when something else is wanted."""

    changed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.words = QLineEdit()
        self.words.setPlaceholderText("Search names, tags, notes")
        self.words.setClearButtonEnabled(True)
        self.words.setAccessibleName("Search sessions")
        self.words.textChanged.connect(lambda text: self.changed.emit())
        self.filters = {name: Combo() for name, _ in FILTERS}
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(GRID_PX)
        row.addWidget(self.words, 1)
        for (name, words), box in zip(FILTERS, self.filters.values(), strict=True):
            box.addItem(words, "")
            box.setAccessibleName(f"Filter by {name}")
            box.setMinimumWidth(136)
            box.activated.connect(lambda index: self.changed.emit())
            row.addWidget(box)

    @property
    def wanted(self) -> Search:
        """What is looked for."""
        return Search(self.words.text(), **{name: str(box.currentData() or "") for name, box in self.filters.items()})

    def clear(self) -> None:
        """Everything is wanted."""
        for box in self.filters.values():
            box.setCurrentIndex(0)
        self.words.clear()
        self.changed.emit()

    def offer(self, choices: Sequence[Sequence[str]]) -> None:
        """What there is to choose from, filter by filter; what is chosen stays so as far as it is still there."""
        for (_, words), box, values in zip(FILTERS, self.filters.values(), choices, strict=True):
            now = str(box.currentData() or "")
            if [box.itemData(number) for number in range(1, box.count())] != list(values):
                box.clear()
                box.addItem(words, "")
                for value in values:
                    box.addItem(value, value)
            box.setCurrentIndex(max(box.findData(now), 0))
