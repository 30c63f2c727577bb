"""A session in a few rows: means, spreads and shares for all of it, between its markers, and per window.

A looked-at row stands for the time until the next one, but for no more than `MOST_GAP_S`; so shares are shares of time,
and a camera that was away counts as away. Means and spreads are over the rows that may be believed: quality over the
gate, or never judged.
"""

from __future__ import annotations

import csv
import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from desktop_affect.core.types import ACTION_UNITS, EXPRESSIONS, Alert
from desktop_affect.session.export.grid import MOST_GAP_S
from desktop_affect.session.export.options import Progress
from desktop_affect.session.export.table import ExportTable
from desktop_affect.session.totals import Moments, Row, Totals, Unit

Array: TypeAlias = NDArray[Any]

NOTE = "note"
"""Markers of this kind are remarks: they divide nothing."""
BEFORE_THE_FIRST = "(before the first marker)"

DESCRIBED: tuple[str, ...] = (
    "valence", "arousal", "hesitancy", "quality", *ACTION_UNITS, *(f"expression_{name}" for name in EXPRESSIONS),
)  # fmt: skip
"""Signals with a mean and a standard deviation."""

COLUMNS: tuple[str, ...] = (
    "seen", "face", "quality_usable", "blink", *DESCRIBED, *(f"{unit}_present" for unit in ACTION_UNITS),
)  # fmt: skip
"""What is read of a session for its aggregates, with live smoothing and without a baseline."""


@dataclass(frozen=True, slots=True)
class Interval:
    """A stretch of a session, `begin_s` to before `end_s`."""

    scope: str
    """`session`, `interval` (between markers), `annotation` (a range) or `window`."""
    label: str
    begin_s: float
    end_s: float

    @property
    def duration_s(self) -> float:
        return self.end_s - self.begin_s


def intervals(table: ExportTable) -> Iterator[Interval]:
    """The whole session, from marker to marker, the ranges that a person annotated, the windows that were asked for."""
    begin_s, end_s = _extent(table)
    yield Interval("session", "", begin_s, end_s)
    yield from _between_markers(table, begin_s, end_s)
    yield from _annotated(table, begin_s, end_s)
    if table.options.window_s is not None:
        yield from _windows(begin_s, end_s, table.options.window_s)


def _extent(table: ExportTable) -> tuple[float, float]:
    """The last row lasts as long as rows do; a single one, as long as its source says."""
    t_s = table.t_s
    if len(t_s) == 0:
        return 0.0, 0.0
    steps = np.diff(t_s)
    only_s = nominal_step_s(table.header["source"].get("nominal_fps"))
    return float(t_s[0]), float(t_s[-1]) + (float(np.median(steps)) if len(steps) else only_s)


def nominal_step_s(fps: float | None) -> float:
    """0 where the source does not say."""
    return 1.0 / fps if fps is not None and math.isfinite(fps) and fps > 0 else 0.0


def _between_markers(table: ExportTable, begin_s: float, end_s: float) -> Iterator[Interval]:
    marks = sorted((m.t_s, m.text) for m in table.session.markers if m.kind != NOTE and begin_s <= m.t_s < end_s)
    if not marks:
        return
    if marks[0][0] > begin_s:
        yield Interval("interval", BEFORE_THE_FIRST, begin_s, marks[0][0])
    ends = [t_s for t_s, _ in marks[1:]] + [end_s]
    for (t_s, text), until_s in zip(marks, ends, strict=True):
        yield Interval("interval", " ".join(text.split()), t_s, until_s)


def _annotated(table: ExportTable, begin_s: float, end_s: float) -> Iterator[Interval]:
    """As far as they lie inside."""
    for found in table.session.annotations:
        if found.is_range and found.begin_s < end_s and found.end_s > begin_s:
            yield Interval("annotation", found.label, max(found.begin_s, begin_s), min(found.end_s, end_s))


def _windows(begin_s: float, end_s: float, length_s: float) -> Iterator[Interval]:
    """The last one may be shorter."""
    for number in range(int(np.ceil((end_s - begin_s) / length_s - 1e-9))):
        start_s = begin_s + number * length_s
        yield Interval("window", str(number + 1), start_s, min(start_s + length_s, end_s))


