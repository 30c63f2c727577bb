"""Rows of a code, plain words, a bar with a tick at the threshold and at the recent peak, and a light for presence.

After a calibration a bar begins at a notch, the participant's own neutral, and grows from there: what the model saw at
rest is not taken for movement. Numbers are always measured from that neutral.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QWidget

from desktop_affect.signals.baseline import LEAST_ROOM
from desktop_affect.ui.theme import BODY_PT, GRID_PX, SMALL_PT, Theme, font, mixed

ROW_PX = 22
PEAK_HOLD_S = 2.0
PEAK_FALL_PER_S = 0.5
# A peak that is not above its bar says nothing, and twelve bright ticks at zero are not calm.
_PEAK_APART = 0.02


@dataclass(frozen=True, slots=True)
class BarRow:
    """What a row is called."""

    key: str
    code: str
    words: str
    """May be empty."""


class PeakHold:
    """Keeps each bar's highest value for two seconds, then lets it sink."""

    def __init__(self) -> None:
        self._peaks: dict[str, tuple[float, float]] = {}

    def feed(self, key: str, value: float, now_s: float) -> float:
        """The peak to show; NaN while there is no value."""
        if math.isnan(value):
            self._peaks.pop(key, None)
            return value
        peak, since_s = self._peaks.get(key, (value, now_s))
        fallen = peak - max(now_s - since_s - PEAK_HOLD_S, 0.0) * PEAK_FALL_PER_S
        if value >= fallen:
            self._peaks[key] = (value, now_s)
            return value
        return fallen


def placed(value: float, rest: float) -> float:
    """Where a corrected value lies on the bar, 0..1: the formula of the correction the other way round."""
    place = rest + value * max(1.0 - rest, LEAST_ROOM)
    return min(max(place, 0.0), 1.0) if math.isfinite(place) else math.nan


