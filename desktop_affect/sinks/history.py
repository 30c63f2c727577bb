"""The last half hour in memory, for the window's curves: one writer (the analysis thread), readers get copies.

Frames that were skipped because the analysis was busy are left out (the curve bridges them); a frame without a face is
a row of NaN, and so is a longer silence, so that gaps stay gaps.
"""

from __future__ import annotations

import threading
from collections import deque
from enum import IntEnum
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from desktop_affect.core.types import NAN, Event, Frame, RunStart, Sample, Seen

# The longest span of the window, and a minute so that its left edge is never bare.
KEPT_S = 31 * 60.0
# A camera that gives more is kept for a shorter time: half an hour at 120 frames a second already costs 16 MB.
_MOST_PER_S = 120
# Two minutes at 30 frames a second; what a run needs more, it gets by doubling.
_FIRST_ROWS = 4096
# Longer than any pause between two frames of a working camera.
SILENCE_S = 0.5
# A study makes a few events a minute; what is older than the last thousand is in the session's files.
_EVENTS = 1000


class Channel(IntEnum):
    """The rows of `Stretch.values`."""

    VALENCE = 0
    AROUSAL = 1
    RAW_VALENCE = 2
    RAW_AROUSAL = 3
    HESITANCY = 4
    QUALITY = 5
    FACE = 6
    """1 with a face, 0 without."""


class Stretch(NamedTuple):
    """A stretch of the past, owned by the reader."""

    t_s: NDArray[np.float64]
    values: NDArray[np.float32]
    """One row per `Channel`."""


class History:
    """Rows of the last `kept_s` seconds, whatever the camera's rate; older ones go, uncounted, because the session
    keeps them all.

    The rows lie in one buffer, so that every stretch is one slice. When it is full, the rows that are still wanted
    move to its front, or into a buffer of twice the size where they fill more than half of it (2 ms at most).
    """

    name = "window"

    def __init__(self, kept_s: float = KEPT_S) -> None:
        self._kept_s = kept_s
        self._most_rows = max(int(kept_s * _MOST_PER_S), 2)
        rows = min(_FIRST_ROWS, 2 * self._most_rows)
        self._t_s = np.empty(rows, dtype=np.float64)
        self._values = np.empty((len(Channel), rows), dtype=np.float32)
        self._end = 0
        self._lock = threading.Lock()
        self._events: deque[tuple[int, Event]] = deque(maxlen=_EVENTS)
        self._event_count = 0
        self.start: RunStart | None = None
        self.newest: Sample | None = None
        self.begin_s = NAN
        """When the first sample was captured."""

    def open(self, start: RunStart) -> None:
        self.start = start

    def on_sample(self, sample: Sample, frame: Frame | None) -> None:
        if sample.seen is Seen.SKIPPED:
            return
        row = _row(sample)
        with self._lock:
            if not self._end:
                self.begin_s = sample.t_s
            last_s = self._t_s[self._end - 1] if self._end else sample.t_s
            if sample.t_s - last_s > SILENCE_S:
                self._append(last_s + SILENCE_S / 2, (NAN,) * len(Channel))
            self._append(sample.t_s, row)
        self.newest = sample

    def on_event(self, event: Event) -> None:
        with self._lock:
            self._event_count += 1
            self._events.append((self._event_count, event))

    def close(self) -> None:
        """Nothing is held; the past can still be read."""

    def events_after(self, number: int) -> tuple[tuple[int, Event], ...]:
        """Events with their numbers, counted from 1, that came after this one."""
        with self._lock:
            return tuple(entry for entry in self._events if entry[0] > number)

    def stretch(self, begin_s: float, end_s: float, points: int) -> Stretch:
        """What happened between two times in about `points` points, as minima and maxima where there was more."""
        with self._lock:
            first = self._first()
            t_s = self._t_s[first : self._end]
            # One row more on either side, so that curves reach the edges of the picture.
            low = max(int(np.searchsorted(t_s, begin_s)) - 1, 0)
            high = min(int(np.searchsorted(t_s, end_s, side="right")) + 1, len(t_s))
            cut = Stretch(t_s[low:high].copy(), self._values[:, first + low : first + high].copy())
        return thinned(cut, (end_s - begin_s) / max(points // 2, 1)) if len(cut.t_s) > points else cut

    @property
    def size_bytes(self) -> int:
        """Of the buffers."""
        return self._t_s.nbytes + self._values.nbytes

    def _append(self, t_s: float, row: tuple[float, ...]) -> None:
        if self._end == len(self._t_s):
            self._make_room()
        self._t_s[self._end] = t_s
        self._values[:, self._end] = row
        self._end += 1

    def _first(self) -> int:
        """The oldest row that is still kept."""
        if not self._end:
            return 0
        old = int(np.searchsorted(self._t_s[: self._end], self._t_s[self._end - 1] - self._kept_s))
        return max(old, self._end - self._most_rows)

    def _make_room(self) -> None:
        first = self._first()
        kept = self._end - first
        t_s, values = self._t_s, self._values
        if kept > len(t_s) // 2:
            t_s = np.empty(2 * len(t_s), dtype=np.float64)
            values = np.empty((len(Channel), len(t_s)), dtype=np.float32)
        t_s[:kept] = self._t_s[first : self._end]
        values[:, :kept] = self._values[:, first : self._end]
        self._t_s, self._values, self._end = t_s, values, kept


def thinned(stretch: Stretch, bucket_s: float) -> Stretch:
    """Minimum and maximum of every bucket of time; a bucket without a value stays a gap.

    Buckets lie on a fixed grid of time, so that a scrolling curve does not shimmer.
    """
    if not len(stretch.t_s):
        return stretch
    bucket = np.floor(stretch.t_s / bucket_s)
    starts = np.concatenate(([0], np.flatnonzero(np.diff(bucket)) + 1))
    t_s = np.repeat((bucket[starts] + 0.5) * bucket_s, 2)
    values = np.empty((len(stretch.values), 2 * len(starts)), dtype=np.float32)
    values[:, 0::2] = np.fmin.reduceat(stretch.values, starts, axis=1)
    values[:, 1::2] = np.fmax.reduceat(stretch.values, starts, axis=1)
    return Stretch(t_s, values)


def _row(sample: Sample) -> tuple[float, ...]:
    smooth, raw = sample.affect, sample.raw
    return (
        smooth.valence if smooth else NAN,
        smooth.arousal if smooth else NAN,
        raw.valence if raw else NAN,
        raw.arousal if raw else NAN,
        sample.cues.get("hesitancy", NAN),
        sample.quality.score,
        float(sample.face is not None),
    )
