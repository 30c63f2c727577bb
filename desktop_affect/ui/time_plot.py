"""A plot over time that scrolls: fixed range, preallocated curves, shade where data are poor, lines for events."""

from __future__ import annotations

import math
from collections.abc import Mapping

import numpy as np
import pyqtgraph as pg
from numpy.typing import NDArray
from PySide6.QtCore import QEvent, QPointF, Qt, Signal
from PySide6.QtGui import QColor, QKeyEvent, QMouseEvent, QPainter, QPen, QResizeEvent, QWheelEvent
from PySide6.QtWidgets import QLabel, QWidget

from desktop_affect.sinks.history import Channel, Stretch
from desktop_affect.ui.bare_plot import BarePlot
from desktop_affect.ui.event_lines import EventLines
from desktop_affect.ui.plot_cursor import PlotCursor
from desktop_affect.ui.plot_words import PlotWords
from desktop_affect.ui.theme import SMALL_PT, Theme, font, mixed
from desktop_affect.ui.time_axis import TimeAxis

# Columns of the shading: narrower than anybody sees, few enough to cost nothing.
_SHADES = 240
# Room for the numbers of the axis, the same in every plot so that they stand in line.
_AXIS_PX = 40
# From this quality on the ground is not shaded at all.
_GOOD = 0.7
# Over longer spans a curve is a comb of minima and maxima: softening its edges nearly doubles what a painting costs (43
# for 24 ms with 30 min in view) and cannot be seen. At 5 min it costs 25 for 18 ms, a few times a second.
_SMOOTH_SPAN_S = 300.0
_DARKEST = 55


