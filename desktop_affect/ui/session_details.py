"""Beside the table: whose session it is, tags and a note that can be edited, and what can be done with it."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QLabel, QLineEdit, QPlainTextEdit, QPushButton

from desktop_affect.session.labels import Labels, tidy
from desktop_affect.ui.browser_model import size_words
from desktop_affect.ui.finding import Listed
from desktop_affect.ui.panel import Panel
from desktop_affect.ui.theme import GRID_PX
from desktop_affect.ui.words import clock_label

NOTHING_CHOSEN = "Choose a session to see what is known about it."


class SessionDetails(Panel):
    """`labelled` carries the session and its new labels."""

    labelled = Signal(object, object)
    open_wanted = Signal()
    compare_wanted = Signal()
    export_wanted = Signal()
    folder_wanted = Signal()
    delete_wanted = Signal()

    def __init__(self) -> None:
        super().__init__("")
        self._listed: Listed | None = None
        self.facts = QLabel(NOTHING_CHOSEN)
        self.facts.setWordWrap(True)
        self.facts.setProperty("role", "muted")
        self.tags, self.note = QLineEdit(), QPlainTextEdit()
        self.tags.setPlaceholderText("pilot, good light")
        self.note.setPlaceholderText("What one should know about this session")
        self.note.setTabChangesFocus(True)
        self.tags.setAccessibleName("Tags, separated by commas")
        self.note.setAccessibleName("Note")
        self.save = self._button("Save tags and note", self._save)
        self.open = self._button("Open", self.open_wanted)
        self.open.setProperty("role", "primary")
        self.compare = self._button("Compare the two", self.compare_wanted)
        self.export = self._button("Export …", self.export_wanted)
        self.folder = self._button("Open folder", self.folder_wanted)
        self.delete = self._button("Move to the trash", self.delete_wanted)
        self._lay_out()
        self.tags.textEdited.connect(self._offer_save)
        self.note.textChanged.connect(self._offer_save)
        self.show_chosen(())

    def _lay_out(self) -> None:
        self.content.setSpacing(GRID_PX)
        self.add(self.facts)
        for words, field, stretch in (("Tags", self.tags, 0), ("Note", self.note, 1)):
            name = QLabel(words)
            name.setProperty("role", "small")
            name.setBuddy(field)
            self.add(name)
            self.add(field, stretch)
        self.note.setMaximumHeight(160)
        self.add(self.save)
        self.content.addStretch(1)
        for button in (self.open, self.compare, self.export, self.folder, self.delete):
            self.add(button)
        self.setMinimumWidth(232)

    def show_chosen(self, chosen: Sequence[Listed]) -> None:
        """One, several or none."""
        one = chosen[0] if len(chosen) == 1 else None
        self._listed = one
        self.title.setText(title_of(one) if one else f"{len(chosen)} sessions" if chosen else "No session")
        self.facts.setText(facts_of(one) if one else "" if chosen else NOTHING_CHOSEN)
        self.facts.setVisible(bool(self.facts.text()))
        self.tags.setText(", ".join(one.entry.labels.tags) if one else "")
        self.note.setPlainText(one.entry.labels.note if one else "")
        for field in (self.tags, self.note):
            field.setEnabled(one is not None)
        self.save.setEnabled(False)
        self.open.setEnabled(one is not None)
        self.compare.setEnabled(len(chosen) == 2)
        self.export.setEnabled(bool(chosen))
        self.folder.setEnabled(one is not None)
        self.delete.setEnabled(bool(chosen) and not any(listed.live for listed in chosen))

    def _labels(self) -> Labels:
        return Labels(tidy(self.tags.text().split(",")), self.note.toPlainText())

    def _offer_save(self) -> None:
        self.save.setEnabled(self._listed is not None and self._labels() != self._listed.entry.labels)

    def _save(self) -> None:
        if self._listed is not None:
            self.labelled.emit(self._listed.entry.path, self._labels())

    def _button(self, words: str, pressed: object) -> QPushButton:
        button = QPushButton(words)
        button.setAutoDefault(False)
        button.clicked.connect(pressed)
        return button


def title_of(listed: Listed) -> str:
    entry = listed.entry
    return " · ".join(part for part in (entry.participant, entry.condition, entry.study) if part) or entry.path.name


def facts_of(listed: Listed) -> str:
    """What is known, a line each."""
    entry = listed.entry
    known = entry.duration_s is not None and entry.rows is not None
    lines = [
        f"Recorded {entry.started_utc[:16].replace('T', ' ')} UTC",
        f"{clock_label(entry.duration_s or 0.0)} in {entry.rows or 0:,} rows" if known else "",
        f"Source: {entry.source}",
        f"Model: {entry.model}" if entry.model else "Without a model",
        f"{size_words(entry.size_bytes)} in {entry.path.name}",
        {True: "It was cut off: opening it repairs it."}.get(listed.torn, ""),
        "It is being recorded at this moment." if listed.live else "",
    ]
    return "\n".join(filter(None, lines))
