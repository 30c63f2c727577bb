"""Over recorded sessions: how many alerts each threshold of a rule would have given.

The rule is run again over the rows, as it ran live: the same watch, the same quality gate, skipped frames left out. At
the rule's own threshold the answer is therefore what was recorded.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence

import numpy as np

from desktop_affect.session.reader import Session
from desktop_affect.signals.catalogue import BY_KEY
from desktop_affect.signals.operating_points import OperatingPoint, operating_points
from desktop_affect.signals.rules import Rule

_ABOUT = 12
"""Steps between the lowest and the highest threshold, more or less: enough to see the bend, few enough to read."""


def session_points(session: Session, rule: Rule, thresholds: Sequence[float]) -> tuple[OperatingPoint, ...]:
    """One point for each threshold."""
    looked_at = session["seen"] != "skipped"
    return operating_points(
        rule,
        session["t_s"][looked_at],
        session[rule.signal][looked_at].astype(np.float64),
        session["quality_usable"][looked_at] == 1,
        thresholds,
    )


def pooled(points: Iterable[Sequence[OperatingPoint]]) -> tuple[OperatingPoint, ...]:
    """Sessions taken together, threshold by threshold: times are added, not rates."""
    return tuple(_together(same) for same in zip(*points, strict=True))


def _together(points: Sequence[OperatingPoint]) -> OperatingPoint:
    watched_s = math.fsum(point.watched_s for point in points)
    alerts = sum(point.alerts for point in points)
    alerted_s = math.fsum(point.share * point.watched_s for point in points if point.watched_s > 0)
    if watched_s <= 0:
        return OperatingPoint(points[0].threshold, alerts, math.nan, math.nan, 0.0)
    return OperatingPoint(points[0].threshold, alerts, 60 * alerts / watched_s, alerted_s / watched_s, watched_s)


def useful_thresholds(sessions: Iterable[Session], rule: Rule) -> tuple[float, ...]:
    """Round numbers over what the signal did in these sessions, and the rule's own; 0.5 for what is there or not."""
    signal = BY_KEY[rule.signal]
    if rule.signal == "face" or rule.signal.endswith("_present"):
        return (0.5,)
    low, high = math.inf, -math.inf
    for session in sessions:
        known = session[rule.signal][np.isfinite(session[rule.signal])]
        if len(known):
            low, high = min(low, float(known.min())), max(high, float(known.max()))
    if not low < high:
        low, high = signal.minimum, signal.maximum
    step = _round_step((high - low) / _ABOUT)
    first, last = math.ceil(low / step - 1e-9), math.floor(high / step + 1e-9)
    return tuple(sorted({rule.threshold, *(round(k * step, 6) for k in range(first, last + 1))}))


def _round_step(least: float) -> float:
    """The next of 1, 2, 5 times a power of ten."""
    power = 10.0 ** math.floor(math.log10(least))
    return next(power * times for times in (1, 2, 5, 10) if power * times >= least * (1 - 1e-9))
