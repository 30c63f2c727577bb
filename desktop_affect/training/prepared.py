"""Prepared pictures: aligned, grey, in one array, with their labels; what `prepare` writes and `train` reads.

A picture is a canvas 1.25 times the crop, so that training can shift, turn and scale it without showing a border.
Unknown labels are NaN and cost nothing in any loss.
"""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from desktop_affect.core.types import ACTION_UNITS, EXPRESSIONS, MIMICRY, CropSpec, Points, RgbImage
from desktop_affect.system.cv2_import import cv2
from desktop_affect.training.targets import SYMMETRIC_BLENDSHAPES
from desktop_affect.vision.crop import align

MARGIN = 1.25
"""Side of the canvas over side of the crop."""
TRAIN, VALIDATION, TEST = 0, 1, 2


@dataclass(frozen=True)
class Prepared:
    """N canvases with labels."""

    images: NDArray[np.uint8]
    """N × side × side, luminance."""
    expressions: NDArray[np.float32]
    """N × 8, distributions."""
    valence_arousal: NDArray[np.float32]
    action_units: NDArray[np.float32]
    blendshapes: NDArray[np.float32]
    """N × 23, for the auxiliary head."""
    mimicry: NDArray[np.float32]
    """N × 6, 0..1."""
    hesitancy: NDArray[np.float32]
    """N × 1, 0 or 1."""
    weight: NDArray[np.float32]
    """How far the expression (and valence-arousal) label is trusted, 0..1."""
    split: NDArray[np.int8]
    majority: NDArray[np.int8]
    """The category most people named, −1 where that is none of the eight."""
    agreed: NDArray[np.bool_]
    """More than half of the votes, single ones left out, went to the majority (Microsoft's test protocol)."""

    def __len__(self) -> int:
        return len(self.images)

    def part(self, split: int) -> Prepared:
        """The pictures of one split."""
        return self.take(np.flatnonzero(self.split == split))

    def take(self, rows: NDArray[np.int64]) -> Prepared:
        """Some pictures."""
        return replace(self, **{f.name: getattr(self, f.name)[rows] for f in fields(self)})


def blank(images: NDArray[np.uint8], split: NDArray[np.int8]) -> Prepared:
    """Pictures without any label yet."""
    count = len(images)

    def unknown(width: int) -> NDArray[np.float32]:
        return np.full((count, width), np.nan, np.float32)

    return Prepared(
        images=images,
        expressions=unknown(len(EXPRESSIONS)),
        valence_arousal=unknown(2),
        action_units=unknown(len(ACTION_UNITS)),
        blendshapes=unknown(len(SYMMETRIC_BLENDSHAPES)),
        mimicry=unknown(len(MIMICRY)),
        hesitancy=unknown(1),
        weight=np.ones(count, np.float32),
        split=split,
        majority=np.full(count, -1, np.int8),
        agreed=np.zeros(count, np.bool_),
    )


def save(path: Path, data: Prepared) -> None:
    """Write it, uncompressed: reading must be fast."""
    path.parent.mkdir(parents=True, exist_ok=True)
    np.savez(path, **{f.name: getattr(data, f.name) for f in fields(data)})


def load(path: Path) -> Prepared:
    """Read what `save` wrote."""
    with np.load(path) as archive:
        return Prepared(**{f.name: archive[f.name] for f in fields(Prepared)})


def canvas_spec(crop: CropSpec, crop_px: int) -> CropSpec:
    """The crop of the canvas in whose middle the wanted crop lies, `crop_px` wide."""
    shift = (MARGIN - 1) / 2
    return CropSpec(
        size_px=round(crop_px * MARGIN),
        eye_y=(crop.eye_y + shift) / MARGIN,
        eye_spread=crop.eye_spread / MARGIN,
        mouth_y=(crop.mouth_y + shift) / MARGIN,
    )


def luminance(pixels: RgbImage) -> NDArray[np.uint8]:
    """Y of BT.601; a grey picture stays as it is."""
    if pixels.ndim == 2:
        return pixels
    return np.asarray(cv2.cvtColor(pixels, cv2.COLOR_RGB2GRAY), dtype=np.uint8)


def canvas(pixels: RgbImage, points: Points, crop: CropSpec, crop_px: int, *, mirror_px: int = 0) -> NDArray[np.uint8]:
    """One prepared picture. `mirror_px` continues a tight picture beyond its edges by reflection."""
    grey = luminance(pixels)
    if mirror_px:
        wider = cv2.copyMakeBorder(grey, mirror_px, mirror_px, mirror_px, mirror_px, borderType=cv2.BORDER_REFLECT_101)
        grey = np.asarray(wider, dtype=np.uint8)
        points = (points + mirror_px).astype(np.float32)
    return align(grey, points, canvas_spec(crop, crop_px))
