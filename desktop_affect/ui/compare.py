"""Two recorded sessions compared: a signal of both over time, overlaid or one above the other, and both in numbers."""

from __future__ import annotations

import math
from collections.abc import Iterable
from functools import partial
from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLabel,
    QVBoxLayout,
    QWidget,
)

from desktop_affect.session.aggregate import DESCRIBED
from desktop_affect.ui.combo import Combo
from desktop_affect.ui.compare_data import (
    SIDE_BY_SIDE,
    Pair,
    Side,
    both_at,
    common_markers,
    pairs,
    read_pair,
    shift_s,
)
from desktop_affect.ui.compare_graph import CompareGraph
from desktop_affect.ui.dressing import Piece
from desktop_affect.ui.jobs import Jobs
from desktop_affect.ui.newest import Reading
from desktop_affect.ui.number_table import NumberTable, row_texts
from desktop_affect.ui.panel import Chips, Panel
from desktop_affect.ui.playback import Playback
from desktop_affect.ui.recording import Curves
from desktop_affect.ui.review_open import read_curves
from desktop_affect.ui.signal_panel import signal_words
from desktop_affect.ui.spin_box import NumberField
from desktop_affect.ui.theme import GRID_PX, Theme, wear
from desktop_affect.ui.time_plot import TimePlot
from desktop_affect.ui.transport import SPANS_S
from desktop_affect.ui.turns import Turns

_MOST_OFFSET_S = 86400.0
START = "By their start"


