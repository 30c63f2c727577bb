"""Valence and arousal, and hesitancy, over time: two plots that scroll together."""

from __future__ import annotations

import math

from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QVBoxLayout, QWidget

from desktop_affect.core.types import Alert, AlertPhase, Event, Marker, ModelInfo, Sample
from desktop_affect.sinks.history import Channel, History, Stretch
from desktop_affect.ui.alerts import rule_words
from desktop_affect.ui.panel import Chips, Panel, chip
from desktop_affect.ui.theme import GRID_PX, LARGE_PT, Theme, font
from desktop_affect.ui.time_plot import TimePlot
from desktop_affect.ui.words import clock_label, signed

SPANS_S = (10.0, 60.0, 300.0, 1800.0)
_SPAN_NAMES = ("10 s", "1 min", "5 min", "30 min")
# A minute at 60 frames a second is drawn as it is; longer spans get a point a pixel, within reason.
_EVERY_FRAME, _EVERY_FRAME_SPAN_S = 4000, 60.0
_FEWEST_POINTS, _MOST_POINTS = 400, 1600
# At long spans a curve moves less than a pixel a frame; four times a second is still smooth there.
SLOWEST_S = 0.25
_LOW_PX = 304
# Small words stand on the baseline of the large numbers.
_LIFT_PX = GRID_PX // 2 + 1
_BEYOND = 2.0
"""Above the plot: a threshold that nobody has told yet."""


