"""Hours of rows as a few hundred bins: mean, least and most of each, unknown where nothing was."""

from __future__ import annotations

from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from desktop_affect.session.export.grid import MOST_GAP_S

Array: TypeAlias = NDArray[Any]

MOST_BINS = 420
"""Two points of the page each."""


class Bins:
    """Equal stretches of a session; rows come in order of time.

    A bin that happens to lie between two rows takes what lies on the line between its neighbours: it is no gap.
    """

    def __init__(self, t_s: Array, begin_s: float, end_s: float) -> None:
        self.begin_s, self.end_s = begin_s, end_s
        self.count = _count(t_s, end_s - begin_s)
        self.edges: NDArray[np.float64] = np.linspace(begin_s, end_s, self.count + 1)
        self.centres = (self.edges[:-1] + self.edges[1:]) / 2
        self._at = np.clip(np.searchsorted(self.edges, t_s, side="right") - 1, 0, self.count - 1)
        self._has_rows = self.rows() > 0
        self._between = ~self._has_rows & self._near_rows(t_s)

    def _near_rows(self, t_s: Array) -> Array:
        """Bins whose last row before and first row behind are no gap apart."""
        if len(t_s) == 0:
            return np.zeros(self.count, dtype=bool)
        behind = np.searchsorted(t_s, self.centres)
        inside = (behind > 0) & (behind < len(t_s))
        at = np.clip(behind, 1, max(len(t_s) - 1, 1)) % len(t_s)
        near: Array = inside & (t_s[at] - t_s[at - 1] <= MOST_GAP_S)
        return near

    def _bridged(self, values: Array) -> Array:
        if not self._between.any():
            return values
        line = np.interp(self.centres, self.centres[self._has_rows], values[self._has_rows])
        return np.where(self._between, line, values)

    def mean(self, values: Array) -> Array:
        known = ~np.isnan(values)
        count = np.bincount(self._at[known], minlength=self.count)
        total = np.bincount(self._at[known], weights=values[known], minlength=self.count)
        return self._bridged(np.where(count > 0, total / np.maximum(count, 1), np.nan))

    def least(self, values: Array) -> Array:
        return -self.most(-values)

    def most(self, values: Array) -> Array:
        found = np.full(self.count, -np.inf)
        known = ~np.isnan(values)
        np.maximum.at(found, self._at[known], values[known])
        return self._bridged(np.where(np.isfinite(found), found, np.nan))

    def rows(self) -> Array:
        """How many rows fell into each."""
        return np.bincount(self._at, minlength=self.count)


def _count(t_s: Array, duration_s: float) -> int:
    """As many as the page can show, but two rows in each, so that bins are not torn where rows are merely rare."""
    if len(t_s) < 2 or duration_s <= 0:
        return 1
    step_s = max(float(np.median(np.diff(t_s))), 1e-6)
    return int(np.clip(duration_s / (2 * step_s), 1, MOST_BINS))


def runs(flags: Array) -> list[tuple[int, int]]:
    """Where flags are up without a break: first and behind the last."""
    edges = np.flatnonzero(np.diff(np.concatenate([[False], flags.astype(bool), [False]]).astype(np.int8)))
    return list(zip(edges[::2].tolist(), edges[1::2].tolist(), strict=True))
