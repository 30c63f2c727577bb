"""What to export, and how: built from the table that the command line's options are built from."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from PySide6.QtWidgets import (
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

from desktop_affect.core.errors import SessionError
from desktop_affect.session.export.choices import CHOICES, FORMAT_WORDS, YES, Ask, Choice, options_from
from desktop_affect.session.export.options import Format
from desktop_affect.ui.button_box import ButtonBox
from desktop_affect.ui.check_box import CheckBox
from desktop_affect.ui.combo import Combo
from desktop_affect.ui.dressing import ThemedDialog
from desktop_affect.ui.exporting import ExportWish
from desktop_affect.ui.spin_box import NumberField
from desktop_affect.ui.theme import GRID_PX, Theme

# How a span of time is asked for: by one choice instead of two numbers.
_FROM, _TO = "from", "to"
OWN_FOLDERS = "In “exports” inside each session's folder"


class OptionalNumber(QWidget):
    """A tick, and a number that counts only when it is ticked. `empty`: what stands for no number of one's own."""

    def __init__(self, choice: Choice) -> None:
        super().__init__()
        self.tick, self.number = CheckBox(choice.label), NumberField()
        self.number.setDecimals(2)
        from_nothing = choice.ask is Ask.YES_OR_NUMBER
        self.number.setRange(0.0 if from_nothing or choice.key == _FROM else 0.01, choice.most)
        self.number.setSuffix(f" {choice.unit}")
        self.number.setValue({"Hz": 10.0}.get(choice.unit, 0.0 if from_nothing else 60.0))
        if from_nothing:
            self.number.setSpecialValueText("as it was measured")
        self.number.setEnabled(False)
        self.number.setFixedWidth(176)
        self.number.setAccessibleName(choice.label)
        for widget in (self.tick, self.number):
            widget.setToolTip(choice.help)
        self.tick.toggled.connect(self.number.setEnabled)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(self.tick, 1)
        row.addWidget(self.number)

    @property
    def value(self) -> float | None:
        return (self.number.value() or YES) if self.tick.isChecked() else None

    def set_value(self, value: float | None) -> None:
        self.tick.setChecked(value is not None)
        if value is not None:
            self.number.setValue(value)


class ExportDialog(ThemedDialog):
    """`wish` is set when it is accepted. `in_view`: the stretch that is offered beside the whole."""

    def __init__(
        self,
        sessions: Sequence[Path],
        theme: Theme,
        in_view: tuple[float, float] | None = None,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(theme, parent)
        self.setWindowTitle("Export")
        self._sessions = tuple(sessions)
        self._in_view = in_view
        self.wish: ExportWish | None = None
        self.formats = {look: CheckBox(words) for look, words in FORMAT_WORDS.items()}
        self.formats[Format.CSV].setChecked(True)
        self.fields: dict[str, Combo | OptionalNumber] = {choice.key: _field(choice) for choice in CHOICES}
        self.only_in_view = CheckBox("Only what is in view")
        self.only_in_view.setVisible(in_view is not None)
        self.only_in_view.toggled.connect(self._take_view)
        self._offer_view()
        self.output, self.browse = QLineEdit(), QPushButton("Choose …")
        self.output.setPlaceholderText(OWN_FOLDERS)
        self.output.setAccessibleName("Folder for the files")
        self.problem = QLabel()
        self.problem.setWordWrap(True)
        self.problem.hide()
        self.buttons = ButtonBox(QDialogButtonBox.StandardButton.Cancel)
        self.go = self.buttons.addButton("Export", QDialogButtonBox.ButtonRole.AcceptRole)
        self.go.setProperty("role", "primary")
        self.go.setDefault(True)
        self.browse.setAutoDefault(False)
        self._lay_out()
        self.buttons.accepted.connect(self._try)
        self.buttons.rejected.connect(self.reject)
        self.browse.clicked.connect(self._choose_folder)

    def set_theme(self, theme: Theme) -> None:
        super().set_theme(theme)
        self.problem.setStyleSheet(f"color: {theme.alert};")

    def _lay_out(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(*(GRID_PX * 2,) * 4)
        column.setSpacing(GRID_PX)
        count = len(self._sessions)
        column.addWidget(_heading(f"{count} sessions" if count != 1 else self._sessions[0].name))
        grid = QGridLayout()
        grid.setHorizontalSpacing(GRID_PX * 3)
        rows = (len(self.formats) + 1) // 2
        for number, box in enumerate(self.formats.values()):
            grid.addWidget(box, number % rows, number // rows)
        column.addLayout(grid)
        column.addSpacing(GRID_PX)
        column.addWidget(_heading("How"))
        form = QFormLayout()
        form.setSpacing(GRID_PX)
        form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
        for choice in CHOICES:
            field = self.fields[choice.key]
            if isinstance(field, Combo):
                form.addRow(choice.label, field)
            else:
                if choice.key == _FROM:
                    form.addRow(self.only_in_view)
                form.addRow(field)
        column.addLayout(form)
        column.addSpacing(GRID_PX)
        column.addWidget(_heading("Where"))
        where = QHBoxLayout()
        where.addWidget(self.output, 1)
        where.addWidget(self.browse)
        column.addLayout(where)
        column.addWidget(self.problem)
        column.addWidget(self.buttons)
        self.setMinimumWidth(560)

    def _offer_view(self) -> None:
        """Before one is ticked, too, the numbers lie within the session."""
        for field, value in self._ends():
            field.number.setValue(value)

    def _take_view(self, wanted: bool) -> None:
        """The two numbers say what it means, and can be changed."""
        for field, value in self._ends():
            field.set_value(value if wanted else None)

    def _ends(self) -> Iterator[tuple[OptionalNumber, float]]:
        """The two fields of a span of time, and what is in view."""
        for key, value in zip((_FROM, _TO), self._in_view or (), strict=False):
            field = self.fields[key]
            if isinstance(field, OptionalNumber):
                yield field, round(value, 2)

    def _choose_folder(self) -> None:
        folder = QFileDialog.getExistingDirectory(self, "Folder for the files", self.output.text())
        if folder:
            self.output.setText(folder)

    def _try(self) -> None:
        """Closed only with a wish that can be carried out."""
        looks = tuple(look for look, box in self.formats.items() if box.isChecked())
        if not looks:
            self._say("Nothing is chosen. Tick at least one format.")
            return
        try:
            options = options_from({key: _value(field) for key, field in self.fields.items()})
        except SessionError as error:
            self._say(f"{error.message} {error.advice}")
            return
        text = self.output.text().strip()
        self.wish = ExportWish(self._sessions, looks, options, Path(text).expanduser() if text else None)
        self.accept()

    def _say(self, words: str) -> None:
        self.problem.setText(words)
        self.problem.show()


def _field(choice: Choice) -> Combo | OptionalNumber:
    if choice.ask is not Ask.ONE_OF:
        return OptionalNumber(choice)
    box = Combo()
    for value, words in choice.values:
        box.addItem(words, value)
    box.setToolTip(choice.help)
    box.setAccessibleName(choice.label)
    return box


def _value(field: Combo | OptionalNumber) -> object:
    return field.currentData() if isinstance(field, Combo) else field.value


def _heading(words: str) -> QLabel:
    label = QLabel(words)
    label.setProperty("role", "title")
    return label
