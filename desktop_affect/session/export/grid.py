"""Rows on an even grid: 10, 30 or 50 a second, whatever the camera did. Gaps stay gaps.

A grid point takes the mean of the values that fall nearest to it; where none does (the grid is finer than the camera),
it lies on the straight line between the two neighbouring looked-at rows, if both know the value and are no more than
`MOST_GAP_S` apart. Flags, counts and texts are never mixed: they come from the nearest looked-at row within that reach.
"""

from __future__ import annotations

from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from desktop_affect.session.format import Kind

Array: TypeAlias = NDArray[Any]

# As long as the model's own window survives a gap; beyond it nothing is known.
MOST_GAP_S = 0.5


class Grid:
    """The even times of a session, and how a column is brought onto them."""

    def __init__(self, t_s: Array, looked_at: Array, rate_hz: float) -> None:
        # The grid of the whole session, of which a part of it has its own points.
        first = int(np.ceil(t_s[0] * rate_hz - 1e-6)) if len(t_s) else 0
        last = int(np.floor(t_s[-1] * rate_hz + 1e-6)) if len(t_s) else -1
        self.t_s: NDArray[np.float64] = np.arange(first, last + 1) / rate_hz
        self._at = np.flatnonzero(looked_at)
        self._from_s = t_s[self._at]
        # Rows in order of time whatever the clock did.
        order = np.argsort(self._from_s, kind="stable")
        self._at, self._from_s = self._at[order], self._from_s[order]
        self._bin = np.clip(np.rint(self._from_s * rate_hz) - first, 0, max(len(self.t_s) - 1, 0)).astype(np.int64)
        self._right = np.searchsorted(self._from_s, self.t_s)

    def __len__(self) -> int:
        return len(self.t_s)

    def bring(self, values: Array, kind: Kind) -> Array:
        """A column of rows as a column of grid points."""
        if kind in (Kind.VALUE, Kind.TIME):
            return self._means(values[self._at].astype(np.float64))
        return self._nearest(values)

    def _means(self, values: NDArray[np.float64]) -> Array:
        known = ~np.isnan(values)
        count = np.bincount(self._bin[known], minlength=len(self))
        total = np.bincount(self._bin[known], weights=values[known], minlength=len(self))
        between = self._between(values)
        return np.where(count > 0, total / np.maximum(count, 1), between)

    def _between(self, values: NDArray[np.float64]) -> Array:
        """On the line between the neighbours; unknown where one of them is."""
        if len(values) < 2:
            return np.full(len(self), np.nan)
        right = np.clip(self._right, 1, len(values) - 1)
        left = right - 1
        step_s = self._from_s[right] - self._from_s[left]
        share = (self.t_s - self._from_s[left]) / np.maximum(step_s, 1e-9)
        inside = (step_s <= MOST_GAP_S) & (share >= 0) & (share <= 1)
        return np.where(inside, values[left] + share * (values[right] - values[left]), np.nan)

    def _nearest(self, values: Array) -> Array:
        unknown: Any = "" if values.dtype == object else np.nan
        kind = object if values.dtype == object else np.float64
        found: Array = np.full(len(self), unknown, dtype=kind)
        if len(self._at) == 0:
            return found
        right = np.clip(self._right, 0, len(self._at) - 1)
        left = np.maximum(right - 1, 0)
        nearer = np.abs(self._from_s[left] - self.t_s) <= np.abs(self._from_s[right] - self.t_s)
        nearest = np.where(nearer, left, right)
        reached = np.abs(self._from_s[nearest] - self.t_s) <= MOST_GAP_S
        found[reached] = values[self._at[nearest[reached]]]
        return found
