"""Hesitancy from behaviour: an open, rule-based and EXPERIMENTAL index in 0..1.

The cues are those that the literature on ambivalence and hesitancy names (BAH: facial signs that contradict each other,
lips pressed, eyes and head averted, shakes of the head, brows raised and lowered at once, blinks in bursts). Each cue
is a small function to 0..1 with a weight in one table, and

    index = 1 − Π (1 − weight · cue)

so that a weight is what its cue can reach alone, and none reaches the default threshold without another. The index has
not been validated against human judgement. When the model has a trained head, its output is used instead.
"""

from __future__ import annotations

import math
from collections import deque
from collections.abc import Mapping

import numpy as np

from desktop_affect.core.types import ACTION_UNITS, NAN, Affect, HeadPose
from desktop_affect.signals.behaviour import Behaviour
from desktop_affect.signals.cues import CUES, MEAN_S, WINDOW_S, Cue, Moment, combine, share
from desktop_affect.signals.hesitancy_words import reasons
from desktop_affect.signals.outputs import UNITS, Vector
from desktop_affect.signals.presence import unit_thresholds

SPEECH_S = 1.0
_FLIP = 0.15
"""Valence this far on either side of zero has a sign."""
_AT = {unit: place for place, unit in enumerate(ACTION_UNITS)}


class Hesitancy:
    """Feed judged vectors and the behaviour of frames in order of time."""

    def __init__(self, thresholds: Mapping[str, float] | None = None) -> None:
        self._half = unit_thresholds(thresholds or {}) / 2
        self.reset()

    def reset(self) -> None:
        """Another person."""
        self._t_s = NAN
        self._means: dict[str, float] = {}
        self._held_s: dict[str, float] = {}
        self._mouth = _Stir(SPEECH_S)
        self._head = _Rest()
        self._flips: deque[float] = deque()
        self._sign = 0
        self._cues: dict[str, float] = {}
        self._now: Moment | None = None
        self.trained = False

    def see(self, t_s: float, affect: Affect, vector: Vector, pose: HeadPose, behaviour: Behaviour) -> dict[str, float]:
        """`hesitancy` and every cue as `hesitancy_NAME`; NaN where the model gives no action units."""
        dt_s = t_s - self._t_s if 0 < t_s - self._t_s <= 1.0 else 0.0
        self._t_s = t_s
        units = vector[UNITS]
        self.trained = not math.isnan(affect.hesitancy)
        if np.isnan(units).all():
            self._now = None
            return {"hesitancy": affect.hesitancy}
        now = self._now = self._moment(t_s, dt_s, affect, units, pose, behaviour)
        self._cues = {cue.name: self._cue(cue, now, dt_s) for cue in CUES}
        index = affect.hesitancy if self.trained else combine(self._cues)
        return {"hesitancy": index, **{f"hesitancy_{name}": value for name, value in self._cues.items()}}

    def _moment(
        self, t_s: float, dt_s: float, affect: Affect, units: Vector, pose: HeadPose, behaviour: Behaviour
    ) -> Moment:
        levels = np.clip(np.nan_to_num(units) / self._half - 1.0, 0.0, 1.0).tolist()
        mouth = float(np.nan_to_num(units[[_AT["AU25"], _AT["AU26"]]]).sum())
        self._count_flips(t_s, affect.valence)
        return Moment(
            t_s=t_s,
            strength=dict(zip(ACTION_UNITS, levels, strict=True)),
            speaking=share((self._mouth.see(t_s, mouth) - 0.15) / 0.25),
            head_off_deg=self._head.see(dt_s, pose),
            flips=len(self._flips),
            behaviour=behaviour,
        )

    def _cue(self, cue: Cue, now: Moment, dt_s: float) -> float:
        value = cue.rule(now)
        if cue.smoothed:
            mean = self._means.get(cue.name, 0.0)
            value = self._means[cue.name] = mean + (value - mean) * -math.expm1(-dt_s / MEAN_S)
        self._held_s[cue.name] = self._held_s.get(cue.name, 0.0) + dt_s if value >= 0.5 else 0.0
        return value

    def _count_flips(self, t_s: float, valence: float) -> None:
        sign = 0 if math.isnan(valence) or abs(valence) < _FLIP else int(math.copysign(1, valence))
        if sign and self._sign and sign != self._sign:
            self._flips.append(t_s)
        self._sign = sign or self._sign
        while self._flips and self._flips[0] <= t_s - WINDOW_S:
            self._flips.popleft()

    def reasons(self) -> tuple[str, ...]:
        """The cues that make the index now, strongest first, in words with their values."""
        if self._now is None:
            return ()
        return reasons(self._now, self._cues, self._held_s)


class _Stir:
    """How much a value moved over the last seconds: its standard deviation."""

    def __init__(self, window_s: float) -> None:
        self._window_s = window_s
        self._values: deque[tuple[float, float]] = deque()
        self._sum = self._squares = 0.0

    def see(self, t_s: float, value: float) -> float:
        self._values.append((t_s, value))
        self._sum += value
        self._squares += value * value
        while self._values[0][0] <= t_s - self._window_s:
            _, old = self._values.popleft()
            self._sum -= old
            self._squares -= old * old
        mean = self._sum / len(self._values)
        return math.sqrt(max(self._squares / len(self._values) - mean * mean, 0.0))


class _Rest:
    """How far the head is from its mean direction of the last half minute."""

    _FORGET_S = 30.0

    def __init__(self) -> None:
        self._mean: tuple[float, float] | None = None
        self._seen_s = 0.0
        self.off_deg = NAN

    def see(self, dt_s: float, pose: HeadPose) -> float:
        if not (math.isfinite(pose.yaw_deg) and math.isfinite(pose.pitch_deg)):
            return NAN
        if self._mean is None:
            self._mean = (pose.yaw_deg, pose.pitch_deg)
        self._seen_s += dt_s
        step = -math.expm1(-dt_s / min(max(self._seen_s, 1.0), self._FORGET_S))
        yaw, pitch = self._mean
        self._mean = (yaw + (pose.yaw_deg - yaw) * step, pitch + (pose.pitch_deg - pitch) * step)
        self.off_deg = math.hypot(pose.yaw_deg - self._mean[0], pose.pitch_deg - self._mean[1])
        return self.off_deg
