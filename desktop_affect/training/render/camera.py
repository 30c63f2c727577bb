"""The camera and where the head is in front of it, with the signs of core/types.py.

The drawing space has the camera at the origin, x to the picture's right, y up, z towards the viewer, in centimetres:
the head looks along +z, so a head in front of the camera has negative z.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from desktop_affect.core.types import HeadPose

Matrix = NDArray[np.float32]

NEAR_CM, FAR_CM = 8.0, 600.0
MM_PER_CM = 10.0


@dataclass(frozen=True, slots=True)
class Camera:
    """A pinhole camera with square pixels and its axis through the middle of the picture."""

    width_px: int
    height_px: int
    focal_px: float

    @property
    def vertical_view_deg(self) -> float:
        return math.degrees(2 * math.atan(self.height_px / 2 / self.focal_px))

    def projection(self) -> Matrix:
        """Drawing space → clip space."""
        depth = FAR_CM - NEAR_CM
        matrix = np.zeros((4, 4))
        matrix[0, 0] = 2 * self.focal_px / self.width_px
        matrix[1, 1] = 2 * self.focal_px / self.height_px
        matrix[2, 2], matrix[2, 3] = -(FAR_CM + NEAR_CM) / depth, -2 * FAR_CM * NEAR_CM / depth
        matrix[3, 2] = -1.0
        return matrix.astype(np.float32)

    def picture_point(self, place_cm: Matrix) -> NDArray[np.float64]:
        """Drawing space (… × 3) → picture pixels (… × 2), y down."""
        place = np.asarray(place_cm, dtype=np.float64)
        scale = self.focal_px / -place[..., 2]
        return np.stack(
            [self.width_px / 2 + place[..., 0] * scale, self.height_px / 2 - place[..., 1] * scale], axis=-1
        )


def rotation(pitch_deg: float, yaw_deg: float, roll_deg: float) -> Matrix:
    """Turns the head's own axes into the drawing space: roll first, then pitch, then yaw."""
    p, y, r = (math.radians(angle) for angle in (pitch_deg, yaw_deg, roll_deg))
    about_y = np.array([[math.cos(y), 0, math.sin(y)], [0, 1, 0], [-math.sin(y), 0, math.cos(y)]])
    about_x = np.array([[1, 0, 0], [0, math.cos(p), math.sin(p)], [0, -math.sin(p), math.cos(p)]])
    about_z = np.array([[math.cos(r), math.sin(r), 0], [-math.sin(r), math.cos(r), 0], [0, 0, 1]])
    return np.asarray(about_y @ about_x @ about_z, dtype=np.float32)


def direction(yaw_deg: float, pitch_deg: float) -> Matrix:
    """The unit vector that looks this way, in the drawing space; (0, 0) is parallel to the camera's axis."""
    y, p = math.radians(yaw_deg), math.radians(pitch_deg)
    return np.array([math.sin(y) * math.cos(p), math.sin(p), math.cos(y) * math.cos(p)], dtype=np.float32)


def angles(vector: Matrix) -> tuple[float, float]:
    """The yaw and pitch in degrees of a direction."""
    x, y, z = (float(part) for part in vector)
    return math.degrees(math.atan2(x, z)), math.degrees(math.atan2(y, math.hypot(x, z)))


def place(pose: HeadPose) -> Matrix:
    """A pose's translation in the drawing space."""
    return np.array([pose.tx_mm, -pose.ty_mm, -pose.tz_mm], dtype=np.float32) / MM_PER_CM
