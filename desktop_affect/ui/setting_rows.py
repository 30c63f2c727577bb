"""One line of the settings: name, a field of the right kind, the unit, and what it does."""

from __future__ import annotations

import math

from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QDoubleSpinBox,
    QGridLayout,
    QLabel,
    QLineEdit,
    QSpinBox,
    QWidget,
)

from desktop_affect.core.settings import Setting, Value
from desktop_affect.ui.check_box import CheckBox
from desktop_affect.ui.combo import Combo
from desktop_affect.ui.model_field import ModelField
from desktop_affect.ui.spin_box import NumberField, WholeField
from desktop_affect.ui.theme import GRID_PX

_FIELD_PX = 200
# Qt's spin boxes need some bound.
_UNBOUNDED = 1_000_000
_CHOICE_WORDS = {"cpu": "CPU", "gpu": "GPU", "npu": "NPU"}
_UNIT_WORDS = {"1/s": "per second", "1/min": "per minute"}


class SettingRow(QWidget):
    """Shows one `Setting`."""

    def __init__(self, setting: Setting, value: Value, field: QWidget | None = None) -> None:
        """`field`: one of its own kind, instead of what the default's type asks for."""
        super().__init__()
        self.setting = setting
        self.searchable = f"{setting.key} {setting.label} {setting.help}".lower()
        self.field = field or make_field(setting)
        self.field.setAccessibleName(setting.label)
        self.field.setFixedWidth(_FIELD_PX)
        about = setting.help + ("  Takes effect at the next start." if setting.restart else "")
        text = QLabel(about)
        text.setWordWrap(True)
        text.setProperty("role", "small")
        name = QLabel(setting.label)
        name.setBuddy(self.field)
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, GRID_PX, GRID_PX)
        grid.setHorizontalSpacing(GRID_PX * 2)
        grid.setVerticalSpacing(2)
        grid.setColumnStretch(0, 1)
        grid.addWidget(name, 0, 0)
        grid.addWidget(text, 1, 0)
        grid.addWidget(self.field, 0, 1, 2, 1)
        self.show_value(value)

    def show_value(self, value: Value) -> None:
        field = self.field
        if isinstance(field, ModelField):
            field.show_name(str(value))
        elif isinstance(field, QCheckBox):
            field.setChecked(bool(value))
        elif isinstance(field, QComboBox):
            field.setCurrentIndex(max(field.findData(str(value)), 0))
        elif isinstance(field, QSpinBox):
            field.setValue(int(value))
        elif isinstance(field, QDoubleSpinBox):
            field.setValue(float(value))
        elif isinstance(field, QLineEdit):
            field.setText(str(value))

    def value(self) -> Value:
        field = self.field
        if isinstance(field, ModelField):
            return field.name
        if isinstance(field, QCheckBox):
            return field.isChecked()
        if isinstance(field, QComboBox):
            return str(field.currentData())
        if isinstance(field, QSpinBox | QDoubleSpinBox):
            return field.value()
        if isinstance(field, QLineEdit):
            return field.text()
        raise TypeError(f"no way to read a {type(field).__name__}")


def make_field(setting: Setting) -> QWidget:
    """The right kind of field for the default's type."""
    default = setting.default
    if isinstance(default, bool):
        return CheckBox("on")
    if setting.choices:
        box = Combo()
        for choice in setting.choices:
            box.addItem(_CHOICE_WORDS.get(choice, choice), choice)
        return box
    if isinstance(default, int):
        whole = WholeField()
        whole.setRange(int(_bound(setting.minimum)), int(_bound(setting.maximum)))
        return _with_unit(whole, setting.unit)
    if isinstance(default, float):
        number = NumberField()
        number.setRange(_bound(setting.minimum), _bound(setting.maximum))
        number.setDecimals(3 if _bound(setting.maximum) <= 10 else 1)
        number.setSingleStep(0.05 if _bound(setting.maximum) <= 10 else 1.0)
        return _with_unit(number, setting.unit)
    return QLineEdit()


def _with_unit(field: QSpinBox | QDoubleSpinBox, unit: str) -> QWidget:
    field.setSuffix(f" {_UNIT_WORDS.get(unit, unit)}" if unit else "")
    return field


def _bound(value: float) -> float:
    return value if math.isfinite(value) else math.copysign(_UNBOUNDED, value)
