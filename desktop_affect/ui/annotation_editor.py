"""One annotation: what it says, its category and look, and when it begins and ends."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QFormLayout,
    QLabel,
    QLineEdit,
    QVBoxLayout,
    QWidget,
)

from desktop_affect.core.types import NAN
from desktop_affect.session.annotations import Annotation, made
from desktop_affect.ui import annotation_style
from desktop_affect.ui.button_box import ButtonBox
from desktop_affect.ui.check_box import CheckBox
from desktop_affect.ui.combo import Combo
from desktop_affect.ui.spin_box import NumberField
from desktop_affect.ui.theme import GRID_PX, Theme
from desktop_affect.ui.words import clock_label


class AnnotationEditor(QDialog):
    """`annotation()` is what it says when it is accepted: a new version, with this person and this moment in it."""

    def __init__(
        self,
        annotation: Annotation,
        categories: Mapping[str, int],
        end_s: float,
        theme: Theme,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._before = annotation
        self._categories = categories
        self.setWindowTitle("Annotation")
        self.text = QLineEdit(annotation.text)
        self.category = Combo()
        self.category.setEditable(True)
        self.category.addItems(list(categories))
        self.category.setCurrentText(annotation.category)
        self.style_box = Combo()
        for number, name in enumerate(annotation_style.NAMES):
            self.style_box.addItem(annotation_style.icon(number, theme), name)
        self.style_box.setCurrentIndex(annotation.style % len(annotation_style.NAMES))
        self.begin, self.end = _seconds(annotation.begin_s, end_s), _seconds(annotation.begin_s, end_s)
        self.is_range = CheckBox("It is a range")
        self.is_range.setChecked(annotation.is_range)
        self.end.setEnabled(annotation.is_range)
        if annotation.is_range:
            self.end.setValue(annotation.end_s)
        self.is_range.toggled.connect(self.end.setEnabled)
        self.category.currentTextChanged.connect(self._take_style)
        self._lay_out()

    def annotation(self) -> Annotation:
        end_s = self.end.value() if self.is_range.isChecked() else NAN
        fresh = made(
            self.begin.value(), end_s, self.text.text().strip(), self.category.currentText().strip(),
            self.style_box.currentIndex(),
        )  # fmt: skip
        return replace(fresh, id=self._before.id)

    def _lay_out(self) -> None:
        form = QFormLayout()
        form.setLabelAlignment(Qt.AlignmentFlag.AlignLeft)
        form.setSpacing(GRID_PX)
        form.setHorizontalSpacing(GRID_PX * 2)
        for words, widget in (
            ("&Text", self.text), ("&Category", self.category), ("&Look", self.style_box), ("&Begins at", self.begin),
            ("", self.is_range), ("&Ends at", self.end),
        ):  # fmt: skip
            form.addRow(words, widget)
        buttons = ButtonBox(QDialogButtonBox.StandardButton.Save | QDialogButtonBox.StandardButton.Cancel)
        buttons.button(QDialogButtonBox.StandardButton.Save).setProperty("role", "primary")
        buttons.accepted.connect(self.accept)
        buttons.rejected.connect(self.reject)
        column = QVBoxLayout(self)
        column.setContentsMargins(*(GRID_PX * 2,) * 4)
        column.setSpacing(GRID_PX * 2)
        if self._before.author:
            by = QLabel(f"Written by {self._before.author}, {self._before.wall_utc[:16].replace('T', ' ')} UTC")
            by.setProperty("role", "small")
            column.addWidget(by)
        column.addLayout(form)
        column.addWidget(buttons)
        self.setMinimumWidth(420)
        self.text.setFocus()

    def _take_style(self, category: str) -> None:
        """A category looks the same everywhere unless somebody wants it otherwise."""
        if category in self._categories:
            self.style_box.setCurrentIndex(self._categories[category])


def _seconds(value_s: float, end_s: float) -> NumberField:
    box = NumberField()
    box.setDecimals(3)
    box.setRange(0.0, max(end_s, value_s))
    box.setSuffix(" s")
    box.setSingleStep(0.1)
    box.setValue(value_s)
    box.setToolTip(f"The session ends at {clock_label(end_s)}")
    return box
