"""The live filter: its stated delay, its gaps, its independence of the frame rate; and the offline one."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from desktop_affect.signals.offline import smooth_offline
from desktop_affect.signals.smoothing import OneEuro, SmoothingLimits

Series = NDArray[np.float64]


def run(t_s: Series, values: Series, limits: SmoothingLimits | None = None) -> Series:
    one = OneEuro(limits, size=1)
    return np.array([one.smooth(float(t), np.array([v]))[0] for t, v in zip(t_s, values, strict=True)])


def test_a_constant_passes_unchanged() -> None:
    t_s = np.arange(60) / 30
    assert np.allclose(run(t_s, np.full(60, 0.4)), 0.4)


@pytest.mark.parametrize("speed", [0.1, 2.0])
def test_a_ramp_comes_out_as_late_as_stated(speed: float) -> None:
    t_s = np.arange(480) / 120
    late = (speed * t_s - run(t_s, speed * t_s))[-1] / speed
    # Half a sampling interval belongs to the sampling, not to the filter.
    assert late == pytest.approx(SmoothingLimits().delay_s(speed), abs=1 / 120)


def test_noise_at_rest_becomes_smaller() -> None:
    noise = np.random.default_rng(1).normal(0, 0.05, 900)
    assert run(np.arange(900) / 30, noise)[60:].std() < 0.5 * noise.std()


def test_other_frame_rates_give_the_same_curve() -> None:
    def at(fps: float) -> Series:
        t_s = np.arange(int(4 * fps)) / fps
        return np.interp(np.linspace(0.5, 3.5, 50), t_s, run(t_s, np.sin(2 * t_s) ** 2))

    assert np.abs(at(60) - at(30)).max() < 0.02
    assert np.abs(at(60) - at(15)).max() < 0.05


def test_stretching_time_and_settings_together_changes_nothing() -> None:
    t_s = np.arange(200) / 30
    values = np.random.default_rng(2).uniform(0, 1, 200)
    slow = SmoothingLimits(cutoff_hz=0.5, beta=1.0, reset_s=1.0, speed_cutoff_hz=0.5)
    assert np.allclose(run(t_s, values), run(2 * t_s, values, slow))


def test_nothing_is_invented_in_a_gap() -> None:
    values = np.ones(40)
    values[10:20] = np.nan
    out = run(np.arange(40) / 30, values)
    assert np.isnan(out[10:20]).all()
    assert np.isfinite(out[20:]).all()


def test_a_short_gap_is_bridged_and_a_long_one_forgets() -> None:
    t_s = np.concatenate([np.arange(30) / 30, [1.3]])
    values = np.concatenate([np.zeros(30), [1.0]])
    assert run(t_s, values)[-1] < 1.0
    t_s[-1] = 2.0
    assert run(t_s, values)[-1] == 1.0


def test_outputs_have_gaps_of_their_own() -> None:
    one = OneEuro(size=2)
    one.smooth(0.0, np.array([0.0, np.nan]))
    out = one.smooth(0.1, np.array([np.nan, 1.0]))
    assert np.isnan(out[0])
    assert out[1] == 1.0


def test_what_was_given_out_is_never_changed() -> None:
    one = OneEuro(size=1)
    first = one.smooth(0.0, np.array([0.2]))
    kept = first.copy()
    one.smooth(0.1, np.array([0.9]))
    assert np.array_equal(first, kept)


def test_the_offline_filter_has_no_delay() -> None:
    t_s = np.sort(np.random.default_rng(3).uniform(0, 10, 400))
    pulse = np.exp(-(((t_s - 5) / 0.5) ** 2))
    out = smooth_offline(t_s, pulse, 0.1)
    assert abs(t_s[out.argmax()] - 5.0) < 0.08
    centre = (out * np.gradient(t_s) * t_s).sum() / (out * np.gradient(t_s)).sum()
    assert centre == pytest.approx(5.0, abs=0.03)


def test_the_offline_filter_keeps_gaps_and_shape() -> None:
    values = np.random.default_rng(4).normal(size=(100, 3))
    values[40:50, 1] = np.nan
    out = smooth_offline(np.arange(100) / 30, values, 0.1)
    assert out.shape == values.shape
    assert np.array_equal(np.isnan(out), np.isnan(values))
    assert np.nanstd(out) < 0.6 * np.nanstd(values)


def test_the_offline_filter_does_not_mix_people() -> None:
    values = np.concatenate([np.zeros(30), np.ones(30)])
    people = np.concatenate([np.full(30, 1.0), np.full(30, 2.0)])
    assert np.array_equal(smooth_offline(np.arange(60) / 30, values, 0.2, people), values)


def test_the_offline_filter_takes_an_empty_table() -> None:
    assert smooth_offline([], np.empty((0, 2)), 0.1).shape == (0, 2)
