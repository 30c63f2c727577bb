"""Gaze and lids from the landmarks of the eyes, given the fitted head.

The eye is a ball whose centre lies behind the middle between the eye's corners. The ray through the iris meets the
ball where the iris is; from the centre to there is where the eye looks. The corners that are seen, not those of the
average head, say where the ball is across the picture.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from desktop_affect.core.types import Points
from desktop_affect.vision import landmarks as lm
from desktop_affect.vision.head_model import LANDMARKS, POINTS_MM
from desktop_affect.vision.head_pose import HeadFit, PinholeCamera, direction_deg

# Where a ball explains the landmarks best. Height: 50 neutral portraits look into their camera, within half a degree on
# average. Depth and radius: a compromise of 17 rendered heads with known gaze, whose yaw then comes out at 0.86 to 1.12
# of the truth (correlation 0.95 to 0.98), pitch at half of it (0.7 to 0.9), because the lids move with the eyes.
EYEBALL_MM = 10.5
"""From the centre of the eyeball to the iris."""
CENTRE_DOWN_MM = -1.8
"""From the middle between the corners to the centre."""
CENTRE_BACK_MM = 7.0

_CORNERS = np.array([lm.RIGHT_EYE, lm.LEFT_EYE])
_IRISES = np.array([lm.RIGHT_IRIS, lm.LEFT_IRIS])
_MIDDLES_MM = np.array([POINTS_MM[np.isin(LANDMARKS, corners)].mean(axis=0) for corners in _CORNERS])
_TO_CENTRE_MM = np.array([0.0, CENTRE_DOWN_MM, CENTRE_BACK_MM])

Floats = NDArray[np.float64]


def gaze_deg(landmarks: Points, head: HeadFit, camera: PinholeCamera) -> tuple[float, float]:
    """Yaw and pitch of the gaze in camera axes; both eyes, the one that is seen more broadly counts more."""
    corners = landmarks[_CORNERS, :2].astype(np.float64)
    broad = np.linalg.norm(corners[:, 0] - corners[:, 1], axis=1, keepdims=True)
    beside = corners.mean(axis=1) - camera.project(_MIDDLES_MM @ head.turn.T + head.place_mm)
    rays = camera.rays(landmarks[_IRISES, :2] - beside)
    centres = (_MIDDLES_MM + _TO_CENTRE_MM) @ head.turn.T + head.place_mm
    looks = (_nearest_on_ball(rays, centres) - centres) * broad
    return direction_deg(looks.sum(axis=0))


def _nearest_on_ball(rays: Floats, centres: Floats) -> Floats:
    """Where rays from the camera first meet the balls; where one passes by, the point nearest to the ball."""
    length = (rays**2).sum(axis=1)
    along = (rays * centres).sum(axis=1)
    inside = along**2 - length * ((centres**2).sum(axis=1) - EYEBALL_MM**2)
    reach = (along - np.sqrt(np.maximum(inside, 0.0))) / length
    return np.asarray(rays * reach[:, None])


def openness(landmarks: Points, corners: tuple[int, int], lids: tuple[tuple[int, int], ...]) -> float:
    """Mean distance of the lids over the eye's width, in three dimensions so that a turned head keeps its value."""
    upper, lower = np.array(lids).T
    gap = np.linalg.norm(landmarks[upper] - landmarks[lower], axis=1).mean()
    width = np.linalg.norm(landmarks[corners[0]] - landmarks[corners[1]])
    return float(gap / max(float(width), 1e-6))


class BlinkDetector:
    """Both lids closed, judged against the person's own open eyes.

    The open level begins with the first frame. It follows widening lids at once and narrowing ones slowly, so that it
    learns a person in a second and forgets a surprised stare in some ten. Closed below half of it, open again above
    two thirds. Eyes that seem closed for longer than a blink can last may just be narrow: the level then follows too,
    but never so low that closed lids would pass for open ones.
    """

    _FORGET_S = 10.0
    _WIDEN_S = 0.2
    _LONGEST_BLINK_S = 1.0
    _LEAST_OPEN = 0.15
    _MOST_OPEN = 0.45
    _CLOSE, _REOPEN = 0.5, 0.66

    def __init__(self) -> None:
        self._open_level = math.nan
        self._t_s = math.nan
        self._closed_s = math.inf
        """Since when; infinite while open."""

    def see(self, t_s: float, left: float, right: float) -> bool:
        """Whether the lids are closed now; times must not go back."""
        now = (left + right) / 2
        self._learn(t_s, now)
        closed = now < self._open_level * (self._CLOSE if math.isinf(self._closed_s) else self._REOPEN)
        self._closed_s = min(self._closed_s, t_s) if closed else math.inf
        return closed

    def _learn(self, t_s: float, now: float) -> None:
        passed_s = t_s - self._t_s if t_s > self._t_s else 0.0
        self._t_s = t_s
        if math.isnan(self._open_level):
            self._open_level = now
        elif now > self._open_level:
            self._open_level += (now - self._open_level) * min(passed_s / self._WIDEN_S, 1.0)
        elif math.isinf(self._closed_s) or t_s - self._closed_s > self._LONGEST_BLINK_S:
            self._open_level += (now - self._open_level) * min(passed_s / self._FORGET_S, 1.0)
        self._open_level = min(max(self._open_level, self._LEAST_OPEN), self._MOST_OPEN)
