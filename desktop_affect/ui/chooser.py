"""The source chooser: the demo, the cameras by name, or a film."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QSize, Signal
from PySide6.QtWidgets import QFileDialog, QWidget

from desktop_affect.ui.backend import SourceOption
from desktop_affect.ui.combo import Combo

DEMO = SourceOption("demo", "Demo participant")
_OPEN_FILM = SourceOption("", "Open film …")
# What a camera's name asks for, and what it makes do with in a narrow window.
_USUAL_PX, _LEAST_PX = 220, 120
_FILMS = "Films (*.mp4 *.mov *.avi *.mkv *.webm *.m4v);;All files (*)"


class SourceChooser(Combo):
    """Emits `chosen` with the source as the command line takes it."""

    chosen = Signal(str)
    about_to_open = Signal()
    """The list is about to be shown: a good moment to look for cameras."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._cameras: tuple[SourceOption, ...] = ()
        self._film: SourceOption | None = None
        self._source = DEMO.source
        self.setMinimumWidth(_LEAST_PX)
        self.setAccessibleName("Source")
        self.setToolTip("Where the pictures come from")
        self.activated.connect(self._activated)
        self._fill()

    def sizeHint(self) -> QSize:
        return super().sizeHint().expandedTo(QSize(_USUAL_PX, 0))

    @property
    def source(self) -> str:
        return self._source

    def set_cameras(self, cameras: Sequence[SourceOption]) -> None:
        if tuple(cameras) == self._cameras:
            return
        self._cameras = tuple(cameras)
        is_open = self.view().isVisible()
        self._fill()
        if is_open:  # the list that lies open has the size of the old one
            self.hidePopup()
            super().showPopup()

    def set_source(self, source: str) -> None:
        """Show this one as chosen; a film or camera that is not listed gets a line."""
        self._source = source
        if source not in (option.source for option in self._options()):
            name = source.partition(":")[2] or "First camera" if source.startswith("camera") else Path(source).name
            self._film = SourceOption(source, name)
        self._fill()

    def showPopup(self) -> None:
        self.about_to_open.emit()
        super().showPopup()

    def _options(self) -> list[SourceOption]:
        film = [self._film] if self._film else []
        return [DEMO, *self._cameras, *film, _OPEN_FILM]

    def _fill(self) -> None:
        self.clear()
        for option in self._options():
            self.addItem(option.name, option.source)
        self.setCurrentIndex(max(self.findData(self._source), 0))

    def _activated(self, index: int) -> None:
        source = str(self.itemData(index))
        if not source:
            source, _ = QFileDialog.getOpenFileName(self, "Open film", "", _FILMS)
        if source:
            self.set_source(source)
            self.chosen.emit(source)
        else:
            self._fill()