class Aggregator:
    """Columns of a session, cut into intervals."""

    def __init__(self, table: ExportTable) -> None:
        looked_at = np.isin(table["seen"], ("face", "no_face"))
        t_s = table.t_s[looked_at]
        self._times, self._all_times = _Times(t_s), _Times(table.t_s)
        self._lasts_s = np.clip(np.diff(t_s, append=_extent(table)[1]), 0.0, MOST_GAP_S)
        self._face = table["face"][looked_at] == 1
        self._believed = self._face & (table["quality_usable"][looked_at] != 0)
        self._blink_begins = _rises(table["blink"][looked_at])
        self._values = {name: table[name][looked_at] for name in DESCRIBED}
        self._present = {unit: table[f"{unit}_present"][looked_at] for unit in ACTION_UNITS}
        self._unit_begins = {unit: _rises(present) for unit, present in self._present.items()}
        self._alerts = table.session.alerts

    def row(self, interval: Interval) -> Row:
        """NaN where nothing is known."""
        where: Row = {
            "scope": interval.scope,
            "label": interval.label,
            "begin_s": interval.begin_s,
            "end_s": interval.end_s,
        }
        return where | self.totals(interval).cells()

    def totals(self, interval: Interval) -> Totals:
        """What was counted there; can be added to others."""
        inside = self._times.within(interval)
        believed, lasts_s = self._believed[inside], self._lasts_s[inside]
        return Totals(
            duration_s=interval.duration_s,
            rows=self._all_times.count(interval),
            face_s=float(lasts_s[self._face[inside]].sum()),
            valid_s=float(lasts_s[believed].sum()),
            alerts=sum(_begins_in(alert, interval) for alert in self._alerts),
            blinks=int(self._blink_begins[inside].sum()),
            signals={name: Moments.of(values[inside][believed]) for name, values in self._values.items()},
            units={unit: self._unit(unit, inside, believed, lasts_s) for unit in self._present},
        )

    def _unit(self, unit: str, inside: slice | Array, believed: Array, lasts_s: Array) -> Unit:
        """Of the time in which the unit could be judged."""
        present = self._present[unit][inside]
        judged = believed & ~np.isnan(present)
        count = int(self._unit_begins[unit][inside][believed].sum())
        return Unit(float(lasts_s[judged & (present == 1)].sum()), float(lasts_s[judged].sum()), count)


class _Times:
    """Which rows are in an interval. Where time never goes back, as it should not, they lie together: a session of
    eight hours with hundreds of intervals would else be looked through hundreds of times."""

    def __init__(self, t_s: Array) -> None:
        self._t_s = t_s
        self._never_back = bool((t_s[1:] >= t_s[:-1]).all())

    def within(self, interval: Interval) -> slice | Array:
        if self._never_back:
            return slice(*np.searchsorted(self._t_s, (interval.begin_s, interval.end_s)).tolist())
        found: Array = (self._t_s >= interval.begin_s) & (self._t_s < interval.end_s)
        return found

    def count(self, interval: Interval) -> int:
        return len(self._t_s[self.within(interval)])


def _rises(flags: Array) -> Array:
    """Where a flag begins; one that is up when it is first known counts."""
    up = flags == 1
    begins: Array = up & ~np.concatenate([[False], up[:-1]])
    return begins


def _begins_in(alert: Alert, interval: Interval) -> bool:
    return interval.begin_s <= alert.begin_s < interval.end_s


def aggregate(table: ExportTable) -> list[Row]:
    """A row per interval, each with whose session it is."""
    whose = who(table)
    aggregator = Aggregator(table)
    return [{**whose, **aggregator.row(interval)} for interval in intervals(table)]


def who(table: ExportTable) -> Row:
    """Whose session it is."""
    header: Mapping[str, Any] = table.header
    return {
        "session": table.session.path.resolve().name,
        "session_id": str(header.get("id", "")),
        **{key: str(header.get(key) or "") for key in ("study", "participant", "condition")},
        "smoothing": table.options.smoothing.value,
    }


def write(table: ExportTable, path: Path, progress: Progress) -> None:
    """As CSV; files of several sessions can be put one behind the other. Raises OSError."""
    write_rows(aggregate(table), path)
    progress(table.rows, table.rows)


def write_rows(rows: Sequence[Row], path: Path) -> None:
    """Raises OSError."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, fieldnames=list(rows[0]), lineterminator="\n")
        writer.writeheader()
        writer.writerows({name: _cell(value) for name, value in row.items()} for row in rows)


def _cell(value: str | float) -> str | float:
    if not isinstance(value, float):
        return value
    return "" if np.isnan(value) else float(f"{value:.6g}")
