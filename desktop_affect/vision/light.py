"""What the picture of the face allows: brightness, contrast and sharpness, measured on the face's own pixels."""

from __future__ import annotations

import numpy as np

from desktop_affect.core.colour_order import as_stored, is_turned
from desktop_affect.core.types import NAN, Box, Light, RgbImage
from desktop_affect.system.cv2_import import cv2

# The size at which sharpness is compared, so that a near and a far face can be judged by one threshold.
_SIDE_PX = 112
NO_LIGHT = Light(NAN, NAN, NAN)


def measure_light(pixels: RgbImage, box: Box) -> Light:
    """NaN when the face lies outside the picture."""
    height_px, width_px = pixels.shape[:2]
    left, top = max(int(box.left), 0), max(int(box.top), 0)
    right, bottom = min(int(box.left + box.width), width_px), min(int(box.top + box.height), height_px)
    if right - left < 2 or bottom - top < 2:
        return NO_LIGHT
    face = as_stored(pixels)[top:bottom, left:right]
    small = cv2.resize(face, (_SIDE_PX, _SIDE_PX), interpolation=cv2.INTER_LINEAR)
    grey = cv2.cvtColor(small, cv2.COLOR_BGR2GRAY if is_turned(pixels) else cv2.COLOR_RGB2GRAY)
    mean, deviation = cv2.meanStdDev(grey)
    edges = cv2.meanStdDev(cv2.Laplacian(grey, cv2.CV_32F))[1]
    return Light(float(mean.item()) / 255, float(deviation.item()) / 255, float(np.square(edges).item()))
