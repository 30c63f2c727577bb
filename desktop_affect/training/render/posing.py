"""From a person, an expression, a pose and a gaze to vertices in front of the camera."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from desktop_affect.core.types import HeadPose
from desktop_affect.training.render.camera import angles, direction, place, rotation
from desktop_affect.training.render.head import Floats, HeadModel
from desktop_affect.training.render.look import Look

NECK_PIVOT_CM = np.array([0.0, -6.5, -1.5], dtype=np.float32)
"""The head turns about this place; the shoulders hang below it and do not turn."""
_NECK_LOW_CM, _NECK_HIGH_CM = -14.0, -6.0
_LOOK_DISTANCE_CM = 70.0
"""Both eyes look at one point this far away."""
_UPPER_LIP, _LOWER_LIP = 5533, 5517
# How far the lids' shapes carry the gaze at full weight.
_FULL_UP_DEG, _FULL_DOWN_DEG, _FULL_ASIDE_DEG = 28.0, 35.0, 40.0


@dataclass(frozen=True, slots=True)
class PosedEye:
    """An eyeball in the drawing space; `turn` takes the eye's own axes (looking along +z) there."""

    centre: Floats
    radius_cm: float
    turn: Floats


@dataclass(frozen=True, slots=True)
class Posed:
    """A head in front of the camera."""

    vertices: Floats
    weights: Mapping[str, float]
    """The expression weights in force, the lids' share of the gaze included."""
    eyes: tuple[PosedEye, PosedEye]
    turn: Floats
    pivot: Floats
    lip_gap_cm: float


def look_person(head: HeadModel, look: Look) -> Floats:
    """The vertices of a look's person at rest."""
    resting = {"eyeBlink_L": look.lids, "eyeBlink_R": look.lids}
    for shape in ("browInnerUp_L", "browInnerUp_R", "browOuterUp_L", "browOuterUp_R"):
        resting[shape] = look.brows
    return head.with_expression(head.person(look.identity), resting)


def eye_middle(head: HeadModel, person: Floats) -> Floats:
    """The point between the eyes' centres: the place that a `HeadPose` speaks of."""
    return (head.eyeball(person, "left").centre + head.eyeball(person, "right").centre) / 2


def gaze_weights(gaze: tuple[float, float], turn: Floats) -> dict[str, float]:
    """What the lids do when the eyes look along a gaze (yaw, pitch relative to the camera) from a turned head."""
    yaw, pitch = angles(turn.T @ direction(*gaze))
    aside = float(np.clip(yaw / _FULL_ASIDE_DEG, -1, 1))
    up, down = np.clip(pitch / _FULL_UP_DEG, 0, 1), np.clip(-pitch / _FULL_DOWN_DEG, 0, 1)
    left, right = max(aside, 0.0), max(-aside, 0.0)
    weights = {"eyeLookOut_L": left, "eyeLookIn_R": left, "eyeLookOut_R": right, "eyeLookIn_L": right}
    for side in ("L", "R"):
        weights[f"eyeLookUp_{side}"], weights[f"eyeLookDown_{side}"] = float(up), float(down)
    return weights


def pose_head(
    head: HeadModel, person: Floats, weights: Mapping[str, float], pose: HeadPose, gaze: tuple[float, float]
) -> Posed:
    """Expression first, then the turn about the neck. Gaze: yaw and pitch relative to the camera's axis."""
    turn = rotation(pose.pitch_deg, pose.yaw_deg, pose.roll_deg)
    in_force = {**gaze_weights(gaze, turn), **weights}
    shaped = head.with_expression(person, in_force)
    middle, at = eye_middle(head, person), place(pose)
    pivot = turn @ (NECK_PIVOT_CM - middle) + at
    turned = (shaped - middle) @ turn.T + at
    follows = _smooth((person[:, 1] - _NECK_LOW_CM) / (_NECK_HIGH_CM - _NECK_LOW_CM))[:, None]
    vertices = turned * follows + (shaped - NECK_PIVOT_CM + pivot) * (1 - follows)
    eyes = tuple(_posed_eye(head, person, side, middle, turn, at, gaze) for side in ("left", "right"))
    gap = float(np.linalg.norm(shaped[_UPPER_LIP] - shaped[_LOWER_LIP]))
    return Posed(vertices.astype(np.float32), in_force, (eyes[0], eyes[1]), turn, pivot.astype(np.float32), gap)


def _posed_eye(
    head: HeadModel, person: Floats, side: str, middle: Floats, turn: Floats, at: Floats, gaze: tuple[float, float]
) -> PosedEye:
    ball = head.eyeball(person, side)
    centre = turn @ (ball.centre - middle) + at
    target = at + direction(*gaze) * _LOOK_DISTANCE_CM
    forward = (target - centre) / np.linalg.norm(target - centre)
    right = np.cross(turn[:, 1], forward)
    right /= np.linalg.norm(right)
    axes = np.stack([right, np.cross(forward, right), forward], axis=1)
    return PosedEye(centre.astype(np.float32), ball.radius_cm, axes.astype(np.float32))


def _smooth(share: Floats) -> Floats:
    inside = np.clip(share, 0, 1)
    return np.asarray(inside * inside * (3 - 2 * inside), dtype=np.float32)
