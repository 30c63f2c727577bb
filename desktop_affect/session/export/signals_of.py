"""Raw, live or offline values of a session's signals, with or without the person's own neutral level."""

from __future__ import annotations

from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from desktop_affect.core.types import ACTION_UNITS
from desktop_affect.session.export.fields import BY_NAME, RAW_SUFFIX
from desktop_affect.session.export.options import ExportOptions, Smoothing
from desktop_affect.session.reader import Session
from desktop_affect.signals.offline import smooth_offline

Array: TypeAlias = NDArray[Any]

OFFLINE_SIGMA_S = 0.1
"""A swing of 1.9 Hz comes out at half its size, one of 0.7 Hz at nine tenths; speech and flicker are mostly faster."""

# What a neutral level is taken from: valence and arousal have a centre, action units a floor. Probabilities sum to one
# and stay as they are.
_RANGES = {"valence": (-1.0, 1.0), "arousal": (-1.0, 1.0), **dict.fromkeys(ACTION_UNITS, (0.0, 1.0))}


class Signals:
    """Columns of a session with the smoothing and baseline that were asked for."""

    def __init__(self, session: Session, options: ExportOptions) -> None:
        self._session = session
        self._smoothing = options.smoothing
        self._calm = None if options.baseline_s is None else calm_rows(session, options.baseline_s)

    def __getitem__(self, name: str) -> Array:
        if not BY_NAME[name].smoothed or self._smoothing is Smoothing.LIVE:
            return self._session[name]
        values = self._session[name + RAW_SUFFIX]
        if self._calm is not None and name in _RANGES:
            values = corrected(values, self._calm, *_RANGES[name])
        return self._smoothed(values) if self._smoothing is Smoothing.OFFLINE else values

    def _smoothed(self, values: Array) -> Array:
        """Zero phase; nothing is carried from one person to another. A clock that went back stands still instead."""
        times = np.maximum.accumulate(self._session["t_s"])
        if np.isnan(values).all():
            return values
        return smooth_offline(times, values, OFFLINE_SIGMA_S, self._session["track"])


def calm_rows(session: Session, baseline_s: float) -> Array:
    """The rows that tell the neutral level: usable ones of the first seconds after the face was first seen."""
    seen = session["face"] == 1
    usable = seen & (session["quality_usable"] != 0)
    begin_s = session["t_s"][np.argmax(seen)] if seen.any() else 0.0
    calm: Array = usable & (session["t_s"] < begin_s + baseline_s)
    return calm


def corrected(values: Array, calm: Array, least: float, most: float) -> Array:
    """Values less their median over the calm rows, kept in range; unknown where there is no calm value."""
    known = values[calm & ~np.isnan(values)]
    if len(known) == 0:
        return np.full(len(values), np.nan, dtype=values.dtype)
    shifted: Array = np.clip(values - np.median(known), least, most)
    return shifted
