"""Faults as notices: what happened, what to do, and the details to copy. They stack above the window's content."""

from __future__ import annotations

import math

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QToolButton, QVBoxLayout, QWidget

from desktop_affect.core.types import Fault, Severity

# More would push the picture out of the window; what is older is in the log.
_SHOWN = 2
# Time to read a sentence; what asks for nothing goes by itself.
READ_S = 12.0


class CopyDetails(QToolButton):
    """Puts all that is known of a fault on the clipboard, and says that it did."""

    def __init__(self, fault: Fault | None = None) -> None:
        super().__init__()
        self._fault: Fault | None = None
        self.clicked.connect(self._copy)
        self.show_fault(fault)

    def show_fault(self, fault: Fault | None) -> None:
        """The same one again changes nothing."""
        if fault != self._fault or not self.text():
            self._fault = fault
            self.setText("Copy details")

    def _copy(self) -> None:
        if self._fault is not None:
            QGuiApplication.clipboard().setText(details(self._fault))
            self.setText("Copied ✓")


class Notice(QFrame):
    """One fault."""

    def __init__(self, fault: Fault, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.fault = fault
        self.since_s = math.inf
        """When it was first seen on the screen, by the clock that `expire` is given."""
        self.setObjectName("notice")
        self.setProperty("severity", fault.severity.value)
        self.setAccessibleName(f"{severity_word(fault.severity)}: {fault.message}")
        row = QHBoxLayout(self)
        row.setContentsMargins(16, 8, 8, 8)
        row.setSpacing(8)
        row.addWidget(_text(fault), 1)
        if fault.detail:
            self.copy_button = CopyDetails(fault)
            row.addWidget(self.copy_button)
        self.close_button = QToolButton()
        self.close_button.setText("Dismiss")
        self.close_button.clicked.connect(self._dismiss)
        row.addWidget(self.close_button)

    def _dismiss(self) -> None:
        self.hide()
        self.deleteLater()


class NoticeStack(QWidget):
    """The newest few, the newest on top: of every part of the application only its last word."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(8)

    def add(self, fault: Fault) -> None:
        for notice in self.notices():
            if (notice.fault.where, notice.fault.severity) == (fault.where, fault.severity):
                _remove(notice)
        notice = Notice(fault, self)
        self._column.insertWidget(0, notice)
        # On the screen Qt would do it at the next turn, and those that come in one turn would not see each other.
        notice.show()
        for notice in self.notices()[_SHOWN:]:
            _remove(notice)

    def expire(self, now_s: float) -> None:
        """Take away the notes that have stood long enough to be read; warnings and errors stay until dismissed."""
        for notice in self.notices():
            notice.since_s = min(notice.since_s, now_s)
            if notice.fault.severity is Severity.NOTICE and now_s - notice.since_s > READ_S:
                _remove(notice)

    def notices(self) -> list[Notice]:
        """Newest first."""
        items = (self._column.itemAt(i) for i in range(self._column.count()))
        widgets = [item.widget() for item in items if item is not None]
        return [widget for widget in widgets if isinstance(widget, Notice) and not widget.isHidden()]

    def withdraw(self, fault: Fault) -> None:
        """It is told in a better place."""
        for notice in self.notices():
            if notice.fault == fault:
                _remove(notice)

    def clear(self) -> None:
        for notice in self.notices():
            _remove(notice)


class FloatingNotices(NoticeStack):
    """Over the upper edge of another widget, which keeps its size: a page of plots would take a tenth of a second to
    make room for a sentence, and again when it goes."""

    def __init__(self, below: QWidget, parent: QWidget) -> None:
        super().__init__(parent)
        self._below = below
        below.installEventFilter(self)

    def add(self, fault: Fault) -> None:
        super().add(fault)
        self._fit()

    def event(self, event: QEvent) -> bool:
        if event.type() is QEvent.Type.LayoutRequest:  # a notice came, went or wraps otherwise
            self._fit()
        return super().event(event)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() in (QEvent.Type.Resize, QEvent.Type.Move):
            self._fit()
        return False

    def _fit(self) -> None:
        place = self._below.geometry()
        height = self._column.totalHeightForWidth(place.width()) if self.notices() else 0
        place.setHeight(height)
        if self.geometry() != place:
            self.setGeometry(place)
            self.raise_()


def severity_word(severity: Severity) -> str:
    return {Severity.NOTICE: "Note", Severity.WARNING: "Warning", Severity.ERROR: "Error"}[severity]


def details(fault: Fault) -> str:
    """What goes to the clipboard."""
    return f"{severity_word(fault.severity)} in {fault.where}: {fault.message}\n{fault.advice}\n{fault.detail}"


def _text(fault: Fault) -> QWidget:
    box = QWidget()
    column = QVBoxLayout(box)
    column.setContentsMargins(0, 0, 0, 0)
    column.setSpacing(2)
    message = QLabel(f"{severity_word(fault.severity)}:  {fault.message}")
    message.setProperty("role", "title")
    for label in (message, QLabel(fault.advice)):
        label.setWordWrap(True)
        label.setTextFormat(Qt.TextFormat.PlainText)
        label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        if label.text():
            column.addWidget(label)
    return box


def _remove(notice: Notice) -> None:
    notice.hide()
    notice.deleteLater()
