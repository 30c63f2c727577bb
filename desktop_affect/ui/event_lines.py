"""Labelled vertical lines for markers and alerts, all in one item: hundreds of single ones made scrolling stutter."""

from __future__ import annotations

from PySide6.QtCore import QLineF, QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen, QTransform

from desktop_affect.ui.over_plot import OverPlot
from desktop_affect.ui.theme import Theme

# A marker a second for a quarter of an hour; the oldest go, the session keeps them all.
_MOST = 1000
_GAP_PX = 4
# Closer together on average than this, whole lines would hide the curves: then they are ticks at the upper edge.
_CLOSE_PX = 12
_TICK_PX = 8


class EventLines(OverPlot):
    """Times in the plot's own seconds. A label that would cover its neighbour's is left out."""

    def __init__(self, theme: Theme) -> None:
        super().__init__(theme)
        self._marks: list[tuple[float, str, str]] = []

    @property
    def marks(self) -> list[tuple[float, str]]:
        """Time and text of every line."""
        return [(t_s, text) for t_s, text, _ in self._marks]

    def add(self, t_s: float, text: str, colour_name: str) -> None:
        self._marks.append((t_s, text, colour_name))
        del self._marks[:-_MOST]
        self.update()

    def clear(self) -> None:
        self._marks.clear()
        self.update()

    def draw(self, painter: QPainter, view: QRectF, to_pixels: QTransform, place: QRectF) -> None:
        shown = [(to_pixels.m11() * t_s + to_pixels.dx(), text, colour) for t_s, text, colour in self._marks
                 if view.left() <= t_s <= view.right()]  # fmt: skip
        bottom = place.bottom() if len(shown) * _CLOSE_PX <= place.width() else place.top() + _TICK_PX
        for colour_name in dict.fromkeys(colour for _, _, colour in shown):
            painter.setPen(QPen(QColor(getattr(self._theme, colour_name)), 1, Qt.PenStyle.DashLine))
            painter.drawLines([QLineF(x, place.top(), x, bottom) for x, _, colour in shown if colour == colour_name])
        free_from_px = place.left()
        for x, text, colour_name in shown:
            if text and x + _GAP_PX >= free_from_px:
                painter.setPen(QColor(getattr(self._theme, colour_name)))
                free_from_px = self._label(painter, x, text, place, free_from_px)

    def _label(self, painter: QPainter, x: float, text: str, place: QRectF, free_from_px: float) -> float:
        """Right of the line, or left of it where the picture ends; returns where the next label may begin."""
        width = self._metrics.horizontalAdvance(text)
        left = x + _GAP_PX if x + _GAP_PX + width <= place.right() else x - _GAP_PX - width
        if left < free_from_px:
            return free_from_px
        painter.drawText(QPointF(left, place.top() + self._metrics.ascent() + _GAP_PX), text)
        return left + width + _GAP_PX
