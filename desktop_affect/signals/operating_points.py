"""What a threshold would have meant: the same rule over a recorded series, once per threshold."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import ArrayLike

from desktop_affect.core.types import NAN, AlertPhase
from desktop_affect.signals.alerts import GRACE_S, Watch
from desktop_affect.signals.rules import Rule


@dataclass(frozen=True, slots=True)
class OperatingPoint:
    """One threshold over one recording."""

    threshold: float
    alerts: int
    per_minute: float
    """Of the time in which the value was known and over the gate; NaN when there was none."""
    share: float
    """Of that time spent in alert."""
    watched_s: float
    """That time."""


def operating_points(
    rule: Rule, t_s: ArrayLike, values: ArrayLike, usable: ArrayLike, thresholds: Sequence[float]
) -> tuple[OperatingPoint, ...]:
    """`rule` gives everything but the threshold; `usable` is the quality gate per row (ignored by an ungated rule)."""
    times = np.asarray(t_s, dtype=np.float64)
    series = np.asarray(values, dtype=np.float64)
    if rule.gated:
        series = np.where(np.asarray(usable, dtype=np.bool_), series, NAN)
    watched_s = _watched_s(times, np.isfinite(series).tolist())
    rows = list(zip(times.tolist(), series.tolist(), strict=True))
    return tuple(_point(replace(rule, threshold=float(threshold)), rows, watched_s) for threshold in thresholds)


def _point(rule: Rule, rows: list[tuple[float, float]], watched_s: float) -> OperatingPoint:
    watch, alerts, alerted_s = Watch(rule), 0, 0.0
    changes = [watch.see(t_s, value) for t_s, value in rows]
    for change in (*changes, watch.finish()):
        if change is not None and change.phase is AlertPhase.BEGAN:
            alerts += 1
        elif change is not None:
            alerted_s += change.end_s - change.begin_s
    if watched_s <= 0:
        return OperatingPoint(rule.threshold, alerts, NAN, NAN, 0.0)
    share = min(alerted_s / watched_s, 1.0)
    return OperatingPoint(rule.threshold, alerts, 60.0 * alerts / watched_s, share, watched_s)


def _watched_s(times: np.ndarray[tuple[int], np.dtype[np.float64]], known: list[bool]) -> float:
    """Time between neighbouring known rows; a long gap was not watched."""
    steps = np.diff(times).tolist()
    together = zip(steps, known[:-1], known[1:], strict=True)
    return math.fsum(step for step, one, other in together if one and other and 0 < step <= GRACE_S)
