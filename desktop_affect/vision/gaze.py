"""Gaze and lids from the landmarks of the eyes, given the fitted head.

The eye is a ball of `EYEBALL_MM` radius whose centre lies behind the middle between the eye's corners. How far the iris
is from that middle, measured in the head's own plane, gives the eye's turn in the head; the head's turn is added.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from desktop_affect.core.types import Points
from desktop_affect.vision import landmarks as lm
from desktop_affect.vision.head_pose import HeadFit, PinholeCamera, direction_deg

# From the centre of the eyeball to the iris: 12 mm radius less the depth of the iris.
EYEBALL_MM = 10.5
# Looking straight ahead, the iris is this much higher than the middle between the corners (measured on 50 neutral
# portraits that look into the camera).
IRIS_RISE_MM = 1.8
_FROM_REST_MM = np.array([0.0, IRIS_RISE_MM])
# The sine of the most that eyes turn (about 60 degrees); beyond it the landmark is wrong, not the eye.
_MAX_SINE = 0.9


def gaze_deg(landmarks: Points, head: HeadFit, camera: PinholeCamera) -> tuple[float, float]:
    """Yaw and pitch of the gaze in camera axes; both eyes averaged."""
    right_mm = _iris_offset_mm(landmarks, lm.RIGHT_IRIS, lm.RIGHT_EYE, head, camera)
    left_mm = _iris_offset_mm(landmarks, lm.LEFT_IRIS, lm.LEFT_EYE, head, camera)
    sines = np.clip((right_mm + left_mm) / (2 * EYEBALL_MM), -_MAX_SINE, _MAX_SINE)
    depth = math.sqrt(max(1.0 - float(sines @ sines), 1.0 - _MAX_SINE**2))
    return direction_deg(head.turn @ np.array([sines[0], sines[1], -depth]))


def _iris_offset_mm(
    landmarks: Points, iris: int, corners: tuple[int, int], head: HeadFit, camera: PinholeCamera
) -> NDArray[np.float64]:
    """The iris from the middle between the corners, right and down in the head's plane, in millimetres."""
    middle = (landmarks[corners[0], :2] + landmarks[corners[1], :2]) / 2
    offset_px = np.asarray(landmarks[iris, :2] - middle, dtype=np.float64)
    # The head's right and down, as the picture shows them; a head in profile hides its own width.
    plane = head.turn[:2, :2] * camera.focal_px / head.place_mm[2]
    offset_mm = np.linalg.lstsq(plane, offset_px, rcond=0.05)[0]
    return np.asarray(offset_mm + _FROM_REST_MM, dtype=np.float64)


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
