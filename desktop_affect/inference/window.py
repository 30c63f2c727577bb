"""The last second of per-frame features, and any window of it resampled by time.

Cameras give 8, 15, 30 or 60 pictures a second and change their mind; a temporal network was trained on steps of a
fixed length. So features are kept with their capture times, and each step of the window is the linear interpolation
between its two neighbours in time. Steps before the first frame repeat the first frame, as in training.

All memory is allocated once. Overflow rule: frames that are kept stand at least `_NEAREST_S` apart; when they come
faster, a frame that stood nearer than that to the one before it gives way to the next. The newest is always there.
"""

from __future__ import annotations

import bisect
import math
from collections.abc import Iterable, Mapping

import numpy as np

from desktop_affect.inference.manifest import TensorSpec, WindowSpec
from desktop_affect.inference.network import Arrays, FloatArray
from desktop_affect.system.cv2_import import cv2

_NEAREST_S = 0.014
"""Below the 16.7 ms of 60 frames a second, with room for jitter."""


class FeatureWindow:
    """Features of one track, newest last. `levels` are the per-frame tensors, `[1, ...]`."""

    def __init__(self, levels: Iterable[TensorSpec], spec: WindowSpec) -> None:
        self._span_s = spec.span_s
        self._offsets_s = [-spec.span_s * (1 - k / (spec.steps - 1)) for k in range(spec.steps)]
        self._capacity = math.ceil(spec.span_s / _NEAREST_S) + 4  # the left neighbour, the newest, both ends
        # All levels of a frame lie side by side in one row, so that a step is one pass over memory, not one a level.
        specs = tuple(levels)
        ends = np.cumsum([math.prod(level.shape) for level in specs])
        self._ring: FloatArray = np.zeros((self._capacity, 1, ends[-1]), np.float32)
        self._rows: FloatArray = np.zeros((spec.steps, 1, ends[-1]), np.float32)
        self._parts = {s.name: slice(end - math.prod(s.shape), end) for s, end in zip(specs, ends, strict=True)}
        self._tensors: dict[str, FloatArray] = {
            s.name: self._rows[:, 0, self._parts[s.name]].reshape(1, spec.steps, *s.shape[1:]) for s in specs
        }
        self._times_s: list[float] = []
        self._slots: list[int] = []
        self._first_s = math.nan

    def clear(self) -> None:
        """Forget everything; nothing of before can come out again."""
        self._times_s.clear()
        self._slots.clear()
        self._first_s = math.nan

    @property
    def newest_s(self) -> float:
        """NaN when empty."""
        return self._times_s[-1] if self._times_s else math.nan

    @property
    def filled(self) -> float:
        """The share of the span that real frames cover, 0..1."""
        if len(self._times_s) < 2:
            return 0.0
        # Capture times are sums of rounded intervals: without the grain a full window would miss 1 by a billionth.
        return min((self._times_s[-1] - self._first_s) / self._span_s + 1e-9, 1.0)

    def push(self, t_s: float, features: Arrays) -> None:
        """The features of a newer frame; times must not fall (the caller clears when they do)."""
        if not self._times_s:
            self._first_s = t_s
        elif self._newest_gives_way(t_s):
            self._times_s.pop()
            self._slots.pop()
        self._forget_older_than(t_s - self._span_s)
        slot = (self._slots[-1] + 1) % self._capacity if self._slots else 0
        row = self._ring[slot, 0]
        for name, part in self._parts.items():
            row[part] = features[name].ravel()
        self._times_s.append(t_s)
        self._slots.append(slot)

    def resampled(self) -> Mapping[str, FloatArray]:
        """The window that ends at the newest frame: name → `[1, steps, ...]`. Overwritten by the next call."""
        newest_s = self._times_s[-1]
        for step, offset_s in enumerate(self._offsets_s):
            self._fill(step, newest_s + offset_s)
        return self._tensors

    def _newest_gives_way(self, t_s: float) -> bool:
        too_near = len(self._times_s) >= 2 and self._times_s[-1] - self._times_s[-2] < _NEAREST_S
        return too_near or t_s == self._times_s[-1]

    def _forget_older_than(self, t_s: float) -> None:
        """One frame at or before `t_s` stays, as the left neighbour of the oldest step."""
        spare = bisect.bisect_right(self._times_s, t_s) - 1
        if spare > 0:
            del self._times_s[:spare], self._slots[:spare]

    def _fill(self, step: int, t_s: float) -> None:
        right = bisect.bisect_left(self._times_s, t_s)
        if right == 0 or self._times_s[right] == t_s:
            self._copy(step, self._slots[right])
            return
        left_s, right_s = self._times_s[right - 1], self._times_s[right]
        share = (t_s - left_s) / (right_s - left_s)
        # One pass over memory; NumPy would need three.
        ring = self._ring
        cv2.addWeighted(
            ring[self._slots[right - 1]], 1 - share, ring[self._slots[right]], share, 0, dst=self._rows[step]
        )

    def _copy(self, step: int, slot: int) -> None:
        np.copyto(self._rows[step], self._ring[slot])
