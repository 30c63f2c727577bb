"""Whether an action unit is present: over the model's threshold, and until it falls below four fifths of it."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

import numpy as np

from desktop_affect.core.types import ACTION_UNITS
from desktop_affect.signals.outputs import UNITS, Vector

DEFAULT_THRESHOLD = 0.5
"""For a model whose manifest names none."""
RELEASE_SHARE = 0.8
"""A value that trembles around the threshold does not flicker."""


def unit_thresholds(thresholds: Mapping[str, float]) -> Vector:
    """In the order of `ACTION_UNITS`."""
    return np.array([thresholds.get(unit, DEFAULT_THRESHOLD) for unit in ACTION_UNITS])


class Presence:
    """Feed corrected and smoothed vectors; an action unit that is unknown is neither present nor absent."""

    def __init__(self, thresholds: Mapping[str, float] | None = None) -> None:
        self._on = unit_thresholds(thresholds or {})
        self._off = self._on * RELEASE_SHARE
        self.reset()

    def reset(self) -> None:
        """Another person."""
        self._present = np.zeros(len(ACTION_UNITS), dtype=np.bool_)

    def see(self, vector: Vector) -> Mapping[str, bool]:
        units = vector[UNITS]
        known = ~np.isnan(units)
        now = units >= np.where(self._present, self._off, self._on)
        # A skipped frame says nothing: what was present before it is judged by the lower threshold after it.
        self._present = np.where(known, now, self._present)
        rows = zip(ACTION_UNITS, self._present.tolist(), known.tolist(), strict=True)
        return MappingProxyType({unit: present for unit, present, is_known in rows if is_known})
