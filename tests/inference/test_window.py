"""The window over time against NumPy's interpolation, for any frame times."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from desktop_affect.inference.manifest import TensorSpec, WindowSpec
from desktop_affect.inference.window import FeatureWindow

SPEC = WindowSpec(1.0, 5)
LEVELS = (TensorSpec("a", (1, 2, 3)), TensorSpec("b", (1, 4)))


def features(value: float) -> dict[str, NDArray[Any]]:
    return {level.name: np.full(level.shape, value, np.float32) for level in LEVELS}


def resampled(window: FeatureWindow) -> NDArray[Any]:
    tensors: dict[str, NDArray[Any]] = dict(window.resampled())
    assert tensors["a"].shape == (1, 5, 2, 3)
    assert tensors["b"].shape == (1, 5, 4)
    np.testing.assert_array_equal(tensors["a"][0, :, 0, 0], tensors["b"][0, :, 0])
    return tensors["b"][0, :, 0].copy()


@settings(deadline=None)  # the machine may be busy
@given(st.lists(st.floats(0.0142, 0.49), min_size=1, max_size=150), st.integers(0, 2**32 - 1))
def test_any_frame_times_interpolate_like_numpy(intervals: list[float], seed: int) -> None:
    times = np.cumsum(intervals)
    values = np.random.default_rng(seed).standard_normal(len(times)).astype(np.float32)
    window = FeatureWindow(LEVELS, SPEC)
    for t_s, value in zip(times, values, strict=True):
        window.push(float(t_s), features(float(value)))
    steps = times[-1] - 1.0 + np.arange(5) / 4
    np.testing.assert_allclose(resampled(window), np.interp(steps, times, values), atol=1e-5)
    assert window.filled == pytest.approx(min(times[-1] - times[0], 1.0), abs=1e-6)


@pytest.mark.parametrize("fps", [90, 240, 1000])
def test_more_frames_than_the_ring_holds_are_thinned_and_the_newest_is_kept(fps: int) -> None:
    window = FeatureWindow(LEVELS, SPEC)
    for k in range(3 * fps):
        window.push(k / fps, features(k / fps))
        assert window.newest_s == k / fps
        steps = np.maximum(k / fps - 1.0 + np.arange(5) / 4, 0.0)
        np.testing.assert_allclose(resampled(window), steps, atol=1e-3)


def test_two_frames_of_the_same_moment_are_one() -> None:
    window = FeatureWindow(LEVELS, SPEC)
    window.push(1.0, features(1.0))
    window.push(1.0, features(2.0))
    assert resampled(window).tolist() == [2.0] * 5
    window.push(1.5, features(3.0))
    window.push(1.5, features(4.0))
    assert resampled(window).tolist() == [2.0, 2.0, 2.0, 3.0, 4.0]


def test_clearing_forgets() -> None:
    window = FeatureWindow(LEVELS, SPEC)
    for k in range(30):
        window.push(k / 30, features(9.0))
    window.clear()
    assert window.filled == 0.0
    assert np.isnan(window.newest_s)
    window.push(5.0, features(1.0))
    assert resampled(window).tolist() == [1.0] * 5
    assert window.filled == 0.0


def test_what_was_pushed_is_copied() -> None:
    window = FeatureWindow(LEVELS, SPEC)
    shared = features(1.0)
    window.push(0.0, shared)
    shared["b"][:] = 7.0
    shared["a"][:] = 7.0
    assert resampled(window).tolist() == [1.0] * 5
