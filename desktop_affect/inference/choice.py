"""“Automatic”: measure once which device runs a model fastest on this machine, and remember it with the reason."""

from __future__ import annotations

import hashlib
import json
import logging
import os
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias

import numpy as np

from desktop_affect.inference.manifest import Precision
from desktop_affect.inference.measure import Step, Timing, measure_alternating
from desktop_affect.inference.network import Arrays, DeviceError, Graph, Plan
from desktop_affect.inference.runtime import Machine, Networks, close_all

log = logging.getLogger(__name__)

BUDGET_S = 1.0
"""For all candidates together."""

_WORTH = 1.1
"""How many times faster a lower precision must be: the card's full tables are of fp32, and measuring is not exact."""

GraphsOf: TypeAlias = Callable[[Precision], Mapping[str, Graph]]
"""The networks of a model in a precision, by role."""


@dataclass(frozen=True, slots=True)
class Choice:
    """A plan and why it was chosen, in words."""

    plan: Plan
    reason: str


class ChoiceMemory:
    """The remembered choices, a small file in the cache folder. Losing it costs one second, so it never fails."""

    def __init__(self, file: Path | None) -> None:
        self._file = file

    def recall(self, key: str) -> Choice | None:
        entry = self._read().get(key)
        try:
            runtime, device, precision, reason = (str(part) for part in entry or ())
            return Choice(Plan(runtime, device, Precision(precision)), reason)
        except (TypeError, ValueError):
            return None

    def remember(self, key: str, choice: Choice) -> None:
        runtime, device, precision = choice.plan
        self._write({**self._read(), key: [runtime, device, precision.value, choice.reason]})

    def forget(self, key: str) -> None:
        self._write({k: entry for k, entry in self._read().items() if k != key})

    def _read(self) -> dict[str, list[object]]:
        try:
            document = json.loads(self._file.read_text("utf-8")) if self._file is not None else {}
        except (OSError, ValueError) as error:
            log.info("no remembered device choices: %s", error)
            return {}
        return document if isinstance(document, dict) else {}

    def _write(self, document: Mapping[str, object]) -> None:
        if self._file is None:
            return
        try:
            self._file.parent.mkdir(parents=True, exist_ok=True)
            fresh = self._file.with_name(f"{self._file.name}.{os.getpid()}.new")
            fresh.write_text(json.dumps(document, indent=1), "utf-8")
            fresh.replace(self._file)
        except OSError as error:
            log.info("the device choice could not be kept: %s", error)


def choice_key(model_sha256: str, wanted: str, threads: int, fingerprint: Iterable[str]) -> str:
    """Another model, setting, runtime version or device asks for another measurement."""
    return hashlib.sha256("\n".join((model_sha256, wanted, str(threads), *fingerprint)).encode()).hexdigest()


def measure_plans(machine: Machine, graphs_of: GraphsOf, plans: list[Plan], threads: int) -> dict[Plan, Timing]:
    """The time of one whole step (every network once) for each plan that works here; the others are left out."""
    opened: dict[Plan, Networks] = {}
    steps: dict[str, Step] = {}
    try:
        for plan in plans:
            graphs = graphs_of(plan.precision)
            try:
                opened[plan] = machine.open(graphs, plan, threads)
                steps[plan.label] = _step(opened[plan], graphs)
                steps[plan.label]()
            except DeviceError as error:
                log.info("%s is no candidate: %s %s", plan.label, error, error.detail)
                steps.pop(plan.label, None)
                close_all(opened.pop(plan, {}))
        timings = measure_alternating(steps, BUDGET_S)
        return {plan: timings[plan.label] for plan in opened}
    finally:
        for networks in opened.values():
            close_all(networks)


def pick(timings: Mapping[Plan, Timing]) -> Choice:
    """The fastest; a lower precision only where it is worth it. At least one plan must be there."""
    ranked = sorted(timings, key=lambda plan: timings[plan].best_ms * _handicap(plan, timings))
    told = ", ".join(f"{plan.label} {timings[plan].best_ms:.1f} ms" for plan in ranked)
    return Choice(ranked[0], f"measured on this machine: {told}")


def _handicap(plan: Plan, timings: Mapping[Plan, Timing]) -> float:
    has_reference = any(other.precision is Precision.FP32 and other.device == plan.device for other in timings)
    return _WORTH if has_reference and plan.precision is not Precision.FP32 else 1.0


def _step(networks: Networks, graphs: Mapping[str, Graph]) -> Step:
    # Numbers like those of real pictures: zeros would run faster than life on some devices.
    random = np.random.default_rng(0)
    feeds: dict[str, Arrays] = {
        role: {spec.name: random.standard_normal(spec.shape, np.float32) for spec in graph.inputs}
        for role, graph in graphs.items()
    }

    def step() -> None:
        for role, network in networks.items():
            network.run(feeds[role])

    return step
