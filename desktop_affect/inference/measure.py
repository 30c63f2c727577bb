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
    processor_ms: float
    """Mean processor time of all threads, the rest after the step included: what spinning costs shows here. Much
    steadier than the wall clock when other programs use the machine."""


def measure_alternating(
    steps: Mapping[str, Step],
    budget_s: float,
    least: int = 5,
    clock: ClockS = time.perf_counter,
    rest: Callable[[], None] = lambda: None,
) -> dict[str, Timing]:
    """Every step in turn, again and again, until the budget is spent and each ran at least `least` times.

    `rest` runs after each step, outside the measured duration: threads that spin on after one step would slow the next.
    """
    taken: dict[str, list[float]] = {name: [] for name in steps}
    processor: dict[str, float] = dict.fromkeys(steps, 0.0)
    for step in steps.values():
        for _ in range(_WARM_UP):
            step()
    end_s = clock() + budget_s
    rounds = 0
    while steps and (rounds < least or clock() < end_s):
        for name, step in steps.items():
            processor_s, begin_s = time.process_time(), clock()
            step()
            taken[name].append(clock() - begin_s)
            rest()
            processor[name] += time.process_time() - processor_s
        rounds += 1
    return {name: _timing(seconds, processor[name]) for name, seconds in taken.items()}


def _timing(seconds: list[float], processor_s: float) -> Timing:
    ms = np.asarray(seconds) * 1000.0
    median, p95 = float(np.median(ms)), float(np.percentile(ms, 95))
    return Timing(median, p95, len(seconds), processor_s * 1000.0 / len(seconds))
