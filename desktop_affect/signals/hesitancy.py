"""Hesitancy from behaviour: an open, rule-based and EXPERIMENTAL index in 0..1.

The cues are those that the literature on ambivalence and hesitancy names (BAH: facial signs that contradict each other,
lips pressed, eyes and head averted, shakes of the head, brows raised and lowered at once, blinks in bursts). Each cue
is a small function to 0..1 with a weight in one table (`cues.py`), and

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
from desktop_affect.signals.cues import CUES, MEAN_S, WINDOW_S, Cue, Moment, combine, share, tension
from desktop_affect.signals.hesitancy_words import reasons
from desktop_affect.signals.outputs import UNITS, Vector
from desktop_affect.signals.presence import unit_thresholds
from desktop_affect.signals.rest import HeadRest, Stir, UnitRest

_LEAST_ROOM = 0.1
"""Smaller changes over the rest are noise, however low a threshold is: ten people who speak stay within it."""
_SIGN = 0.15
"""Valence this far on either side of zero has a sign."""
_TENSE = 0.5
"""From this strength on brows or lips are tense."""
_STILL, _TALKING = 0.06, 0.16
"""Standard deviation of lips part and jaw drop together, within a second."""
_MOUTH = [ACTION_UNITS.index("AU25"), ACTION_UNITS.index("AU26")]
_LONGEST_STEP_S = 1.0


class Hesitancy:
    """Feed judged vectors and the behaviour of frames in order of time."""

    def __init__(self, thresholds: Mapping[str, float] | None = None) -> None:
        self._room = np.maximum(unit_thresholds(thresholds or {}), _LEAST_ROOM)
        self._calibrated = False
        self.reset()

    def reset(self) -> None:
        """Another person."""
        self._t_s = NAN
        self._means: dict[str, float] = {}
        self._held_s: dict[str, float] = {}
        self._units, self._head, self._mouth = UnitRest(), HeadRest(), Stir()
        self._flips: deque[float] = deque()
        self._sign = 0
        self._tense_since_s = NAN
        self._cues: dict[str, float] = {}
        self._now: Moment | None = None

    def rest_is_zero(self, calibrated: bool) -> None:
        """Whether a baseline has been taken off; otherwise the rest is learnt."""
        self._calibrated = calibrated

    def see(self, t_s: float, affect: Affect, vector: Vector, pose: HeadPose, behaviour: Behaviour) -> dict[str, float]:
        """`hesitancy` and every cue as `hesitancy_NAME`; only a trained head's where there are no action units."""
        dt_s = t_s - self._t_s if 0 < t_s - self._t_s <= _LONGEST_STEP_S else 0.0
        self._t_s = t_s
        units = vector[UNITS]
        if np.isnan(units).all():
            self._now = None
            return {"hesitancy": affect.hesitancy}
        now = self._now = self._moment(t_s, dt_s, affect, np.nan_to_num(units), pose, behaviour)
        self._cues = {cue.name: self._cue(cue, now, dt_s) for cue in CUES}
        index = combine(self._cues) if math.isnan(affect.hesitancy) else affect.hesitancy
        return {"hesitancy": index, **{f"hesitancy_{name}": value for name, value in self._cues.items()}}

    def reasons(self) -> tuple[str, ...]:
        """The cues that make the index now, strongest first, in words with their values."""
        return () if self._now is None else reasons(self._now, self._cues, self._held_s)

    def _moment(
        self, t_s: float, dt_s: float, affect: Affect, units: Vector, pose: HeadPose, behaviour: Behaviour
    ) -> Moment:
        over = units if self._calibrated else units - self._units.see(dt_s, units)
        clipped = np.clip(2.0 * over / self._room - 1.0, 0.0, 1.0).tolist()
        strength = dict(zip(ACTION_UNITS, clipped, strict=True))
        stir = self._mouth.see(t_s, float(units[_MOUTH].sum()))
        speaking = share((stir - _STILL) / (_TALKING - _STILL))
        self._count_flips(t_s, affect.valence)
        self._note_tension(t_s, tension(strength, speaking))
        return Moment(
            t_s=t_s,
            strength=strength,
            speaking=speaking,
            head_off_deg=self._head.see(dt_s, pose),
            flips=len(self._flips),
            tense_since_s=self._tense_since_s,
            behaviour=behaviour,
        )

    def _cue(self, cue: Cue, now: Moment, dt_s: float) -> float:
        value = cue.rule(now)
        if cue.smoothed:
            mean = self._means.get(cue.name, 0.0)
            value = self._means[cue.name] = mean + (value - mean) * -math.expm1(-dt_s / MEAN_S)
        self._held_s[cue.name] = self._held_s.get(cue.name, 0.0) + dt_s if value >= 0.5 else 0.0
        return value

    def _note_tension(self, t_s: float, value: float) -> None:
        if value < _TENSE:
            self._tense_since_s = NAN
        elif math.isnan(self._tense_since_s):
            self._tense_since_s = t_s

    def _count_flips(self, t_s: float, valence: float) -> None:
        sign = 0 if math.isnan(valence) or abs(valence) < _SIGN else int(math.copysign(1, valence))
        if sign and self._sign and sign != self._sign:
            self._flips.append(t_s)
        self._sign = sign or self._sign
        while self._flips and self._flips[0] <= t_s - WINDOW_S:
            self._flips.popleft()
