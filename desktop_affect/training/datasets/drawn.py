"""Drawn faces with exact action units: an oval, two eyes, brows and a mouth. For the smoke run and tests.

They need no data at all, take a millisecond each, and follow the same conventions as every other set.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from desktop_affect.core.types import ACTION_UNITS, EXPRESSIONS, CropSpec
from desktop_affect.system.cv2_import import cv2
from desktop_affect.training.clips import PreparedClips
from desktop_affect.training.datasets.base import DataSet, film_clips
from desktop_affect.training.prepared import TEST, TRAIN, VALIDATION, Prepared, blank, canvas
from desktop_affect.training.targets import coordinates_of

SIDE = 96
EYES = ((32, 38), (64, 38))
MOUTH = (48, 72)
CROP_PX = 64
FILMS, FRAMES = 32, 24
Grey = NDArray[np.uint8]


def stroke(picture: Grey, points: list[tuple[float, float]], shade: int, thick: int = 3) -> None:
    """An open line through points."""
    line = np.asarray(points, np.float32).round().astype(np.int32).reshape(-1, 1, 2)
    cv2.polylines(picture, [line], isClosed=False, color=(shade,), thickness=thick, lineType=cv2.LINE_AA)


def draw(units: dict[str, float], skin: int, ink: int) -> Grey:
    """One face, 96 x 96."""
    picture = np.full((SIDE, SIDE), 128, np.uint8)
    cv2.ellipse(picture, (48, 50), (38, 46), 0, 0, 360, (skin,), -1, cv2.LINE_AA)
    raised, lowered = 8 * units["AU02"], 6 * units["AU04"]
    inner = 8 * units["AU01"]
    for (x, y), side in zip(EYES, (-1, 1), strict=True):
        cv2.ellipse(picture, (x, y), (7, 4), 0, 0, 360, (ink,), -1, cv2.LINE_AA)
        stroke(picture, [(x + side * 10, y - 10 - raised + lowered), (x - side * 8, y - 10 - inner + lowered)], ink)
    curve = 9 * (units["AU12"] - units["AU15"])
    x, y = MOUTH
    gap = 10 * units["AU25"]
    stroke(picture, [(x - 16, y - curve), (x - 8, y), (x + 8, y), (x + 16, y - curve)], ink)
    if gap >= 1:
        cv2.ellipse(picture, (x, round(y + gap / 2)), (9, round(gap / 2)), 0, 0, 360, (ink,), -1, cv2.LINE_AA)
    return picture


def course(rng: np.random.Generator) -> NDArray[np.float32]:
    """The units of one film, frames x 12: one group of units rises and falls."""
    groups = (("AU12", "AU06", "AU25"), ("AU15", "AU04"), ("AU01", "AU02", "AU25", "AU26"), ())
    chosen = groups[int(rng.integers(len(groups)))]
    bump = np.sin(np.linspace(0, np.pi, FRAMES) * rng.uniform(0.6, 1.4)).clip(0) * rng.uniform(0.5, 1)
    units = np.zeros((FRAMES, len(ACTION_UNITS)), np.float32)
    units[:, [ACTION_UNITS.index(unit) for unit in chosen]] = bump[:, None]
    return units


def expressions_of(units: NDArray[np.float32]) -> NDArray[np.float32]:
    """Happiness, sadness and surprise as strong as their units, neutral for the rest."""
    result = np.zeros((len(units), len(EXPRESSIONS)), np.float32)
    for name, unit in (("happiness", "AU12"), ("sadness", "AU15"), ("surprise", "AU02")):
        result[:, EXPRESSIONS.index(name)] = units[:, ACTION_UNITS.index(unit)]
    result[:, 0] = 1 - result.sum(axis=1)
    return result


def film(rng: np.random.Generator, split: int, crop: CropSpec) -> Prepared:
    """The frames of one film."""
    units = course(rng)
    skin, ink = int(rng.integers(150, 240)), int(rng.integers(10, 80))
    points = np.asarray([*EYES, MOUTH], np.float32)
    faces = [draw(dict(zip(ACTION_UNITS, row.tolist(), strict=True)), skin, ink) for row in units]
    images = np.stack([canvas(face, points, crop, CROP_PX, mirror_px=24) for face in faces])
    data = blank(images, np.full(FRAMES, split, np.int8))
    data.action_units[:] = units
    data.expressions[:] = expressions_of(units)
    data.majority[:] = data.expressions.argmax(axis=1)
    data.agreed[:] = data.expressions.max(axis=1) > 0.5
    data.valence_arousal[:] = coordinates_of(data.expressions)
    return data


def read(_root: Path, crop: CropSpec) -> PreparedClips:
    """Films for training, validation and test."""
    rng = np.random.default_rng(3)
    splits = [TRAIN] * (FILMS // 2) + [VALIDATION] * (FILMS // 4) + [TEST] * (FILMS // 4)
    return film_clips([film(rng, split, crop) for split in splits], 2)


DRAWN = DataSet("drawn", "Drawn faces need no data.", (".",), read)
