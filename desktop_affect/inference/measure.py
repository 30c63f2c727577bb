"""Fair measuring: the candidates take turns, so that whatever else the machine does hits them all alike."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np

Step: TypeAlias = Callable[[], object]
ClockS: TypeAlias = Callable[[], float]

_WARM_UP = 3
"""First runs allocate and fill caches."""


@dataclass(frozen=True, slots=True)
class Timing:
    """How long a step took over many runs."""

    median_ms: float
    p95_ms: float
    runs: int


def measure_alternating(
    steps: Mapping[str, Step],
    budget_s: float,
    least: int = 5,
    clock: ClockS = time.perf_counter,
    rest: Callable[[], None] = lambda: None,
) -> dict[str, Timing]:
    """Every step in turn, again and again, until the budget is spent and each ran at least `least` times.

    `rest` runs after each step, outside the measurement: threads that spin on after one step would slow the next.
    """
    taken: dict[str, list[float]] = {name: [] for name in steps}
    for step in steps.values():
        for _ in range(_WARM_UP):
            step()
    end_s = clock() + budget_s
    rounds = 0
    while steps and (rounds < least or clock() < end_s):
        for name, step in steps.items():
            begin_s = clock()
            step()
            taken[name].append(clock() - begin_s)
            rest()
        rounds += 1
    return {name: timing(seconds) for name, seconds in taken.items()}


def timing(seconds: list[float]) -> Timing:
    """The summary of measured durations."""
    ms = np.asarray(seconds) * 1000.0
    return Timing(float(np.median(ms)), float(np.percentile(ms, 95)), len(seconds))
