"""The head of the window of recorded sessions: the way back, what is in view, what is being worked on."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QSizePolicy, QWidget

from desktop_affect.ui.progress_strip import ProgressStrip
from desktop_affect.ui.theme import GRID_PX

# A button's height.
_HEAD_PX = 32


class ReviewHead(QWidget):
    """The progress comes and goes here, where it does not move the page."""

    def __init__(self, progress: ProgressStrip) -> None:
        super().__init__()
        self.back = QPushButton("Sessions")
        self.title, self.state = QLabel(), QLabel()
        self.export_button, self.folder_button = QPushButton("Export …"), QPushButton("Open folder")
        self.title.setProperty("role", "title")
        self.state.setProperty("role", "muted")
        for label in (self.title, self.state):
            label.setTextFormat(Qt.TextFormat.PlainText)
        self.state.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(GRID_PX)
        row.addWidget(self.back)
        row.addWidget(self.title)
        row.addWidget(self.state, 1)
        row.addWidget(progress, 1)
        row.addStrut(_HEAD_PX)
        for button in (self.export_button, self.folder_button):
            row.addWidget(button)

    def say(self, title: str, state: str = "") -> None:
        self.title.setText(title)
        self.state.setText(state)