class TimePlot(BarePlot):
    """Times go in as seconds since the start of the run. The owner calls `show_stretch` as often as it likes."""

    hovered = Signal(float)
    """Seconds since the start; NaN when the pointer left."""
    sought = Signal(float)
    """Pressed, or dragged over: seconds since the start."""
    zoomed = Signal(int, float)
    """The wheel was turned: steps, positive for closer, and the time under the pointer."""

    def __init__(self, theme: Theme, low: float, high: float, parent: QWidget | None = None) -> None:
        super().__init__(TimeAxis("bottom"), theme.surface, parent)
        self._theme = theme
        self._pixel_ratio = self.devicePixelRatioF()
        self._curves: dict[int, tuple[pg.PlotCurveItem, str, bool]] = {}
        self._levels: list[tuple[pg.InfiniteLine, str, Qt.PenStyle]] = []
        self._cursor = PlotCursor()
        self.names_gaps = False
        """Say “no face” in the gaps: once is enough where plots stand one below the other."""
        self._events, self.words = EventLines(theme), PlotWords(theme)
        item = self.getPlotItem()
        self._sentence = QLabel(self)
        self._sentence.setProperty("role", "muted")
        self._sentence.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._sentence.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.set_limits(low, high)
        item.setXRange(-60.0, 0.0, padding=0)  # nothing before the start has a label
        item.getAxis("left").setWidth(_AXIS_PX)
        self._shading = pg.ImageItem(np.zeros((_SHADES, 1, 4), dtype=np.uint8))
        self._shading.setZValue(-10)
        item.addItem(self._shading)
        for over in (self.words, self._events):
            item.addItem(over, ignoreBounds=True)
        self.scene().sigMouseMoved.connect(self._moved)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.set_theme(theme)

    def set_limits(self, low: float, high: float) -> None:
        """The range of values, with a little air."""
        margin = (high - low) * 0.04
        self._box = (low - margin, (high - low) + 2 * margin)
        self.getPlotItem().setYRange(low - margin, high + margin, padding=0)

    def add_curve(self, channel: int, colour_name: str, strong: bool) -> None:
        """A curve in a colour of the theme; raw data are faint. `channel` is a row of `Stretch.values`."""
        curve = pg.PlotCurveItem(antialias=strong, connect="finite")
        # Piece by piece: with 30 minutes in view two plots took Qt 120 ms as whole paths, and take 9 this way.
        curve.setSegmentedLineMode("on" if strong else "auto")
        self.getPlotItem().addItem(curve)
        self._curves[channel] = (curve, colour_name, strong)
        self._paint_curve(channel)

    def set_theme(self, theme: Theme) -> None:
        self._theme = theme
        self.setBackground(theme.surface)
        for name in ("left", "bottom"):
            axis = self.getPlotItem().getAxis(name)
            axis.setTextPen(pg.mkPen(theme.muted))
            axis.setStyle(tickFont=font(SMALL_PT), tickLength=-4, tickTextOffset=6)
        for over in (self.words, self._events):
            over.set_theme(theme)
        self._paint_lines()
        self.touch()

    def set_pixel_ratio(self, ratio: float) -> None:
        """Pixels of the screen per point: at 300 % a pen of two pixels would be a hair."""
        self._pixel_ratio = ratio
        self._paint_lines()

    def _paint_lines(self) -> None:
        """Everything that has a pen."""
        for name in ("left", "bottom"):
            self.getPlotItem().getAxis(name).setPen(self._pen(self._theme.line))
        for line, colour_name, style in self._levels:
            line.setPen(self._pen(getattr(self._theme, colour_name), style))
        self._outline()
        for channel in self._curves:
            self._paint_curve(channel)

    def _pen(self, colour: str, style: Qt.PenStyle = Qt.PenStyle.SolidLine) -> QPen:
        """One point wide; Qt counts the pixels of the screen for these pens."""
        return QPen(pg.mkPen(colour, width=self._pixel_ratio, style=style))

    def event(self, event: QEvent) -> bool:
        if event.type() is QEvent.Type.DevicePixelRatioChange:
            self.set_pixel_ratio(self.devicePixelRatioF())
        return bool(super().event(event))

    def level(
        self, value: float, colour_name: str = "line", style: Qt.PenStyle = Qt.PenStyle.SolidLine
    ) -> pg.InfiniteLine:
        """A horizontal line in a colour of the theme."""
        line = pg.InfiniteLine(value, angle=0)
        line.setZValue(-5)
        self._levels.append((line, colour_name, style))
        self.getPlotItem().addItem(line, ignoreBounds=True)
        self._paint_lines()
        return line

    def show_stretch(self, stretch: Stretch, begin_s: float, span_s: float, now_s: float) -> None:
        """Everything from `now_s - span_s` to `now_s`; `begin_s` is when the run started (all on one clock)."""
        t_s = stretch.t_s - begin_s
        few = told_apart(stretch.t_s, span_s / max(self.width() * self._pixel_ratio, 1.0))
        for channel, (curve, _, strong) in self._curves.items():
            rows = few if strong else slice(None)
            curve.setData(t_s[rows], stretch.values[channel, rows], antialias=strong and span_s <= _SMOOTH_SPAN_S)
        low, high = now_s - begin_s - span_s, now_s - begin_s
        self.getPlotItem().setXRange(low, high, padding=0)
        self._shading.setImage(self._shades(stretch, now_s - span_s, now_s), autoLevels=False, levels=(0, 255))
        self._shading.setRect(low, self._box[0], span_s, self._box[1])
        if self.names_gaps:
            self.words.show_gaps(stretch, begin_s)
        # Left to the painting itself, the moved view would ask for a second painting every time.
        self.scene().prepareForPaint()

    def show_lines(self, lines: Mapping[int, tuple[NDArray[np.float64], NDArray[np.float32]]], begin_s: float,
                   end_s: float) -> None:  # fmt: skip
        """Curves with times of their own, without shading: whose data are poor cannot be told of two at once."""
        for channel, (t_s, values) in lines.items():
            curve, _, strong = self._curves[channel]
            curve.setData(t_s, values, antialias=strong and end_s - begin_s <= _SMOOTH_SPAN_S)
        self.getPlotItem().setXRange(begin_s, end_s, padding=0)

    def say(self, text: str) -> None:
        """A sentence in the middle of an empty plot."""
        self._sentence.setText(text)
        self._sentence.setVisible(bool(text))

    def resizeEvent(self, event: QResizeEvent | None) -> None:
        super().resizeEvent(event)
        if not hasattr(self, "_sentence"):  # Qt resizes it while it is being made
            return
        # In the upper half, clear of the line in the middle.
        self._sentence.setGeometry(_AXIS_PX, 0, self.width() - _AXIS_PX, self.height() // 2)

    def mark(self, t_s: float, text: str, colour_name: str) -> None:
        """A labelled vertical line that stays at its time."""
        self._events.add(t_s, text, colour_name)

    def clear_marks(self) -> None:
        self._events.clear()

    def marks(self) -> list[tuple[float, str]]:
        """Time and text of every line."""
        return self._events.marks

    def curve_data(self, channel: int) -> tuple[NDArray[np.float64], NDArray[np.float32]]:
        """What a curve shows."""
        t_s, values = self._curves[channel][0].getData()
        return t_s, values

    def pen_of(self, channel: Channel) -> QPen:
        """What a curve is drawn with."""
        return QPen(self._curves[channel][0].opts["pen"])

    def shown_range(self) -> tuple[float, float]:
        low, high = self.getPlotItem().viewRange()[0]
        return low, high

    def use_as_player(self) -> None:
        """The crosshair is the place where one is: easy to see, and moved by pressing."""
        self._cursor.strong = True
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)

    def point_at(self, t_s: float) -> None:
        """The crosshair; NaN hides it."""
        size = self.viewport().size()
        for at_s in (self._cursor.at_s, t_s):
            self.viewport().update(self._cursor.column(at_s, size))
        self._cursor.at_s = t_s

    def show_pending(self, stretch: tuple[float, float] | None) -> None:
        """A range whose end moves with the crosshair."""
        if stretch != self._cursor.pending:
            self._cursor.pending = stretch
            self.viewport().update()

    def painted(self) -> None:
        self._cursor.place(self.shown_range(), self.getPlotItem().vb.sceneBoundingRect(), self.viewport().size())

    def paint_over(self, painter: QPainter) -> None:
        line = self._pen(self._theme.text if self._cursor.strong else self._theme.muted)
        self._cursor.paint(painter, self._theme, line, self.viewport().size())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """The arrow keys move the crosshair by a hundredth of what is shown (by a tenth with Shift), Esc takes it."""
        way = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}.get(Qt.Key(event.key()), 0)
        if way:
            low, high = self.shown_range()
            at_s = self._cursor.at_s if self._cursor.shown else high
            share = 0.1 if event.modifiers() & Qt.KeyboardModifier.ShiftModifier else 0.01
            self.hovered.emit(min(max(at_s + way * (high - low) * share, low, 0.0), high))
        elif event.key() == Qt.Key.Key_Escape and self._cursor.shown:
            self.hovered.emit(math.nan)
        else:
            event.ignore()

    def focusInEvent(self, event: object) -> None:
        super().focusInEvent(event)
        self._outline()

    def focusOutEvent(self, event: object) -> None:
        super().focusOutEvent(event)
        self._outline()
        self.hovered.emit(math.nan)

    def _outline(self) -> None:
        """Who goes by keyboard sees where they are."""
        colour = self._theme.accent if self.hasFocus() else self._theme.surface
        self.getPlotItem().vb.setBorder(self._pen(colour))

    def leaveEvent(self, event: object) -> None:
        super().leaveEvent(event)
        self.hovered.emit(math.nan)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        super().mousePressEvent(event)
        if event.button() is Qt.MouseButton.LeftButton:
            self.sought.emit(self._time_under(event.position()))

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        super().mouseMoveEvent(event)
        if event.buttons() & Qt.MouseButton.LeftButton:
            self.sought.emit(self._time_under(event.position()))

    def wheelEvent(self, event: QWheelEvent) -> None:
        steps = event.angleDelta().y() or event.angleDelta().x()
        if steps:
            self.zoomed.emit(1 if steps > 0 else -1, self._time_under(event.position()))
        event.accept()

    def _time_under(self, where: QPointF) -> float:
        return float(self.getPlotItem().vb.mapSceneToView(self.mapToScene(where.toPoint())).x())

    def _moved(self, where: QPointF) -> None:
        box = self.getPlotItem().vb
        inside = box.sceneBoundingRect().contains(where)
        self.hovered.emit(box.mapSceneToView(where).x() if inside else math.nan)

    def _paint_curve(self, channel: int) -> None:
        curve, name, strong = self._curves[channel]
        colour = getattr(self._theme, name)
        if strong:
            pen = pg.mkPen(colour, width=2 * self._pixel_ratio)
            pen.setCapStyle(Qt.PenCapStyle.FlatCap)  # pieces that overlap would look like beads
        else:
            # Opaque and thin: a see-through line of many pieces is dark where they meet, and slow.
            pen = pg.mkPen(mixed(colour, self._theme.surface, 0.4), width=self._pixel_ratio)
        curve.setPen(pen)

    def _shades(self, stretch: Stretch, from_s: float, to_s: float) -> NDArray[np.uint8]:
        shades = np.zeros((_SHADES, 1, 4), dtype=np.uint8)
        colour = QColor(self._theme.muted)
        shades[:, 0, :3] = (colour.red(), colour.green(), colour.blue())
        shades[:, 0, 3] = doubt(stretch, np.linspace(from_s, to_s, _SHADES)) * _DARKEST
        return shades


