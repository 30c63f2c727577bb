"""Small films and pictures for the batch's tests, made with OpenCV from the demo participant: no program is needed."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cache
from pathlib import Path

import numpy as np

from desktop_affect.batch.finding import find_jobs
from desktop_affect.batch.jobs import Job, Recipe
from desktop_affect.batch.results import named
from desktop_affect.core.types import RgbImage
from desktop_affect.inference.catalog import this_catalog
from desktop_affect.inference.pinned import Pin
from desktop_affect.sources.demo import DEMO_FILM
from desktop_affect.sources.film import Film
from desktop_affect.system.cv2_import import cv2
from desktop_affect.system.paths import bundled

FACE_FROM = 60
"""The demo participant is in view and looks ahead from this frame on."""
SIZE = (640, 360)


def pin() -> Pin:
    """The shipped model where every machine can run it, without measuring anything."""
    manifest, _ = this_catalog().best()
    assert manifest is not None
    label = f"{manifest.name} {manifest.version}"
    return Pin(manifest.folder.name, label, manifest.sha256, "ONNX Runtime", "CPU", "fp32", 1)


def recipe(**changes: object) -> Recipe:
    return Recipe(**{"pin": pin(), **changes})  # type: ignore[arg-type]


@cache
def faces(count: int = 20, first: int = FACE_FROM) -> tuple[RgbImage, ...]:
    """Frames of the demo participant, half as large."""
    film = Film(bundled(DEMO_FILM))
    shown = [film.next() for _ in range(first + count)]
    film.close()
    return tuple(cv2.resize(frame.pixels, SIZE) for frame in shown[first:] if frame is not None)  # type: ignore[misc]


def nothing(count: int) -> tuple[RgbImage, ...]:
    """A grey room."""
    return (np.full((SIZE[1], SIZE[0], 3), 90, np.uint8),) * count


def two_people(count: int = 12) -> tuple[RgbImage, ...]:
    """Side by side, one the mirror image of the other."""
    middle = slice(SIZE[0] // 4, SIZE[0] * 3 // 4)
    return tuple(np.hstack([frame[:, middle], frame[:, middle][:, ::-1]]) for frame in faces(count))


def write_film(path: Path, frames: Sequence[RgbImage], fps: float = 30.0) -> Path:
    height_px, width_px = frames[0].shape[:2]
    writer = cv2.VideoWriter(str(path), cv2.VideoWriter_fourcc(*"mp4v"), fps, (width_px, height_px))  # type: ignore[attr-defined]
    assert writer.isOpened()
    for frame in frames:
        writer.write(cv2.cvtColor(frame, cv2.COLOR_RGB2BGR))
    writer.release()
    return path


def face_film(path: Path, count: int = 20) -> Path:
    return write_film(path, faces(count))


def write_picture(path: Path, picture: RgbImage) -> Path:
    done, data = cv2.imencode(path.suffix, cv2.cvtColor(picture, cv2.COLOR_RGB2BGR))
    assert done
    path.write_bytes(bytes(data))
    return path


def jobs_of(root: Path, *paths: Path) -> list[Job]:
    return named(find_jobs([str(path) for path in paths], root), root)


Tell = Callable[[object], None]


def ignore(happening: object) -> None:
    """For those who do not want to know."""
