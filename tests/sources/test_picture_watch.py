"""A camera that repeats itself is noticed; live pictures and darkness are not mistaken for it."""

from __future__ import annotations

import numpy as np

from desktop_affect.core.types import RgbImage
from desktop_affect.sources.picture_watch import FROZEN_AFTER_S, PictureWatch


def noise(seed: int) -> RgbImage:
    return np.random.default_rng(seed).integers(0, 255, (48, 64, 3), dtype=np.uint8)


def first_frozen_s(pictures: list[RgbImage], fps: float) -> float | None:
    watch = PictureWatch()
    return next((k / fps for k, picture in enumerate(pictures) if watch.frozen(picture, k / fps)), None)


def test_repeated_picture_is_frozen_after_a_span_of_seconds_at_any_rate() -> None:
    for fps in (8.0, 30.0, 60.0):
        at_s = first_frozen_s([noise(1)] * int(4 * fps), fps)
        assert at_s is not None
        assert FROZEN_AFTER_S <= at_s <= FROZEN_AFTER_S + 1 / fps


def test_very_slow_camera_needs_several_repeats() -> None:
    assert first_frozen_s([noise(1)] * 20, fps=1.0) == 5.0


def test_one_changed_byte_anywhere_is_life() -> None:
    pictures = []
    for k in range(150):
        picture = noise(1)
        picture[5, k % 60, 1] ^= 1  # off the sparse grid that is looked at first
        pictures.append(picture)
    assert first_frozen_s(pictures, fps=30.0) is None


def test_even_pictures_are_darkness() -> None:
    assert first_frozen_s([np.full((48, 64, 3), 17, np.uint8)] * 200, fps=30.0) is None


def test_freezing_begins_when_the_picture_last_changed() -> None:
    pictures = [noise(k) for k in range(90)] + [noise(89)] * 200
    assert first_frozen_s(pictures, fps=30.0) == (89 + 30 * FROZEN_AFTER_S) / 30
