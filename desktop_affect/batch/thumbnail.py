"""One small picture of a film, if somebody asked for it. A sink that keeps the best-judged face it has seen.

`BLURRED` lets nobody be recognised, whoever is in the picture: the tracker knows one participant's box only, so the
whole picture is made coarse, not the one face; so coarse that this face is no more than five squares wide.
"""

from __future__ import annotations

import math

from desktop_affect.batch.jobs import Thumbnails
from desktop_affect.core.types import Event, Frame, RgbImage, RunStart, Sample
from desktop_affect.system.colours import in_rgb_memory

WIDTH_PX = 192
# Squares across the whole picture: at most, and where nobody knows how large the faces are.
_COARSE_PX, _COARSEST_PX = 22, 7
_FACE_SQUARES = 5
_JPEG_QUALITY = 80
# A picture has to be this much better to take the place of the one before: a few dozen pictures a film at most.
_BETTER = 0.05


class ThumbnailKeeper:
    """Analysis thread; read `jpeg()` at the end. Without any face the first picture is taken."""

    name = "thumbnail"

    def __init__(self, wanted: Thumbnails) -> None:
        self._wanted = wanted
        self._best = -math.inf
        self._small: RgbImage | None = None

    def open(self, start: RunStart) -> None:
        """Nothing to open."""

    def on_sample(self, sample: Sample, frame: Frame | None) -> None:
        if self._wanted is Thumbnails.NONE or frame is None:
            return
        worth = _worth(sample)
        if self._small is None or worth > self._best + _BETTER:
            self._best, self._small = worth, self._shrunk(in_rgb_memory(frame.pixels), sample)

    def _shrunk(self, pixels: RgbImage, sample: Sample) -> RgbImage:
        if self._wanted is Thumbnails.BLURRED:
            pixels = _resized(pixels, squares_across(pixels.shape[1], sample), fine=True)
            return _resized(pixels, WIDTH_PX, fine=False)
        return _resized(pixels, WIDTH_PX, fine=True)

    def on_event(self, event: Event) -> None:
        """No event changes a picture."""

    def close(self) -> None:
        """Nothing is held."""

    def jpeg(self) -> bytes | None:
        """None when none is wanted."""
        from desktop_affect.system.cv2_import import cv2

        if self._small is None:
            return None
        done, data = cv2.imencode(".jpg", self._small[:, :, ::-1], [cv2.IMWRITE_JPEG_QUALITY, _JPEG_QUALITY])
        return bytes(data) if done else None


def _worth(sample: Sample) -> float:
    if sample.face is None:
        return -1.0
    return 0.0 if math.isnan(sample.quality.score) else sample.quality.score


def squares_across(width_px: int, sample: Sample) -> int:
    """How coarse a blurred picture is."""
    if sample.face is None or sample.face.other_faces or sample.face.box.width <= 0:
        return _COARSEST_PX
    return max(2, min(_COARSE_PX, int(_FACE_SQUARES * width_px / sample.face.box.width)))


def _resized(pixels: RgbImage, width_px: int, *, fine: bool) -> RgbImage:
    """Smaller by averaging, or larger and smooth."""
    from desktop_affect.system.cv2_import import cv2

    height_px = max(1, round(width_px * pixels.shape[0] / pixels.shape[1]))
    how = cv2.INTER_AREA if fine else cv2.INTER_CUBIC
    return cv2.resize(pixels, (width_px, height_px), interpolation=how).astype("uint8", copy=False)
