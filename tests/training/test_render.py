"""The head renderer draws; skipped, with the reason, where the data, moderngl or OpenGL are absent."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import pytest

from desktop_affect.core.types import HeadPose, RgbImage
from tests.shared_data import SHARED_DATA, shared

pytest.importorskip("moderngl", reason="needs the extra `train`", exc_type=ImportError)

from desktop_affect.training.render import Hair, HairStyle, HeadRenderer, Look
from desktop_affect.training.render.gpu import DrawingError

STRAIGHT = HeadPose(0.0, 0.0, 0.0, 0.0, 0.0, 600.0)
PLAIN = Look(hair=Hair(HairStyle.BARE), room=35)


@pytest.fixture(scope="module")
def renderer() -> Iterator[HeadRenderer]:
    shared("head/ict_facekit.npz")
    shared("faces/research_lab/composite_f_multi.jpg")
    try:
        drawing = HeadRenderer(160, 160, focal_px=360, shells=3, skin_px=256, data=SHARED_DATA)
    except DrawingError as error:
        pytest.skip(str(error))
    with drawing:
        yield drawing


def _difference(a: RgbImage, b: RgbImage) -> np.ndarray[tuple[int, int], np.dtype[np.float64]]:
    return np.asarray(np.abs(a.astype(float) - b.astype(float)).mean(axis=2), dtype=np.float64)


def test_a_picture_has_its_size_and_a_head_in_its_middle(renderer: HeadRenderer) -> None:
    picture = renderer.render(PLAIN, {}, STRAIGHT)
    assert picture.shape == (160, 160, 3)
    assert picture.dtype == np.uint8
    away = renderer.render(PLAIN, {}, replace(STRAIGHT, tx_mm=2000.0))
    changed = _difference(picture, away) > 12
    assert changed[50:110, 60:100].mean() > 0.9
    assert changed[:20, :20].mean() < 0.1


def test_the_same_wish_gives_the_same_picture(renderer: HeadRenderer) -> None:
    first = renderer.render(PLAIN, {"jawOpen": 0.4}, STRAIGHT)
    renderer.render(replace(PLAIN, room=3), {}, replace(STRAIGHT, yaw_deg=30.0))
    assert (renderer.render(PLAIN, {"jawOpen": 0.4}, STRAIGHT) == first).all()


def test_an_expression_changes_its_own_part_of_the_face(renderer: HeadRenderer) -> None:
    neutral = renderer.render(PLAIN, {}, STRAIGHT)
    browed = _difference(neutral, renderer.render(PLAIN, {"browDown_L": 1.0, "browDown_R": 1.0}, STRAIGHT))
    opened = _difference(neutral, renderer.render(PLAIN, {"jawOpen": 0.7}, STRAIGHT))
    upper, lower = slice(55, 85), slice(95, 130)
    assert browed[upper].mean() > 3 * browed[lower].mean()
    assert opened[lower].mean() > 3 * opened[upper].mean()


def test_yaw_moves_the_face_towards_the_pictures_right(renderer: HeadRenderer) -> None:
    def nose_px(yaw_deg: float) -> float:
        posed = renderer.pose(PLAIN, {}, replace(STRAIGHT, yaw_deg=yaw_deg))
        nose = posed.vertices[int(renderer.head.neutral[:9000, 2].argmax())]
        return float(renderer.camera.picture_point(nose)[0])

    assert nose_px(25.0) > nose_px(0.0) + 10 > nose_px(-25.0) + 20


def test_less_light_is_a_darker_picture_and_another_skin_another_face(renderer: HeadRenderer) -> None:
    bright = renderer.render(PLAIN, {}, STRAIGHT)
    dim = renderer.render(replace(PLAIN, lamps=replace(PLAIN.lamps, brightness=0.3)), {}, STRAIGHT)
    assert dim.mean() < 0.65 * bright.mean()
    tanned = renderer.render(replace(PLAIN, tint=(0.5, 0.5, 0.5)), {}, STRAIGHT)
    assert tanned[60:110, 65:95].mean() < 0.85 * bright[60:110, 65:95].mean()


def test_hair_covers_the_crown_alone(renderer: HeadRenderer) -> None:
    bare = renderer.render(PLAIN, {}, STRAIGHT)
    haired = renderer.render(replace(PLAIN, hair=Hair(HairStyle.SHORT, (0.02, 0.015, 0.01), 0.8)), {}, STRAIGHT)
    changed = _difference(bare, haired) > 20
    assert changed[18:28, 68:92].mean() > 0.8
    assert changed[70:110, 70:90].mean() < 0.02
