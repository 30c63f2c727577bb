"""Helps to fill in whose session it is: offers what is known while a person types, never insists.

Lists of studies, participants and conditions, the condition that the study's plan has next, and the baselines that are
kept for the participant. Looking them up takes files, so somebody else does it; this asks, and shows what comes.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from concurrent.futures import Future

from PySide6.QtCore import QObject, QStringListModel, Qt, QTimer, Signal
from PySide6.QtWidgets import QCompleter, QLabel, QLineEdit

from desktop_affect.session.known import Known
from desktop_affect.session.plan import NEWEST, NONE
from desktop_affect.ui.combo import Combo
from desktop_affect.ui.theme import Theme, wear

log = logging.getLogger(__name__)

Ask = Callable[[str, str], "Future[Known]"]
"""Study and participant → what is known of them, soon."""

# A person types a code faster than this between two keys, so it is looked up once.
_PAUSE_MS = 250
_LOOK_MS = 30
_MEANING = (
    "Automatic: what was measured since the last session, otherwise the newest that is kept for this participant, "
    "otherwise none. Calibrate at any time to measure it anew."
)


class KnownFields(QObject):
    """Belongs to the dialog whose fields it helps with."""

    hinted = Signal(str)
    """What the hint says has changed; empty for nothing."""

    def __init__(self, study: QLineEdit, participant: QLineEdit, condition: QLineEdit, ask: Ask | None) -> None:
        super().__init__(participant)
        self._study, self._participant, self._condition = study, participant, condition
        self._ask = ask
        self._coming: Future[Known] | None = None
        self._filled = condition.text()
        """What we wrote into the condition, or what was there before: only that is replaced."""
        self.baseline, self.hint = Combo(), QLabel()
        self.hint.setProperty("role", "muted")
        self.hint.setWordWrap(True)
        self.baseline.setAccessibleName("Baseline")
        self.baseline.setToolTip(_MEANING)
        self._models = {field: _completed(field) for field in (study, participant, condition)}
        self._pause, self._look = QTimer(self), QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.setInterval(_PAUSE_MS)
        self._look.setInterval(_LOOK_MS)
        self._pause.timeout.connect(self.look_up)
        self._look.timeout.connect(self._take)
        for field in (study, participant):
            field.textChanged.connect(lambda _: self._pause.start())
        self._show(Known())
        self.look_up()

    def set_theme(self, theme: Theme) -> None:
        """The lists under the fields are windows of nobody's: they wear what they are given."""
        for field in self._models:
            popup = field.completer().popup()
            if popup is not None:
                wear(popup, theme)

    def look_up(self) -> None:
        """Ask about what is written now; an answer that is still to come is no longer wanted."""
        if self._ask is None:
            return
        self._coming = self._ask(self._study.text(), self._participant.text())
        self._look.start()

    def stop(self) -> None:
        """The dialog is closing."""
        self._pause.stop()
        self._look.stop()

    def chosen_baseline(self) -> str:
        """As a session's plan has it."""
        return str(self.baseline.currentData())

    def _take(self) -> None:
        coming = self._coming
        if coming is None or not coming.done():
            return
        self._look.stop()
        error = coming.exception()
        if error is None:
            self._show(coming.result())
        else:
            log.info("nothing is known: %r", error)
            self._say("The sessions folder cannot be read.")

    def _say(self, words: str) -> None:
        self.hint.setText(words)
        self.hinted.emit(words)

    def _show(self, known: Known) -> None:
        names = (known.studies, known.participants, known.conditions)
        for model, texts in zip(self._models.values(), names, strict=True):
            if list(model.stringList()) != list(texts):
                model.setStringList(list(texts))
        self._suggest(known)
        self._offer_baselines(known)

    def _suggest(self, known: Known) -> None:
        """The next planned condition, unless the person wrote one."""
        far = known.progress
        self._say(hint_words(known))
        if far is not None and self._condition.text() == self._filled:
            self._condition.setText(far.next)
            self._filled = far.next

    def _offer_baselines(self, known: Known) -> None:
        before, stored = self.baseline.currentData(), known.shelf.stored
        self.baseline.blockSignals(True)
        self.baseline.clear()
        newest = f"kept {stored[0].when}" if stored else "none is kept"
        self.baseline.addItem(f"Automatic ({newest})", NEWEST)
        for one in stored:
            self.baseline.addItem(f"Kept {one.when}", one.baseline.id)
            self.baseline.setItemData(
                self.baseline.count() - 1, f"{one.baseline.id}, {one.baseline.model}", Qt.ItemDataRole.ToolTipRole
            )
        self.baseline.addItem("None: values as the model gives them", NONE)
        self.baseline.setCurrentIndex(max(self.baseline.findData(before), 0))
        self.baseline.blockSignals(False)


def hint_words(known: Known) -> str:
    """How far the participant is, and what went wrong."""
    far, words = known.progress, list(known.shelf.problems)
    if far is not None:
        count = f"{len(far.planned) - len(far.left)} of {len(far.planned)} planned conditions are done"
        words.insert(0, f"{count}; next is {far.next}." if far.next else f"All {len(far.planned)} conditions are done.")
    return " ".join(words)


def _completed(field: QLineEdit) -> QStringListModel:
    """Offers whatever holds what was typed, in any case."""
    model = QStringListModel(field)
    completer = QCompleter(model, field)
    completer.setCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
    completer.setFilterMode(Qt.MatchFlag.MatchContains)
    field.setCompleter(completer)
    return model
