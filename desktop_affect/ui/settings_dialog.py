"""The settings, made from the one table: a page per group, a line per row, with search, reset, import and export."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QDialogButtonBox,
    QFileDialog,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from desktop_affect.core.errors import SettingsError
from desktop_affect.core.settings import Setting, Settings, Value, from_document, to_document
from desktop_affect.ui.backend import Shelf
from desktop_affect.ui.button_box import ButtonBox
from desktop_affect.ui.dressing import ThemedDialog
from desktop_affect.ui.in_turns import InTurns
from desktop_affect.ui.model_field import ModelField
from desktop_affect.ui.setting_rows import SettingRow
from desktop_affect.ui.theme import GRID_PX, Theme

GROUP_WORDS: Mapping[str, str] = {
    "camera": "Camera",
    "model": "Model",
    "recording": "Recording",
    "window": "Window",
    "markers": "Marker keys",
}
ALSO_CALLED: Mapping[str, str] = {
    "recording": "privacy storage",
    "window": "appearance theme privacy",
    "markers": "hotkeys shortcuts",
    "quality": "thresholds",
    "hesitancy": "thresholds alerts",
}
"""What people look for that no row is called."""
_MODEL = "model.name"
_FILES = "Settings (*.json)"
# Rows that are made in one turn, in 4 ms: a screenful in six.
_ROWS_AT_ONCE = 2


class SettingsDialog(ThemedDialog):
    """`apply` is called with the new settings when the person says OK."""

    def __init__(
        self,
        settings: Settings,
        apply: Callable[[Settings], None],
        theme: Theme,
        parent: QWidget | None = None,
        shelf: Shelf | None = None,
        *,
        words: str = "",
    ) -> None:
        """Without a shelf of models their name is typed. `words`: what is looked for."""
        super().__init__(theme, parent)
        self.setWindowTitle("Settings")
        self.resize(720, 640)
        self._settings = settings
        self._apply = apply
        self._shelf = shelf
        self.search = QLineEdit(words)
        self.search.setPlaceholderText("Search")
        self.search.setAccessibleName("Search the settings")
        self.search.setClearButtonEnabled(True)
        self.problem = QLabel()
        self.problem.setWordWrap(True)
        self._rows: dict[str, SettingRow] = {}
        self._heads: dict[str, QLabel] = {}
        self._inside = QVBoxLayout()
        self._making = InTurns(self)
        column = QVBoxLayout(self)
        column.setContentsMargins(*(GRID_PX * 2,) * 4)
        column.setSpacing(GRID_PX)
        column.addWidget(self.search)
        column.addWidget(self._pages(), 1)
        column.addWidget(self.problem)
        column.addLayout(self._foot())
        self.search.textChanged.connect(self._filter)
        table = settings.table
        parts = [table[first : first + _ROWS_AT_ONCE] for first in range(0, len(table), _ROWS_AT_ONCE)]
        self._making.begin(*(partial(self._add_rows, part) for part in parts))

    @property
    def rows(self) -> Mapping[str, SettingRow]:
        """All of them; those that were still to come are made at once."""
        self._making.finish()
        return self._rows

    def _add_rows(self, settings: Sequence[Setting]) -> None:
        for setting in settings:
            group = setting.key.partition(".")[0]
            if group not in self._heads:
                self._heads[group] = _head(group)
                self._add(self._heads[group])
            row = self._rows[setting.key] = self._row(setting, self._settings[setting.key], self._shelf)
            self._add(row)
        self._filter(self.search.text())
        page = self._inside.parentWidget()
        if page is not None:  # grown now: a turn later, its rows would be squeezed meanwhile
            page.resize(page.width(), page.heightForWidth(page.width()))

    def _add(self, widget: QWidget) -> None:
        """Above the air at the end."""
        self._inside.insertWidget(self._inside.count() - 1, widget)

    def _row(self, setting: Setting, value: Value, shelf: Shelf | None) -> SettingRow:
        if setting.key != _MODEL or shelf is None:
            return SettingRow(setting, value)
        field = ModelField(shelf)
        field.said.connect(self.problem.setText)
        return SettingRow(setting, value, field)

    def _pages(self) -> QScrollArea:
        inside = QWidget()
        inside.setLayout(self._inside)
        self._inside.setContentsMargins(0, 0, 0, 0)
        self._inside.setSpacing(GRID_PX)
        self._inside.addStretch(1)
        area = QScrollArea()
        area.setWidgetResizable(True)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        area.setWidget(inside)
        return area

    def _foot(self) -> QHBoxLayout:
        foot = QHBoxLayout()
        for text, action in (("Defaults", self.reset), ("Import …", self._import), ("Export …", self._export)):
            button = QPushButton(text)
            button.setAutoDefault(False)
            button.clicked.connect(action)
            foot.addWidget(button)
        foot.addStretch(1)
        buttons = ButtonBox(QDialogButtonBox.StandardButton.Ok | QDialogButtonBox.StandardButton.Cancel)
        buttons.button(QDialogButtonBox.StandardButton.Ok).setProperty("role", "primary")
        buttons.accepted.connect(self.accept)
        buttons.rejected.connect(self.reject)
        foot.addWidget(buttons)
        return foot

    def chosen(self) -> Settings:
        """What the rows show; raises SettingsError."""
        return self._settings.with_changes({key: row.value() for key, row in self.rows.items()})

    def accept(self) -> None:
        try:
            chosen = self.chosen()
        except SettingsError as error:
            self.problem.setText(error.message)
            return
        self._apply(chosen)
        super().accept()

    def reset(self) -> None:
        for row in self.rows.values():
            row.show_value(row.setting.default)

    def read_file(self, path: Path) -> None:
        """Show what a file holds; what is wrong with it is told."""
        try:
            document = json.loads(path.read_text(encoding="utf-8"))
        except OSError as error:
            self.problem.setText(f"{path.name} cannot be read ({error.strerror or error}). Nothing was changed.")
            return
        except ValueError:
            document = None
        if not isinstance(document, dict) or not isinstance(document.get("values"), dict):
            self.problem.setText(f"{path.name} is not a file of settings, or it is damaged. Nothing was changed.")
            return
        loaded = from_document(self._settings.table, document)
        for key, row in self.rows.items():
            row.show_value(loaded.settings[key])
        self.problem.setText("\n".join(loaded.problems))

    def write_file(self, path: Path) -> None:
        """What the rows show, as a file that can be imported elsewhere."""
        try:
            path.write_text(json.dumps(to_document(self.chosen()), indent=2) + "\n", encoding="utf-8")
        except OSError as error:
            self.problem.setText(f"{path.name} could not be written ({error.strerror or error}).")
        except SettingsError as error:
            self.problem.setText(error.message)
        else:
            self.problem.setText(f"Written: {path}")

    def _import(self) -> None:
        name, _ = QFileDialog.getOpenFileName(self, "Import settings", "", _FILES)
        if name:
            self.read_file(Path(name))

    def _export(self) -> None:
        name, _ = QFileDialog.getSaveFileName(self, "Export settings", "desktop-affect-settings.json", _FILES)
        if name:
            self.write_file(Path(name))

    def _filter(self, text: str) -> None:
        words = text.lower().split()
        shown = set()
        for key, row in self._rows.items():
            group = key.partition(".")[0]
            said = f"{row.searchable} {group_title(group).lower()} {ALSO_CALLED.get(group, '')}"
            fits = all(word in said for word in words)
            row.setVisible(fits)
            if fits:
                shown.add(key.partition(".")[0])
        for group, head in self._heads.items():
            head.setVisible(group in shown)


def _head(group: str) -> QLabel:
    head = QLabel(group_title(group))
    head.setProperty("role", "title")
    head.setContentsMargins(0, GRID_PX, 0, 0)
    return head


def group_title(group: str) -> str:
    return GROUP_WORDS.get(group, group.replace("_", " ").capitalize())
