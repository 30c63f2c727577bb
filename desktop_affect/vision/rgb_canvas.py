"""A whole picture for MediaPipe, of which only what it will look at is up to date.

Its graph wants the full picture in red, green, blue. While it follows faces, it reads a rotated square around where
each of them was on the picture before, and nothing else; so of a picture that lies the other way round in memory
(core/colour_order.py) only these squares are turned. When it looks for new faces, all of it is.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from desktop_affect.core.colour_order import is_turned, turned
from desktop_affect.core.types import Points, RgbImage
from desktop_affect.system.colours import in_rgb_memory
from desktop_affect.system.cv2_import import cv2
from desktop_affect.vision import landmarks as lm

_SCALE = 1.5
"""MediaPipe's own square: so many times the longer side of the box around all landmarks."""
_RIM = 1.05
_RIM_PX = 8
"""Interpolation reads the neighbours, and sums differ in the last digit; a rim that is turned in vain costs nothing."""


class Part(NamedTuple):
    """A part of a picture, in whole pixels; may reach beyond its edges."""

    left: int
    top: int
    right: int
    bottom: int


def looked_at(landmarks: Points) -> Part:
    """What the graph reads of the next picture to follow the face that has these landmarks now."""
    low, high = landmarks[:, :2].min(axis=0), landmarks[:, :2].max(axis=0)
    x, y = (low + high) / 2
    (left_x, left_y), (right_x, right_y) = landmarks[[lm.RIGHT_EYE[1], lm.LEFT_EYE[1]], :2]
    angle = math.atan2(right_y - left_y, right_x - left_x)
    side = _SCALE * _RIM * float((high - low).max())
    reach = side / 2 * (abs(math.cos(angle)) + abs(math.sin(angle))) + _RIM_PX
    return Part(int(x - reach), int(y - reach), math.ceil(x + reach), math.ceil(y + reach))


class RgbCanvas:
    """One thread. What `show` returned is overwritten by its next call."""

    def __init__(self, *, mirrored: bool = False) -> None:
        """`mirrored`: it shows mirror images, and parts are counted on these."""
        self._mirrored = mirrored
        self._canvas: RgbImage = np.empty((0, 0, 3), np.uint8)

    def show(self, pixels: RgbImage, parts: Sequence[Part] | None) -> RgbImage:
        """Contiguous and read-only; right at least in these parts, None: everywhere."""
        if not is_turned(pixels) and not self._mirrored:
            return in_rgb_memory(pixels)
        if self._canvas.shape != pixels.shape:
            self._canvas, parts = np.empty(pixels.shape, np.uint8), None
        height_px, width_px = pixels.shape[:2]
        for part in (Part(0, 0, width_px, height_px),) if parts is None else parts:
            self._copy(pixels, part)
        shown = self._canvas.view()
        shown.flags.writeable = False
        return shown

    def _copy(self, pixels: RgbImage, part: Part) -> None:
        height_px, width_px = pixels.shape[:2]
        top, bottom = np.clip((part.top, part.bottom), 0, height_px)
        left, right = np.clip((part.left, part.right), 0, width_px)
        target = self._canvas[top:bottom, left:right]
        source = (
            pixels[top:bottom, width_px - right : width_px - left] if self._mirrored else pixels[top:bottom, left:right]
        )
        if not target.size:
            return
        if is_turned(source):
            source = np.asarray(cv2.cvtColor(turned(source), cv2.COLOR_BGR2RGB, dst=target), np.uint8)
        if self._mirrored:
            cv2.flip(source, 1, dst=target)
