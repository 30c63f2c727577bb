"""The monotonic clock and its tie to the time of day."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta, timezone

import pytest

from desktop_affect.system.clock import MonotonicClock, clock_pair


class ScriptedClock:
    """Gives the readings it was told."""

    def __init__(self, readings_s: list[float]) -> None:
        self._readings_s: Iterator[float] = iter(readings_s)

    def now_s(self) -> float:
        return next(self._readings_s)

    def wait_until_s(self, t_s: float) -> None:
        raise AssertionError("nobody waits here")


def test_waiting_never_ends_early_and_the_past_costs_nothing() -> None:
    clock = MonotonicClock()
    goal_s = clock.now_s() + 0.02
    clock.wait_until_s(goal_s)
    assert clock.now_s() >= goal_s
    clock.wait_until_s(goal_s - 3600)


def test_clock_steps_are_finer_than_a_millisecond() -> None:
    clock = MonotonicClock()
    first_s = later_s = clock.now_s()
    steps_s = []
    for _ in range(100):
        while later_s == first_s:
            later_s = clock.now_s()
        steps_s.append(later_s - first_s)
        first_s = later_s
    assert min(steps_s) < 0.001


def test_pair_takes_the_narrowest_bracket() -> None:
    widths_s = [0.5, 0.4, 0.002, 0.3, 0.2, 0.6, 0.7]
    readings_s = [edge for k, width in enumerate(widths_s) for edge in (10.0 + k, 10.0 + k + width)]
    noon = datetime(2026, 3, 1, 12, tzinfo=timezone.utc)
    walls = iter([noon + timedelta(seconds=k) for k in range(len(widths_s))])
    pair = clock_pair(ScriptedClock(readings_s), wall=lambda: next(walls))
    assert pair.monotonic_s == pytest.approx(12.001)
    assert pair.uncertainty_s == pytest.approx(0.001)
    assert pair.wall_utc == "2026-03-01T12:00:02.000000+00:00"


def test_pair_states_the_moment_in_utc_whatever_the_zone() -> None:
    local = datetime(2026, 3, 1, 14, 30, tzinfo=timezone(timedelta(hours=2)))
    pair = clock_pair(MonotonicClock(), wall=lambda: local)
    assert pair.wall_utc == "2026-03-01T12:30:00.000000+00:00"


def test_real_pair_reads_the_wall_clock_of_now() -> None:
    before = datetime.now(timezone.utc)
    moment = datetime.fromisoformat(clock_pair(MonotonicClock()).wall_utc)
    assert before <= moment <= datetime.now(timezone.utc)
