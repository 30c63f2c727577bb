"""Pictures that lie in memory as the decoder gave them are seen exactly as if they lay the usual way round."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
import pytest

from desktop_affect.core.colour_order import as_stored, is_turned, turned
from desktop_affect.core.types import CropAlignment, CropSpec, Face, Frame, RgbImage
from desktop_affect.sources.demo import DEMO_FILM
from desktop_affect.sources.film import Film
from desktop_affect.system.cv2_import import cv2
from desktop_affect.system.paths import bundled
from desktop_affect.vision.crop import crop_face
from desktop_affect.vision.rgb_canvas import Part, RgbCanvas
from desktop_affect.vision.tracker import MediaPipeTracker
from tests.fakes import picture


def other_way_round(pixels: RgbImage) -> RgbImage:
    """The same picture over memory in the decoder's order."""
    view = turned(np.ascontiguousarray(turned(pixels)))
    view.flags.writeable = False
    return view


@pytest.fixture(scope="module")
def moving() -> list[RgbImage]:
    """The demo participant, half as large, who drifts through the picture and turns a little."""
    film = Film(bundled(DEMO_FILM))
    shown = [film.next() for _ in range(100)][76:]
    film.close()
    pictures = []
    for number, frame in enumerate(shown):
        assert frame is not None
        small = cv2.resize(frame.pixels, (640, 360))
        turn = cv2.getRotationMatrix2D((320, 180), 1.5 * number, 1.0)
        turn[0, 2] += 4 * number
        pictures.append(np.asarray(cv2.warpAffine(small, turn, (640, 360)), np.uint8))
    return pictures


def seen(pictures: Sequence[RgbImage]) -> list[Face | None]:
    tracker = MediaPipeTracker()
    tracker.open()
    found = [tracker.track(Frame(n, n / 30, pixels)) for n, pixels in enumerate(pictures)]
    tracker.close()
    return found


@pytest.mark.parametrize("people", [1, 2])
def test_the_tracker_sees_the_same_to_the_last_bit(moving: list[RgbImage], people: int) -> None:
    if people == 2:
        moving = [np.ascontiguousarray(np.hstack([p[:, 100:540], p[:, 100:540][:, ::-1]])) for p in moving]
    usual, ours = seen(moving), seen([other_way_round(pixels) for pixels in moving])
    assert sum(face is not None for face in usual) > 20
    assert max(face.other_faces for face in usual if face is not None) == people - 1
    for one, other in zip(usual, ours, strict=True):
        assert (one is None) == (other is None)
        if one is not None and other is not None:
            np.testing.assert_array_equal(one.landmarks, other.landmarks)
            assert (one.pose, one.eyes, one.light) == (other.pose, other.eyes, other.light)


@pytest.mark.parametrize("alignment", list(CropAlignment))
@pytest.mark.parametrize("size_px", [24, 112])
def test_crops_are_the_same(moving: list[RgbImage], alignment: CropAlignment, size_px: int) -> None:
    (*_, face), spec = seen(moving[:4]), CropSpec(size_px, alignment)
    assert face is not None
    usual, ours = (Frame(0, 0.0, pixels) for pixels in (moving[3], other_way_round(moving[3])))
    np.testing.assert_array_equal(crop_face(usual, face, spec).pixels, crop_face(ours, face, spec).pixels)


def test_the_usual_way_round_is_passed_on_as_it_is() -> None:
    pixels = picture(64, 48, 7)
    assert not is_turned(pixels)
    assert as_stored(pixels) is pixels
    assert RgbCanvas().show(pixels, ()) is pixels


def test_only_what_is_looked_at_is_brought_up_to_date_and_all_of_it_at_first() -> None:
    canvas, random = RgbCanvas(), np.random.default_rng(0)
    first, second = (random.integers(0, 255, (48, 64, 3)).astype(np.uint8) for _ in range(2))
    shown = canvas.show(other_way_round(first), ())
    np.testing.assert_array_equal(shown, first)
    assert not shown.flags.writeable
    shown = canvas.show(other_way_round(second), (Part(-5, 40, 9, 90), Part(70, 0, 80, 9)))
    np.testing.assert_array_equal(shown[40:, :9], second[40:, :9])
    np.testing.assert_array_equal(shown[:40], first[:40])
    np.testing.assert_array_equal(canvas.show(other_way_round(second), None), second)
    np.testing.assert_array_equal(canvas.show(other_way_round(second[:20]), ()), second[:20])


@pytest.mark.parametrize("as_it_lies", [other_way_round, np.asarray], ids=["turned", "usual"])
def test_a_mirror_image_is_brought_up_to_date_where_it_is_looked_at(as_it_lies: Callable[[RgbImage], RgbImage]) -> None:
    canvas, random = RgbCanvas(mirrored=True), np.random.default_rng(0)
    first, second = (random.integers(0, 255, (48, 64, 3)).astype(np.uint8) for _ in range(2))
    shown = canvas.show(as_it_lies(first), ())
    np.testing.assert_array_equal(shown, first[:, ::-1])
    assert shown.flags.c_contiguous
    assert not shown.flags.writeable
    shown = canvas.show(as_it_lies(second), (Part(-5, 40, 9, 90), Part(70, 0, 80, 9), Part(-9, -9, 0, 0)))
    np.testing.assert_array_equal(shown[40:, :9], second[40:, ::-1][:, :9])
    np.testing.assert_array_equal(shown[:40], first[:40, ::-1])
    np.testing.assert_array_equal(canvas.show(as_it_lies(second), None), second[:, ::-1])
