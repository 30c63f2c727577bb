"""The choice of a model: those that are installed, by name, and a folder from elsewhere, which is added first."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import Future
from pathlib import Path

from PySide6.QtCore import QTimer, Signal
from PySide6.QtGui import QStandardItemModel
from PySide6.QtWidgets import QFileDialog, QWidget

from desktop_affect.core.errors import AffectError
from desktop_affect.ui.backend import ModelOption, Shelf
from desktop_affect.ui.combo import Combo

AUTOMATIC = "automatic"
OTHER_FOLDER = "Other folder …"
_LOOK_MS = 50


class ModelField(Combo):
    """`name` is what the setting holds. A name that is not installed stays chosen, and says so."""

    said = Signal(str)
    """What became of a folder; a problem in words."""

    def __init__(self, shelf: Shelf, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._shelf = shelf
        self._wanted = AUTOMATIC
        self._options: tuple[ModelOption, ...] | None = None
        self._listing: Future[Sequence[ModelOption]] | None = shelf.listed()
        self._adding: Future[str] | None = None
        self.choose_folder: Callable[[], str] = self._ask
        self._timer = QTimer(self)
        self._timer.setInterval(_LOOK_MS)
        self._timer.timeout.connect(self.look)
        self._timer.start()
        self.activated.connect(self._activated)
        self._fill()

    @property
    def name(self) -> str:
        return self._wanted

    def show_name(self, name: str) -> None:
        self._wanted = name
        self._fill()

    def look(self) -> None:
        """Take what has been answered meanwhile."""
        if self._adding is not None and self._adding.done():
            added, self._adding = self._adding, None
            self._take_added(added)
        if self._listing is not None and self._listing.done():
            listing, self._listing = self._listing, None
            self._options = tuple(listing.result()) if listing.exception() is None else ()
            self._fill()
        if self._listing is None and self._adding is None:
            self._timer.stop()

    def _take_added(self, added: Future[str]) -> None:
        problem = added.exception()
        if isinstance(problem, AffectError):
            self.said.emit(f"{problem.message} {problem.advice}".strip())
        elif problem is not None:
            self.said.emit(f"The folder could not be added: {problem}")
        else:
            self._wanted = added.result()
            self.said.emit(f"“{self._wanted}” was added to your models.")
            self._listing = self._shelf.listed()
        self._fill()

    def _fill(self) -> None:
        self.clear()
        self.addItem(AUTOMATIC, AUTOMATIC)
        for option in self._options or ():
            self.addItem(option.words, option.name)
            model = self.model()
            if isinstance(model, QStandardItemModel):
                model.item(self.count() - 1).setEnabled(option.whole)
        if self.findData(self._wanted) < 0:
            missing = self._options is not None and self._adding is None
            self.addItem(f"{self._wanted} (not installed)" if missing else self._wanted, self._wanted)
        self.insertSeparator(self.count())
        self.addItem(OTHER_FOLDER, "")
        self.setCurrentIndex(self.findData(self._wanted))

    def _activated(self, index: int) -> None:
        name = str(self.itemData(index) or "")
        if name:
            self._wanted = name
            return
        folder = self.choose_folder()
        if folder:
            self._adding = self._shelf.add(Path(folder))
            self.said.emit(f"Looking at “{folder}” …")
            self._timer.start()
        self._fill()

    def _ask(self) -> str:
        return QFileDialog.getExistingDirectory(self, "A model's folder, with its model.toml")
