"""The sentence and the one button that stand where nothing can be shown yet."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QLabel, QPushButton, QVBoxLayout, QWidget

from desktop_affect.ui.theme import LARGE_PT
from desktop_affect.ui.words import Emptiness, Offer


class EmptyPlace(QWidget):
    """Lies over the picture while there is none."""

    offered = Signal(Offer)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.title, self.advice = QLabel(), QLabel()
        self.title.setStyleSheet(f"font-size: {LARGE_PT - 4}pt; font-weight: 600;")
        self.advice.setProperty("role", "muted")
        self.button = QPushButton()
        self.button.setProperty("role", "primary")
        self._offer = Offer.NONE
        self.button.clicked.connect(self._clicked)
        column = QVBoxLayout(self)
        column.setContentsMargins(32, 32, 32, 32)
        column.setSpacing(8)
        column.addStretch(1)
        for label in (self.title, self.advice):
            label.setAlignment(Qt.AlignmentFlag.AlignHCenter)
            label.setWordWrap(True)
            column.addWidget(label)
        column.addSpacing(8)
        column.addWidget(self.button, 0, Qt.AlignmentFlag.AlignHCenter)
        column.addStretch(1)

    def say(self, empty: Emptiness | None) -> None:
        """None hides it."""
        self.setVisible(empty is not None)
        if empty is None:
            return
        self._offer = empty.offer
        self.title.setText(empty.title)
        self.advice.setText(empty.advice)
        self.button.setText(empty.offer.value)
        self.button.setVisible(empty.offer is not Offer.NONE)

    def _clicked(self) -> None:
        place = self.parentWidget()
        if place is not None:
            place.setFocus()  # the button goes; Qt would hand its focus on to whatever comes next
        self.offered.emit(self._offer)
