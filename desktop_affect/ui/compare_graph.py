"""The curves of two recorded sessions on one time axis, overlaid or one above the other."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from PySide6.QtWidgets import QLabel, QStackedWidget, QVBoxLayout, QWidget

from desktop_affect.ui.compare_data import Side
from desktop_affect.ui.panel import Chips, Panel
from desktop_affect.ui.recording import MomentKind
from desktop_affect.ui.theme import GRID_PX, Theme
from desktop_affect.ui.time_plot import TimePlot
from desktop_affect.ui.transport import SPAN_NAMES, SPANS_S
from desktop_affect.ui.words import signed

COLOURS = ("accent", "amber")
"""Of the theme, for the first and the second: apart in hue and lightness."""
_SIGNED = ("valence", "arousal")
_POINTS = 1200
_FIRST, _SECOND = 0, 1
_ROWS = ((_FIRST, _SECOND), (_FIRST,), (_SECOND,))
"""Which of the two each plot shows."""


def made_plot(theme: Theme) -> TimePlot:
    return TimePlot(theme, -1.0, 1.0)


class CompareGraph(Panel):
    """Three plots: one for both, one for each. Times are those of the first; `shift_s` is added to the second's."""

    def __init__(self, plots: tuple[TimePlot, ...]) -> None:
        """`plots`: as `made_plot` makes them."""
        super().__init__("")
        self.title.hide()  # the names of the two sessions stand there
        self.plots = plots
        self.spans = Chips(SPAN_NAMES, "In view")
        self.spans.check(len(SPANS_S) - 1)
        self.legends = (QLabel(), QLabel())
        self.difference = QLabel()
        self.stack = QStackedWidget()
        for plot, rows in zip(plots, _ROWS, strict=True):
            for row in rows:
                plot.add_curve(row, COLOURS[row], True)
            plot.use_as_player()
            plot.setAccessibleName("Signal over time")
            plot.level(0)
        self._lay_out()

    def _lay_out(self) -> None:
        for label in (*self.legends, self.difference):
            self.tools.addWidget(label)
            self.tools.addSpacing(GRID_PX * 2)
        self.tools.addStretch(1)
        self.tools.addWidget(self.spans)
        both = QWidget()
        column = QVBoxLayout(both)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.plots[1])
        column.addWidget(self.plots[2])
        self.stack.addWidget(self.plots[0])
        self.stack.addWidget(both)
        self.add(self.stack, 1)

    def set_theme(self, theme: Theme) -> None:
        for plot in self.plots:
            plot.set_theme(theme)
        for label, colour_name in zip(self.legends, COLOURS, strict=True):
            label.setStyleSheet(f"color: {getattr(theme, colour_name)}; font-weight: 600;")

    def veil(self) -> Iterable[Callable[[], object]]:
        """Empty ground for now; what is given back takes it from one plot each."""
        for plot in self.plots:
            plot.veil()
        return [plot.unveil for plot in self.plots]

    def mark(self, sides: Sequence[Side], shift_s: float) -> None:
        """Each session's markers in its own colour; of those that fall together one is enough."""
        for plot in self.plots:
            plot.clear_marks()
        for row, side in enumerate(sides):
            for moment in side.recording.moments:
                if moment.kind is MomentKind.MARKER:
                    for plot in (self.plots[0], self.plots[row + 1]):
                        plot.mark(moment.t_s + (shift_s if row == _SECOND else 0.0), moment.text, COLOURS[row])

    def draw(self, sides: Sequence[Side], name: str, window: tuple[float, float], shift_s: float) -> None:
        """The signal `name` of both, as far as it lies in the window."""
        begin_s, end_s = window
        lines = {}
        for row, side in enumerate(sides):
            shift = shift_s if row == _SECOND else 0.0
            drawn = side.recording.curves
            part = drawn.part(begin_s - shift, end_s - shift, _POINTS)
            lines[row] = (part.t_s + shift, part.values[drawn.row_of(drawn.names[0])])
        for plot, rows in zip(self.plots, _ROWS, strict=True):
            plot.set_limits(-1.0 if name in _SIGNED else 0.0, 1.0)
            ticks = [(-1, "−1"), (0, "0"), (1, "+1")] if name in _SIGNED else [(0, "0"), (1, "1")]
            plot.getPlotItem().getAxis("left").setTicks([ticks])
            plot.show_lines({row: lines[row] for row in rows}, begin_s, end_s)

    def point_at(self, t_s: float) -> None:
        for plot in self.plots:
            plot.point_at(t_s)

    def show_values(self, names: Sequence[str], values: Sequence[float]) -> None:
        """Of both at the cursor, and how far they are apart."""
        for label, name, value in zip(self.legends, names, values, strict=True):
            label.setText(f"{name}  {signed(value)}")
        self.difference.setText(f"difference  {signed(values[1] - values[0])}")
