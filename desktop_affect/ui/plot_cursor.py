"""What moves over a plot and is not part of its picture: the crosshair, and a range that is being chosen with it."""

from __future__ import annotations

import math

from PySide6.QtCore import QLineF, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPen

from desktop_affect.ui.theme import Theme

# On both sides of a line, so that all of it is painted anew when it moves.
_AROUND_PX = 2


class PlotCursor:
    """Times in the plot's own seconds; NaN and None are not shown. Placed as the plot was when its picture was painted,
    also while that picture is shown stretched."""

    def __init__(self) -> None:
        self.at_s = math.nan
        self.pending: tuple[float, float] | None = None
        self.strong = False
        """It is the place where one is, not the one that one points at."""
        self._times = (0.0, 1.0)
        self._box = QRectF()
        self._size = QSize(1, 1)

    @property
    def shown(self) -> bool:
        return math.isfinite(self.at_s)

    def place(self, times: tuple[float, float], box: QRectF, size: QSize) -> None:
        """Which times the picture shows, where in it, and how large it is."""
        self._times, self._box, self._size = times, box, size

    def column(self, t_s: float, size: QSize) -> QRect:
        """What has to be painted when the line comes to this time or leaves it; `size` is that of the plot now."""
        if not math.isfinite(t_s):
            return QRect()
        return QRect(math.floor(self._x(t_s, size)) - _AROUND_PX, 0, 2 * _AROUND_PX + 1, size.height())

    def paint(self, painter: QPainter, theme: Theme, line: QPen, size: QSize) -> None:
        box = self._stretched(size)
        painter.setClipRect(box)
        if self.pending is not None:
            left, right = (self._x(t_s, size) for t_s in self.pending)
            painter.setPen(QPen(QColor(theme.accent), 1, Qt.PenStyle.DashLine))
            painter.drawRect(QRectF(left, box.top(), right - left, box.height() - 1))
        if self.shown:
            x = self._x(self.at_s, size)
            painter.setPen(line)
            painter.drawLine(QLineF(x, box.top(), x, box.bottom()))

    def _stretched(self, size: QSize) -> QRectF:
        across, down = size.width() / self._size.width(), size.height() / self._size.height()
        box = self._box
        return QRectF(box.left() * across, box.top() * down, box.width() * across, box.height() * down)

    def _x(self, t_s: float, size: QSize) -> float:
        (low, high), box = self._times, self._stretched(size)
        return box.left() + (t_s - low) / (high - low) * box.width()
