"""After a crash: the next window says so once, and offers the report to read, copy or delete. It is never sent."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from datetime import datetime
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtGui import QFontDatabase, QGuiApplication
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QLabel, QPlainTextEdit, QPushButton, QVBoxLayout, QWidget

from desktop_affect.system import crash
from desktop_affect.ui.theme import GRID_PX

log = logging.getLogger(__name__)

WHAT_NOW = (
    "What was recorded is on the disk up to the last second; “Sessions” closes what was left open. The report below "
    "stays on this machine: nothing was sent to anybody. It names the place in the program that broke, with paths of "
    "this computer (a session's path may hold a participant's code). Copy it if you want to tell the developers."
)


class CrashNotice(QDialog):
    """Whatever closes it, the reports are not offered again: kept under another name, or deleted."""

    def __init__(self, reports: Sequence[Path], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle("Desktop Affect ended unexpectedly")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setMinimumWidth(640)
        self._reports = list(reports)
        self.text = QPlainTextEdit()
        self.text.setPlainText(_read(self._reports))
        self.text.setReadOnly(True)
        self.text.setFont(QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont))
        self.text.setAccessibleName("The report")
        self.text.hide()
        self.show_button = QPushButton("Show report")
        self.show_button.clicked.connect(self._toggle)
        column = QVBoxLayout(self)
        column.setContentsMargins(*(GRID_PX * 3,) * 4)
        column.setSpacing(GRID_PX * 2)
        title, words = QLabel(headline(self._reports)), QLabel(WHAT_NOW)
        title.setProperty("role", "title")
        title.setWordWrap(True)
        words.setWordWrap(True)
        for widget in (title, words, self.text):
            column.addWidget(widget)
        column.addWidget(self._buttons())
        self.finished.connect(self._put_aside)

    def _buttons(self) -> QDialogButtonBox:
        buttons = QDialogButtonBox()
        role = QDialogButtonBox.ButtonRole
        buttons.addButton(self.show_button, role.ActionRole)
        self.copy_button = self._button(buttons, "Copy", self._copy, role.ActionRole)
        self.delete_button = self._button(buttons, "Delete", self._delete, role.DestructiveRole)
        self.keep_button = self._button(buttons, "Keep and close", self.accept, role.AcceptRole)
        self.keep_button.setDefault(True)
        return buttons

    def _button(
        self, box: QDialogButtonBox, text: str, action: Callable[[], object], role: QDialogButtonBox.ButtonRole
    ) -> QPushButton:
        button = box.addButton(text, role)
        button.clicked.connect(action)
        return button

    def _toggle(self) -> None:
        shown = not self.text.isVisible()
        self.text.setVisible(shown)
        self.show_button.setText("Hide report" if shown else "Show report")
        self.resize(max(self.width(), 760), 560) if shown else self.adjustSize()

    def _copy(self) -> None:
        QGuiApplication.clipboard().setText(self.text.toPlainText())
        self.copy_button.setText("Copied")

    def _delete(self) -> None:
        for report in self._reports:
            try:
                report.unlink(missing_ok=True)
            except OSError as error:
                log.warning("%s cannot be deleted: %s", report, error)
        self._reports = []
        self.reject()

    def _put_aside(self) -> None:
        for report in self._reports:
            try:
                crash.put_aside(report)
            except OSError as error:
                log.warning("%s cannot be put aside: %s", report, error)
        self._reports = []


def offer(reports: Sequence[Path], parent: QWidget) -> CrashNotice | None:
    """Shows the notice where there is something to tell; the window stays usable."""
    if not reports:
        return None
    notice = CrashNotice(reports, parent)
    notice.show()
    return notice


def headline(reports: Sequence[Path]) -> str:
    when = datetime.fromtimestamp(reports[0].stat().st_mtime).strftime("%d %B %Y, %H:%M")
    more = f" There are {len(reports) - 1} earlier reports." if len(reports) > 2 else ""
    more = " There is one earlier report." if len(reports) == 2 else more
    return f"Something in Desktop Affect broke on {when}.{more}"


def _read(reports: Sequence[Path]) -> str:
    texts = []
    for report in reports:
        try:
            texts.append(f"{report.name}\n{report.read_text(encoding='utf-8', errors='replace')}")
        except OSError as error:
            texts.append(f"{report.name} cannot be read: {error}")
    return "\n\n".join(texts)
