"""One small picture of a film, if somebody asked for it. A sink that keeps the best-judged face it has seen.

`BLURRED` lets nobody be recognised, whoever is in the picture: the tracker knows one participant's box only, so the
whole picture is made coarse, not the one face.
"""

from __future__ import annotations

import math

from desktop_affect.batch.jobs import Thumbnails
from desktop_affect.core.types import Event, Frame, RgbImage, RunStart, Sample

WIDTH_PX = 192
_COARSE_PX = 22
"""Across the whole picture: a face that fills half of its height is five squares wide."""
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
            self._best, self._small = worth, _shrunk(frame.pixels, self._wanted)

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


def _shrunk(pixels: RgbImage, wanted: Thumbnails) -> RgbImage:
    from desktop_affect.system.cv2_import import cv2

    height_px = max(1, round(WIDTH_PX * pixels.shape[0] / pixels.shape[1]))
    if wanted is Thumbnails.BLURRED:
        coarse = (_COARSE_PX, max(1, round(_COARSE_PX * pixels.shape[0] / pixels.shape[1])))
        pixels = cv2.resize(pixels, coarse, interpolation=cv2.INTER_AREA).astype("uint8", copy=False)
        return cv2.resize(pixels, (WIDTH_PX, height_px), interpolation=cv2.INTER_CUBIC).astype("uint8", copy=False)
    return cv2.resize(pixels, (WIDTH_PX, height_px), interpolation=cv2.INTER_AREA).astype("uint8", copy=False)
