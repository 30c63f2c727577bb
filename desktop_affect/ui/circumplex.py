"""Valence across, arousal up: where the person is, with a trail of the last seconds that fades."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFontMetrics, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QWidget

from desktop_affect.ui.theme import SMALL_PT, Theme, font

TRAIL_S = 8.0
TRAIL_POINTS = 96
# After Russell's circumplex, in words that one may read over somebody's shoulder.
QUADRANTS = ((-1, 1, "tense"), (1, 1, "excited"), (-1, -1, "subdued"), (1, -1, "calm"))
_LONGEST_NAME = "unpleasant"
_MARGIN_PX, _NAME_GAP_PX = 20, 6
# A circle that shares its row with the names has at least this much.
_LEAST_BESIDE_PX = 160


class Circumplex(QWidget):
    """Give it the trail, oldest first; the last point is now."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._trail: NDArray[np.float64] = np.empty((0, 2))
        self.setMinimumSize(160, 160)
        self.setAccessibleName("Circumplex of valence and arousal")

    def sizeHint(self) -> QSize:
        return QSize(240, 240)

    def set_theme(self, theme: Theme) -> None:
        self._theme = theme
        self.update()

    def show_trail(self, valence: NDArray[np.float32], arousal: NDArray[np.float32]) -> None:
        """NaN where nobody was seen; the trail has a gap there."""
        trail = np.column_stack((valence, arousal)).astype(np.float64)
        if not np.array_equal(trail, self._trail, equal_nan=True):
            self._trail = trail
            self.update()

    @property
    def now(self) -> tuple[float, float]:
        """What the dot shows; NaN when there is none."""
        return (float(self._trail[-1, 0]), float(self._trail[-1, 1])) if len(self._trail) else (math.nan, math.nan)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        side = min(self._room_across(), self.height() - 2 * _MARGIN_PX)
        square = QRectF((self.width() - side) / 2, (self.height() - side) / 2, side, side)
        self._paint_ground(painter, square)
        self._paint_trail(painter, square)

    def _room_across(self) -> int:
        """Beside the names at its ends; without them where it would become too small."""
        names = QFontMetrics(font(SMALL_PT)).horizontalAdvance(_LONGEST_NAME) + _NAME_GAP_PX
        beside = self.width() - 2 * names
        return beside if beside >= _LEAST_BESIDE_PX else self.width() - 2 * _MARGIN_PX

    def _paint_ground(self, painter: QPainter, square: QRectF) -> None:
        painter.setPen(QPen(QColor(self._theme.line), 1))
        painter.drawEllipse(square)
        painter.drawLine(QPointF(square.left(), square.center().y()), QPointF(square.right(), square.center().y()))
        painter.drawLine(QPointF(square.center().x(), square.top()), QPointF(square.center().x(), square.bottom()))
        painter.setFont(font(SMALL_PT))
        painter.setPen(QColor(self._theme.muted))
        for x, y, name in QUADRANTS:
            centre = _place(square, x * 0.42, y * 0.5)
            painter.drawText(QRectF(centre.x() - 50, centre.y() - 10, 100, 20), Qt.AlignmentFlag.AlignCenter, name)
        self._paint_axis_names(painter, square)

    def _paint_axis_names(self, painter: QPainter, square: QRectF) -> None:
        centre = Qt.AlignmentFlag.AlignHCenter
        middle = Qt.AlignmentFlag.AlignVCenter
        x, y = square.center().x(), square.center().y()
        painter.setPen(QColor(self._theme.arousal))
        painter.drawText(QRectF(x - 60, square.top() - 18, 120, 16), centre | middle, "aroused")
        painter.setPen(QColor(self._theme.valence))
        width = (self.width() - square.width()) / 2 - _NAME_GAP_PX
        if width >= painter.fontMetrics().horizontalAdvance(_LONGEST_NAME):
            left = QRectF(square.left() - width - _NAME_GAP_PX, y - 10, width, 20)
            painter.drawText(left, Qt.AlignmentFlag.AlignRight | middle, _LONGEST_NAME)
            right = QRectF(square.right() + _NAME_GAP_PX, y - 10, width, 20)
            painter.drawText(right, Qt.AlignmentFlag.AlignLeft | middle, "pleasant")

    def _paint_trail(self, painter: QPainter, square: QRectF) -> None:
        count = len(self._trail)
        points = [_place(square, float(v), float(a)) for v, a in np.clip(self._trail, -1, 1)]
        colour = QColor(self._theme.text)
        pen = QPen(colour, 2)
        pen.setCapStyle(Qt.PenCapStyle.RoundCap)
        for i in range(1, count):
            if np.isfinite(self._trail[i - 1 : i + 1]).all():
                colour.setAlphaF(0.6 * (i / count) ** 2)
                pen.setColor(colour)
                painter.setPen(pen)
                painter.drawLine(points[i - 1], points[i])
        if count and np.isfinite(self._trail[-1]).all():
            painter.setPen(QPen(QColor(self._theme.surface), 2))
            painter.setBrush(QColor(self._theme.text))
            painter.drawEllipse(points[-1], 7, 7)


def _place(square: QRectF, valence: float, arousal: float) -> QPointF:
    half = square.width() / 2
    return QPointF(square.center().x() + valence * half, square.center().y() - arousal * half)