def told_apart(t_s: NDArray[np.float64], pixel_s: float) -> NDArray[np.intp]:
    """The rows of a smoothed curve that are worth painting, one a pixel: soft edges cost Qt 1 µs a piece, and a minute
    has two or three pieces a pixel. On a fixed grid of time, so that a scrolling curve does not shimmer.

    Two rows of one time are a minimum and a maximum: that curve has few rows already.
    """
    steps = np.diff(t_s)
    if not len(steps) or not steps.all():
        return np.arange(len(t_s))
    first = np.concatenate(([True], np.diff(np.floor(t_s / pixel_s)) > 0))
    first[-1] = True
    return np.flatnonzero(first)


def doubt(stretch: Stretch, at_s: NDArray[np.float64]) -> NDArray[np.float64]:
    """How little the data at these times may be believed, 0..1: 1 without a face, 0 outside of what is known."""
    if not len(stretch.t_s):
        return np.zeros(len(at_s))
    row = np.searchsorted(stretch.t_s, at_s, side="right") - 1
    known = (row >= 0) & (at_s <= stretch.t_s[-1])
    row = np.maximum(row, 0)
    quality = stretch.values[Channel.QUALITY, row].astype(np.float64)
    seen = stretch.values[Channel.FACE, row] > 0.5
    poor = np.where(np.isnan(quality), 0.0, np.clip(1.0 - quality / _GOOD, 0.0, 1.0))
    return np.where(known, np.where(seen, poor, 1.0), 0.0)
