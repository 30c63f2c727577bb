"""The row of buttons at the foot of a dialog, with words alone: some desktops let Qt put icons on OK and Cancel, and a
style sheet can forbid that only where it is worn before the buttons are made."""

from __future__ import annotations

from PySide6.QtGui import QIcon
from PySide6.QtWidgets import QDialogButtonBox


class ButtonBox(QDialogButtonBox):
    """Made with all its standard buttons; those that are added later bring their own words and no icon."""

    def __init__(self, buttons: QDialogButtonBox.StandardButton) -> None:
        super().__init__(buttons)
        for button in self.buttons():
            button.setIcon(QIcon())
