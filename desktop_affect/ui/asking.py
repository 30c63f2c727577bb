"""One question before something is ended: its two buttons say what happens, and Enter or Esc is the safe one."""

from __future__ import annotations

from PySide6.QtWidgets import QMessageBox, QWidget

GO_ON = "Go on"


def question(parent: QWidget, what: str, text: str) -> tuple[QMessageBox, QWidget]:
    """The box and its button for yes. `text` ends with a question mark and says what that button does."""
    box = QMessageBox(QMessageBox.Icon.NoIcon, "Desktop Affect", what, QMessageBox.StandardButton.NoButton, parent)
    box.setInformativeText(text)
    yes = box.addButton(text.rstrip("?"), QMessageBox.ButtonRole.AcceptRole)
    no = box.addButton(GO_ON, QMessageBox.ButtonRole.RejectRole)
    box.setDefaultButton(no)
    box.setEscapeButton(no)
    return box, yes


def ask(parent: QWidget, what: str, text: str) -> bool:
    """Waits for the answer."""
    box, yes = question(parent, what, text)
    box.exec()
    answer = box.clickedButton() is yes
    box.deleteLater()
    return answer
