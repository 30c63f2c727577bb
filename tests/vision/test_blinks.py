"""Blinks: found in seconds, not frames, for wide and narrow eyes, from the first frame on."""

from __future__ import annotations

from itertools import pairwise

import pytest

from desktop_affect.vision.gaze import BlinkDetector


def watch(openness: list[float], fps: float = 30) -> list[bool]:
    detector = BlinkDetector()
    return [detector.see(k / fps, value, value) for k, value in enumerate(openness)]


def blinks(closed: list[bool]) -> int:
    return sum(now and not before for before, now in pairwise([False, *closed]))


@pytest.mark.parametrize("fps", [12, 30, 60])
@pytest.mark.parametrize("open_level", [0.17, 0.2, 0.3, 0.4])
def test_every_blink_is_found_at_any_frame_rate_and_for_narrow_eyes(fps: int, open_level: float) -> None:
    times = [k / fps for k in range(fps * 6)]
    lids = [open_level * (0.25 if t > 1 and t % 2 < 0.2 else 1) for t in times]
    assert blinks(watch(lids, fps)) == 2


def test_a_slow_squint_is_not_a_blink() -> None:
    assert not any(watch([0.3 - 0.1 * k / 300 for k in range(300)]))


def test_a_film_that_begins_within_a_blink_finds_the_next_one() -> None:
    closed = watch([0.06] * 4 + [0.3] * 60 + [0.06] * 5 + [0.3] * 30)
    assert not any(closed[6:64])
    assert closed[66]


def test_closed_eyes_stay_closed_however_long() -> None:
    assert all(watch([0.3] * 60 + [0.07] * 1800)[60:])


def test_eyes_that_are_narrowed_for_long_are_open_again() -> None:
    closed = watch([0.4] * 60 + [0.19] * 900)
    assert closed[60]
    assert not closed[-1]


def test_a_half_closed_lid_does_not_flicker() -> None:
    """Between both thresholds the state stays what it was."""
    noisy = [0.3] * 30 + [0.1] + [0.17, 0.185] * 20
    assert blinks(watch(noisy)) == 1
