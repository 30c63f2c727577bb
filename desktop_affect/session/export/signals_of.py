"""Raw, live or offline values of a session's signals, with or without the person's own neutral level."""

from __future__ import annotations

from functools import cached_property
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from desktop_affect.session.export.fields import BY_NAME, RAW_SUFFIX
from desktop_affect.session.export.options import FIRST_S, ExportOptions, Smoothing
from desktop_affect.session.reader import Session
from desktop_affect.signals.baseline import Baseline, Correction
from desktop_affect.signals.offline import smooth_offline
from desktop_affect.signals.outputs import OUTPUTS

Array: TypeAlias = NDArray[Any]

OFFLINE_SIGMA_S = 0.1
"""A swing of 1.9 Hz comes out at half its size, one of 0.7 Hz at nine tenths; speech and flicker are mostly faster."""

_BLOCK_ROWS = 8192


class Signals:
    """Columns of a session with the smoothing and baseline that were asked for."""

    def __init__(self, session: Session, options: ExportOptions) -> None:
        self._session = session
        self._smoothing = options.smoothing
        self._baseline_s = options.baseline_s
        self._wants_baseline = options.baseline

    def __getitem__(self, name: str) -> Array:
        if not BY_NAME[name].smoothed or self._smoothing is Smoothing.LIVE:
            return self._session[name]
        values: Array = self._session[name + RAW_SUFFIX]
        if self.baseline is not None:
            values = self._corrected[:, OUTPUTS.index(name)]
        return self._smoothed(values) if self._smoothing is Smoothing.OFFLINE else values

    @cached_property
    def baseline(self) -> Baseline | None:
        """The neutral level that is taken away; None when nobody asked for it.

        Raises SettingsError in words for a recorded one that was changed.
        """
        if not self._wants_baseline:
            return None
        recorded = list(self._session.baselines.values())
        if recorded and self._baseline_s is None:
            return Baseline.from_dict(recorded[-1])
        return session_baseline(self._session, self._baseline_s or FIRST_S)

    def _smoothed(self, values: Array) -> Array:
        """Zero phase; nothing is carried from one person to another. A clock that went back stands still instead."""
        if np.isnan(values).all():
            return values
        times = np.maximum.accumulate(self._session["t_s"])
        return smooth_offline(times, values, OFFLINE_SIGMA_S, self._session["track"])

    @cached_property
    def _corrected(self) -> NDArray[np.float32]:
        """All outputs at once, by the formula of the live baseline."""
        raw = [self._session[name + RAW_SUFFIX] for name in OUTPUTS]
        correct = Correction(self.baseline)
        found = np.empty((self._session.rows, len(OUTPUTS)), dtype=np.float32)
        for begin in range(0, len(found), _BLOCK_ROWS):
            rows = slice(begin, begin + _BLOCK_ROWS)
            found[rows] = correct(np.column_stack([column[rows] for column in raw]).astype(np.float64))
        return found


def session_baseline(session: Session, baseline_s: float) -> Baseline:
    """The session's own neutral level: medians over the usable rows of its first seconds with a face.

    An output without a single such value has no level and stays as it is.
    """
    calm = calm_rows(session, baseline_s)
    centre = {}
    for name in OUTPUTS:
        values = session[name + RAW_SUFFIX][calm]
        known = values[~np.isnan(values)]
        if len(known):
            centre[name] = float(np.median(known))
    model = str((session.header.get("model") or {}).get("name", ""))
    return Baseline(f"first {baseline_s:g} s", model, baseline_s, int(calm.sum()), centre, {})


def calm_rows(session: Session, baseline_s: float) -> Array:
    """The rows that tell the neutral level: usable or unjudged, in the first seconds after a face was first seen."""
    seen = session["face"] == 1
    usable = seen & (session["quality_usable"] != 0)
    begin_s = session["t_s"][np.argmax(seen)] if seen.any() else 0.0
    calm: Array = usable & (session["t_s"] < begin_s + baseline_s)
    return calm
