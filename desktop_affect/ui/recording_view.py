"""A recorded session's curves, all on one time axis: a window that zooms and moves, and the cursor.

The owner says where the window and the cursor are; this only draws, and reports what the pointer asks for.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QSplitter, QVBoxLayout, QWidget

from desktop_affect.core.settings import from_document
from desktop_affect.core.settings_table import SETTINGS_TABLE
from desktop_affect.session.annotations import Annotation
from desktop_affect.sinks.history import Channel, Stretch
from desktop_affect.ui.annotation_marks import AnnotationMarks
from desktop_affect.ui.curves import AffectPanel, HesitancyPanel
from desktop_affect.ui.dressing import Piece
from desktop_affect.ui.paint_turns import Errand
from desktop_affect.ui.recording import MomentKind, Recording
from desktop_affect.ui.signal_panel import SignalPanel
from desktop_affect.ui.theme import GRID_PX, Theme
from desktop_affect.ui.time_plot import TimePlot
from desktop_affect.ui.words import clock_label

_POINTS = 1200
_COLOURS = {MomentKind.MARKER: "muted", MomentKind.NOTE: "muted", MomentKind.ALERT: "alert"}


class RecordingView(QWidget):
    """Three plots, one below the other."""

    sought = Signal(float)
    zoomed = Signal(int, float)

    def __init__(self, theme: Theme, panels: tuple[AffectPanel, HesitancyPanel, SignalPanel]) -> None:
        super().__init__()
        self._recording: Recording | None = None
        self._shown = (0.0, 60.0)
        self._cursor_s = 0.0
        self._part: Stretch | None = None
        """What lies in the window, once one of the plots has asked for it."""
        self.affect, self.hesitancy, self.signals = panels
        self._drawings = (
            Errand(self, partial(self._draw, self.affect.plot)),
            Errand(self, partial(self._draw, self.hesitancy.plot)),
            Errand(self, self._draw_signals),
        )
        self.affect.pause.hide()
        self.affect.spans.hide()
        self.marks = tuple(AnnotationMarks(theme, plot is self.affect.plot) for plot in self.plots)
        for plot, marks in zip(self.plots, self.marks, strict=True):
            plot.getPlotItem().addItem(marks, ignoreBounds=True)
            plot.use_as_player()
            plot.sought.connect(self.sought)
            plot.zoomed.connect(self.zoomed)
            plot.setMinimumHeight(48)
        for plot in self.plots[:-1]:  # the times stand once, below the last one
            plot.getPlotItem().getAxis("bottom").setStyle(showValues=False)
            plot.getPlotItem().getAxis("bottom").setHeight(6)
        self.splitter = QSplitter(Qt.Orientation.Vertical)
        self.splitter.setChildrenCollapsible(False)
        for panel, stretch in ((self.affect, 5), (self.hesitancy, 3), (self.signals, 4)):
            self.splitter.addWidget(panel)
            self.splitter.setStretchFactor(self.splitter.count() - 1, stretch)
        self.splitter.setHandleWidth(GRID_PX)
        self.splitter.setSizes([190, 130, 150])
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.splitter)

    @property
    def plots(self) -> tuple[TimePlot, TimePlot, TimePlot]:
        return self.affect.plot, self.hesitancy.plot, self.signals.plot

    @property
    def shown_s(self) -> tuple[float, float]:
        return self._shown

    def set_theme(self, theme: Theme) -> None:
        for panel in (self.affect, self.hesitancy, self.signals):
            panel.set_theme(theme)
        for marks in self.marks:
            marks.set_theme(theme)
        self.redraw()

    def drawing_turns(self) -> Iterable[Piece]:
        """What is still to be put into the plots, and their painting."""
        return *(drawing.refresh for drawing in self._drawings), *(plot.refresh for plot in self.plots)

    @property
    def up_to_date(self) -> bool:
        """What was asked for is in the plots."""
        return not any(drawing.waits for drawing in self._drawings)

    def set_narrow(self, narrow: bool) -> None:
        """Where there is little room: short names, and the time only where it stands anyway."""
        self.signals.set_short(narrow)
        self.affect.time.setVisible(not narrow)

    def show_recording(self, recording: Recording) -> None:
        self._recording, self._part = recording, None
        for plot in self.plots:
            plot.clear_marks()
        for moment in recording.moments:
            if moment.kind is MomentKind.ANNOTATION:
                continue
            experimental = moment.kind is MomentKind.ALERT and _is_experimental(recording, moment.t_s)
            for plot in self.plots:
                named = plot is (self.hesitancy.plot if experimental else self.affect.plot)
                if named or moment.kind is not MomentKind.ALERT:
                    plot.mark(moment.t_s, moment.text if named else "", _COLOURS[moment.kind])
        self.hesitancy.set_threshold(threshold_of(recording))
        self.show_annotations(recording.annotations)

    def show_annotations(self, annotations: Sequence[Annotation]) -> None:
        for marks in self.marks:
            marks.show_annotations(annotations)

    def show_pending(self, stretch: tuple[float, float] | None) -> None:
        """A range whose end is not set."""
        for plot in self.plots:
            plot.show_pending(stretch)

    def show_window(self, begin_s: float, end_s: float) -> None:
        self._shown = (begin_s, end_s)
        self.redraw()

    def redraw(self) -> None:
        """Everything that lies in the window, each plot in a turn of its own."""
        self._part = None
        for drawing in self._drawings:
            drawing.want()

    def _draw(self, plot: TimePlot) -> None:
        if self._recording is not None:
            plot.show_stretch(self._in_window(self._recording), 0.0, self._span_s, self._shown[1])

    def _draw_signals(self) -> None:
        if self._recording is not None:
            part = self._in_window(self._recording)
            self.signals.show_part(part, self._recording.curves.names, self._span_s, self._shown[1])

    def _in_window(self, recording: Recording) -> Stretch:
        if self._part is None:
            self._part = recording.curves.part(*self._shown, _POINTS)
        return self._part

    @property
    def _span_s(self) -> float:
        return self._shown[1] - self._shown[0]

    def show_cursor(self, t_s: float) -> None:
        """The line, and the numbers there."""
        self._cursor_s = t_s
        for plot in self.plots:
            plot.point_at(t_s)
        if self._recording is None:
            return
        values = self._recording.curves.values_at(t_s)
        self.affect.time.setText(f"at {clock_label(t_s)}")
        self.affect.show_values(float(values[Channel.VALENCE]), float(values[Channel.AROUSAL]))
        self.hesitancy.show_value(float(values[Channel.HESITANCY]))
        self.signals.show_values(values, self._recording.curves.names)


def threshold_of(recording: Recording) -> float:
    """Of the hesitancy alert, as it was set while the session was recorded."""
    document = recording.session.header.get("settings") or {}
    return from_document(SETTINGS_TABLE, document).settings.number("hesitancy.threshold")


def _is_experimental(recording: Recording, begin_s: float) -> bool:
    return any(alert.experimental for alert in recording.session.alerts if alert.begin_s == begin_s)
