"""The aligned crop: one implementation for live, offline and training."""

from __future__ import annotations

import numpy as np
import pytest

from desktop_affect.core.types import Box, CropAlignment, CropSpec
from desktop_affect.system.cv2_import import cv2
from desktop_affect.vision.crop import LEAN, align, box_crop, crop_face, similarity, template
from tests.fakes import face, frame, picture

SPEC = CropSpec(112)


@pytest.mark.parametrize("angle_deg", [-35, 0, 20])
@pytest.mark.parametrize("scale", [0.3, 1.0, 4.0])
def test_the_three_points_land_on_the_template(angle_deg: float, scale: float) -> None:
    angle = np.radians(angle_deg)
    turn = scale * np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
    source = (template(SPEC) @ turn.T + (300, 200)).astype(np.float32)
    landed = source @ similarity(source, template(SPEC))[:, :2].T + similarity(source, template(SPEC))[:, 2]
    assert landed == pytest.approx(template(SPEC), abs=0.01)


def test_marks_in_the_picture_are_found_at_their_places_in_the_crop() -> None:
    pixels = np.zeros((720, 1280, 3), np.uint8)
    points = np.array([[560, 300], [700, 320], [622, 470]], np.float32)
    for channel, (x, y) in enumerate(points):
        mark = np.zeros((720, 1280), np.uint8)
        cv2.circle(mark, (int(x), int(y)), 12, (255,), -1)
        pixels[..., channel] = mark
    crop = align(pixels, points, SPEC).astype(float)
    rows, columns = np.mgrid[:112, :112]
    for channel, (x, y) in enumerate(template(SPEC)):
        weight = crop[..., channel]
        centre = (weight * columns).sum() / weight.sum(), (weight * rows).sum() / weight.sum()
        assert centre == pytest.approx((x, y), abs=3.0)  # three points, four freedoms: a few pixels remain


def test_a_large_face_is_not_aliased() -> None:
    stripes = np.zeros((1200, 1200, 3), np.uint8)
    stripes[:, ::2] = 255
    crop = box_crop(stripes, Box(0, 0, 1200, 1200), CropSpec(100, CropAlignment.BOX))
    assert crop.astype(float).std() < 10


def test_outside_the_picture_is_black() -> None:
    crop = box_crop(picture(64, 48, 200), Box(-64, 0, 128, 48), CropSpec(64, CropAlignment.BOX))
    assert crop[:, :30].max() == 0
    assert crop[10:50, 34:].min() > 150


def test_crop_face_carries_time_and_track() -> None:
    crop = crop_face(frame(3, 1.5), face(track=7), CropSpec(32, CropAlignment.BOX))
    assert (crop.t_s, crop.track, crop.pixels.shape) == (1.5, 7, (32, 32, 3))


def test_a_mirrored_picture_gives_the_mirrored_crop() -> None:
    """With points that lie as far to the right as MediaPipe's do, in either picture."""
    rng = np.random.default_rng(4)
    small = rng.integers(0, 255, (24, 32, 3), dtype=np.uint8)
    pixels = np.asarray(cv2.resize(small, (320, 240), interpolation=cv2.INTER_CUBIC), dtype=np.uint8)
    true = np.array([[130, 90], [190, 96], [158, 150]], np.float32)
    mirrored = np.column_stack([319 - true[:, 0], true[:, 1]]).astype(np.float32)[[1, 0, 2]]
    lean = np.array([LEAN * np.hypot(60, 6), 0], np.float32)
    straight, back = align(pixels, true + lean, SPEC), align(pixels[:, ::-1], mirrored + lean, SPEC)[:, ::-1]
    apart = np.abs(straight.astype(float) - back)[4:-4, 4:-4].mean()
    assert apart < 1.0, "with crops that forget the lean it is 7"
