"""Fair measuring: the candidates take turns, so that whatever else the machine does hits them all alike."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
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


@dataclass(slots=True)
class Samples:
    """Durations of one step, as they come in."""

    seconds: list[float] = field(default_factory=list)
    processor_s: float = 0.0

    def timing(self) -> Timing:
        """The summary; at least one run must be there."""
        ms = np.asarray(self.seconds) * 1000.0
        mean_processor_ms = self.processor_s * 1000.0 / len(self.seconds)
        return Timing(float(np.median(ms)), float(np.percentile(ms, 95)), len(self.seconds), mean_processor_ms)


def measure_alternating(
    steps: Mapping[str, Step], budget_s: float, clock: ClockS = time.perf_counter
) -> dict[str, Timing]:
    """Every step in turn, again and again, until the budget is spent and each ran at least five times."""
    samples = {name: Samples() for name in steps}
    sample_alternating(steps, samples, budget_s, clock=clock)
    return {name: one.timing() for name, one in samples.items()}


def sample_alternating(
    steps: Mapping[str, Step],
    samples: Mapping[str, Samples],
    budget_s: float,
    *,
    least: int = 5,
    clock: ClockS = time.perf_counter,
    rest: Callable[[], None] = lambda: None,
) -> None:
    """Add runs to the samples. `rest` runs after each step, outside the measured duration."""
    for step in steps.values():
        for _ in range(_WARM_UP):
            step()
    end_s = clock() + budget_s
    rounds = 0
    while steps and (rounds < least or clock() < end_s):
        for name, step in steps.items():
            processor_s, begin_s = time.process_time(), clock()
            step()
            samples[name].seconds.append(clock() - begin_s)
            rest()
            samples[name].processor_s += time.process_time() - processor_s
        rounds += 1
