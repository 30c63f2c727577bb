"""The filter for exports: zero phase, because offline the future is known. Not available live, and labelled as such.

y(t) = Σ w·x / Σ w with w = exp(−(t' − t)² / 2σ²) over the known values within 3σ of the same person. A value that was
not seen stays NaN.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

LABEL = "smoothed offline, zero phase (Gaussian, sigma {sigma_s:g} s)"
"""Stands in the header of every export that uses it."""

_REACH = 3.0


def smooth_offline(
    t_s: ArrayLike, values: ArrayLike, sigma_s: float, person: ArrayLike | None = None
) -> NDArray[np.float64]:
    """Rows of values (or one column) at rising times. `person`: the track of each row, which nothing crosses."""
    times = np.asarray(t_s, dtype=np.float64)
    table = np.asarray(values, dtype=np.float64)
    rows = table[:, None] if table.ndim == 1 else table
    tracks = np.zeros(len(times)) if person is None else np.nan_to_num(np.asarray(person, dtype=np.float64), nan=-1.0)
    known = np.isfinite(rows)
    weighted, weights = np.where(known, rows, 0.0), known.astype(np.float64)
    filled, reach = weighted.copy(), _most_neighbours(times, _REACH * sigma_s)
    for shift in range(1, reach + 1):
        nearness = _nearness(times, tracks, shift, sigma_s)[:, None]
        for here, there in ((slice(shift, None), slice(None, -shift)), (slice(None, -shift), slice(shift, None))):
            weighted[here] += nearness * filled[there]
            weights[here] += nearness * known[there]
    out: NDArray[np.float64] = np.where(known, weighted / np.maximum(weights, 1e-12), np.nan)
    return out.reshape(table.shape)


def _most_neighbours(times: NDArray[np.float64], reach_s: float) -> int:
    """How many rows the densest stretch has within reach on one side."""
    if len(times) == 0:
        return 0
    ahead = np.searchsorted(times, times + reach_s, side="right") - np.arange(len(times)) - 1
    return min(int(ahead.max()), len(times) - 1)


def _nearness(times: NDArray[np.float64], tracks: NDArray[Any], shift: int, sigma_s: float) -> NDArray[np.float64]:
    apart = (times[shift:] - times[:-shift]) / sigma_s
    same = (tracks[shift:] == tracks[:-shift]) & (apart <= _REACH)
    weight: NDArray[np.float64] = np.where(same, np.exp(-0.5 * apart * apart), 0.0)
    return weight
