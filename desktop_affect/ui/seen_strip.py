"""What the picture's panel would say, in one row: shown while that panel is folded or put away."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from desktop_affect.core.types import Sample
from desktop_affect.ui.empty import offer, offer_details
from desktop_affect.ui.notices import CopyDetails
from desktop_affect.ui.quality_strip import QualityStrip
from desktop_affect.ui.theme import GRID_PX, Theme
from desktop_affect.ui.words import Emptiness, Offer


class SeenStrip(QFrame):
    """Why there is no picture, with its one button; else how far the data can be believed."""

    offered = Signal(Offer)

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self.setObjectName("panel")
        self.setAccessibleName("State of the picture")
        self._offer = Offer.NONE
        self.quality = QualityStrip(theme, one_row=True)
        self.title, self.advice, self.button, self.copy = QLabel(), QLabel(), QPushButton(), CopyDetails()
        self.title.setProperty("role", "title")
        self.advice.setProperty("role", "muted")
        for label in (self.title, self.advice):
            label.setWordWrap(True)
        self.button.clicked.connect(lambda: self.offered.emit(self._offer))
        self._words = QWidget()
        words = QVBoxLayout(self._words)
        words.setContentsMargins(0, 0, 0, 0)
        words.setSpacing(0)
        words.addWidget(self.title)
        words.addWidget(self.advice)
        row = QHBoxLayout(self)
        row.setContentsMargins(GRID_PX * 2, GRID_PX, GRID_PX * 2, GRID_PX)
        row.setSpacing(GRID_PX * 2)
        row.addWidget(self._words, 1)
        for button in (self.copy, self.button):
            row.addWidget(button, 0, Qt.AlignmentFlag.AlignVCenter)
        row.addWidget(self.quality, 1)
        self.say(None)
        self.hide()

    def set_theme(self, theme: Theme) -> None:
        self.quality.set_theme(theme)

    def say(self, empty: Emptiness | None) -> None:
        """None: there is a picture, wherever it is shown."""
        self.quality.setVisible(empty is None)
        self._words.setVisible(empty is not None)
        for label, text in ((self.title, empty.title if empty else ""), (self.advice, empty.advice if empty else "")):
            label.setText(text)
            label.setVisible(bool(text))
        self._offer = empty.offer if empty else Offer.NONE
        offer(self.button, self._offer)
        offer_details(self.copy, empty)

    def show_sample(self, sample: Sample | None) -> None:
        """Called when the numbers change."""
        self.quality.show_sample(sample)
