"""Our head and gaze angles as the angles of tools that follow OpenFace.

Both sides look at the same camera: x to the picture's right, y down, z away; a face straight into the camera is not
turned. OpenFace takes the turn apart as R = Rx · Ry · Rz; ours is yaw, then pitch, then roll about the head's own axis.
So positive Rx is looking down, positive Ry is turning to the person's own right, positive Rz is tilting to the person's
own left shoulder.
"""

from __future__ import annotations

from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

Array: TypeAlias = NDArray[Any]


def openface_turn_rad(pitch_deg: Array, yaw_deg: Array, roll_deg: Array) -> tuple[Array, Array, Array]:
    """Rx, Ry and Rz of R = Ry(-yaw) · Rx(-pitch) · Rz(roll)."""
    p, y, r = (np.radians(angle.astype(np.float64)) for angle in (pitch_deg, yaw_deg, roll_deg))
    across = np.cos(y) * np.cos(r) + np.sin(y) * np.sin(p) * np.sin(r)
    tilted = -np.cos(y) * np.sin(r) + np.sin(y) * np.sin(p) * np.cos(r)
    turned = -np.sin(y) * np.cos(p)
    nodded, forward = np.sin(p), np.cos(y) * np.cos(p)
    return np.arctan2(-nodded, forward), np.arcsin(np.clip(turned, -1, 1)), np.arctan2(-tilted, across)


def openface_gaze_rad(yaw_deg: Array, pitch_deg: Array) -> tuple[Array, Array]:
    """gaze_angle_x, positive to the person's own left, and gaze_angle_y, positive down."""
    y, p = np.radians(yaw_deg.astype(np.float64)), np.radians(pitch_deg.astype(np.float64))
    return np.arctan2(np.sin(y), np.cos(y)), np.arctan2(-np.sin(p), np.cos(p) * np.cos(y))
