"""What every data set plug-in is, and what several of them need."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from desktop_affect.core.errors import AffectError
from desktop_affect.core.types import CropSpec, Points
from desktop_affect.system.cv2_import import cv2
from desktop_affect.training.clips import PreparedClips
from desktop_affect.training.prepared import Prepared, blank, canvas
from desktop_affect.vision.crop import template

CROP_PX = 112
"""Side of the prepared crops of the gated sets, whose faces are given at 112 to 224 px."""


class DataSetError(AffectError):
    """A data set is not there, or not whole."""


@dataclass(frozen=True)
class DataSet:
    """A plug-in: what it needs on disk, and how its pictures and labels are read."""

    name: str
    where: str
    """How people get it, for the message."""
    needs: tuple[str, ...]
    """Paths below the root; empty when the root itself is the file."""
    read: Callable[[Path, CropSpec], Prepared | PreparedClips]

    def missing(self, root: Path) -> list[str]:
        """What is absent, by path."""
        wanted = [root / need for need in self.needs] or [root]
        return [str(path) for path in wanted if not path.exists()]

    def prepare(self, root: Path, crop: CropSpec) -> Prepared | PreparedClips:
        """The prepared pictures; says what is missing if they cannot be."""
        absent = self.missing(root)
        if absent:
            raise DataSetError(
                f"The data set {self.name} is incomplete: {', '.join(absent)} is missing.", advice=self.where
            )
        return self.read(root, crop)


@dataclass(frozen=True)
class LabelledFrame:
    """A picture file and where its labels stand in the data set's tables."""

    image: Path
    row: int


def picture(path: Path) -> NDArray[np.uint8]:
    """A picture file, RGB; read through bytes because OpenCV cannot open every path on Windows."""
    data = np.frombuffer(path.read_bytes(), np.uint8)
    pixels = cv2.imdecode(data, cv2.IMREAD_COLOR)
    if pixels is None:
        raise DataSetError(f"{path.name} is not a picture.", detail=str(path))
    return np.asarray(pixels[..., ::-1], dtype=np.uint8)


def face_canvas(pixels: NDArray[np.uint8], crop: CropSpec, points: Points | None = None) -> NDArray[np.uint8]:
    """The canvas of a face picture; one that is cut out and aligned already is taken to be the crop itself."""
    side = max(pixels.shape[:2])
    if points is None:
        points = template(CropSpec(side, eye_y=crop.eye_y, eye_spread=crop.eye_spread, mouth_y=crop.mouth_y))
    return canvas(pixels, points, crop, CROP_PX, mirror_px=side // 4)


def prepared_pictures(paths: Iterable[Path], crop: CropSpec, split: int) -> Prepared:
    """Cut-out faces without labels yet."""
    images = [face_canvas(picture(path), crop) for path in paths]
    side = round(CROP_PX * 1.25)
    stack = np.stack(images) if images else np.zeros((0, side, side), np.uint8)
    return blank(stack, np.full(len(images), split, np.int8))


def joined(parts: Sequence[Prepared]) -> Prepared:
    """Several in one."""
    names = parts[0].__dataclass_fields__
    return Prepared(**{name: np.concatenate([getattr(part, name) for part in parts]) for name in names})


def film_clips(parts: Sequence[Prepared], stride: int) -> PreparedClips:
    """One clip per part."""
    bounds = np.concatenate([[0], np.cumsum([len(part) for part in parts])]).astype(np.int64)
    return PreparedClips(joined(parts), bounds, stride)


def numbered(folder: Path) -> list[Path]:
    """The pictures of a film's folder in the order of their numbers."""
    return sorted(path for path in folder.iterdir() if path.suffix.lower() in {".jpg", ".jpeg", ".png"})
