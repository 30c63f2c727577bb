"""Markers: a button and a function key for each text, and Ctrl+M for a free one."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QLineEdit, QPushButton, QWidget

from desktop_affect.core.settings import Settings
from desktop_affect.ui.elided import ElidedLabel
from desktop_affect.ui.flow import FlowLayout
from desktop_affect.ui.theme import GRID_PX

_ROW_PX = 32


def key_texts(settings: Settings) -> dict[int, str]:
    """Function key → text, for the keys that have one."""
    texts = {key: settings.text(f"markers.f{key}").strip() for key in range(1, 13)}
    return {key: text for key, text in texts.items() if text}


class MarkersBar(QWidget):
    """`marked` carries text and kind; whoever publishes it takes the time at once, for a note when it was begun."""

    marked = Signal(str, str)
    texts_wanted = Signal()
    """Somebody wants to change the texts of the keys."""
    note_begun = Signal()
    """Somebody is about to write: this is the moment that the note is about."""

    def __init__(self) -> None:
        super().__init__()
        self.buttons: dict[int, QPushButton] = {}
        self._shortcuts: list[QShortcut] = []
        self.note = QLineEdit()
        self.note.setPlaceholderText("Note (Ctrl+M)")
        self.note.setAccessibleName("Free-text marker")
        self.note.setFixedWidth(160)
        self.note.returnPressed.connect(self._send_note)
        self.last = ElidedLabel()
        self.last.setProperty("role", "muted")
        self.last.setMinimumHeight(_ROW_PX)  # in line with the buttons
        self.edit = QPushButton("Markers …")
        self.edit.setProperty("role", "flat")
        self.edit.setAccessibleName("Edit the texts of the markers")
        self.edit.setToolTip("Texts of the keys F1 to F12")
        self.edit.clicked.connect(self.texts_wanted)
        self._row = FlowLayout(self, GRID_PX)
        for widget in (self.edit, self.note, self.last):
            self._row.addWidget(widget)
        self._begun = False
        self.note.textEdited.connect(self._typed)
        QShortcut(QKeySequence("Ctrl+M"), self, self._begin_by_key)

    def set_texts(self, texts: Mapping[int, str]) -> None:
        """Make the buttons and keys anew."""
        for button in self.buttons.values():
            self._row.removeWidget(button)
            button.hide()
            button.deleteLater()
        for shortcut in self._shortcuts:
            shortcut.deleteLater()
        self.buttons, self._shortcuts = {}, []
        for place, (key, text) in enumerate(texts.items()):
            button = QPushButton(f"F{key}  {text}")
            button.setAutoDefault(False)
            send = partial(self._send, text)
            button.clicked.connect(send)
            shortcut = QShortcut(QKeySequence(f"F{key}"), self, send)
            shortcut.setAutoRepeat(False)
            # From every window of ours: one looks at a recorded session while the next one runs.
            shortcut.setContext(Qt.ShortcutContext.ApplicationShortcut)
            self._row.insert_widget(place + 1, button)
            self.buttons[key] = button
            self._shortcuts.append(shortcut)

    def set_running(self, running: bool) -> None:
        """Nothing can be marked while nothing runs."""
        for button in self.buttons.values():
            button.setEnabled(running)
        self.note.setEnabled(running)

    def confirm(self, text: str, at: str) -> None:
        """Say what was written down."""
        self.last.setText(f"✓ {at}  {text}")

    def _send(self, text: str, *_: object) -> None:
        self.marked.emit(text, "marker")

    def _begin_by_key(self) -> None:
        self.note.setFocus()
        if not self.note.text():
            self._begin()

    def _typed(self, text: str) -> None:
        """Without Ctrl+M the first letter is the beginning; what was wiped away begins anew."""
        if not text:
            self._begun = False
        elif not self._begun:
            self._begin()

    def _begin(self) -> None:
        self._begun = True
        self.note_begun.emit()

    def _send_note(self) -> None:
        text = self.note.text().strip()
        self.note.clear()
        self.note.clearFocus()
        self._begun = False
        if text:
            self.marked.emit(text, "note")
