"""Where sessions go, and how much room there is: the folder, its drive's free space, and a button for another one."""

from __future__ import annotations

import math
from collections.abc import Callable
from concurrent.futures import Future
from pathlib import Path

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QLabel, QPushButton, QWidget

from desktop_affect.ui.elided import ElidedLabel
from desktop_affect.ui.theme import GRID_PX
from desktop_affect.ui.words import room_words

AskRoom = Callable[[Path], "Future[float]"]
"""The free space of a folder's drive in GB, soon: a drive that sleeps answers late."""
_LOOK_MS = 50


class FolderRow(QWidget):
    """`changed` when the person chose another folder."""

    changed = Signal()

    def __init__(self, folder: Path, ask: AskRoom | None) -> None:
        """`ask`: no room is told without it."""
        super().__init__()
        self.folder = folder
        self._ask = ask
        self._coming: Future[float] | None = None
        self.path, self.room, self.change = ElidedLabel(), QLabel(), QPushButton("Other folder …")
        self.room.setProperty("role", "muted")
        self.change.setAutoDefault(False)
        self.change.clicked.connect(self._choose)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(GRID_PX * 2)
        row.addWidget(QLabel("Folder"))
        row.addWidget(self.path, 1)
        row.addWidget(self.room)
        row.addWidget(self.change)
        self._look = QTimer(self)
        self._look.setInterval(_LOOK_MS)
        self._look.timeout.connect(self._take)
        self._show()

    def stop(self) -> None:
        """The dialog is closing."""
        self._look.stop()

    def use(self, folder: Path) -> None:
        self.folder = folder
        self._show()
        self.changed.emit()

    def _show(self) -> None:
        self.path.setText(str(self.folder))
        self.room.setText("")
        if self._ask is not None:
            self._coming = self._ask(self.folder)
            self._look.start()

    def _take(self) -> None:
        if self._coming is None or not self._coming.done():
            return
        self._look.stop()
        free_gb = self._coming.result() if self._coming.exception() is None else math.nan
        self.room.setText(room_words(free_gb))

    def _choose(self) -> None:
        chosen = QFileDialog.getExistingDirectory(self, "Where sessions are kept", str(self.folder))
        if chosen:
            self.use(Path(chosen))
