"""The picture at the cursor with the box of the face, or the reason why there is none."""

from __future__ import annotations

import math

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QLabel, QSizePolicy, QVBoxLayout, QWidget

from desktop_affect.core.types import Box, RgbImage, Sample
from desktop_affect.ui.overlay import Placement, paint_box
from desktop_affect.ui.picture import draw_picture, fit
from desktop_affect.ui.theme import DARK, GRID_PX, Theme


class PicturePane(QWidget):
    """Boxes are in pixels of what was analysed: a film of another size is measured against it."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._pixels: RgbImage | None = None
        self._sample: Sample | None = None
        self._analysed_px = (0, 0)
        self.boxed = True
        self.words = QLabel()
        self.words.setProperty("role", "muted")
        self.words.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.words.setWordWrap(True)
        column = QVBoxLayout(self)
        column.setContentsMargins(*(GRID_PX * 2,) * 4)
        column.addWidget(self.words)
        self.setMinimumSize(240, 135)
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setSizePolicy(policy)
        self.setAccessibleName("Picture at the cursor")

    def sizeHint(self) -> QSize:
        return QSize(400, 225)

    @property
    def pixels(self) -> RgbImage | None:
        """What is shown."""
        return self._pixels

    def set_theme(self, theme: Theme) -> None:
        self._theme = theme
        self.update()

    def set_analysed(self, width_px: int, height_px: int) -> None:
        """How large the pictures were that the boxes lie on."""
        self._analysed_px = (width_px, height_px)

    def say(self, words: str) -> None:
        """In place of a picture."""
        self._pixels = None
        self.words.setText(words)
        self.words.show()
        self.update()

    def show_picture(self, pixels: RgbImage) -> None:
        self._pixels = pixels
        self.words.hide()
        self.update()

    def show_sample(self, sample: Sample | None) -> None:
        self._sample = sample
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), QColor(self._theme.surface))
        if self._pixels is None:
            return
        height, width = self._pixels.shape[:2]
        place = fit(self.width(), self.height(), width, height, mirrored=False)
        draw_picture(painter, self._pixels, place)
        if self.boxed and self._sample is not None and self._sample.face is not None:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            self._paint_box(painter, self._sample.face.box, place, width)

    def _paint_box(self, painter: QPainter, box: Box, place: Placement, width_px: int) -> None:
        analysed_px = self._analysed_px[0] or width_px
        scaled = Placement(place.rect, place.scale * width_px / analysed_px)
        if all(map(math.isfinite, box)):
            # On a picture the bright accent is the one that is seen, in either theme.
            paint_box(painter, scaled.place_box(box), QColor(DARK.accent))
