"""The networks of a loaded model on whatever device works: chosen, opened, and moved to the processor when the device
fails at the start or at the thousandth frame."""

from __future__ import annotations

import logging
from collections.abc import Callable

import numpy as np

from desktop_affect.core.errors import ModelError
from desktop_affect.inference.choice import Choice, ChoiceMemory, GraphsOf, choice_key, measure_plans, pick
from desktop_affect.inference.manifest import Precision
from desktop_affect.inference.network import CPU, Arrays, DeviceError, Plan
from desktop_affect.inference.runtime import Machine, Networks, close_all

log = logging.getLogger(__name__)

_ADVICE = "Recording goes on. Choose “cpu” under Settings, Device, if this happens again."


class SteadyNetworks:
    """Whatever imports a runtime happens in `open`, on the caller's thread.

    States: closed → open(plan) → open(next plan)... → exhausted, where every call raises ModelError."""

    def __init__(
        self,
        machine_of: Callable[[], Machine],
        graphs_of: GraphsOf,
        precisions: tuple[Precision, ...],
        *,
        model_sha256: str,
        wanted: str,
        threads: int,
        memory: ChoiceMemory,
    ) -> None:
        self._machine_of = machine_of
        self._machine = Machine(())
        self._graphs_of = graphs_of
        self._precisions = precisions
        self._model_sha256 = model_sha256
        self._wanted = wanted
        self._threads = threads
        self._memory = memory
        self._networks: Networks = {}
        self._plan: Plan | None = None
        self._next: list[Plan] = []
        self._notices: list[ModelError] = []

    def open(self) -> Plan:
        """Choose, compile, fall back. Raises ModelError when nothing here can run the model."""
        self._machine = self._machine_of()
        choice = self._choose()
        log.info("device: %s (%s)", choice.plan.label, choice.reason)
        self._next = list(dict.fromkeys([choice.plan, *self._machine.plans("cpu", self._precisions)]))
        return self._open_next(None)

    def run(self, role: str, arrays: Arrays) -> Arrays:
        """One network; on another device when this one fails. Valid until the next run of the same role."""
        while True:
            try:
                return self._run_here(role, arrays)
            except DeviceError as error:
                self._gave_up(error)
                self._open_next(error)

    def take_notices(self) -> list[ModelError]:
        notices, self._notices = self._notices, []
        return notices

    def close(self) -> None:
        close_all(self._networks)
        self._plan = None
        self._next = []

    def _run_here(self, role: str, arrays: Arrays) -> Arrays:
        if role not in self._networks:
            raise ModelError("The model is not open.")
        outputs = self._networks[role].run(arrays)
        if self._plan is not None and self._plan.device != CPU and not are_finite(outputs):
            raise DeviceError(f"{self._plan.label} gave values that are not numbers.")
        return outputs

    def _choose(self) -> Choice:
        plans = self._machine.plans(self._wanted, self._precisions)
        if not plans:
            self._notices.append(
                ModelError(f"There is no {self._wanted.upper()} here that the networks can run on.", advice=_ADVICE)
            )
            plans = self._machine.plans("cpu", self._precisions)
        if len(plans) == 1:
            return Choice(plans[0], "the only candidate")
        recalled = self._memory.recall(self._key())
        return recalled if recalled is not None and recalled.plan in plans else self._measure(plans)

    def _measure(self, plans: list[Plan]) -> Choice:
        timings = measure_plans(self._machine, self._graphs_of, plans, self._threads)
        if not timings:
            return Choice(plans[0], "none of the candidates could be measured")
        choice = pick(timings)
        self._memory.remember(self._key(), choice)
        return choice

    def _open_next(self, failure: DeviceError | None) -> Plan:
        """The next plan that compiles; a notice when the device is another one than before."""
        close_all(self._networks)
        before, self._plan = self._plan, None
        while self._next:
            plan = self._next.pop(0)
            try:
                self._networks = self._machine.open(self._graphs_of(plan.precision), plan, self._threads)
            except DeviceError as error:
                self._gave_up(error)
                before, failure = before or plan, error
                continue
            self._plan = plan
            if before is not None and failure is not None:
                self._notices.append(_moved(before, plan, failure))
            return plan
        raise ModelError(
            "No device of this machine can run the model any more.",
            advice="Choose another model, or start Desktop Affect again.",
            detail=_detail(failure),
        )

    def _gave_up(self, error: DeviceError) -> None:
        log.warning("%s: %s", error, error.detail)
        self._memory.forget(self._key())  # the next start measures anew

    def _key(self) -> str:
        return choice_key(self._model_sha256, self._wanted, self._threads, self._machine.fingerprint())


def are_finite(arrays: Arrays) -> bool:
    """Every value is a number."""
    return all(bool(np.isfinite(array).all()) for array in arrays.values())


def _moved(before: Plan, now: Plan, failure: DeviceError) -> ModelError:
    return ModelError(
        f"{before.label} stopped working; the networks now run on {now.label}.", advice=_ADVICE, detail=_detail(failure)
    )


def _detail(failure: DeviceError | None) -> str:
    return f"{failure} {failure.detail}".strip() if failure is not None else ""
