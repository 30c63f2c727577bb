"""What the page tells, worked out once: looked-at rows, bins, spans without a face, and the numbers at the top."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from desktop_affect.session.aggregate import Aggregator, aggregate
from desktop_affect.session.export.fields import RAW_SUFFIX
from desktop_affect.session.export.grid import MOST_GAP_S
from desktop_affect.session.export.table import ExportTable
from desktop_affect.session.format import REASON_SEPARATOR
from desktop_affect.session.report.binned import Bins
from desktop_affect.session.totals import Row

Array: TypeAlias = NDArray[Any]

# A stretch without a face that is shorter than this is not worth a mark on a page of an hour.
_LEAST_GAP_SHARE = 0.002


# Events that only say what was done.
_NO_FAULTS = ("recovered", "baseline")


@dataclass(frozen=True, slots=True)
class Gap:
    """Nobody was seen, or no frame came."""

    begin_s: float
    end_s: float
    face_lost: bool
    """False: no frames came."""


class Facts:
    """Everything drawn or listed comes from here."""

    def __init__(self, table: ExportTable) -> None:
        self.table = table
        self.session = table.session
        self.header: Mapping[str, Any] = table.header
        self._looked_at = table["seen"] != "skipped"
        self.t_s: Array = np.maximum.accumulate(table.t_s[self._looked_at])

    @cached_property
    def aggregates(self) -> list[Row]:
        return aggregate(self.table)

    @cached_property
    def aggregator(self) -> Aggregator:
        return Aggregator(self.table)

    @property
    def whole(self) -> Row:
        return self.aggregates[0]

    @property
    def begin_s(self) -> float:
        return float(self.whole["begin_s"])

    @property
    def end_s(self) -> float:
        return float(self.whole["end_s"])

    @cached_property
    def bins(self) -> Bins:
        return Bins(self.t_s, self.begin_s, self.end_s)

    def values(self, name: str) -> Array:
        """A signal with the chosen smoothing, on the looked-at rows."""
        found: Array = self.table[name][self._looked_at]
        return found

    def raw(self, name: str) -> Array:
        """As the model gave it."""
        found: Array = self.session[name + RAW_SUFFIX][self._looked_at]
        return found

    def column(self, name: str) -> Array:
        """A column as recorded, on the looked-at rows."""
        found: Array = self.session[name][self._looked_at]
        return found

    def has(self, name: str) -> bool:
        return bool((~np.isnan(self.values(name))).any())

    @cached_property
    def gaps(self) -> list[Gap]:
        """Longer than the page can leave out."""
        least_s = max(MOST_GAP_S, _LEAST_GAP_SHARE * (self.end_s - self.begin_s))
        found = [*self._without_face(), *self._without_frames()]
        return sorted((gap for gap in found if gap.end_s - gap.begin_s >= least_s), key=lambda gap: gap.begin_s)

    def _without_face(self) -> list[Gap]:
        missing = self.column("face") != 1
        edges = np.flatnonzero(np.diff(np.concatenate([[False], missing, [False]]).astype(np.int8)))
        times = np.append(self.t_s, self.end_s)
        return [Gap(float(times[a]), float(times[b]), True) for a, b in zip(edges[::2], edges[1::2], strict=True)]

    def _without_frames(self) -> list[Gap]:
        far = np.flatnonzero(np.diff(self.t_s) > MOST_GAP_S)
        return [Gap(float(self.t_s[at]), float(self.t_s[at + 1]), False) for at in far]

    @cached_property
    def reasons(self) -> list[tuple[str, float]]:
        """Machine name and share of all rows in which it was given, most frequent first."""
        counted: Counter[str] = Counter()
        for texts, count in Counter(self.session["quality_reasons"].tolist()).items():
            for reason in filter(None, texts.split(REASON_SEPARATOR)):
                counted[reason] += count
        return [(reason, count / self.session.rows) for reason, count in counted.most_common()]

    @property
    def judged(self) -> bool:
        return bool((~np.isnan(self.session["quality"])).any())

    @property
    def skipped(self) -> int:
        return int(np.sum(~self._looked_at))

    @cached_property
    def missing(self) -> int:
        """Sequence numbers without a row."""
        return int(np.sum(np.maximum(np.diff(self.session["seq"]) - 1, 0)))

    @cached_property
    def latency_ms(self) -> Array:
        """Of the frames that have one: none of a film analysed offline has."""
        values = self.session["latency_ms"]
        known: Array = values[~np.isnan(values)]
        return known

    @property
    def faults(self) -> list[Mapping[str, Any]]:
        return [event for event in self.session.events if event.get("event") not in _NO_FAULTS]
