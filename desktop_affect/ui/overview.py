"""The whole session in one strip: what was measured, what happened, which part is in view, and where one is."""

from __future__ import annotations

import math

import numpy as np
import pyqtgraph as pg
from numpy.typing import NDArray
from PySide6.QtCore import QLineF, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QMouseEvent, QPainter, QPaintEvent, QPen, QPixmap, QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from desktop_affect.sinks.history import Channel, Stretch
from desktop_affect.ui import annotation_style
from desktop_affect.ui.plot_words import runs
from desktop_affect.ui.recording import MomentKind, Recording
from desktop_affect.ui.theme import SMALL_PT, Theme, font, mixed
from desktop_affect.ui.words import clock_label

_EDGE_PX = 2
_LANE_PX = 9


class Overview(QWidget):
    """Press or drag to go somewhere. What does not change is drawn once into a picture."""

    sought = Signal(float)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._recording: Recording | None = None
        self._ground: QPixmap | None = None
        self._veiled = False
        self._window = (0.0, 0.0)
        self._cursor_s = math.nan
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAccessibleName("The whole session")
        self.setToolTip("Press to go there; the bright part is in view above")
        self.setCursor(Qt.CursorShape.PointingHandCursor)

    def sizeHint(self) -> QSize:
        return QSize(600, 56)

    def set_theme(self, theme: Theme) -> None:
        self._theme = theme
        self.refresh()

    def show_recording(self, recording: Recording) -> None:
        self._recording = recording
        self.refresh()

    def refresh(self) -> None:
        """Draw anew, after annotations have changed."""
        self._ground = None
        self.update()

    def draw_ground(self) -> None:
        """Now, and not when it is painted."""
        ratio = self.devicePixelRatioF()
        if self._ground is None or self._ground.devicePixelRatio() != ratio:
            self._ground = self._drawn(ratio)

    def veil(self) -> None:
        """Painted as empty ground until `unveil`, as the plots."""
        self._veiled = True

    def unveil(self) -> None:
        self._veiled = False
        self.draw_ground()
        self.update()

    def show_place(self, window: tuple[float, float], cursor_s: float) -> None:
        if (window, cursor_s) != (self._window, self._cursor_s):
            self._window, self._cursor_s = window, cursor_s
            self.update()

    def x_of(self, t_s: float) -> float:
        """Where a time lies across the strip."""
        begin_s, end_s = self._extent()
        return _EDGE_PX + (t_s - begin_s) / max(end_s - begin_s, 1e-6) * (self.width() - 2 * _EDGE_PX)

    def time_at(self, x: float) -> float:
        begin_s, end_s = self._extent()
        share = (x - _EDGE_PX) / max(self.width() - 2 * _EDGE_PX, 1)
        return begin_s + min(max(share, 0.0), 1.0) * (end_s - begin_s)

    def _extent(self) -> tuple[float, float]:
        return (self._recording.begin_s, self._recording.end_s) if self._recording else (0.0, 1.0)

    def resizeEvent(self, event: QResizeEvent) -> None:
        self._ground = None

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() is Qt.MouseButton.LeftButton:
            self.sought.emit(self.time_at(event.position().x()))

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if event.buttons() & Qt.MouseButton.LeftButton:
            self.sought.emit(self.time_at(event.position().x()))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        if self._veiled:
            painter.fillRect(self.rect(), QColor(self._theme.surface))
            return
        self.draw_ground()
        if self._ground is not None:
            painter.drawPixmap(0, 0, self._ground)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        left, right = self.x_of(self._window[0]), self.x_of(self._window[1])
        shade = QColor(self._theme.ground)
        shade.setAlphaF(0.55)
        painter.fillRect(QRectF(0, 0, max(left, 0), self.height()), shade)
        painter.fillRect(QRectF(right, 0, max(self.width() - right, 0), self.height()), shade)
        painter.setPen(QPen(QColor(self._theme.accent), 1.5))
        painter.drawRoundedRect(QRectF(left, 1, right - left, self.height() - 2), 3, 3)
        if math.isfinite(self._cursor_s):
            painter.setPen(QPen(QColor(self._theme.text), 2))
            x = self.x_of(self._cursor_s)
            painter.drawLine(QPointF(x, 0), QPointF(x, self.height()))

    def _drawn(self, ratio: float) -> QPixmap:
        picture = QPixmap(self.size() * ratio)
        picture.setDevicePixelRatio(ratio)
        picture.fill(QColor(self._theme.surface))
        if self._recording is None or not self._recording.rows:
            return picture
        painter = QPainter(picture)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        begin_s, end_s = self._extent()
        part = self._recording.curves.part(begin_s, end_s, max(self.width(), 200))
        self._paint_gaps(painter, part)
        for channel, name in ((Channel.AROUSAL, "arousal"), (Channel.VALENCE, "valence")):
            self._paint_curve(painter, part, channel, getattr(self._theme, name))
        self._paint_moments(painter)
        self._paint_times(painter, begin_s, end_s)
        painter.end()
        return picture

    def _paint_gaps(self, painter: QPainter, part: Stretch) -> None:
        """Grey where nobody was seen."""
        grey = QColor(mixed(self._theme.muted, self._theme.surface, 0.3))
        gone = ~(part.values[Channel.FACE] > 0.5)
        first, behind = np.array(runs(gone), dtype=int).reshape(-1, 2).T
        x = self._x_of_all(part.t_s)
        left, right = x[first], x[np.minimum(behind, len(x) - 1)]
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(grey)
        top, height = float(_LANE_PX), float(self.height() - _LANE_PX)
        painter.drawRects(
            [
                QRectF(low, top, max(high - low, 1.0), height)
                for low, high in zip(left.tolist(), right.tolist(), strict=True)
            ]
        )

    def _paint_curve(self, painter: QPainter, part: Stretch, channel: Channel, colour: str) -> None:
        middle, half = (self.height() + _LANE_PX) / 2, (self.height() - _LANE_PX) / 2 - 3
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(QColor(colour), 1))
        y = middle - part.values[channel].astype(np.float64) * half
        painter.drawPath(pg.arrayToQPath(self._x_of_all(part.t_s), y, connect="finite"))

    def _x_of_all(self, t_s: NDArray[np.float64]) -> NDArray[np.float64]:
        begin_s, end_s = self._extent()
        return _EDGE_PX + (t_s - begin_s) * ((self.width() - 2 * _EDGE_PX) / max(end_s - begin_s, 1e-6))

    def _paint_moments(self, painter: QPainter) -> None:
        """In a lane of their own on top: ticks for markers, triangles for alerts, blocks for annotations."""
        if self._recording is None:
            return
        for found in self._recording.annotations:
            left = self.x_of(found.begin_s)
            width = max(self.x_of(found.end_s) - left, 3.0) if found.is_range else 3.0
            painter.fillRect(QRectF(left, 2, width, _LANE_PX - 3), annotation_style.colour(found.style, self._theme))
        moments = self._recording.moments
        ticks = [self.x_of(m.t_s) for m in moments if m.kind in (MomentKind.MARKER, MomentKind.NOTE)]
        painter.setPen(QPen(QColor(self._theme.muted), 1, Qt.PenStyle.DotLine))
        painter.drawLines([QLineF(x, 1, x, self.height()) for x in ticks])
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(self._theme.alert))
        for x in (self.x_of(moment.t_s) for moment in moments if moment.kind is MomentKind.ALERT):
            painter.drawPolygon([QPointF(x - 4, 1), QPointF(x + 4, 1), QPointF(x, 8)])

    def _paint_times(self, painter: QPainter, begin_s: float, end_s: float) -> None:
        painter.setFont(font(SMALL_PT))
        painter.setPen(QColor(self._theme.muted))
        bottom = Qt.AlignmentFlag.AlignBottom
        place = QRectF(_EDGE_PX + 2, 0, self.width() - 2 * _EDGE_PX - 4, self.height() - 1)
        painter.drawText(place, bottom | Qt.AlignmentFlag.AlignLeft, clock_label(begin_s))
        painter.drawText(place, bottom | Qt.AlignmentFlag.AlignRight, clock_label(end_s))