class Bars(QWidget):
    """Values 0..1 in two columns. Absent values are drawn as absent, not as zero."""

    def __init__(self, rows: Sequence[BarRow], theme: Theme, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._rows = tuple(rows)
        self._order = self._rows
        self._theme = theme
        self._values: Mapping[str, float] = {}
        self._present: Mapping[str, bool] = {}
        self._thresholds: Mapping[str, float] = {}
        self._rests: Mapping[str, float] = {}
        self._peaks: dict[str, float] = {}
        self._hold = PeakHold()
        self.by_activity = False
        self.setAccessibleName(name)
        self.setToolTip(_LEGEND)
        self.setMinimumSize(460, self._lines * ROW_PX)

    @property
    def _lines(self) -> int:
        return (len(self._rows) + 1) // 2

    def sizeHint(self) -> QSize:
        return QSize(640, self._lines * ROW_PX)

    def set_theme(self, theme: Theme) -> None:
        self._theme = theme
        self.update()

    def set_thresholds(self, thresholds: Mapping[str, float]) -> None:
        self._thresholds = thresholds

    def set_baseline(self, centre: Mapping[str, float]) -> None:
        """The neutral of every row as the model saw it; empty without a calibration."""
        self._rests = centre

    def show_values(self, values: Mapping[str, float], present: Mapping[str, bool], now_s: float) -> None:
        self._values, self._present = values, present
        self._peaks = {row.key: self._hold.feed(row.key, values.get(row.key, math.nan), now_s) for row in self._rows}
        self._order = self._rows
        if self.by_activity:
            self._order = tuple(sorted(self._rows, key=lambda row: -self._peaks_or_zero(row.key)))
        self.update()

    @property
    def order(self) -> tuple[str, ...]:
        return tuple(row.key for row in self._order)

    def _peaks_or_zero(self, key: str) -> float:
        peak = self._peaks.get(key, math.nan)
        return peak if math.isfinite(peak) else 0.0

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        gap = GRID_PX * 4
        width = (self.width() - gap) / 2
        height = min(max(self.height() / self._lines, ROW_PX), ROW_PX * 1.6)
        for i, row in enumerate(self._order):
            column, line = divmod(i, self._lines)
            self._paint_row(painter, row, QRectF(column * (width + gap), line * height, width, height))

    def _paint_row(self, painter: QPainter, row: BarRow, place: QRectF) -> None:
        value = self._values.get(row.key, math.nan)
        present = self._present.get(row.key, False)
        left = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
        right = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        names = min(place.width() * 0.54, 220.0)
        code_width = 48.0 if row.words else names
        painter.setFont(font(BODY_PT, bold=present))
        painter.setPen(QColor(self._theme.text))
        painter.drawText(QRectF(place.left(), place.top(), code_width, place.height()), left, row.code)
        painter.setFont(font(SMALL_PT))
        painter.setPen(QColor(self._theme.text if present else self._theme.muted))
        words = QRectF(place.left() + code_width, place.top(), names - code_width - GRID_PX, place.height())
        painter.drawText(words, left, painter.fontMetrics().elidedText(row.words, _ELIDE, int(words.width())))
        number = QRectF(place.right() - 34, place.top(), 34, place.height())
        painter.drawText(number, right, f"{value:.2f}" if math.isfinite(value) else "–")
        bar = QRectF(place.left() + names, place.center().y() - 4, place.width() - names - 34 - 24, 8)
        self._paint_bar(painter, bar, row.key, value, present)

    def _paint_bar(self, painter: QPainter, bar: QRectF, key: str, value: float, present: bool) -> None:
        rest = self._rests.get(key, 0.0)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(mixed(self._theme.line, self._theme.surface, 0.5)))
        painter.drawRoundedRect(bar, 2, 2)
        if math.isfinite(value):
            painter.setBrush(QColor(self._theme.accent if present else self._theme.muted))
            left, right = (bar.left() + bar.width() * placed(v, rest) for v in (0.0, value))
            painter.drawRoundedRect(QRectF(left, bar.top(), right - left, bar.height()), 2, 2)
            peak = self._peaks.get(key, math.nan)
            if peak > value + _PEAK_APART:
                self._tick(painter, bar, placed(peak, rest), self._theme.text, 0)
        self._tick(painter, bar, placed(self._thresholds.get(key, math.nan), rest), self._theme.muted, 3)
        if key in self._rests:
            self._notch(painter, bar, rest)
        # What has no threshold cannot be absent either: a probability is just more or less.
        lit = math.isfinite(value) and (present or key in self._thresholds)
        self._paint_light(painter, QPointF(bar.right() + 14, bar.center().y()), present, lit)

    def _tick(self, painter: QPainter, bar: QRectF, share: float, colour: str, out_px: int) -> None:
        if math.isfinite(share):
            x = bar.left() + bar.width() * share
            painter.setPen(QPen(QColor(colour), 1.5))
            painter.drawLine(QPointF(x, bar.top() - out_px), QPointF(x, bar.bottom() + out_px))

    def _notch(self, painter: QPainter, bar: QRectF, share: float) -> None:
        """A triangle under the bar: told from the threshold's line by its shape."""
        x, top = bar.left() + bar.width() * share, bar.bottom() + 1
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(self._theme.text))
        painter.drawPolygon(QPolygonF([QPointF(x, top), QPointF(x - 3.5, top + 5), QPointF(x + 3.5, top + 5)]))

    def _paint_light(self, painter: QPainter, centre: QPointF, present: bool, known: bool) -> None:
        """Filled when present, a ring when not: told by shape as well as colour."""
        if not known:
            return
        painter.setBrush(QColor(self._theme.accent) if present else Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(QColor(self._theme.accent if present else self._theme.line), 1.5))
        painter.drawEllipse(centre, 4, 4)


_LEGEND = (
    "Line across the bar: from here on it counts as present, and the light is filled. Bright line: the peak of the "
    "last seconds. Triangle: the participant's own neutral after a calibration."
)
_ELIDE = Qt.TextElideMode.ElideRight
