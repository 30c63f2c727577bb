"""Fair measuring: the candidates take turns, so that whatever else the machine does hits them all alike.

A turn is a handful of runs in a row, after runs that are not counted: a network that comes after others finds the
caches full of their weights, and would be measured by what they left behind (measured: up to twice as long), while the
application runs one network again and again.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TypeAlias

import numpy as np

Step: TypeAlias = Callable[[], object]
ClockS: TypeAlias = Callable[[], float]

_WARM_UP = 2
"""Runs at the beginning of each turn that are not counted: they allocate and fill caches."""
_TURN = 5
"""Runs of a turn that are counted."""


@dataclass(frozen=True, slots=True)
class Timing:
    """How long a step took over many runs."""

    median_ms: float
    p95_ms: float
    runs: int
    best_ms: float
    """The run that other programs disturbed least: on a busy machine most runs of a turn have to wait for somebody."""
    processor_ms: float
    """Mean processor time of all threads, a rest after each turn included: what spinning costs shows here. Much
    steadier than the wall clock when other programs use the machine."""


@dataclass(slots=True)
class Samples:
    """Durations of one step, as they come in."""

    seconds: list[float] = field(default_factory=list)
    processor_s: float = 0.0

    def timing(self) -> Timing:
        """The summary; at least one run must be there."""
        ms = np.asarray(self.seconds) * 1000.0
        mean_processor_ms = self.processor_s * 1000.0 / len(self.seconds)
        median_ms, p95_ms = (float(value) for value in np.percentile(ms, [50, 95]))
        return Timing(median_ms, p95_ms, len(self.seconds), float(ms.min()), mean_processor_ms)


def no_rest() -> None:
    """For candidates whose threads wait quietly."""


def measure_alternating(
    steps: Mapping[str, Step], budget_s: float, clock: ClockS = time.perf_counter
) -> dict[str, Timing]:
    """Turn after turn until the budget is spent; each has at least one."""
    samples = {name: Samples() for name in steps}
    end_s = clock() + budget_s
    while True:
        for name, step in steps.items():
            sample_turn(step, samples[name], clock=clock)
        if clock() >= end_s:
            return {name: one.timing() for name, one in samples.items()}


def sample_turn(
    step: Step, samples: Samples, *, clock: ClockS = time.perf_counter, rest: Callable[[], None] = no_rest
) -> None:
    """Add one turn. `rest` runs after it, outside the durations but inside the processor time."""
    for _ in range(_WARM_UP):
        step()
    processor_s = time.process_time()
    for _ in range(_TURN):
        begin_s = clock()
        step()
        samples.seconds.append(clock() - begin_s)
    rest()
    samples.processor_s += time.process_time() - processor_s
