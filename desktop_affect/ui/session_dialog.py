"""The new-session dialog: whose session it is, what the participant agreed to, what will be stored and where."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import Future
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import (
    QDialogButtonBox,
    QFormLayout,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from desktop_affect.session.known import Known
from desktop_affect.session.plan import Consent, FilmConsent, SessionPlan
from desktop_affect.ui.button_box import ButtonBox
from desktop_affect.ui.check_box import CheckBox
from desktop_affect.ui.checks_panel import ChecksPanel
from desktop_affect.ui.combo import Combo
from desktop_affect.ui.dressing import ThemedDialog
from desktop_affect.ui.folder_row import AskRoom, FolderRow
from desktop_affect.ui.known_fields import KnownFields
from desktop_affect.ui.preflight import Item
from desktop_affect.ui.theme import GRID_PX, Theme

FILMS: dict[FilmConsent, tuple[str, str]] = {
    FilmConsent.NONE: ("None", "no picture is stored."),
    FilmConsent.BLURRED: (
        "Face blurred",
        "what the camera sees, with the participant's face blurred; blurred whole while the face is not found or "
        "somebody else is in view. Clothes and room can be recognised.",
    ),
    FilmConsent.FACE: ("Face alone", "the participant's face, on black. They can be recognised, the room cannot."),
    FilmConsent.WHOLE: ("Whole picture", "everything the camera sees, whoever comes into view."),
}
"""What can be chosen, from the least on, and what it means."""
STORED = (
    "Film: {film}\nNumbers: for every frame its time, head pose, gaze, estimates and their quality; your markers; "
    "alerts.\nEverything stays in the folder on this machine."
)
AGREED = "The participant agreed to this"
AGREED_FILM = "The participant agreed to this, and to being filmed"
STORED_LINES = 5
"""Of the longest text: the dialog keeps its size whatever is chosen."""


class SessionDialog(ThemedDialog):
    """`plan()` is what was decided, once it was accepted."""

    def __init__(
        self,
        root: Path,
        before: SessionPlan | None,
        checks: Sequence[Item],
        theme: Theme,
        parent: QWidget | None = None,
        ask: Callable[[Path, str, str], Future[Known]] | None = None,
        room: AskRoom | None = None,
    ) -> None:
        """`ask`: what is known of a study and a participant in a sessions folder; nothing is offered without it.
        `room`: how much there is on a folder's drive."""
        super().__init__(theme, parent)
        self.setWindowTitle("New session")
        self.setModal(True)
        self.study = QLineEdit(before.study if before else "")
        self.participant = QLineEdit()
        self.condition = QLineEdit(before.condition if before else "")
        self.note = QLineEdit()
        self.film = Combo()
        for mode, (words, _) in FILMS.items():
            self.film.addItem(words, mode)
        self.film.setAccessibleName("Film")
        self.film.setCurrentIndex(self.film.findData(before.consent.film) if before else 0)
        self.agreed = CheckBox(AGREED)
        self.stored = QLabel()
        self.where = FolderRow(root, room)
        self.buttons = ButtonBox(QDialogButtonBox.StandardButton.Cancel)
        self.record = QPushButton("Record")
        self.record.setProperty("role", "primary")
        self.buttons.addButton(self.record, QDialogButtonBox.ButtonRole.AcceptRole)
        known = None if ask is None else lambda study, participant: ask(self.where.folder, study, participant)
        self._form = QFormLayout()
        self.known = KnownFields(self.study, self.participant, self.condition, known)
        self.checks = ChecksPanel()
        self.checks.show_items(checks)
        self._lay_out()
        self._show_hint(self.known.hint.text())
        self.known.hinted.connect(self._show_hint)
        self.checks.reworded.connect(self._grow)
        self.study.setPlaceholderText("may stay empty")
        self.participant.setPlaceholderText("a code, not a name")
        self.note.setPlaceholderText("which form, when, by whom")
        self.agreed.toggled.connect(self._allow)
        self.film.currentIndexChanged.connect(self._show_stored)
        self.buttons.accepted.connect(self.accept)
        self.buttons.rejected.connect(self.reject)
        self.where.changed.connect(self.known.look_up)
        for part in (self.known, self.where):
            self.finished.connect(part.stop)
        self._show_stored()
        self._allow()
        self.participant.setFocus()

    def set_theme(self, theme: Theme) -> None:
        """The lists under the fields wear it too."""
        super().set_theme(theme)
        self.known.set_theme(theme)

    def plan(self) -> SessionPlan:
        return SessionPlan(
            root=self.where.folder,
            study=self.study.text().strip(),
            participant=self.participant.text().strip(),
            condition=self.condition.text().strip(),
            consent=Consent(self._mode(), self.note.text().strip()),
            baseline=self.known.chosen_baseline(),
        )

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._grow()

    def _show_hint(self, words: str) -> None:
        self._form.setRowVisible(self.known.hint, bool(words))
        self._grow()

    def _grow(self) -> None:
        """As high as its sentences need at this width; Qt asks for that only when a dialog is shown."""
        layout = self.layout()
        if layout is not None and self.isVisible():
            layout.activate()
            self.resize(self.width(), max(self.height(), layout.totalHeightForWidth(self.width())))

    def _mode(self) -> FilmConsent:
        mode = self.film.currentData()
        return mode if isinstance(mode, FilmConsent) else FilmConsent.NONE

    def _show_stored(self) -> None:
        """What was agreed to is what stood here: another choice asks again."""
        self.agreed.setChecked(False)
        self.agreed.setText(AGREED if self._mode() is FilmConsent.NONE else AGREED_FILM)
        self.stored.setText(STORED.format(film=FILMS[self._mode()][1]))

    def _lay_out(self) -> None:
        form = self._form
        form.setSpacing(GRID_PX)
        form.setHorizontalSpacing(GRID_PX * 2)
        form.setLabelAlignment(Qt.AlignmentFlag.AlignLeft)
        for label, widget in (
            ("Study", self.study),
            ("Participant", self.participant),
            ("Condition", self.condition),
            ("", self.known.hint),
            ("Baseline", self.known.baseline),
            ("Film", self.film),
            ("Consent note", self.note),
        ):
            form.addRow(label, widget)
        form.addRow("", self.agreed)
        columns = QHBoxLayout()
        columns.setSpacing(GRID_PX * 3)
        columns.addLayout(form, 3)
        columns.addWidget(self.checks, 2)
        self.stored.setWordWrap(True)
        self.stored.setProperty("role", "muted")
        self.stored.setMinimumHeight(self.stored.fontMetrics().lineSpacing() * STORED_LINES)
        self.stored.setAlignment(Qt.AlignmentFlag.AlignTop)
        column = QVBoxLayout(self)
        column.setContentsMargins(*(GRID_PX * 3,) * 4)
        column.setSpacing(GRID_PX * 2)
        column.addLayout(columns)
        column.addWidget(self.stored)
        column.addWidget(self.where)
        column.addWidget(self.buttons)
        self.setMinimumWidth(760)

    def _allow(self) -> None:
        """Without consent nothing is recorded."""
        self.record.setEnabled(self.agreed.isChecked())
