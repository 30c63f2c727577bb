"""Number fields with air before the number: a style sheet that leaves the arrows out makes Qt forget the padding."""

from __future__ import annotations

from PySide6.QtWidgets import QDoubleSpinBox, QSpinBox

from desktop_affect.ui.theme import GRID_PX


class WholeField(QSpinBox):
    """Whole numbers. Keys and the wheel turn it; its arrows, which are smaller than a finger, are left out."""

    def __init__(self) -> None:
        super().__init__()
        self.lineEdit().setTextMargins(GRID_PX, 0, 0, 0)


class NumberField(QDoubleSpinBox):
    """See `WholeField`."""

    def __init__(self) -> None:
        super().__init__()
        self.lineEdit().setTextMargins(GRID_PX, 0, 0, 0)
