"""Annotations on a plot over time: ranges as patterned bands, events as lines with a diamond, all in one item."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QPainter, QPen, QPolygonF, QTransform

from desktop_affect.session.annotations import Annotation
from desktop_affect.ui import annotation_style
from desktop_affect.ui.over_plot import OverPlot
from desktop_affect.ui.theme import Theme

_GAP_PX = 4.0
_DIAMOND_PX = 5.0


class AnnotationMarks(OverPlot):
    """Labels stand at the bottom, clear of those of markers and alerts; one that would cover another is left out."""

    def __init__(self, theme: Theme, labelled: bool) -> None:
        super().__init__(theme)
        self._labelled = labelled
        self._annotations: tuple[Annotation, ...] = ()
        self.setZValue(-6)

    def show_annotations(self, annotations: Sequence[Annotation]) -> None:
        self._annotations = tuple(annotations)
        self.update()

    def draw(self, painter: QPainter, view: QRectF, to_pixels: QTransform, place: QRectF) -> None:
        free_from_px = place.left()
        for found in self._annotations:
            end_s = found.end_s if found.is_range else found.begin_s
            if end_s >= view.left() and found.begin_s <= view.right():
                band = _band(to_pixels, place, found.begin_s, end_s)
                self._mark(painter, band, found)
                free_from_px = self._label(painter, band, found, place, free_from_px)

    def _mark(self, painter: QPainter, band: QRectF, found: Annotation) -> None:
        if found.is_range:
            annotation_style.paint(painter, band, found.style, self._theme)
            return
        hue = annotation_style.colour(found.style, self._theme)
        painter.setPen(QPen(hue, 1))
        painter.drawLine(band.topLeft(), band.bottomLeft())
        painter.setBrush(hue)
        x, y = band.left(), band.bottom() - _DIAMOND_PX
        painter.drawPolygon(
            QPolygonF(
                [
                    QPointF(x, y - _DIAMOND_PX), QPointF(x + _DIAMOND_PX, y),
                    QPointF(x, y + _DIAMOND_PX), QPointF(x - _DIAMOND_PX, y),
                ]
            )
        )  # fmt: skip

    def _label(self, painter: QPainter, band: QRectF, found: Annotation, place: QRectF, free_from_px: float) -> float:
        text = found.label
        left = max(band.left(), place.left()) + _GAP_PX + (0 if found.is_range else _DIAMOND_PX)
        width = float(self._metrics.horizontalAdvance(text))
        if not self._labelled or not text or left < free_from_px or left + width > place.right():
            return free_from_px
        painter.setPen(annotation_style.colour(found.style, self._theme))
        painter.drawText(QPointF(left, place.bottom() - _GAP_PX), text)
        return left + width + _GAP_PX


def _band(to_pixels: QTransform, place: QRectF, begin_s: float, end_s: float) -> QRectF:
    left = max(to_pixels.map(QPointF(begin_s, 0.0)).x(), place.left() - 10)
    right = min(to_pixels.map(QPointF(end_s, 0.0)).x(), place.right() + 10)
    return QRectF(left, place.top(), right - left, place.height())
