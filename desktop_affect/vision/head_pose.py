"""Head pose from landmarks: the metric head of `head_model` is fitted to its projections under a pinhole camera.

The camera is assumed to have its centre in the middle of the picture and a horizontal field of view of
`FIELD_OF_VIEW_DEG`; a webcam that sees wider makes people nearer than we say, in the same proportion. Angles hardly
depend on it. Signs are those of core/types.py.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from desktop_affect.core.types import HeadPose, Points
from desktop_affect.system.cv2_import import cv2
from desktop_affect.vision.head_model import LANDMARKS, POINTS_MM

# An assumption, not a measurement: a round number for laptop webcams, which rarely tell what they see.
FIELD_OF_VIEW_DEG = 60.0

Matrix = NDArray[np.float64]
NO_DISTORTION = np.zeros(4)


@dataclass(frozen=True, slots=True)
class PinholeCamera:
    """Focal length in pixels and the picture's centre."""

    focal_px: float
    centre_x_px: float
    centre_y_px: float

    @classmethod
    def of(cls, width_px: int, height_px: int, field_of_view_deg: float = FIELD_OF_VIEW_DEG) -> PinholeCamera:
        focal_px = width_px / (2 * math.tan(math.radians(field_of_view_deg) / 2))
        return cls(focal_px, width_px / 2, height_px / 2)

    def matrix(self) -> Matrix:
        return np.array(
            [[self.focal_px, 0, self.centre_x_px], [0, self.focal_px, self.centre_y_px], [0, 0, 1]], dtype=np.float64
        )

    def project(self, places_mm: Matrix) -> Matrix:
        """Places in camera axes → picture pixels."""
        return np.asarray(places_mm[:, :2] * self.focal_px / places_mm[:, 2:] + (self.centre_x_px, self.centre_y_px))

    def rays(self, picture: Matrix) -> Matrix:
        """Picture pixels → directions in camera axes, one long along the axis."""
        across = (picture - (self.centre_x_px, self.centre_y_px)) / self.focal_px
        return np.column_stack([across, np.ones(len(across))])


@dataclass(frozen=True, slots=True)
class HeadFit:
    """The fitted head: its turn (3 × 3, camera axes) and the place between the eyes in millimetres."""

    turn: Matrix
    place_mm: NDArray[np.float64]

    def pose(self) -> HeadPose:
        pitch, yaw, roll = angles_deg(self.turn)
        tx, ty, tz = (float(value) for value in self.place_mm)
        return HeadPose(pitch, yaw, roll, tx, ty, tz)


def fit_head(landmarks: Points, camera: PinholeCamera) -> HeadFit:
    """The least-squares pose; 23 points, about 0.2 ms."""
    picture = np.ascontiguousarray(landmarks[LANDMARKS, :2], dtype=np.float64)
    _, turn, place = cv2.solvePnP(
        POINTS_MM,
        picture,
        camera.matrix(),
        NO_DISTORTION,
        rvec=np.zeros((3, 1)),
        tvec=_start_mm(picture, camera),
        useExtrinsicGuess=True,
        flags=cv2.SOLVEPNP_ITERATIVE,
    )
    return HeadFit(np.asarray(cv2.Rodrigues(turn)[0], dtype=np.float64), np.asarray(place, dtype=np.float64).ravel())


def _start_mm(picture: NDArray[np.float64], camera: PinholeCamera) -> Matrix:
    """A first guess from the spread of the points, so that the fit neither fails nor flips on a far or turned head."""
    spread_mm = float(np.linalg.norm(POINTS_MM[:, 1] - POINTS_MM[:, 1].mean()))
    spread_px = max(float(np.linalg.norm(picture[:, 1] - picture[:, 1].mean())), 1.0)
    distance_mm = camera.focal_px * spread_mm / spread_px
    x, y = picture.mean(axis=0) - (camera.centre_x_px, camera.centre_y_px)
    return np.array([[x], [y], [camera.focal_px]]) * distance_mm / camera.focal_px


def angles_deg(turn: Matrix) -> tuple[float, float, float]:
    """Pitch, yaw and roll of a turn: first the roll about the head's own axis, then pitch, then yaw."""
    yaw, pitch = direction_deg(turn @ np.array([0.0, 0.0, -1.0]))
    level = turn_of(pitch, yaw, 0.0)
    up = level.T @ turn @ np.array([0.0, -1.0, 0.0])
    return pitch, yaw, math.degrees(math.atan2(up[0], -up[1]))


def direction_deg(looks: NDArray[np.float64]) -> tuple[float, float]:
    """Yaw and pitch of a direction in camera axes; straight into the camera is (0, 0)."""
    yaw = math.degrees(math.atan2(looks[0], -looks[2]))
    pitch = math.degrees(math.atan2(-looks[1], math.hypot(looks[0], looks[2])))
    return yaw, pitch


def turn_of(pitch_deg: float, yaw_deg: float, roll_deg: float) -> Matrix:
    """The turn with these angles: what `angles_deg` takes apart."""
    p, y, r = (math.radians(a) for a in (pitch_deg, yaw_deg, roll_deg))
    about_y = np.array([[math.cos(y), 0, -math.sin(y)], [0, 1, 0], [math.sin(y), 0, math.cos(y)]])
    about_x = np.array([[1, 0, 0], [0, math.cos(p), math.sin(p)], [0, -math.sin(p), math.cos(p)]])
    about_z = np.array([[math.cos(r), -math.sin(r), 0], [math.sin(r), math.cos(r), 0], [0, 0, 1]])
    return np.asarray(about_y @ about_x @ about_z, dtype=np.float64)
