"""Small running measures for the status: rates from time stamps, medians of recent durations."""

from __future__ import annotations

import math
import statistics
from collections import deque

from desktop_affect.core.types import NAN

# Long enough to be steady at 8 fps, short enough to show a camera that slows down in dim light.
WINDOW_S = 2.0
# Latencies that the median is taken over: two seconds at 60 fps.
RECENT = 120


class RateMeter:
    """Frames per second over the last WINDOW_S, from the frames' own time stamps."""

    def __init__(self) -> None:
        self._times: deque[float] = deque()

    def tick(self, t_s: float) -> None:
        self._times.append(t_s)
        while self._times[-1] - self._times[0] > WINDOW_S:
            self._times.popleft()

    def per_second(self) -> float:
        times = tuple(self._times)
        if len(times) < 2 or times[-1] <= times[0]:
            return NAN
        return (len(times) - 1) / (times[-1] - times[0])


class RecentMedian:
    """Median of the newest RECENT finite values."""

    def __init__(self) -> None:
        self._values: deque[float] = deque(maxlen=RECENT)

    def add(self, value: float) -> None:
        if math.isfinite(value):
            self._values.append(value)

    def median(self) -> float:
        values = tuple(self._values)
        return statistics.median(values) if values else NAN
