"""The live filter: a One-Euro filter in seconds, causal, over all outputs at once.

Casiez, Roussel and Vogel (2012): a first-order low pass whose cut-off rises with the speed of the value, so that rest
is calm and movement is quick. Ours uses the exact step of the low pass, 1 − exp(−2π·fc·dt), so that 15, 30 and 60
frames a second give the same curve.

Delay: the value of a slow ramp comes out 1 / (2π·fc) late, with fc = cutoff + beta · |speed|: 0.16 s at rest with the
defaults, 0.05 s for a smile that grows by 1 in half a second.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from desktop_affect.core.settings import Settings
from desktop_affect.core.types import NAN
from desktop_affect.signals.outputs import OUTPUTS, Vector

_TWO_PI = 2 * math.pi


@dataclass(frozen=True, slots=True)
class SmoothingLimits:
    """What the settings say."""

    cutoff_hz: float = 1.0
    beta: float = 1.0
    """Hz per unit and second."""
    reset_s: float = 0.5
    """A value that was unknown for longer starts afresh."""
    speed_cutoff_hz: float = 1.0
    """Of the speed itself; the paper's value."""

    @classmethod
    def of(cls, settings: Settings) -> SmoothingLimits:
        return cls(
            settings.number("smoothing.cutoff_hz"),
            settings.number("smoothing.beta"),
            settings.number("smoothing.reset_s"),
        )

    def delay_s(self, speed_per_s: float = 0.0) -> float:
        """How late the filter is for a value that changes at this speed."""
        return 1.0 / (_TWO_PI * (self.cutoff_hz + self.beta * abs(speed_per_s)))


class OneEuro:
    """Feed vectors in order of time; NaN stays NaN, and what was unknown for longer than `reset_s` starts afresh."""

    def __init__(self, limits: SmoothingLimits | None = None, size: int = len(OUTPUTS)) -> None:
        self._limits = limits or SmoothingLimits()
        self._size = size
        self.reset()

    def reset(self) -> None:
        """Forget everything: another person."""
        self._value = np.full(self._size, NAN)
        self._seen = np.full(self._size, NAN)
        self._speed = np.zeros(self._size)
        self._t_s = np.full(self._size, NAN)

    def smooth(self, t_s: float, vector: Vector) -> Vector:
        """The smoothed vector; a new array."""
        known = ~np.isnan(vector)
        if not known.any():
            return vector
        since_s = t_s - self._t_s
        fresh = known & ~((since_s > 0) & (since_s <= self._limits.reset_s))
        going = known & ~fresh
        self._begin(fresh, vector)
        if going.any():
            self._step(going, vector, np.where(going, since_s, 1.0))
        self._t_s[known] = t_s
        return np.where(known, self._value, NAN)

    def _begin(self, fresh: NDArray[np.bool_], vector: Vector) -> None:
        self._value[fresh] = vector[fresh]
        self._seen[fresh] = vector[fresh]
        self._speed[fresh] = 0.0

    def _step(self, going: NDArray[np.bool_], vector: Vector, dt_s: Vector) -> None:
        limits = self._limits
        change = np.where(going, vector - self._seen, 0.0) / dt_s
        speed = self._speed + (change - self._speed) * -np.expm1(-_TWO_PI * limits.speed_cutoff_hz * dt_s)
        cutoff_hz = limits.cutoff_hz + limits.beta * np.abs(speed)
        value = self._value + (vector - self._value) * -np.expm1(-_TWO_PI * cutoff_hz * dt_s)
        np.copyto(self._speed, speed, where=going)
        np.copyto(self._value, value, where=going)
        np.copyto(self._seen, vector, where=going)
