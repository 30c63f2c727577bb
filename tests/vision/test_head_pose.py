"""Head pose and gaze: a head with known angles, projected by a known camera, is found again, with the right signs."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from desktop_affect.core.types import Points
from desktop_affect.vision import landmarks as lm
from desktop_affect.vision.gaze import CENTRE_BACK_MM, CENTRE_DOWN_MM, EYEBALL_MM, gaze_deg
from desktop_affect.vision.head_model import LANDMARKS, POINTS_MM
from desktop_affect.vision.head_pose import Matrix, PinholeCamera, angles_deg, direction_deg, fit_head, turn_of

CAMERA = PinholeCamera.of(1280, 720)


def project(points_mm: Matrix, turn: Matrix, place_mm: tuple[float, float, float]) -> Matrix:
    seen = points_mm @ turn.T + np.array(place_mm)
    return np.asarray(seen[:, :2] / seen[:, 2:] * CAMERA.focal_px + (CAMERA.centre_x_px, CAMERA.centre_y_px))


def head_in_picture(turn: Matrix, place_mm: tuple[float, float, float]) -> Points:
    points = np.zeros((lm.COUNT, 3), dtype=np.float32)
    points[LANDMARKS, :2] = project(POINTS_MM, turn, place_mm)
    return points


@settings(max_examples=60, deadline=None)
@given(
    pitch=st.floats(-35, 35),
    yaw=st.floats(-55, 55),
    roll=st.floats(-40, 40),
    x=st.floats(-250, 250),
    y=st.floats(-150, 150),
    z=st.floats(350, 1500),
)
def test_a_projected_head_is_found_again(pitch: float, yaw: float, roll: float, x: float, y: float, z: float) -> None:
    pose = fit_head(head_in_picture(turn_of(pitch, yaw, roll), (x, y, z)), CAMERA).pose()
    assert (pose.pitch_deg, pose.yaw_deg, pose.roll_deg) == pytest.approx((pitch, yaw, roll), abs=0.1)
    assert (pose.tx_mm, pose.ty_mm, pose.tz_mm) == pytest.approx((x, y, z), abs=1.0)


def test_signs_as_the_core_states_them() -> None:
    towards_picture_right = turn_of(0, 30, 0) @ (0, 0, -1)
    up = turn_of(20, 0, 0) @ (0, 0, -1)
    crown = turn_of(0, 0, 25) @ (0, -1, 0)
    assert towards_picture_right[0] > 0  # yaw: the person's own left is the picture's right
    assert up[1] < 0  # pitch: y points down in the picture
    assert crown[0] > 0  # roll: the crown of the head goes to the picture's right
    assert direction_deg(up)[1] == pytest.approx(20)


def test_angles_take_a_turn_apart() -> None:
    assert angles_deg(turn_of(11, -23, 37)) == pytest.approx((11, -23, 37))


def with_eyes(turn: Matrix, place_mm: tuple[float, float, float], eye_yaw_deg: float, eye_pitch_deg: float) -> Points:
    points = head_in_picture(turn, place_mm)
    looks = turn_of(eye_pitch_deg, eye_yaw_deg, 0) @ (0, 0, -1) * EYEBALL_MM
    for iris, corners in ((lm.RIGHT_IRIS, lm.RIGHT_EYE), (lm.LEFT_IRIS, lm.LEFT_EYE)):
        places = POINTS_MM[[list(LANDMARKS).index(c) for c in corners]]
        ball = places.mean(axis=0) + np.array([0, CENTRE_DOWN_MM, CENTRE_BACK_MM])
        points[iris, :2] = project((ball + looks)[None], turn, place_mm)[0]
    return points


@pytest.mark.parametrize("eye", [(0, 0), (20, 0), (-25, 0), (0, 15), (0, -15), (12, -8)])
@pytest.mark.parametrize("head", [(0, 0, 0), (0, 20, 0), (-10, -15, 5)])
@pytest.mark.parametrize("place", [(0.0, 0.0, 600.0), (180.0, -90.0, 500.0)])
def test_gaze_is_the_head_plus_the_eyes(
    head: tuple[int, int, int], eye: tuple[int, int], place: tuple[float, float, float]
) -> None:
    turn = turn_of(*head)
    points = with_eyes(turn, place, *eye)
    found = gaze_deg(points, fit_head(points, CAMERA), CAMERA)
    assert found == pytest.approx(direction_deg(turn @ turn_of(eye[1], eye[0], 0) @ (0, 0, -1)), abs=1)


def test_an_iris_that_is_nowhere_near_the_eye_gives_a_direction_all_the_same() -> None:
    points = with_eyes(turn_of(0, 0, 0), (0.0, 0.0, 600.0), 0, 0)
    points[[lm.RIGHT_IRIS, lm.LEFT_IRIS], 0] += 60
    yaw, pitch = gaze_deg(points, fit_head(points, CAMERA), CAMERA)
    assert 60 < yaw <= 100
    assert abs(pitch) < 15
