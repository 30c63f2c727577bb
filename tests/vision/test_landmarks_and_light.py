"""From MediaPipe's message to an array, and what the picture of the face allows."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from desktop_affect.core.types import Box, RgbImage
from desktop_affect.system.cv2_import import cv2
from desktop_affect.vision.landmarks import COUNT, from_list, to_points
from desktop_affect.vision.light import measure_light
from desktop_affect.vision.mediapipe_import import load

FACE = Box(200, 100, 160, 180)


def message(without_z: bool = False) -> Any:
    points = np.random.default_rng(1).uniform(0.1, 0.9, (COUNT, 3))
    landmarks = load("mediapipe.framework.formats.landmark_pb2").NormalizedLandmarkList()
    for x, y, z in points:
        landmarks.landmark.add(x=x, y=y, **({} if without_z else {"z": z}))
    return landmarks


@pytest.mark.parametrize("without_z", [False, True])
def test_the_quick_way_gives_what_the_slow_way_gives(without_z: bool) -> None:
    landmarks = message(without_z)
    points = to_points(landmarks, 1280, 720)
    assert points == pytest.approx(from_list(landmarks.landmark, 1280, 720))
    assert points.shape == (COUNT, 3)
    assert not points.flags.writeable


def test_points_are_in_picture_pixels_and_depth_in_those_of_its_width() -> None:
    first = message().landmark[0]
    assert to_points(message(), 640, 360)[0] == pytest.approx([first.x * 640, first.y * 360, first.z * 640])


def scene(face_level: int, room_level: int) -> RgbImage:
    pixels = np.full((400, 640, 3), room_level, np.uint8)
    pixels[100:280, 200:360] = face_level
    return pixels


def test_brightness_is_that_of_the_face_not_of_the_room() -> None:
    assert measure_light(scene(51, 250), FACE).brightness == pytest.approx(0.2, abs=0.01)


def test_a_flat_face_has_no_contrast_and_no_edges() -> None:
    light = measure_light(scene(120, 0), FACE)
    assert (light.contrast, light.sharpness) == pytest.approx((0, 0), abs=1e-3)


def test_a_blurred_face_is_less_sharp() -> None:
    pixels = scene(120, 120)
    pixels[100:280, 200:360] = np.random.default_rng(2).integers(60, 180, (45, 40, 3)).repeat(4, 0).repeat(4, 1)
    blurred = np.asarray(cv2.GaussianBlur(pixels, (0, 0), 6), np.uint8)
    assert measure_light(blurred, FACE).sharpness < 0.2 * measure_light(pixels, FACE).sharpness


def test_a_face_half_outside_is_measured_where_it_is_seen_one_wholly_outside_is_not() -> None:
    assert measure_light(scene(100, 100), Box(-80, 100, 160, 180)).brightness == pytest.approx(100 / 255, abs=0.01)
    assert np.isnan(measure_light(scene(100, 100), Box(-500, 100, 160, 180)).brightness)
