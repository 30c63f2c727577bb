"""Numbers of the landmarks we use, and the quick way from MediaPipe's message to an array."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

import numpy as np

from desktop_affect.core.types import Points

COUNT = 478

# Left and right are the person's own. Corners run from the nose outwards.
RIGHT_EYE = (133, 33)
LEFT_EYE = (362, 263)
RIGHT_IRIS = 468
LEFT_IRIS = 473
# Upper and lower lid, three pairs each.
RIGHT_LIDS = ((159, 145), (158, 153), (160, 144))
LEFT_LIDS = ((386, 374), (385, 380), (387, 373))

# A landmark in the message: a tag and a length, then three tagged floats. The protocol buffer parser of Python would
# take 0.19 ms for 478 of them, this takes 0.02 ms.
_STRIDE = 17
_FLOATS = np.array([3, 4, 5, 6, 8, 9, 10, 11, 13, 14, 15, 16])


class Landmark(Protocol):
    """One point, in shares of the picture."""

    x: float
    y: float
    z: float


class LandmarkList(Protocol):
    """MediaPipe's message."""

    landmark: Sequence[Landmark]

    def SerializeToString(self) -> bytes:  # noqa: N802  protobuf's name
        ...


def to_points(message: LandmarkList, width_px: int, height_px: int) -> Points:
    """478 × 3 in picture pixels, read-only; z has the scale of x."""
    data = np.frombuffer(message.SerializeToString(), dtype=np.uint8)
    if data.size != COUNT * _STRIDE:  # a field is left out in some landmark
        return from_list(message.landmark, width_px, height_px)
    floats = np.ascontiguousarray(data.reshape(COUNT, _STRIDE)[:, _FLOATS])
    return _in_pixels(floats.view("<f4").astype(np.float32), width_px, height_px)


def from_list(landmarks: Sequence[Landmark], width_px: int, height_px: int) -> Points:
    """The same from a list of points."""
    points = np.array([(point.x, point.y, point.z) for point in landmarks], dtype=np.float32)
    return _in_pixels(points, width_px, height_px)


def _in_pixels(points: Points, width_px: int, height_px: int) -> Points:
    points *= np.array([width_px, height_px, width_px], dtype=np.float32)
    points.flags.writeable = False
    return points
