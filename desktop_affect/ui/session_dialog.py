"""The new-session dialog: whose session it is, what the participant agreed to, what will be stored and where."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QFileDialog,
    QFormLayout,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from desktop_affect.session.plan import Consent, SessionPlan
from desktop_affect.ui.check_box import CheckBox
from desktop_affect.ui.panel import Panel
from desktop_affect.ui.preflight import Item, Light
from desktop_affect.ui.theme import GRID_PX, Theme

STORED = (
    "Stored are numbers only, no picture: for every frame its time, head pose, gaze, estimates and their quality; "
    "your markers; alerts. Everything stays in the folder on this machine."
)
_SIGNS = {Light.GREEN: "✓", Light.AMBER: "!", Light.RED: "✕"}


class SessionDialog(QDialog):
    """`plan()` is what was decided, once it was accepted."""

    def __init__(
        self,
        root: Path,
        before: SessionPlan | None,
        checks: Sequence[Item],
        theme: Theme,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setWindowTitle("New session")
        self.setModal(True)
        self._root = root
        self.study = QLineEdit(before.study if before else "")
        self.participant = QLineEdit()
        self.condition = QLineEdit(before.condition if before else "")
        self.note = QLineEdit()
        self.agreed = CheckBox("The participant agreed to this")
        self.folder = QLabel()
        self.buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Cancel)
        self.record = QPushButton("Record")
        self.record.setProperty("role", "primary")
        self.buttons.addButton(self.record, QDialogButtonBox.ButtonRole.AcceptRole)
        self._lay_out(checks, theme)
        self.study.setPlaceholderText("may stay empty")
        self.participant.setPlaceholderText("a code, not a name")
        self.note.setPlaceholderText("which form, when, by whom")
        self.agreed.toggled.connect(self._allow)
        self.buttons.accepted.connect(self.accept)
        self.buttons.rejected.connect(self.reject)
        self._show_folder()
        self._allow()
        self.participant.setFocus()

    def plan(self) -> SessionPlan:
        return SessionPlan(
            root=self._root,
            study=self.study.text().strip(),
            participant=self.participant.text().strip(),
            condition=self.condition.text().strip(),
            consent=Consent(note=self.note.text().strip()),
        )

    def _lay_out(self, checks: Sequence[Item], theme: Theme) -> None:
        form = QFormLayout()
        form.setSpacing(GRID_PX)
        form.setLabelAlignment(Qt.AlignmentFlag.AlignLeft)
        for label, widget in (
            ("Study", self.study),
            ("Participant", self.participant),
            ("Condition", self.condition),
            ("Consent note", self.note),
        ):
            form.addRow(label, widget)
        form.addRow("", self.agreed)
        columns = QHBoxLayout()
        columns.setSpacing(GRID_PX * 3)
        columns.addLayout(form, 3)
        columns.addWidget(checks_panel(checks, theme), 2)
        stored = QLabel(STORED)
        stored.setWordWrap(True)
        stored.setProperty("role", "muted")
        column = QVBoxLayout(self)
        column.setContentsMargins(*(GRID_PX * 3,) * 4)
        column.setSpacing(GRID_PX * 2)
        column.addLayout(columns)
        column.addWidget(stored)
        column.addLayout(self._folder_row())
        column.addWidget(self.buttons)
        self.setMinimumWidth(760)

    def _folder_row(self) -> QHBoxLayout:
        row = QHBoxLayout()
        self.folder.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        change = QPushButton("Other folder …")
        change.clicked.connect(self._choose_folder)
        row.addWidget(QLabel("Folder"))
        row.addWidget(self.folder, 1)
        row.addWidget(change)
        return row

    def _choose_folder(self) -> None:
        chosen = QFileDialog.getExistingDirectory(self, "Where sessions are kept", str(self._root))
        if chosen:
            self._root = Path(chosen)
            self._show_folder()

    def _show_folder(self) -> None:
        self.folder.setText(str(self._root))

    def _allow(self) -> None:
        """Without consent nothing is recorded."""
        self.record.setEnabled(self.agreed.isChecked())


def checks_panel(checks: Sequence[Item], theme: Theme) -> Panel:
    """The preflight, one line each."""
    panel = Panel("Before you record")
    colours = {Light.GREEN: theme.accent, Light.AMBER: theme.amber, Light.RED: theme.alert}
    grid = QGridLayout()
    grid.setHorizontalSpacing(GRID_PX)
    grid.setVerticalSpacing(GRID_PX // 2)
    grid.setColumnStretch(1, 1)
    for number, item in enumerate(checks):
        sign = QLabel(_SIGNS[item.light])
        sign.setStyleSheet(f"color: {colours[item.light]}; font-weight: 700;")
        sign.setAccessibleName(item.light.value)
        text = QLabel(f"{item.what}\n{item.advice}" if item.advice else item.what)
        text.setWordWrap(True)
        grid.addWidget(sign, number, 0, Qt.AlignmentFlag.AlignTop)
        grid.addWidget(text, number, 1)
    panel.content.addLayout(grid)
    panel.content.addStretch(1)
    return panel
