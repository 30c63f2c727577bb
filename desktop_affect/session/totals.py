"""What was counted over a stretch of a session, in a form that can be added: over stretches, sessions, conditions."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import reduce
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

Row: TypeAlias = dict[str, str | float]
NAN = math.nan


@dataclass(frozen=True, slots=True)
class Moments:
    """Count, mean and sum of squared deviations of some values."""

    count: int = 0
    mean: float = NAN
    squares: float = 0.0

    @classmethod
    def of(cls, values: NDArray[Any]) -> Moments:
        """Of those that are known."""
        known = values[~np.isnan(values)].astype(np.float64)
        if not len(known):
            return cls()
        mean = float(known.mean())
        return cls(len(known), mean, float(((known - mean) ** 2).sum()))

    def __add__(self, other: Moments) -> Moments:
        """Chan, Golub and LeVeque: exact however long the two are."""
        if not self.count or not other.count:
            return self if self.count else other
        count, apart = self.count + other.count, other.mean - self.mean
        mean = self.mean + apart * other.count / count
        return Moments(count, mean, self.squares + other.squares + apart**2 * self.count * other.count / count)

    @property
    def sd(self) -> float:
        """With n − 1; NaN for fewer than two values."""
        return math.sqrt(self.squares / (self.count - 1)) if self.count > 1 else NAN


@dataclass(frozen=True, slots=True)
class Unit:
    """An action unit's presence."""

    present_s: float = 0.0
    judged_s: float = 0.0
    count: int = 0
    """How often it became present."""

    def __add__(self, other: Unit) -> Unit:
        return Unit(self.present_s + other.present_s, self.judged_s + other.judged_s, self.count + other.count)


@dataclass(frozen=True, slots=True)
class Totals:
    """Everything that a row of aggregates is worked out from."""

    duration_s: float
    rows: int
    face_s: float
    valid_s: float
    alerts: int
    blinks: int
    signals: Mapping[str, Moments]
    units: Mapping[str, Unit]

    def __add__(self, other: Totals) -> Totals:
        return Totals(
            self.duration_s + other.duration_s,
            self.rows + other.rows,
            self.face_s + other.face_s,
            self.valid_s + other.valid_s,
            self.alerts + other.alerts,
            self.blinks + other.blinks,
            {name: moments + other.signals[name] for name, moments in self.signals.items()},
            {name: unit + other.units[name] for name, unit in self.units.items()},
        )

    def cells(self) -> Row:
        """NaN where nothing is known."""
        row: Row = {
            "duration_s": self.duration_s,
            "rows": self.rows,
            "face_share": min(ratio(self.face_s, self.duration_s), 1.0),
            "valid_share": min(ratio(self.valid_s, self.duration_s), 1.0),
            "alerts": self.alerts,
            "alerts_per_min": ratio(self.alerts, self.duration_s / 60),
            "blinks": self.blinks,
            "blinks_per_min": ratio(self.blinks, self.face_s / 60),
        }
        for name, moments in self.signals.items():
            row |= {f"{name}_mean": moments.mean, f"{name}_sd": moments.sd}
        for name, unit in self.units.items():
            row |= {f"{name}_present_share": ratio(unit.present_s, unit.judged_s), f"{name}_count": unit.count}
        return row


def total(several: Iterable[Totals]) -> Totals:
    """At least one."""
    return reduce(lambda one, other: one + other, several)


def between(rows: Iterable[Totals]) -> Row:
    """Mean and spread over several that count alike, however long each is: participants, say.

    Counts and lengths are means; of a signal `_mean` and `_sd` are those of the means.
    """
    cells = [totals.cells() for totals in rows]
    found: Row = {}
    for name in cells[0]:
        moments = Moments.of(np.array([float(row[name]) for row in cells]))
        if name.endswith("_sd"):
            moments = Moments.of(np.array([float(row[name.removesuffix("_sd") + "_mean"]) for row in cells]))
            found[name] = moments.sd
        else:
            found[name] = moments.mean
    return found


def ratio(part: float, whole: float) -> float:
    return part / whole if whole > 0 else NAN
