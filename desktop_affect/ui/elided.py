"""A label that gives way: where there is no room its text ends in an ellipsis, and the whole stands in the tooltip."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QLabel, QSizePolicy, QWidget


class ElidedLabel(QLabel):
    """One line. Asks for the room of its text and lives with less. A tooltip of somebody else's is left alone."""

    def __init__(self, text: str = "", parent: QWidget | None = None) -> None:
        super().__init__(text, parent)
        self._told = ""
        """The tooltip that we set ourselves."""
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Preferred)

    def sizeHint(self) -> QSize:
        hint = super().sizeHint()
        text = self.text()
        return QSize(self.fontMetrics().horizontalAdvance(text) + 2 if text else 0, hint.height())

    def minimumSizeHint(self) -> QSize:
        return QSize(0, super().minimumSizeHint().height())

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        shown = self.fontMetrics().elidedText(self.text(), Qt.TextElideMode.ElideRight, self.width())
        self.style().drawItemText(
            painter, self.rect(), int(self.alignment()), self.palette(), self.isEnabled(), shown, self.foregroundRole()
        )
        self._tell(self.text() if shown != self.text() else "")

    def _tell(self, words: str) -> None:
        if words != self._told and self.toolTip() == self._told:
            self._told = words
            self.setToolTip(words)
