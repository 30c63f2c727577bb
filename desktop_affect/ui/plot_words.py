"""What stands in a plot in words: why a gap is a gap, and what a level means."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QTransform

from desktop_affect.sinks.history import Channel, Stretch
from desktop_affect.ui.over_plot import OverPlot
from desktop_affect.ui.theme import Theme

NO_FACE = "no face"
_AIR_PX = 4
# Below the middle, where neither the names of markers stand nor the line of zero runs.
_DOWN_SHARE = 0.72


class PlotWords(OverPlot):
    """Times in the plot's own seconds. A gap that is narrower than its words has none."""

    def __init__(self, theme: Theme) -> None:
        super().__init__(theme)
        self.gaps: list[tuple[float, float]] = []
        self._levels: dict[float, str] = {}

    def show_gaps(self, stretch: Stretch, begin_s: float) -> None:
        """Where nobody was seen."""
        gaps = [(low - begin_s, high - begin_s) for low, high in unseen(stretch)]
        if gaps != self.gaps:
            self.gaps = gaps
            self.update()

    def name_levels(self, levels: dict[float, str]) -> None:
        """Values, and what they are."""
        self._levels = levels
        self.update()

    def draw(self, painter: QPainter, view: QRectF, to_pixels: QTransform, place: QRectF) -> None:
        painter.setPen(QColor(self._theme.muted))
        for gap in self.gaps:
            left, right = (to_pixels.map(QPointF(t_s, 0.0)).x() for t_s in gap)
            self._name_gap(painter, max(left, place.left()), min(right, place.right()), place)
        for value, words in self._levels.items():
            y = to_pixels.map(QPointF(0.0, value)).y()
            if place.top() + self._metrics.ascent() < y < place.bottom():
                painter.drawText(QPointF(place.left() + _AIR_PX, y - _AIR_PX), words)

    def _name_gap(self, painter: QPainter, left: float, right: float, place: QRectF) -> None:
        """In two lines where one has no room."""
        room = right - left - 2 * _AIR_PX
        words = NO_FACE if room >= self._metrics.horizontalAdvance(NO_FACE) else NO_FACE.replace(" ", "\n")
        lines = words.split("\n")
        height = len(lines) * self._metrics.height()
        lowest = place.bottom() - self._metrics.height() - _AIR_PX  # below it the names of annotations stand
        top = min(place.top() + place.height() * _DOWN_SHARE, lowest - height)
        if room >= max(map(self._metrics.horizontalAdvance, lines)) and top >= place.top():
            box = QRectF(left, top, right - left, height)
            painter.drawText(box, Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignTop, words)


def unseen(stretch: Stretch) -> list[tuple[float, float]]:
    """Beginnings and ends of the times without a face; a silence of the camera is none of them."""
    if not len(stretch.t_s):
        return []
    gone = stretch.values[Channel.FACE] < 0.5  # not where it is unknown
    last = len(stretch.t_s) - 1
    return [(float(stretch.t_s[low]), float(stretch.t_s[min(high, last)])) for low, high in runs(gone)]


def runs(true: NDArray[np.bool_]) -> list[tuple[int, int]]:
    """First row, and the one behind the last, of every stretch of true rows."""
    edges = np.flatnonzero(np.diff(np.concatenate([[False], true, [False]]).astype(np.int8)))
    return [(int(low), int(high)) for low, high in zip(edges[::2], edges[1::2], strict=True)]
