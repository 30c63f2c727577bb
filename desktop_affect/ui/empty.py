"""The sentence and the one button that stand where nothing can be shown yet, or where something is missing."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from desktop_affect.ui.notices import CopyDetails
from desktop_affect.ui.theme import BODY_PT, GRID_PX, LARGE_PT, give_role
from desktop_affect.ui.words import Emptiness, Offer

# Longer titles are sentences: in large letters they would fill the place.
_HEADLINE_LETTERS = 32


def title_style(title: str) -> str:
    """Two of the three sizes of type."""
    return f"font-size: {LARGE_PT if len(title) <= _HEADLINE_LETTERS else BODY_PT}pt; font-weight: 600;"


_LOUD = (Offer.START_DEMO, Offer.START, Offer.TRY_AGAIN)


def offer(button: QPushButton, what: Offer) -> None:
    """What brings somebody further stands out; giving up and reading on do not."""
    button.setText(what.value)
    button.setVisible(what is not Offer.NONE)
    give_role(button, "primary" if what in _LOUD else "plain")


def offer_details(button: CopyDetails, empty: Emptiness | None) -> None:
    """Of what went wrong there is more to know than one reads."""
    fault = empty.fault if empty is not None else None
    button.show_fault(fault)
    button.setVisible(fault is not None and bool(fault.detail))


class EmptyPlace(QWidget):
    """Lies over the picture while there is none."""

    offered = Signal(Offer)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.title, self.advice = QLabel(), QLabel()
        self.advice.setProperty("role", "muted")
        self.button, self.copy = QPushButton(), CopyDetails()
        self._offer = Offer.NONE
        self.button.clicked.connect(self._clicked)
        column = QVBoxLayout(self)
        column.setContentsMargins(*(GRID_PX * 2,) * 4)
        column.setSpacing(GRID_PX)
        column.addStretch(1)
        for label in (self.title, self.advice):
            label.setAlignment(Qt.AlignmentFlag.AlignHCenter)
            label.setWordWrap(True)
            column.addWidget(label)
        column.addSpacing(GRID_PX)
        column.addWidget(self.button, 0, Qt.AlignmentFlag.AlignHCenter)
        column.addWidget(self.copy, 0, Qt.AlignmentFlag.AlignHCenter)
        column.addStretch(1)

    def say(self, empty: Emptiness | None) -> None:
        """None hides it."""
        self.setVisible(empty is not None)
        if empty is None:
            return
        self._offer = empty.offer
        if empty.title != self.title.text():
            self.title.setText(empty.title)
            self.title.setStyleSheet(title_style(empty.title))
        self.advice.setText(empty.advice)
        offer(self.button, empty.offer)
        offer_details(self.copy, empty)

    def _clicked(self) -> None:
        place = self.parentWidget()
        if place is not None:
            place.setFocus()  # the button goes; Qt would hand its focus on to whatever comes next
        self.offered.emit(self._offer)


class PictureNote(QFrame):
    """Lies over the upper edge of the picture, which stays to be seen."""

    offered = Signal(Offer)

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("note")
        self.text, self.button = QLabel(), QPushButton()
        self.text.setProperty("role", "title")
        self._offer = Offer.NONE
        row = QHBoxLayout(self)
        row.setContentsMargins(GRID_PX * 2, GRID_PX, GRID_PX, GRID_PX)
        row.setSpacing(GRID_PX * 2)
        row.addWidget(self.text, 1)
        row.addWidget(self.button)
        self.button.clicked.connect(lambda: self.offered.emit(self._offer))
        self.hide()

    def say(self, note: Emptiness | None) -> None:
        """None hides it."""
        if note is not None:
            self._offer = note.offer
            self.text.setText(note.title)
            offer(self.button, note.offer)
        self.setVisible(note is not None)

    def place(self, width_px: int) -> None:
        """As wide as the picture."""
        self.setGeometry(GRID_PX, GRID_PX, width_px - 2 * GRID_PX, self.sizeHint().height())
