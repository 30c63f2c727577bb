"""Photographs as a source: one frame for each, turned upright as their camera noted.

Pictures have no time of their own; they are laid `STEP_S` apart, the longest that one row may stand for, so that shares
of time come out as shares of pictures. A picture that cannot be read is left out, and its number with it.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from desktop_affect.core.errors import SourceError
from desktop_affect.core.types import Frame, RgbImage, SourceInfo, SourceKind

STEP_S = 0.5

_ADVICE = "Save it as JPEG or PNG."


@dataclass(frozen=True, slots=True)
class PictureTaken:
    """What became of one file."""

    seq: int
    path: Path
    width_px: int = 0
    height_px: int = 0
    problem: str = ""
    """In words; empty when the picture was read."""


class PictureSource:
    """See the `FrameSource` port. `taken` is told of every file, on the capture thread."""

    def __init__(self, folder: Path, files: Sequence[Path], taken: Callable[[PictureTaken], None]) -> None:
        self._folder = folder
        self._files = tuple(files)
        self._taken = taken
        self._next = 0
        self._delivered = 0
        self._interrupted = threading.Event()

    def open(self) -> SourceInfo:
        self._next = self._delivered = 0
        return SourceInfo(
            kind=SourceKind.PICTURES,
            name=self._folder.name,
            stable_id=str(self._folder),
            width_px=0,
            height_px=0,
            nominal_fps=1 / STEP_S,
            live=False,
            frame_count=len(self._files),
        )

    def read(self) -> Frame | None:
        while self._next < len(self._files) and not self._interrupted.is_set():
            seq, path = self._next, self._files[self._next]
            self._next += 1
            pixels = self._try(seq, path)
            if pixels is not None:
                self._delivered += 1
                return Frame(seq, seq * STEP_S, pixels)
        if not self._delivered and not self._interrupted.is_set():
            raise SourceError(f"No picture in “{self._folder.name}” can be read.", advice=_ADVICE)
        return None

    def close(self) -> None:
        self._interrupted.clear()

    def interrupt(self) -> None:
        self._interrupted.set()

    def _try(self, seq: int, path: Path) -> RgbImage | None:
        try:
            pixels = read_picture(path)
        except SourceError as error:
            self._taken(PictureTaken(seq, path, problem=error.message))
            return None
        height_px, width_px = pixels.shape[:2]
        self._taken(PictureTaken(seq, path, width_px, height_px))
        return pixels


def read_picture(path: Path) -> RgbImage:
    """Upright, RGB, read-only. Raises SourceError in words."""
    from desktop_affect.system.cv2_import import cv2

    try:
        # Read by ourselves: OpenCV cannot open every name on Windows.
        data = np.frombuffer(path.read_bytes(), np.uint8)
    except OSError as error:
        raise SourceError(f"“{path.name}” cannot be read.", advice="Check the file.", detail=str(error)) from error
    try:
        bgr = cv2.imdecode(data, cv2.IMREAD_COLOR) if len(data) else None  # turns by the EXIF flag
    except cv2.error as error:
        raise SourceError(f"“{path.name}” is too large or damaged.", advice=_ADVICE, detail=str(error)) from error
    if bgr is None:
        raise SourceError(f"“{path.name}” is damaged, or no kind of picture that can be read.", advice=_ADVICE)
    pixels: RgbImage = cv2.cvtColor(bgr, cv2.COLOR_BGR2RGB).astype("uint8", copy=False)
    pixels.flags.writeable = False
    return pixels


def reduced(pixels: RgbImage, most_px: int) -> RgbImage:
    """No wider or higher than this; for looking at."""
    from desktop_affect.system.cv2_import import cv2

    height, width = pixels.shape[:2]
    share = most_px / max(height, width)
    if share >= 1:
        return pixels
    size = max(round(width * share), 1), max(round(height * share), 1)
    small: RgbImage = cv2.resize(pixels, size, interpolation=cv2.INTER_AREA).astype("uint8", copy=False)
    small.flags.writeable = False
    return small
