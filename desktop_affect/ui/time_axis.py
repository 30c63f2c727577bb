"""The axis of time below a plot: labels as `12:40`, at whole steps, as many as have room."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
import pyqtgraph as pg

from desktop_affect.ui.words import clock_label

TICK_STEPS_S = (1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 14_400, 28_800, 86_400)


class TimeAxis(pg.AxisItem):  # type: ignore[misc]  # pyqtgraph has no types
    """Labels as `12:40`, at whole steps."""

    def tickValues(self, low: float, high: float, size: float) -> list[tuple[float, list[float]]]:
        step_s = tick_step_s(high - low, size)
        first = math.ceil(low / step_s) * step_s
        return [(step_s, [float(t) for t in np.arange(first, high + 1e-9, step_s) if t >= 0])]

    def tickStrings(self, values: Sequence[float], scale: float, spacing: float) -> list[str]:
        return [clock_label(value) for value in values]


def tick_step_s(span_s: float, size_px: float) -> float:
    """The smallest step that leaves every label 70 pixels; whole days beyond the last."""
    at_most = max(size_px / 70, 1)
    days = math.ceil(span_s / at_most / TICK_STEPS_S[-1]) * TICK_STEPS_S[-1]
    return next((float(step) for step in TICK_STEPS_S if span_s / step <= at_most), float(days))
