"""Presentation times as a film should have had them: finite and growing.

Whole films pass through untouched, variable frame rates included. What is mended, and how:

- a time that is not a number, or absurd: one nominal interval after the frame before;
- a time that stands still or steps back by less than a second (frames out of order): half a nominal interval after the
  frame before, so that the times are true again as soon as the film's own have caught up;
- a step back of more than a second (joined recordings whose clock began anew): the film goes on from there, one
  nominal interval later;
- a stream without any times (raw H.264, where the first two frames already share one): the nominal rate, the only
  time such a stream has.
"""

from __future__ import annotations

import math

_RESTART_S = 1.0
# A week of film; FFmpeg's "no time" comes out near ±10^17.
_LONGEST_S = 7 * 24 * 3600.0


class FilmTimes:
    """Feed the times of one pass through a film in order; what comes back grows strictly."""

    def __init__(self, nominal_interval_s: float) -> None:
        self._interval_s = nominal_interval_s
        self._offset_s = 0.0
        self._last_s = math.nan
        self._placed = 0
        self._untimed = False
        self.mended = 0
        """How many times were not taken as they came."""

    def place(self, raw_s: float) -> float:
        """The time of the next frame, in seconds from the film's start."""
        time_s = self._first(raw_s) if self._placed == 0 else self._next(raw_s)
        self._placed += 1
        self._last_s = time_s
        return time_s

    @property
    def end_s(self) -> float:
        """When the film ends: one average interval after its last frame (containers do not all state the last
        frame's duration)."""
        if self._placed == 0:
            return 0.0
        average_s = self._last_s / (self._placed - 1) if self._placed > 1 else self._interval_s
        return self._last_s + average_s

    def _first(self, raw_s: float) -> float:
        if _sane(raw_s):
            return raw_s
        self.mended += 1
        return 0.0

    def _next(self, raw_s: float) -> float:
        if not self._untimed and _sane(raw_s) and raw_s + self._offset_s > self._last_s:
            return raw_s + self._offset_s
        self.mended += 1
        self._untimed = self._untimed or (self._placed == 1 and raw_s == self._last_s)
        if self._untimed or not _sane(raw_s):
            return self._last_s + self._interval_s
        if self._last_s - (raw_s + self._offset_s) > _RESTART_S:
            self._offset_s = self._last_s + self._interval_s - raw_s
            return self._last_s + self._interval_s
        return self._last_s + self._interval_s / 2


def _sane(raw_s: float) -> bool:
    return math.isfinite(raw_s) and 0 <= raw_s < _LONGEST_S