class Curves(QWidget):
    """The owner calls `redraw` at the screen's pace; what need not be painted is not."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._history = History(1)
        self._span_s = SPANS_S[1]
        self._drawn_s = -math.inf
        self._frozen_s = math.nan
        self._hover_s = math.nan
        self._stretch: Stretch | None = None
        self.affect = AffectPanel(theme)
        self.hesitancy = HesitancyPanel(theme)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(GRID_PX)
        column.addWidget(self.affect, 5)
        column.addWidget(self.hesitancy, 3)
        self.affect.spans.chosen.connect(self._choose_span)
        self.affect.pause.toggled.connect(self._freeze)
        for plot in self.plots:
            plot.hovered.connect(self._hover)

    @property
    def plots(self) -> tuple[TimePlot, TimePlot]:
        return self.affect.plot, self.hesitancy.plot

    @property
    def span_s(self) -> float:
        return self._span_s

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Where it is low the curves need the room of the switches more; a paused view must be let go first."""
        super().resizeEvent(event)
        self.affect.below.setVisible(event.size().height() >= _LOW_PX or self.affect.pause.isChecked())

    def set_theme(self, theme: Theme) -> None:
        self._theme = theme
        self.affect.set_theme(theme)
        self.hesitancy.set_theme(theme)
        self._drawn_s = -math.inf

    def set_history(self, history: History) -> bool:
        """True when it is another one: another run has begun."""
        if history is self._history:
            return False
        self._history = history
        self.affect.pause.setChecked(False)
        self._drawn_s = -math.inf
        for plot in self.plots:
            plot.clear_marks()
        return True

    def redraw(self, now_s: float) -> bool:
        """Paint the newest when it would look different; True when it was painted."""
        begin_s = self._history.begin_s
        if math.isnan(begin_s) or now_s - self._drawn_s < self._pace_s() or not math.isnan(self._frozen_s):
            return False
        self._drawn_s = now_s
        self._paint(now_s)
        return True

    def show_numbers(self, sample: Sample | None) -> None:
        if math.isnan(self._hover_s):
            affect = sample.affect if sample else None
            self.affect.show_values(affect.valence if affect else math.nan, affect.arousal if affect else math.nan)
            self.hesitancy.show_value(sample.cues.get("hesitancy", math.nan) if sample else math.nan)

    def set_model(self, model: ModelInfo | None, running: bool) -> None:
        """Say why a plot stays empty."""
        estimates = model is not None and "valence_arousal" in model.outputs
        self.affect.plot.say("No estimates: no model is installed." if running and not estimates else "")

    def on_event(self, event: Event) -> None:
        """Markers and the beginnings of alerts become lines."""
        begin_s = self._history.begin_s
        if math.isnan(begin_s):
            return
        if isinstance(event, Marker):
            for plot in self.plots:
                plot.mark(event.t_s - begin_s, event.text if plot is self.affect.plot else "", "muted")
        elif isinstance(event, Alert) and event.phase is AlertPhase.BEGAN:
            plot = self.hesitancy.plot if event.experimental else self.affect.plot
            plot.mark(event.begin_s - begin_s, rule_words(event), "alert")

    def _pace_s(self) -> float:
        return min(self._span_s / max(self.width(), 1) * 0.5, SLOWEST_S)

    def _paint(self, now_s: float) -> None:
        short = self._span_s <= _EVERY_FRAME_SPAN_S
        points = _EVERY_FRAME if short else min(max(self.width(), _FEWEST_POINTS), _MOST_POINTS)
        self._stretch = self._history.stretch(now_s - self._span_s, now_s, points)
        for plot in self.plots:
            plot.show_stretch(self._stretch, self._history.begin_s, self._span_s, now_s)

    def _choose_span(self, number: int) -> None:
        self._span_s = SPANS_S[number]
        if math.isnan(self._frozen_s):
            self._drawn_s = -math.inf
        else:
            self._paint(self._frozen_s)

    def _freeze(self, frozen: bool) -> None:
        self._frozen_s = self._drawn_s if frozen and math.isfinite(self._drawn_s) else math.nan
        self._tell_time()

    def _tell_time(self) -> None:
        """Which time the pointer is at; or that what one sees is not now."""
        if math.isfinite(self._hover_s):
            words = f"at {clock_label(self._hover_s)}"
        elif math.isfinite(self._frozen_s):
            words = f"view paused at {clock_label(self._frozen_s - self._history.begin_s)}"
        else:
            words = ""
        self.affect.time.setText(words)

    def _hover(self, t_s: float) -> None:
        """The crosshair in both plots, and what was measured there; before the start there was nothing."""
        if t_s < 0:
            t_s = math.nan
        self._hover_s = t_s
        for plot in self.plots:
            plot.point_at(t_s)
        self._tell_time()
        if self._stretch is None or math.isnan(t_s) or not len(self._stretch.t_s):
            return
        row = min(int(self._stretch.t_s.searchsorted(t_s + self._history.begin_s)), len(self._stretch.t_s) - 1)
        values = self._stretch.values[:, row]
        self.affect.show_values(float(values[Channel.VALENCE]), float(values[Channel.AROUSAL]))
        self.hesitancy.show_value(float(values[Channel.HESITANCY]))


def affect_plot(theme: Theme) -> TimePlot:
    """What stands in an `AffectPanel`."""
    plot = TimePlot(theme, -1.0, 1.0)
    plot.getPlotItem().getAxis("left").setTicks([[(-1, "−1"), (0, "0"), (1, "+1")]])
    plot.names_gaps = True
    for value in (-1, 0, 1):
        plot.level(value, style=Qt.PenStyle.DashLine if value else Qt.PenStyle.SolidLine)
    for channel, name, strong in (
        (Channel.RAW_VALENCE, "valence", False),
        (Channel.RAW_AROUSAL, "arousal", False),
        (Channel.AROUSAL, "arousal", True),
        (Channel.VALENCE, "valence", True),
    ):
        plot.add_curve(channel, name, strong)
    plot.setAccessibleName("Valence and arousal over time")
    return plot


