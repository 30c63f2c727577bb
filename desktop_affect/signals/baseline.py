"""A participant's neutral face, and the correction by it.

With b the median of an output over the calibration:

    action units, mimicry:   x' = clip((x − b) / max(1 − b, 0.2), 0, 1)
    valence, arousal:        x' = clip((x − b) / max(1 − b, 0.2), −1, 1)   where x ≥ b
                             x' = clip((x − b) / max(1 + b, 0.2), −1, 1)   where x < b

Neutral becomes zero, the ends stay within reach, and nothing is stretched more than fivefold. Expressions are
probabilities that add up to one, and the output of a trained hesitancy head has a threshold of its own: both stay as
they are.
"""

from __future__ import annotations

import hashlib
import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np

from desktop_affect.core.errors import SettingsError
from desktop_affect.core.types import NAN, Sample
from desktop_affect.signals.outputs import DIMENSIONS, MIMICRIES, OUTPUTS, UNITS, Vector, to_vector

RESTS: tuple[str, ...] = ("gaze_yaw_deg", "gaze_pitch_deg", "yaw_deg", "pitch_deg", "brightness")
"""What else is at rest during a calibration; where the eyes rest is what looks away are measured from."""
LEAST_ROOM = 0.2
_PLACES = 6


@dataclass(frozen=True, slots=True)
class Baseline:
    """Medians and spreads of a participant at rest. `session/` stores it as the dict that `to_dict` gives."""

    id: str
    """Follows from the contents: the same numbers have the same name everywhere."""
    model: str
    """The model whose outputs were measured; another model has another neutral."""
    seconds: float
    samples: int
    centre: Mapping[str, float]
    """Median per output and rest; an output that the model lacks is absent."""
    spread: Mapping[str, float]
    """Median absolute deviation, in the same unit."""

    def to_dict(self) -> dict[str, object]:
        return {
            "id": self.id,
            "model": self.model,
            "seconds": self.seconds,
            "samples": self.samples,
            "centre": dict(self.centre),
            "spread": dict(self.spread),
        }

    @classmethod
    def from_dict(cls, document: Mapping[str, object]) -> Baseline:
        """Raises SettingsError for anything that `to_dict` did not write."""
        try:
            baseline = _baseline(
                str(document["model"]),
                float(str(document["seconds"])),
                int(str(document["samples"])),
                _numbers(document["centre"]),
                _numbers(document["spread"]),
            )
        except (KeyError, ValueError, TypeError) as error:
            raise SettingsError(
                "The participant's baseline cannot be read.", advice="Calibrate again.", detail=repr(error)
            ) from error
        if baseline.id != document.get("id"):
            raise SettingsError(
                "The participant's baseline was changed after it was measured.",
                advice="Calibrate again.",
                detail=f"{document.get('id')} is {baseline.id}",
            )
        return baseline


def measure(samples: Sequence[Sample], seconds: float, model: str) -> Baseline:
    """The baseline of samples that all show the participant at rest."""
    table = np.array([[*to_vector(sample.raw), *_rests(sample)] for sample in samples], dtype=np.float64)
    centre, spread = {}, {}
    for place, name in enumerate((*OUTPUTS, *RESTS)):
        known = table[:, place][np.isfinite(table[:, place])]
        if len(known):
            middle = float(np.median(known))
            centre[name] = round(middle, _PLACES)
            spread[name] = round(float(np.median(np.abs(known - middle))), _PLACES)
    return _baseline(model, round(seconds, 3), len(samples), centre, spread)


def _baseline(
    model: str, seconds: float, samples: int, centre: Mapping[str, float], spread: Mapping[str, float]
) -> Baseline:
    contents = json.dumps([model, seconds, samples, dict(centre), dict(spread)], sort_keys=True)
    name = "b" + hashlib.sha256(contents.encode()).hexdigest()[:12]
    return Baseline(name, model, seconds, samples, MappingProxyType(dict(centre)), MappingProxyType(dict(spread)))


def _rests(sample: Sample) -> tuple[float, ...]:
    face = sample.face
    if face is None or face.eyes.blink:
        return (NAN,) * len(RESTS)
    return (
        face.eyes.gaze_yaw_deg,
        face.eyes.gaze_pitch_deg,
        face.pose.yaw_deg,
        face.pose.pitch_deg,
        face.light.brightness,
    )


def _numbers(value: object) -> dict[str, float]:
    if not isinstance(value, Mapping):
        raise TypeError("not a table of numbers")
    numbers = {str(name): float(number) for name, number in value.items()}
    if unknown := set(numbers) - {*OUTPUTS, *RESTS}:
        raise ValueError(f"unknown outputs: {sorted(unknown)}")
    if not all(math.isfinite(number) for number in numbers.values()):
        raise ValueError("not finite")
    return numbers


class Correction:
    """A baseline's formula over whole vectors; without a baseline it changes nothing."""

    def __init__(self, baseline: Baseline | None = None) -> None:
        self._active = baseline is not None
        centre = np.zeros(len(OUTPUTS))
        self._corrected = np.zeros(len(OUTPUTS), dtype=np.bool_)
        for part in (DIMENSIONS, UNITS, MIMICRIES):
            self._corrected[part] = True
        if baseline is not None:
            centre = np.array([baseline.centre.get(name, 0.0) for name in OUTPUTS])
        self._centre = np.where(self._corrected, centre, 0.0)
        self._above = np.maximum(1.0 - self._centre, LEAST_ROOM)
        self._below = np.maximum(1.0 + self._centre, LEAST_ROOM)
        self._floor = np.zeros(len(OUTPUTS))
        self._floor[DIMENSIONS] = -1.0

    def __call__(self, vector: Vector) -> Vector:
        if not self._active:
            return vector
        off = vector - self._centre
        room = np.where(off >= 0, self._above, self._below)
        return np.where(self._corrected, np.clip(off / room, self._floor, 1.0), vector)
