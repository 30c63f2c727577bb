"""Whose baseline is in force: decides with which one a session begins, and says where it came from.

A baseline that was measured since the last session belongs to whoever is recorded next. One that is known to be
somebody else's is never carried over: the next participant begins with one of their own, or with none.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from desktop_affect.core.types import Fault, Severity
from desktop_affect.session.baselines import BaselineStore, Shelf, Stored
from desktop_affect.session.plan import NEWEST, NONE, SessionPlan
from desktop_affect.signals.baseline import Baseline
from desktop_affect.system.clock import utc_now

Owner = tuple[str, str]
"""Study and participant."""


@dataclass(frozen=True, slots=True)
class Choice:
    """What a session begins with."""

    keep: bool
    """What is in force stays."""
    offered: tuple[Baseline, ...] = ()
    """Otherwise: newest first, of which the newest that fits the model is used; none when empty."""
    told: tuple[tuple[Severity, str], ...] = ()
    """For the person."""


class BaselineDesk:
    """Not for the analysis or the GUI thread: it reads files."""

    def __init__(self) -> None:
        self._owners: dict[str, Owner] = {}
        self._stored: dict[str, Stored] = {}
        self._measured_utc: dict[str, str] = {}

    def choose(self, plan: SessionPlan, in_force: Baseline | None) -> Choice:
        """For a session that is about to begin. Raises SessionError for an id that the participant does not have."""
        owner = _owner(plan)
        if plan.baseline == NEWEST and in_force is not None and self._owners.get(in_force.id, owner) == owner:
            self.belongs(in_force, plan)
            return Choice(keep=True)
        shelf = _asked_for(plan)
        for stored in shelf.stored:
            self._owners[stored.baseline.id] = owner
            self._stored[stored.baseline.id] = stored
        offered = tuple(stored.baseline for stored in shelf.stored)
        return Choice(keep=False, offered=offered, told=_told(plan, shelf, in_force))

    def belongs(self, baseline: Baseline | None, plan: SessionPlan) -> None:
        """It was measured before or during a session of this participant."""
        if baseline is not None:
            self._owners.setdefault(baseline.id, _owner(plan))

    def note_measured(self, baseline: Baseline) -> None:
        """A calibration has just given it. Any thread."""
        self._measured_utc[baseline.id] = utc_now().isoformat(timespec="seconds")

    def document(self, baseline: Baseline | None) -> Mapping[str, object] | None:
        """For the session's log: the numbers, when they were measured, and whether in this run. Any thread."""
        if baseline is None:
            return None
        stored = self._stored.get(baseline.id)
        if stored is not None:
            return {**baseline.to_dict(), "origin": "kept", "measured_utc": stored.measured_utc}
        measured_utc = self._measured_utc.get(baseline.id, "")
        return {**baseline.to_dict(), "origin": "measured", "measured_utc": measured_utc}


def _owner(plan: SessionPlan) -> Owner:
    return plan.study.strip(), plan.participant.strip()


def _asked_for(plan: SessionPlan) -> Shelf:
    store = BaselineStore(plan.root)
    if plan.baseline == NONE:
        return Shelf()
    if plan.baseline == NEWEST:
        return store.shelf(plan.study, plan.participant)
    return Shelf((store.named(plan.study, plan.participant, plan.baseline),))


def _told(plan: SessionPlan, shelf: Shelf, in_force: Baseline | None) -> tuple[tuple[Severity, str], ...]:
    told = [(Severity.WARNING, problem) for problem in shelf.problems]
    if shelf.stored:
        told.append((Severity.NOTICE, f"The baseline that {plan.participant} had on {shelf.stored[0].when} is used."))
    elif in_force is not None and plan.baseline == NEWEST:
        who = plan.participant or "a session without a participant's code"
        told.append((Severity.NOTICE, f"The baseline in force was somebody else's: {who} begins without one."))
    return tuple(told)


def tell(choice: Choice, t_s: float, publish: Callable[[Fault], None]) -> None:
    """Everything that the person should know about the choice."""
    for severity, message in choice.told:
        advice = "Calibrate again." if severity is Severity.WARNING else ""
        publish(Fault(t_s, "baseline", severity, message, advice))
