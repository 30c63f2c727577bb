"""From a judged sample to alerts: threshold, hysteresis, least duration, cool-down and quality gate.

A rule's life: QUIET → WAITING (the condition holds, not yet long enough) → FIRING → RESTING (cool-down) → QUIET.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum

from desktop_affect.core.types import NAN, Alert, AlertPhase, Sample, Seen
from desktop_affect.signals.catalogue import reader
from desktop_affect.signals.rules import Rule

GRACE_S = 0.5
"""A value that is unknown for no longer (a skipped frame, a blink of the tracker) interrupts nothing."""
_EXACT_S = 1e-6
"""Frame times are sums of fractions: a 3 s rule fires on the frame that is 3 s later."""


class Phase(Enum):
    QUIET = "quiet"
    WAITING = "waiting"
    FIRING = "firing"
    RESTING = "resting"


@dataclass(frozen=True, slots=True)
class Change:
    """What a watch tells when an alert begins or ends."""

    phase: AlertPhase
    begin_s: float
    peak_s: float
    end_s: float
    peak: float


class Watch:
    """One rule over one series of values."""

    def __init__(self, rule: Rule) -> None:
        self.rule = rule
        self.phase = Phase.QUIET
        self._begin_s = self._known_s = self._ended_s = NAN
        self._peak = self._peak_s = NAN

    def see(self, t_s: float, value: float) -> Change | None:
        """`value` is NaN where it is unknown or under the quality gate."""
        if self.phase is Phase.RESTING and t_s - self._ended_s >= self.rule.cooldown_s:
            self.phase = Phase.QUIET
        if math.isnan(value):
            return self._unknown(t_s)
        # What was unknown for too long ended before this value came.
        ended = self._unknown(t_s)
        self._known_s = t_s
        return ended or self._known(t_s, value)

    def peaks_at(self, t_s: float) -> bool:
        """Whether the alert that lasts is at its peak so far."""
        return self.phase is Phase.FIRING and self._peak_s == t_s

    def finish(self) -> Change | None:
        """The series is over."""
        return self._end(self._known_s) if self.phase is Phase.FIRING else None

    def _unknown(self, t_s: float) -> Change | None:
        if self.phase in (Phase.QUIET, Phase.RESTING) or t_s - self._known_s <= GRACE_S:
            return None
        if self.phase is Phase.FIRING:
            return self._end(self._known_s)
        self.phase = Phase.QUIET
        return None

    def _known(self, t_s: float, value: float) -> Change | None:
        if self.phase is Phase.RESTING:
            return None
        if not self.rule.fires(value, self.phase is Phase.FIRING):
            return self._released(t_s)
        if self.phase is Phase.QUIET:
            self.phase, self._begin_s = Phase.WAITING, t_s
            self._peak, self._peak_s = value, t_s
        elif self.rule.beyond(value, self._peak):
            self._peak, self._peak_s = value, t_s
        if self.phase is Phase.WAITING and t_s - self._begin_s >= self.rule.least_s - _EXACT_S:
            self.phase = Phase.FIRING
            return self._change(AlertPhase.BEGAN, NAN)
        return None

    def _released(self, t_s: float) -> Change | None:
        if self.phase is Phase.FIRING:
            return self._end(t_s)
        self.phase = Phase.QUIET
        return None

    def _end(self, t_s: float) -> Change:
        self.phase, self._ended_s = Phase.RESTING, t_s
        return self._change(AlertPhase.ENDED, t_s)

    def _change(self, phase: AlertPhase, end_s: float) -> Change:
        return Change(phase, self._begin_s, self._peak_s, end_s, self._peak)


class Alarms:
    """All rules over the samples, and the numbers of their alerts."""

    def __init__(self, rules: tuple[Rule, ...]) -> None:
        self._watches = tuple((Watch(rule), reader(rule.signal)) for rule in rules)
        self._numbers: dict[str, int] = {}
        self._why: dict[str, tuple[str, ...]] = {}
        self._count = 0
        self.trained_hesitancy = False
        """The index comes from a head of the model, and not from our experimental rules."""

    def see(self, sample: Sample, explain: Callable[[Rule], tuple[str, ...]]) -> tuple[Alert, ...]:
        """`explain` gives the reasons of a rule of ours at this sample, or nothing for a person's own."""
        if sample.seen is Seen.SKIPPED:
            return ()
        alerts = []
        for watch, read in self._watches:
            known = sample.quality.usable or not watch.rule.gated
            change = watch.see(sample.t_s, read(sample) if known else NAN)
            if watch.peaks_at(sample.t_s) or (change and change.phase is AlertPhase.BEGAN):
                self._why[watch.rule.name] = explain(watch.rule)
            if change is not None:
                alerts.append(self._alert(watch.rule, change))
        return tuple(alerts)

    def finish(self) -> tuple[Alert, ...]:
        """Ends what still fires: the run is over."""
        changes = [(watch.rule, watch.finish()) for watch, _ in self._watches]
        return tuple(self._alert(rule, change) for rule, change in changes if change is not None)

    def _alert(self, rule: Rule, change: Change) -> Alert:
        if change.phase is AlertPhase.BEGAN:
            self._count += 1
            self._numbers[rule.name] = self._count
        lasted = () if math.isnan(change.end_s) else (f"lasted {change.end_s - change.begin_s:.1f} s",)
        return Alert(
            number=self._numbers[rule.name],
            phase=change.phase,
            rule=rule.name,
            begin_s=change.begin_s,
            peak_s=change.peak_s,
            end_s=change.end_s,
            peak=change.peak,
            threshold=rule.threshold,
            reasons=(*(self._why[rule.name] or (_plain_reason(rule, change),)), *lasted),
            experimental=rule.experimental and not (self.trained_hesitancy and rule.signal == "hesitancy"),
        )


def _plain_reason(rule: Rule, change: Change) -> str:
    if rule.signal == "face" or rule.signal.endswith("_present"):
        return rule.name.partition(" for ")[0]
    return f"{rule.signal} reached {change.peak:.2f}".replace("-", "−")
