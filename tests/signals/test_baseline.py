"""The correction's formula, and the baseline on its way to a file and back."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop_affect.core.errors import SettingsError
from desktop_affect.core.types import Affect
from desktop_affect.signals.baseline import Baseline, Correction, measure
from desktop_affect.signals.outputs import OUTPUTS, to_affect, to_vector
from tests.signals.made import affect, face, sample

REST = affect(-0.2, 0.1, {"AU04": 0.3, "AU15": 0.25})


def at_rest(rest: Affect = REST, count: int = 90) -> Baseline:
    return measure([sample(k / 30, face(gaze_yaw_deg=4.0), rest) for k in range(count)], count / 30, "made 1")


def corrected(baseline: Baseline, value: Affect) -> Affect:
    return to_affect(Correction(baseline)(to_vector(value)), value)


def test_neutral_becomes_zero_and_the_ends_stay_within_reach() -> None:
    baseline = at_rest()
    neutral = corrected(baseline, REST)
    assert (neutral.valence, neutral.arousal) == pytest.approx((0.0, 0.0))
    assert all(value == pytest.approx(0.0) for value in neutral.action_units.values())
    top = corrected(baseline, affect(1.0, 1.0, dict.fromkeys(REST.action_units, 1.0)))
    assert (top.valence, top.arousal) == pytest.approx((1.0, 1.0))
    assert all(value == pytest.approx(1.0) for value in top.action_units.values())
    assert corrected(baseline, affect(-1.0, -1.0)).valence == pytest.approx(-1.0)


def test_the_formula_is_the_documented_one() -> None:
    found = corrected(at_rest(), affect(-0.6, 0.4, {"AU04": 0.65, "AU15": 0.1}))
    assert found.valence == pytest.approx((-0.6 + 0.2) / (1 - 0.2))
    assert found.arousal == pytest.approx((0.4 - 0.1) / (1 - 0.1))
    assert found.action_units["AU04"] == pytest.approx((0.65 - 0.3) / (1 - 0.3))
    assert found.action_units["AU15"] == 0.0


def test_expressions_and_a_trained_head_stay_as_they_are() -> None:
    rest = replace(REST, expressions={"neutral": 0.7, "sadness": 0.3}, hesitancy=0.4)
    found = corrected(at_rest(rest), rest)
    assert dict(found.expressions) == {"neutral": 0.7, "sadness": 0.3}
    assert found.hesitancy == pytest.approx(0.4)


@given(st.floats(-1, 1), st.floats(-1, 1), st.floats(-1, 1))
def test_the_correction_keeps_order_and_range(rest: float, low: float, high: float) -> None:
    low, high = min(low, high), max(low, high)
    baseline = at_rest(affect(rest, rest, {"AU12": abs(rest)}), 3)
    one, other = corrected(baseline, affect(low, low)), corrected(baseline, affect(high, high))
    assert -1.0 <= one.valence <= other.valence <= 1.0
    unit = corrected(baseline, affect(0, 0, {"AU12": abs(rest)})).action_units["AU12"]
    assert unit == pytest.approx(0.0, abs=1e-5)


def test_nothing_is_stretched_more_than_fivefold() -> None:
    baseline = at_rest(affect(0.0, 0.0, {"AU12": 0.99}))
    assert corrected(baseline, affect(0.0, 0.0, {"AU12": 1.0})).action_units["AU12"] <= 0.05 + 1e-6


def test_a_blink_and_an_outlier_do_not_move_the_medians() -> None:
    calm = [sample(k / 30, face(gaze_pitch_deg=-3), REST) for k in range(80)]
    odd = [sample(3 + k / 30, face(blink=True, gaze_pitch_deg=-40), affect(0.9, 0.9)) for k in range(10)]
    baseline = measure([*calm, *odd], 3.0, "made 1")
    assert baseline.centre["valence"] == pytest.approx(-0.2)
    assert baseline.centre["gaze_pitch_deg"] == pytest.approx(-3.0)
    assert baseline.spread["valence"] == 0.0


def test_outputs_that_the_model_lacks_are_absent() -> None:
    centre = at_rest().centre
    assert "mimicry_joy" not in centre
    assert set(centre) <= {*OUTPUTS, "gaze_yaw_deg", "gaze_pitch_deg", "yaw_deg", "pitch_deg", "brightness"}


def test_a_baseline_survives_its_dict_and_keeps_its_name() -> None:
    baseline = at_rest()
    again = Baseline.from_dict(baseline.to_dict())
    assert again == baseline
    assert at_rest().id == baseline.id
    assert at_rest(affect(0.3)).id != baseline.id


@pytest.mark.parametrize(
    "change",
    [{"centre": {"valence": "much"}}, {"centre": {"charm": 0.2}}, {"centre": 3}, {"samples": None}, {"id": "b0"}],
)
def test_a_damaged_baseline_is_refused_in_words(change: dict[str, object]) -> None:
    with pytest.raises(SettingsError, match="baseline") as caught:
        Baseline.from_dict({**at_rest().to_dict(), **change})
    assert caught.value.advice == "Calibrate again."


def test_a_baseline_with_nan_is_refused() -> None:
    with pytest.raises(SettingsError):
        Baseline.from_dict({**at_rest().to_dict(), "centre": {"valence": float("nan")}})


def test_without_a_baseline_nothing_changes() -> None:
    vector = to_vector(REST)
    assert np.array_equal(Correction()(vector), vector, equal_nan=True)
