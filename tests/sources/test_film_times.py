"""Presentation times come out finite and growing, and true wherever the film's own are."""

from __future__ import annotations

import itertools
import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop_affect.sources.film_times import FilmTimes

STEP_S = 0.04


def placed(raw_s: list[float]) -> list[float]:
    times = FilmTimes(STEP_S)
    return [round(times.place(t), 6) for t in raw_s]


def test_whole_films_pass_untouched() -> None:
    raw_s = [0.0, 0.1, 0.133, 0.5, 7.25, 7.26]
    times = FilmTimes(STEP_S)
    assert [times.place(t) for t in raw_s] == raw_s
    assert times.mended == 0


def test_frames_out_of_order_are_true_again_as_soon_as_possible() -> None:
    assert placed([0.0, 0.04, 0.12, 0.08, 0.16]) == [0.0, 0.04, 0.12, 0.14, 0.16]


def test_repeated_time_is_passed_and_then_true_again() -> None:
    assert placed([0.0, 0.04, 0.04, 0.08]) == [0.0, 0.04, 0.06, 0.08]


def test_joined_recordings_go_on() -> None:
    assert placed([0.0, 2.0, 4.0, 0.0, 2.0]) == [0.0, 2.0, 4.0, 4.04, 6.04]


def test_stream_without_times_runs_at_its_nominal_rate() -> None:
    assert placed([0.0, 0.0, 0.0, 0.0]) == [0.0, 0.04, 0.08, 0.12]


def test_absurd_times_are_replaced() -> None:
    assert placed([-3.7e17, 0.04, math.nan, 0.12, 1e12, 0.2]) == [0.0, 0.04, 0.08, 0.12, 0.16, 0.2]


def test_end_is_one_average_interval_after_the_last_frame() -> None:
    times = FilmTimes(STEP_S)
    assert times.end_s == 0.0
    times.place(0.0)
    assert times.end_s == pytest.approx(STEP_S)
    times.place(0.1)
    times.place(0.4)
    assert times.end_s == pytest.approx(0.6)


@given(st.lists(st.floats(allow_nan=True, allow_infinity=True) | st.floats(0, 100), max_size=40))
def test_whatever_comes_grows_and_is_finite(raw_s: list[float]) -> None:
    times = FilmTimes(STEP_S)
    out_s = [times.place(t) for t in raw_s]
    assert all(math.isfinite(t) for t in out_s)
    assert all(later > earlier for earlier, later in itertools.pairwise(out_s))
