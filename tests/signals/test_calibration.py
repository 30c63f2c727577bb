"""The guided calibration: progress, pauses with reasons, refusals."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from desktop_affect.core.types import Sample
from desktop_affect.signals.calibration import Calibration, CalibrationState
from desktop_affect.signals.quality import QualityJudge
from tests.signals.made import MODEL, affect, face, judged, sample, still, with_units
from tests.signals.made import chain as make_chain


def feed(calibration: Calibration, samples: list[Sample]) -> list[CalibrationState]:
    judge = QualityJudge()
    return [calibration.feed(replace(s, quality=judge.judge(s))).state for s in samples]


def test_ten_quiet_seconds_make_a_baseline() -> None:
    calibration = Calibration(10.0, MODEL)
    states = feed(calibration, still(5.0))
    assert set(states) == {CalibrationState.GATHERING}
    assert calibration.status.progress == pytest.approx(0.5, abs=0.01)
    feed(calibration, still(5.2, begin_s=5.0))
    assert calibration.status.state is CalibrationState.DONE
    assert calibration.status.progress == 1.0
    assert calibration.result is not None
    assert calibration.result.model == "made 1"
    assert calibration.result.seconds == pytest.approx(10.0, abs=0.05)


def test_a_lost_face_pauses_and_says_so() -> None:
    calibration = Calibration(10.0, MODEL)
    feed(calibration, still(3.0))
    feed(calibration, [sample(3.0 + k / 30, None) for k in range(30)])
    assert (calibration.status.state, calibration.status.reason) == (CalibrationState.PAUSED, "face_lost")
    assert calibration.status.words
    assert calibration.status.progress == pytest.approx(0.3, abs=0.02)
    feed(calibration, still(7.2, begin_s=4.0))
    assert calibration.status.state is CalibrationState.DONE


def test_a_moving_head_pauses() -> None:
    calibration = Calibration(10.0, MODEL)
    turning = [sample(k / 30, face(yaw_deg=10 * np.sin(k / 10)), affect()) for k in range(60)]
    feed(calibration, turning)
    assert (calibration.status.state, calibration.status.reason) == (CalibrationState.PAUSED, "moving")


def test_a_dark_picture_pauses_with_its_reason() -> None:
    calibration = Calibration(10.0, MODEL)
    feed(calibration, [sample(k / 30, face(brightness=0.05), affect()) for k in range(30)])
    assert calibration.status.reason == "poor_quality"
    assert "too_dark" in calibration.status.details


def test_it_gives_up_after_three_times_its_length_and_names_the_commonest_reason() -> None:
    calibration = Calibration(3.0, MODEL)
    feed(calibration, still(1.0) + [sample(1.0 + k / 30, None) for k in range(300)])
    assert (calibration.status.state, calibration.status.reason) == (CalibrationState.REFUSED, "face_lost")
    assert calibration.result is None
    feed(calibration, still(9.0, begin_s=20.0))
    assert calibration.status.state is CalibrationState.REFUSED


def test_a_face_that_acts_is_no_baseline() -> None:
    calibration = Calibration(3.0, MODEL)
    acting = [sample(k / 30, face(), with_units(affect(), AU12=0.5 + 0.5 * np.sin(k / 8))) for k in range(100)]
    feed(calibration, acting)
    assert (calibration.status.state, calibration.status.reason) == (CalibrationState.REFUSED, "restless")
    assert "AU12" in calibration.status.details


def test_without_a_model_there_is_nothing_to_measure() -> None:
    calibration = Calibration(1.0)
    feed(calibration, [sample(k / 30, face()) for k in range(100)])
    assert (calibration.status.state, calibration.status.reason) == (CalibrationState.REFUSED, "no_model")


def test_another_person_begins_from_nothing() -> None:
    calibration = Calibration(10.0, MODEL)
    feed(calibration, still(8.0))
    feed(calibration, [sample(8.0 + k / 30, face(track=2), affect()) for k in range(30)])
    assert calibration.status.progress < 0.11


def test_the_chain_uses_the_new_baseline_at_once_and_names_it() -> None:
    chain = make_chain({"baseline.length_s": 3.0})
    rest = affect(-0.3, 0.2, {"AU04": 0.4})
    before, _ = judged(chain, [sample(k / 30, face(), rest) for k in range(30)])
    assert before[-1].baseline_id == ""
    chain.begin_calibration()
    during, _ = judged(chain, [sample(1 + k / 30, face(), rest) for k in range(100)])
    assert chain.calibration is not None
    assert chain.calibration.state is CalibrationState.DONE
    assert chain.baseline is not None
    last = during[-1]
    assert last.baseline_id == chain.baseline.id
    assert last.affect is not None
    assert last.affect.valence == pytest.approx(0.0, abs=1e-6)
    assert last.affect.action_units["AU04"] == pytest.approx(0.0, abs=1e-6)
    assert last.raw == rest


def test_a_cancelled_calibration_leaves_everything_as_it_was() -> None:
    chain = make_chain()
    chain.begin_calibration()
    judged(chain, still(2.0))
    chain.cancel_calibration()
    judged(chain, still(20.0, begin_s=2.0))
    assert chain.calibration is None
    assert chain.baseline is None


def test_a_baseline_of_another_model_is_not_used_and_says_so() -> None:
    calibration = Calibration(1.0, MODEL)
    feed(calibration, still(1.2))
    assert calibration.result is not None
    chain = make_chain(model=None, baseline=calibration.result)
    assert chain.baseline_problem == ""
    chain.use_model(replace(MODEL, version="2"))
    out, _ = judged(chain, still(0.1))
    assert out[-1].baseline_id == ""
    assert "another model" in chain.baseline_problem
