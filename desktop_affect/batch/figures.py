"""A film in one row of numbers and two small curves, added up frame by frame in constant memory.

The numbers are those of `session/aggregate.py` for a whole session, by the same rules; that module needs the session's
columns in memory, which for a day of film are half a gigabyte. A test holds the two against each other.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from desktop_affect.core.types import ACTION_UNITS, EXPRESSIONS, NAN, Alert, Event, Frame, RunStart, Sample, Seen
from desktop_affect.session.aggregate import DESCRIBED, nominal_step_s
from desktop_affect.session.export.grid import MOST_GAP_S
from desktop_affect.signals.outputs import to_vector

Array: TypeAlias = NDArray[np.float64]

# The median of the first steps stands for all: how long the last frame lasts.
_STEPS = 1001
_BINS = 96
_FIRST_WIDTH_S = 0.25
_VECTOR = 2 + len(ACTION_UNITS) + len(EXPRESSIONS)


class Figures:
    """A sink. Written on the analysis thread; read when the engine has stopped."""

    name = "figures"

    def __init__(self) -> None:
        self.valence, self.arousal, self.faces = Curve(), Curve(), Curve()
        self._frames = self._faces = self._blinks = self._skipped = 0
        self._first_s = self._last_s = NAN
        self._steps: list[float] = []
        self._spread = _Spread(len(DESCRIBED))
        self._lasting = np.zeros(3)
        """Seconds: with a face, believed, and blinking-or-not faces are the same as the first."""
        self._present_s, self._judged_s = np.zeros(len(ACTION_UNITS)), np.zeros(len(ACTION_UNITS))
        self._before: Sample | None = None
        self._blinking = False
        self._alerts = 0
        self._only_step_s = 0.0
        """How long a single row lasts."""

    def open(self, start: RunStart) -> None:
        self._only_step_s = nominal_step_s(start.source.nominal_fps)

    def on_sample(self, sample: Sample, frame: Frame | None) -> None:
        self._frames += 1
        self._skipped += sample.seen is Seen.SKIPPED
        if math.isnan(self._first_s):
            self._first_s = sample.t_s
        elif len(self._steps) < _STEPS:
            self._steps.append(sample.t_s - self._last_s)
        self._last_s = sample.t_s
        if sample.seen is not Seen.SKIPPED:
            self._look_at(sample)

    def on_event(self, event: Event) -> None:
        if isinstance(event, Alert):
            self._alerts = max(self._alerts, event.number)

    def close(self) -> None:
        """Nothing is held."""

    def _look_at(self, sample: Sample) -> None:
        self._count_time(sample.t_s)
        self._before = sample
        self._faces += sample.face is not None
        blinking = sample.face is not None and sample.face.eyes.blink
        self._blinks += blinking and not self._blinking
        self._blinking = blinking
        at_s = sample.t_s - self._first_s
        self.faces.add(at_s, float(sample.face is not None))
        if sample.affect is not None:
            self.valence.add(at_s, sample.affect.valence)
            self.arousal.add(at_s, sample.affect.arousal)
        if _believed(sample):
            self._spread.add(_described(sample))

    def _count_time(self, until_s: float) -> None:
        """The row before lasts until this one, but for no longer than a gap may be bridged."""
        sample = self._before
        if sample is None or sample.face is None:
            return
        lasts_s = min(max(until_s - sample.t_s, 0.0), MOST_GAP_S)
        self._lasting[0] += lasts_s
        if _believed(sample):
            self._lasting[1] += lasts_s
            self._count_units(sample.present, lasts_s)

    def _count_units(self, present: Mapping[str, bool], lasts_s: float) -> None:
        for place, unit in enumerate(ACTION_UNITS):
            if unit in present:
                self._judged_s[place] += lasts_s
                self._present_s[place] += lasts_s * present[unit]

    def row(self) -> dict[str, float]:
        """The film's numbers; NaN where nothing is known. Call it once, at the end."""
        step_s = float(np.median(self._steps)) if self._steps else self._only_step_s
        end_s = self._last_s + step_s
        if self._before is not None:
            self._count_time(end_s)
        duration_s = end_s - self._first_s if self._frames else 0.0
        face_s, believed_s = float(self._lasting[0]), float(self._lasting[1])
        means, deviations = self._spread.results()
        found: dict[str, float] = {
            "frames": self._frames,
            "faces": self._faces,
            "duration_s": duration_s,
            "face_share": min(_ratio(face_s, duration_s), 1.0),
            "valid_share": min(_ratio(believed_s, duration_s), 1.0),
            "alerts": self._alerts,
            "alerts_per_min": _ratio(self._alerts, duration_s / 60),
            "blinks": self._blinks,
            "blinks_per_min": _ratio(self._blinks, face_s / 60),
        }
        for name, mean, deviation in zip(DESCRIBED, means, deviations, strict=True):
            found |= {f"{name}_mean": mean, f"{name}_sd": deviation}
        shares = zip(ACTION_UNITS, self._present_s.tolist(), self._judged_s.tolist(), strict=True)
        return found | {f"{unit}_present_share": _ratio(there_s, judged_s) for unit, there_s, judged_s in shares}


def _believed(sample: Sample) -> bool:
    """Over the gate, or never judged."""
    return sample.face is not None and (sample.quality.usable or math.isnan(sample.quality.score))


def _described(sample: Sample) -> Array:
    """In the order of `DESCRIBED`."""
    vector = to_vector(sample.affect)[:_VECTOR]
    cues = (sample.cues.get("hesitancy", NAN), sample.quality.score)
    return np.concatenate([vector[:2], cues, vector[2:]])


def _ratio(part: float, whole: float) -> float:
    return part / whole if whole > 0 else NAN


class _Spread:
    """Means and standard deviations of known values."""

    def __init__(self, size: int) -> None:
        self._count, self._sum, self._squares = (np.zeros(size) for _ in range(3))

    def add(self, values: Array) -> None:
        known = ~np.isnan(values)
        there = np.where(known, values, 0.0)
        self._count += known
        self._sum += there
        self._squares += there * there

    def results(self) -> tuple[list[float], list[float]]:
        with np.errstate(invalid="ignore", divide="ignore"):
            means = np.where(self._count > 0, self._sum / self._count, NAN)
            left = np.maximum(self._squares - self._count * means * means, 0.0)
            deviations = np.where(self._count > 1, np.sqrt(left / (self._count - 1)), NAN)
        return means.tolist(), deviations.tolist()


class Curve:
    """Means over stretches of time that grow with the film: neighbours join whenever the last stretch is passed."""

    def __init__(self) -> None:
        self._sums, self._counts = np.zeros(_BINS), np.zeros(_BINS)
        self.width_s = _FIRST_WIDTH_S

    def add(self, at_s: float, value: float) -> None:
        """Times from the film's first frame on, never negative."""
        while at_s >= _BINS * self.width_s:
            self._join()
        if not math.isnan(value):
            place = int(at_s / self.width_s)
            self._sums[place] += value
            self._counts[place] += 1

    def _join(self) -> None:
        for kept in (self._sums, self._counts):
            kept[: _BINS // 2] = kept[::2] + kept[1::2]
            kept[_BINS // 2 :] = 0.0
        self.width_s *= 2

    def values(self) -> list[float | None]:
        """Up to the last known one; None where nothing was."""
        known = np.flatnonzero(self._counts)
        if len(known) == 0:
            return []
        pairs = zip(self._sums.tolist(), self._counts.tolist(), strict=True)
        return [round(total / count, 3) if count else None for total, count in pairs][: known[-1] + 1]
