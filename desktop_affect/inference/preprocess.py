"""Pixels to numbers: an RGB crop into the normalised NCHW tensor that a network wants.

Every value of a pixel is computed once, when the model is loaded; a frame then costs one table look-up a pixel and
channel, written straight into a buffer that is allocated once. Measured for 224 px on one core: 0.05 ms.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from desktop_affect.core.errors import ModelError
from desktop_affect.core.types import RgbImage
from desktop_affect.inference.manifest import InputSpec
from desktop_affect.inference.network import FloatArray
from desktop_affect.system.cv2_import import cv2


class Preprocessor:
    """Owns its buffer: what it returns is overwritten by the next call."""

    def __init__(self, spec: InputSpec) -> None:
        side = spec.size_px
        self._luminance = spec.luminance
        self._tables = [_table(mean, std) for mean, std in zip(spec.mean, spec.std, strict=True)][: spec.planes]
        self._planes = [np.empty((side, side), np.uint8) for _ in self._tables]
        self._tensor: FloatArray = np.empty((1, spec.planes, side, side), np.float32)
        self._shape = (side, side, 3)

    def __call__(self, pixels: RgbImage) -> FloatArray:
        if pixels.shape != self._shape or pixels.dtype != np.uint8:
            raise ModelError(
                "The face picture does not have the size that the model wants.",
                detail=f"{pixels.shape} {pixels.dtype} instead of {self._shape} uint8",
            )
        if self._luminance:
            # BT.601; the same plane for all channels.
            cv2.cvtColor(pixels, cv2.COLOR_RGB2GRAY, dst=self._planes[0])
        else:
            cv2.split(pixels, self._planes)
        for channel, table in enumerate(self._tables):
            cv2.LUT(self._planes[0 if self._luminance else channel], table, dst=self._tensor[0, channel])
        return self._tensor


def _table(mean: float, std: float) -> NDArray[np.float32]:
    return ((np.arange(256) / 255.0 - mean) / std).astype(np.float32).reshape(1, 256)