class AffectPanel(Panel):
    """Valence and arousal."""

    def __init__(self, theme: Theme, plot: TimePlot | None = None) -> None:
        """`plot`: as `affect_plot` makes it."""
        super().__init__("Valence and arousal")
        self.valence, self.arousal, self.time = BigNumber("valence"), BigNumber("arousal"), QLabel()
        self.time.setProperty("role", "small")
        self.spans = Chips(_SPAN_NAMES, "Span")
        self.spans.choose(1)
        self.pause = chip("Pause view", "Pause the view, not the recording")
        self.pause.setToolTip("Holds the picture still; recording and analysis go on")
        self.time.setContentsMargins(0, 0, 0, _LIFT_PX)
        self.tools.addWidget(self.time, 0, Qt.AlignmentFlag.AlignBottom)
        for number in (self.valence, self.arousal):
            self.tools.addWidget(number)
        self.tools.insertStretch(0, 1)
        self.below = QWidget()
        below = QHBoxLayout(self.below)
        below.setContentsMargins(0, 0, 0, 0)
        below.addWidget(self.pause)
        below.addStretch(1)
        below.addWidget(self.spans)
        self.plot = plot or affect_plot(theme)
        self.add(self.plot, 1)
        self.add(self.below)
        _level_with_docks(self)
        self.set_theme(theme)

    def set_theme(self, theme: Theme) -> None:
        self.plot.set_theme(theme)
        self.valence.set_colour(theme.valence)
        self.arousal.set_colour(theme.arousal)

    def show_values(self, valence: float, arousal: float) -> None:
        self.valence.show_value(signed(valence))
        self.arousal.show_value(signed(arousal))


class HesitancyPanel(Panel):
    """The hesitancy index."""

    def __init__(self, theme: Theme) -> None:
        super().__init__("Hesitancy")
        note = QLabel("experimental")
        note.setProperty("role", "small")
        note.setToolTip(
            "Rules over behaviour (mixed expression, pauses, gaze, head shakes), not a trained measure of hesitancy."
        )
        self.value = BigNumber("")
        self.tools.addWidget(note)
        self.tools.addStretch(1)
        self.tools.addWidget(self.value)
        self.plot = TimePlot(theme, 0.0, 1.0)
        self.plot.setAccessibleName("Hesitancy over time")
        self.plot.getPlotItem().getAxis("left").setTicks([[(0, "0"), (1, "1")]])
        self.plot.level(0)
        self._threshold = self.plot.level(_BEYOND, "muted", Qt.PenStyle.DotLine)
        self.plot.add_curve(Channel.HESITANCY, "hesitancy", True)
        self.add(self.plot, 1)
        _level_with_docks(self)
        self.set_theme(theme)

    def set_theme(self, theme: Theme) -> None:
        self.plot.set_theme(theme)
        self.value.set_colour(theme.hesitancy)

    def set_threshold(self, threshold: float) -> None:
        self._threshold.setPos(threshold)
        self.plot.words.name_levels({threshold: f"threshold {threshold:.2f}"})

    def show_value(self, value: float) -> None:
        self.value.show_value(f"{value:.2f}" if math.isfinite(value) else "–")


def _level_with_docks(panel: Panel) -> None:
    """A large number brings air of its own; without ours the titles stand in line with those of the docks."""
    margins = panel.content.contentsMargins()
    panel.content.setContentsMargins(margins.left(), 0, margins.right(), margins.bottom())


class BigNumber(QWidget):
    """A number that one reads from two metres, with its name before it."""

    def __init__(self, name: str) -> None:
        super().__init__()
        row = QHBoxLayout(self)
        row.setContentsMargins(GRID_PX, 0, 0, 0)
        row.setSpacing(GRID_PX)
        self._name, self._value = QLabel(name), QLabel("–")
        self._name.setProperty("role", "small")
        self._value.setFont(font(LARGE_PT, bold=True))
        self._value.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self._name.setContentsMargins(0, 0, 0, _LIFT_PX)
        row.addWidget(self._name, 0, Qt.AlignmentFlag.AlignBottom)
        row.addWidget(self._value)
        self.setAccessibleName(name)

    def set_colour(self, colour: str) -> None:
        self._value.setStyleSheet(f"color: {colour}; font-size: {LARGE_PT}pt; font-weight: 600;")
        self._value.ensurePolished()
        self._value.setMinimumWidth(self._value.fontMetrics().horizontalAdvance("+0.00"))

    def show_value(self, text: str) -> None:
        if text != self._value.text():
            self._value.setText(text)

    @property
    def text(self) -> str:
        return self._value.text()
