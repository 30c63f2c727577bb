"""A recorded session's curves: scrub through time, with markers and alerts as lines."""

from __future__ import annotations

import math

import numpy as np
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QScrollBar, QVBoxLayout, QWidget

from desktop_affect.session.reader import Session
from desktop_affect.sinks.history import Channel, Stretch, thinned
from desktop_affect.ui.curves import AffectPanel, HesitancyPanel
from desktop_affect.ui.theme import GRID_PX, Theme
from desktop_affect.ui.time_plot import TimePlot
from desktop_affect.ui.words import clock_label

SPANS_S = (10.0, 60.0, 300.0, 1800.0)
_COLUMNS = {
    Channel.VALENCE: "valence",
    Channel.AROUSAL: "arousal",
    Channel.RAW_VALENCE: "valence_raw",
    Channel.RAW_AROUSAL: "arousal_raw",
    Channel.HESITANCY: "hesitancy",
    Channel.QUALITY: "quality",
    Channel.FACE: "face",
}
_POINTS = 1200
_STEPS_PER_S = 10


def stretch_of(session: Session) -> Stretch:
    """All analysed rows; skipped frames are left out, as in the live view."""
    analysed = np.isfinite(session["face"])
    values = np.stack([session[_COLUMNS[channel]][analysed] for channel in Channel]).astype(np.float32)
    return Stretch(session["t_s"][analysed].astype(np.float64), values)


def part_of(whole: Stretch, begin_s: float, end_s: float, points: int) -> Stretch:
    """One row more on either side; thinned when there are too many."""
    low = max(int(np.searchsorted(whole.t_s, begin_s)) - 1, 0)
    high = int(np.searchsorted(whole.t_s, end_s, side="right")) + 1
    part = Stretch(whole.t_s[low:high], whole.values[:, low:high])
    return thinned(part, (end_s - begin_s) / max(points // 2, 1)) if len(part.t_s) > points else part


class RecordingView(QWidget):
    """Two plots and a scroll bar."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._whole = Stretch(np.empty(0), np.empty((len(Channel), 0), dtype=np.float32))
        self._span_s = SPANS_S[1]
        self.affect, self.hesitancy = AffectPanel(theme), HesitancyPanel(theme)
        self.affect.pause.hide()
        self.slider = QScrollBar(Qt.Orientation.Horizontal)
        self.slider.setAccessibleName("Time")
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(GRID_PX)
        column.addWidget(self.affect, 5)
        column.addWidget(self.hesitancy, 3)
        column.addWidget(self.slider)
        self.affect.spans.chosen.connect(self._choose_span)
        self.slider.valueChanged.connect(self._paint)
        for plot in self.plots:
            plot.hovered.connect(self.point_at)

    @property
    def plots(self) -> tuple[TimePlot, TimePlot]:
        return self.affect.plot, self.hesitancy.plot

    @property
    def shown_s(self) -> tuple[float, float]:
        begin_s = self.slider.value() / _STEPS_PER_S
        return begin_s, begin_s + self._span_s

    def show_session(self, session: Session) -> None:
        self._whole = stretch_of(session)
        for plot in self.plots:
            plot.clear_marks()
        for marker in session.markers:
            self.affect.plot.mark(marker.t_s, marker.text, "muted")
            self.hesitancy.plot.mark(marker.t_s, "", "muted")
        for alert in session.alerts:
            plot = self.hesitancy.plot if alert.experimental else self.affect.plot
            plot.mark(alert.begin_s, alert.rule, "alert")
        self._fit_scroll()
        self.slider.setValue(0)
        self._paint()

    def go_to(self, t_s: float) -> None:
        """Bring a moment to the middle and put the crosshair there."""
        self.slider.setValue(round((t_s - self._span_s / 2) * _STEPS_PER_S))
        self.point_at(t_s)

    def point_at(self, t_s: float) -> None:
        for plot in self.plots:
            plot.point_at(t_s)
        self.affect.time.setText(f"at {clock_label(t_s)}" if math.isfinite(t_s) else "")
        values = np.full(len(Channel), np.nan)
        if len(self._whole.t_s) and math.isfinite(t_s):
            row = min(int(np.searchsorted(self._whole.t_s, t_s)), len(self._whole.t_s) - 1)
            values = self._whole.values[:, row]
        self.affect.show_values(float(values[Channel.VALENCE]), float(values[Channel.AROUSAL]))
        self.hesitancy.show_value(float(values[Channel.HESITANCY]))

    def _choose_span(self, number: int) -> None:
        middle_s = sum(self.shown_s) / 2
        self._span_s = SPANS_S[number]
        self._fit_scroll()
        self.slider.setValue(round((middle_s - self._span_s / 2) * _STEPS_PER_S))
        self._paint()

    def _fit_scroll(self) -> None:
        duration_s = float(self._whole.t_s[-1]) if len(self._whole.t_s) else 0.0
        self.slider.setRange(0, max(round((duration_s - self._span_s) * _STEPS_PER_S), 0))
        self.slider.setPageStep(round(self._span_s * _STEPS_PER_S))
        self.slider.setSingleStep(_STEPS_PER_S)

    def _paint(self) -> None:
        begin_s, end_s = self.shown_s
        part = part_of(self._whole, begin_s, end_s, _POINTS)
        for plot in self.plots:
            plot.show_stretch(part, 0.0, self._span_s, end_s)
