"""The one monotonic clock of the house, and its tie to the time of day.

`perf_counter`, not `monotonic`: up to Python 3.12 `monotonic` on Windows is `GetTickCount64`, which moves in steps of
15.6 ms, half a camera frame; `perf_counter` is the performance counter there (0.1 µs) and the very same clock as
`monotonic` on Linux and macOS.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import datetime, timezone

from desktop_affect.core.ports import Clock
from desktop_affect.core.types import ClockPair

_READINGS = 7
"""Enough that one reading is not cut in two by the scheduler, few enough to take microseconds."""


class MonotonicClock:
    """The `Clock` of a running application."""

    def now_s(self) -> float:
        return time.perf_counter()

    def wait_until_s(self, t_s: float) -> None:
        """Never returns early; late by what the timer of the platform allows (15.6 ms on Windows with Python 3.10)."""
        while (left_s := t_s - time.perf_counter()) > 0:
            time.sleep(left_s)


def utc_now() -> datetime:
    """The wall clock, with its zone."""
    return datetime.now(timezone.utc)


def clock_pair(clock: Clock, wall: Callable[[], datetime] = utc_now) -> ClockPair:
    """Both clocks at the same moment.

    The wall clock is read between two readings of the monotonic one, several times; the narrowest bracket wins, its
    middle is the moment and half its width the uncertainty. The wall clock's own steps (1 µs, 0.5 to 15.6 ms on some
    Windows systems) are not part of it.
    """
    brackets = (_bracket(clock, wall) for _ in range(_READINGS))
    before_s, moment, after_s = min(brackets, key=lambda reading: reading[2] - reading[0])
    return ClockPair(
        monotonic_s=(before_s + after_s) / 2,
        wall_utc=moment.astimezone(timezone.utc).isoformat(timespec="microseconds"),
        uncertainty_s=(after_s - before_s) / 2,
    )


def _bracket(clock: Clock, wall: Callable[[], datetime]) -> tuple[float, datetime, float]:
    before_s = clock.now_s()
    moment = wall()
    return before_s, moment, clock.now_s()
