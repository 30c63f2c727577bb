"""What is drawn over a plot in pixels, so that texts and shapes keep their form: all of a kind in one item."""

from __future__ import annotations

import pyqtgraph as pg
from PySide6.QtCore import QRectF
from PySide6.QtGui import QFontMetrics, QPainter, QTransform

from desktop_affect.ui.theme import SMALL_PT, Theme, font


class OverPlot(pg.GraphicsObject):  # type: ignore[misc]  # pyqtgraph has no types
    """Redrawn whenever the plot shows another range."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._font = font(SMALL_PT)
        self._metrics = QFontMetrics(self._font)

    def set_theme(self, theme: Theme) -> None:
        self._theme = theme
        self.update()

    def boundingRect(self) -> QRectF:
        box = self.getViewBox()
        return QRectF() if box is None else QRectF(box.viewRect())

    def viewRangeChanged(self) -> None:
        self.prepareGeometryChange()
        self.update()

    def paint(self, painter: QPainter, *_: object) -> None:
        view, to_pixels = self.boundingRect(), QTransform(painter.transform())
        painter.resetTransform()
        painter.setFont(self._font)
        self.draw(painter, view, to_pixels, to_pixels.mapRect(view))

    def draw(self, painter: QPainter, view: QRectF, to_pixels: QTransform, place: QRectF) -> None:
        """In pixels, within `place`, which shows `view`."""
        raise NotImplementedError
