"""What is usual for this participant: units at rest (without a baseline), the direction of the head, a still mouth."""

from __future__ import annotations

import math
from collections import deque

import numpy as np

from desktop_affect.core.types import NAN, HeadPose
from desktop_affect.signals.outputs import Vector


class UnitRest:
    """The level from which a participant's action units rise.

    Networks read some faces as slightly frowning or pressing all the time. The rest follows a falling value within
    seconds and a rising one within minutes, because units act upwards and for seconds.
    """

    _FIRST_S, _FIRST_TAU_S = 2.0, 0.5
    _DOWN_TAU_S, _UP_TAU_S = 3.0, 90.0

    def __init__(self) -> None:
        self._rest: Vector | None = None
        self._seen_s = 0.0

    def see(self, dt_s: float, units: Vector) -> Vector:
        """The rest, given known units."""
        if self._rest is None:
            self._rest = units.copy()
            return self._rest
        self._seen_s += dt_s
        off = units - self._rest
        if self._seen_s <= self._FIRST_S:
            step: Vector | float = -math.expm1(-dt_s / self._FIRST_TAU_S)
        else:
            step = -np.expm1(-dt_s / np.where(off < 0, self._DOWN_TAU_S, self._UP_TAU_S))
        self._rest = self._rest + off * step
        return self._rest


class HeadRest:
    """The head's mean direction of the last half minute."""

    _FIRST_S, _FORGET_S = 1.0, 30.0

    def __init__(self) -> None:
        self._mean: tuple[float, float] | None = None
        self._seen_s = 0.0
        self._off_deg = 0.0

    def see(self, dt_s: float, pose: HeadPose) -> float:
        """How far the head is from it, in degrees."""
        if not (math.isfinite(pose.yaw_deg) and math.isfinite(pose.pitch_deg)):
            return NAN
        if self._mean is None:
            self._mean = (pose.yaw_deg, pose.pitch_deg)
        self._seen_s += dt_s
        step = -math.expm1(-dt_s / min(max(self._seen_s, self._FIRST_S), self._FORGET_S))
        yaw, pitch = self._mean
        self._mean = (yaw + (pose.yaw_deg - yaw) * step, pitch + (pose.pitch_deg - pitch) * step)
        return math.hypot(pose.yaw_deg - self._mean[0], pose.pitch_deg - self._mean[1])


class Stir:
    """How much a value moved over the last second: its standard deviation."""

    _WINDOW_S = 1.0

    def __init__(self) -> None:
        self._values: deque[tuple[float, float]] = deque()
        self._sum = self._squares = 0.0

    def see(self, t_s: float, value: float) -> float:
        self._values.append((t_s, value))
        self._sum += value
        self._squares += value * value
        while self._values[0][0] <= t_s - self._WINDOW_S:
            _, old = self._values.popleft()
            self._sum -= old
            self._squares -= old * old
        mean = self._sum / len(self._values)
        return math.sqrt(max(self._squares / len(self._values) - mean * mean, 0.0))
