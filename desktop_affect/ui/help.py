"""What each signal means, for somebody who sees the window for the first time."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QLabel, QVBoxLayout, QWidget

from desktop_affect.ui.theme import GRID_PX

MEANINGS: tuple[tuple[str, str], ...] = (
    ("Valence", "How pleasant or unpleasant the face looks, from −1 to +1. It is what a face shows, not what is felt."),
    ("Arousal", "How activated the face looks, from −1 (calm) to +1 (excited or tense)."),
    (
        "Action units",
        "Movements of single muscles after the Facial Action Coding System. The tick on a bar is the level from which "
        "the movement counts as present; then the light beside it is filled.",
    ),
    (
        "Hesitancy (experimental)",
        "An index from behaviour: mixed expression, looking away, pauses, small head shakes. It is a hint where to "
        "look, not a measurement.",
    ),
    (
        "Quality",
        "How far the values may be believed, from light, sharpness, size and turn of the face. Where the ground of a "
        "curve is shaded, believe it less; where the curve has a gap, nobody was seen.",
    ),
    (
        "Turn, nod, tilt",
        "Where the head faces, in degrees: turn to the participant's own left, nod up, and tilt to the own left are "
        "positive.",
    ),
)


class HelpDialog(QDialog):
    """One paragraph per signal."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle("What the signals mean")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        column = QVBoxLayout(self)
        column.setContentsMargins(*(GRID_PX * 3,) * 4)
        column.setSpacing(GRID_PX // 2)
        for name, meaning in MEANINGS:
            title, text = QLabel(name), QLabel(meaning)
            title.setProperty("role", "title")
            text.setWordWrap(True)
            column.addWidget(title)
            column.addWidget(text)
            column.addSpacing(GRID_PX)
        self.setFixedSize(520, column.totalHeightForWidth(520))