class ComparePage(QWidget):
    """Times are those of the first session; the second is shifted onto them."""

    failed = Signal(object)
    shown = Signal()

    def __init__(self, theme: Theme, jobs: Jobs, plots: tuple[TimePlot, ...]) -> None:
        """`plots`: for its graph."""
        super().__init__()
        self._theme = theme
        self._jobs = jobs
        self.sides: tuple[Side, Side] | None = None
        self.names: tuple[str, ...] = ("", "")
        self.playback = Playback()
        self._drawn: tuple[object, ...] = ()
        self._rest = Turns()
        self._rows: Reading[tuple[float, float], list[list[float]]] | None = None
        """Of both files, at the cursor."""
        self.signal, self.align = Combo(), Combo()
        self.offset = NumberField()
        self.layouts = Chips(("Overlaid", "Stacked"), "Layout")
        self.graph = CompareGraph(plots)
        self.at_cursor = NumberTable(("Signal", "", "", "Difference"), "Values at the cursor")
        self.means = NumberTable(("Interval", "", "", "Difference", "Valid"), "Means per interval")
        self._fill()
        self._lay_out()
        self._connect()
        self._colour(theme)

    def _fill(self) -> None:
        for name in DESCRIBED:
            self.signal.addItem(signal_words(name), name)
        self.signal.setAccessibleName("Signal")
        self.align.setAccessibleName("Align by")
        self.align.setMinimumWidth(176)
        self.offset.setRange(-_MOST_OFFSET_S, _MOST_OFFSET_S)
        self.offset.setDecimals(2)
        self.offset.setSuffix(" s")
        self.offset.setPrefix("second by ")
        self.offset.setSingleStep(0.1)
        self.offset.setAccessibleName("Shift the second session")
        self.layouts.check(0)

    def _lay_out(self) -> None:
        head = QHBoxLayout()
        head.setSpacing(GRID_PX)
        for words, widget in (("Signal", self.signal), ("Align", self.align), ("Shift", self.offset)):
            head.addWidget(QLabel(words))
            head.addWidget(widget)
            head.addSpacing(GRID_PX)
        head.addStretch(1)
        head.addWidget(self.layouts)
        numbers = QHBoxLayout()
        numbers.setSpacing(GRID_PX)
        tables = Panel("At the cursor"), Panel("Means per interval")
        for panel, table, stretch in zip(tables, (self.at_cursor, self.means), (5, 6), strict=True):
            panel.add(table, 1)
            numbers.addWidget(panel, stretch)
        top = QWidget()
        upper = QVBoxLayout(top)
        upper.setContentsMargins(0, 0, 0, 0)
        upper.setSpacing(GRID_PX)
        upper.addLayout(head)
        upper.addWidget(self.graph, 1)
        page = QVBoxLayout(self)
        page.setContentsMargins(0, 0, 0, 0)
        page.setSpacing(GRID_PX)
        page.addWidget(top, 5)
        page.addLayout(numbers, 4)
        self.parts = top, *tables

    def _connect(self) -> None:
        self.signal.activated.connect(lambda index: self._fetch())
        self.align.activated.connect(lambda index: self._realign())
        self.offset.valueChanged.connect(lambda value: self._realign())
        self.layouts.chosen.connect(self.graph.stack.setCurrentIndex)
        self.graph.spans.chosen.connect(self._choose_span)
        for plot in self.graph.plots:
            plot.sought.connect(self.seek)
            plot.zoomed.connect(self._zoom)
        play = self.playback
        for keys, step_s in (("Left", -0.1), ("Right", 0.1), ("Shift+Left", -1.0), ("Shift+Right", 1.0)):
            shortcut = QShortcut(QKeySequence(keys), self)
            shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
            shortcut.activated.connect(lambda step_s=step_s: self.seek(play.cursor_s + step_s))

    # What is shown.

    @property
    def name(self) -> str:
        """The column of the chosen signal."""
        return str(self.signal.currentData())

    @property
    def shift_s(self) -> float:
        """What is added to the times of the second."""
        if self.sides is None:
            return 0.0
        return shift_s(*self.sides, str(self.align.currentData() or ""), self.offset.value())

    def open(self, first: Path, second: Path) -> None:
        """Read both on the worker and show them; `shown` is emitted then."""
        name, failed = self.name, self.failed.emit
        folders = (first, second)
        self._jobs.run("Opening two sessions", self._jobs.aside(read_pair, folders, name), self.show_sides, failed)

    def show_sides(self, sides: tuple[Side, Side]) -> None:
        self.leave()
        self.sides = sides
        self._rows = Reading("rows", partial(both_at, sides, SIDE_BY_SIDE))
        self.align.clear()
        self.align.addItem(START, "")
        for text in common_markers(*sides):
            self.align.addItem(f"At “{text}”", text)
        self.offset.setValue(0.0)
        names = [side.name for side in sides]
        if names[0] == names[1]:
            names = [f"{name} ({number})" for number, name in enumerate(names, 1)]
        for table in (self.at_cursor, self.means):
            for column, name in enumerate(names, 1):
                table.numbers.set_head(column, name)
        self.names = tuple(names)
        self._realign()
        self.playback.cursor_s = self.playback.begin_s
        self._choose_span(self.graph.spans.chosen_number)
        self._drawn = ()
        self.shown.emit()

    def theme_turns(self, theme: Theme) -> Iterable[Piece]:
        """A table that is styled measures all its columns: each is a piece, so is each plot, the rest another."""
        yield from (partial(wear, part, theme) for part in self.parts)
        yield lambda: self._colour(theme)
        yield from (plot.refresh for plot in self.graph.plots)

    def set_theme(self, theme: Theme) -> None:
        for piece in self.theme_turns(theme):
            piece()

    def _colour(self, theme: Theme) -> None:
        self._theme = theme
        self.graph.set_theme(theme)

    def tick(self) -> None:
        """Called by the window's timer: draw what has changed."""
        if self.sides is None:
            return
        state = (self.sides, self.playback.window, self.playback.cursor_s, self.shift_s, self.name)
        if not self._drawn:
            self._drawn = state
            self._draw_in_turns()
            return
        if state != self._drawn:
            self._drawn = state
            self._draw()
            self._show_values()
        self._rest.step()
        self._take_rows()

    def _draw_in_turns(self) -> None:
        """The first time: curves, their painting and the two tables, each in a turn of its own."""
        self._rest.begin(self._draw, *self.graph.veil(), self._show_values, self._show_means)

    @property
    def up_to_date(self) -> bool:
        """What is on the screen is what was asked for last."""
        return bool(self._drawn) and self._rest.over and (self._rows is None or self._rows.over)

    def leave(self) -> None:
        """Let the files go."""
        if self._rows is not None:
            self._rows.close()
            self._rows = None

    def seek(self, t_s: float) -> None:
        self.playback.seek(t_s)

    def _zoom(self, steps: int, at_s: float) -> None:
        self.playback.zoom(steps, at_s)
        self.graph.spans.choose_none()

    def _choose_span(self, number: int) -> None:
        self.playback.choose_span(SPANS_S[number])

    def _realign(self) -> None:
        if self.sides is None:
            return
        first, second = (side.recording for side in self.sides)
        play, shift = self.playback, self.shift_s
        play.begin_s = min(first.begin_s, second.begin_s + shift)
        play.end_s = max(first.end_s, second.end_s + shift)
        play.seek(play.cursor_s)
        everything = self.graph.spans.chosen_number == len(SPANS_S) - 1
        play.show(play.begin_s if everything else play.window[0], play.whole_s if everything else play.span_s)
        self.graph.mark(self.sides, shift)

    def _draw(self) -> None:
        if self.sides is not None:
            self.graph.draw(self.sides, self.name, self.playback.window, self.shift_s)
            self.graph.point_at(self.playback.cursor_s)

    def _show_values(self) -> None:
        """Of the signal, which the curves hold; the others have to be read."""
        if self.sides is None or self._rows is None:
            return
        times = (self.playback.cursor_s, self.playback.cursor_s - self.shift_s)
        both = zip(self.sides, times, strict=True)
        self.graph.show_values(self.names, [float(side.recording.curves.values_at(t_s)[-1]) for side, t_s in both])
        self._rows.ask(times)

    def _take_rows(self) -> None:
        """Show what was read of both."""
        outcome = self._rows.take() if self._rows is not None else None
        if outcome is None:
            return
        if outcome.problem is not None:
            self.failed.emit(outcome.problem)
        values = outcome.found or [[math.nan] * len(SIDE_BY_SIDE)] * 2
        rows = zip(map(signal_words, SIDE_BY_SIDE), *values, strict=True)
        self.at_cursor.numbers.show_rows([row_texts(*row) for row in rows])

    def _show_means(self) -> None:
        if self.sides is None:
            return
        found = pairs(self.sides[0].rows, self.sides[1].rows, self.name)
        self.means.numbers.show_rows(
            [(*row_texts(pair.label, pair.first, pair.second), _valid(pair)) for pair in found]
        )

    def _fetch(self) -> None:
        """Another signal of both."""
        if self.sides is None:
            return
        sides, failed = self.sides, self.failed.emit
        folders = tuple(side.recording.session.path for side in sides)
        work = self._jobs.aside(read_curves, folders, (self.name,))
        self._jobs.run("Reading the signal", work, lambda found: self._take(sides, found), failed)

    def _take(self, sides: tuple[Side, Side], found: list[Curves]) -> None:
        for side, drawn in zip(sides, found, strict=True):
            side.recording.curves = drawn
        self._draw()
        self._show_values()
        self._show_means()


def _valid(pair: Pair) -> str:
    """`97% / 88%`."""
    return " / ".join(f"{x:.0%}" if math.isfinite(x) else "–" for x in (pair.first_valid, pair.second_valid))
