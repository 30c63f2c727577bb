"""One score, named reasons, limits from the settings."""

from __future__ import annotations

import math
from dataclasses import replace

import pytest

from desktop_affect.core.types import NAN, Box, Face, Light, Quality
from desktop_affect.signals.quality import NAMED_BELOW, REASONS, QualityJudge, QualityLimits
from tests.signals.made import affect, chain, face, judged, sample


def quality(shown: Face, confidence: float = 1.0) -> Quality:
    return QualityJudge().judge(sample(0.0, shown, replace(affect(), confidence=confidence)))


def test_a_good_face_has_nothing_to_complain_about() -> None:
    assert quality(face()) == Quality(1.0, (), usable=True)


@pytest.mark.parametrize(
    ("shown", "reason"),
    [
        (face(yaw_deg=45.0), "turned_away"),
        (face(yaw_deg=-45.0), "turned_away"),
        (face(pitch_deg=-35.0), "turned_away"),
        (face(height_px=45.0), "too_small"),
        (face(brightness=0.06), "too_dark"),
        (face(brightness=0.99), "too_bright"),
        (face(sharpness=4.0), "blurred"),
        (face(confidence=0.25), "occluded"),
    ],
)
def test_each_trouble_has_its_name_and_closes_the_gate(shown: Face, reason: str) -> None:
    found = quality(shown)
    assert found.reasons == (reason,)
    assert not found.usable
    assert reason in REASONS


def test_an_unsure_tracker_of_a_turned_head_is_not_called_a_hidden_face() -> None:
    assert quality(face(confidence=0.2, yaw_deg=42.0)).reasons[0] == "low_confidence"


def test_at_its_limit_an_aspect_scores_one_half() -> None:
    limits = QualityLimits()
    assert quality(face(yaw_deg=limits.yaw_deg)).score == pytest.approx(0.5)
    assert quality(face(height_px=limits.face_px)).score == pytest.approx(0.5)


def test_the_worst_aspect_is_the_score_and_the_first_reason() -> None:
    found = quality(face(yaw_deg=38.0, sharpness=3.0))
    assert found.reasons == ("blurred", "turned_away")
    assert found.score == 0.0


def test_other_faces_are_named_but_do_not_close_the_gate() -> None:
    found = quality(face(other_faces=2))
    assert found.reasons == ("other_faces",)
    assert found.usable


def test_a_window_that_fills_is_warming_up() -> None:
    assert quality(face(), confidence=0.3) == Quality(0.3, ("warming_up",), usable=False)
    assert quality(face(), confidence=0.6).usable


def test_no_face_and_skipped_frames() -> None:
    judge = QualityJudge()
    assert judge.judge(sample(0.0, None)) == Quality(0.0, ("no_face",), usable=False)
    skipped = judge.judge(sample(0.1, None, skipped=True))
    assert math.isnan(skipped.score)
    assert skipped.reasons == ("skipped",)
    assert not skipped.usable


def test_what_is_unknown_is_no_reason() -> None:
    outside = replace(face(), light=Light(NAN, NAN, NAN), box=Box(0, 0, 200, 250))
    assert quality(outside).reasons == ()


def test_a_light_that_goes_out_is_noticed_on_any_skin() -> None:
    for usual in (0.2, 0.6):
        judge = QualityJudge()
        calm = [judge.judge(sample(k / 30, face(brightness=usual), affect())) for k in range(120)]
        assert all(found.usable for found in calm)
        dimmed = judge.judge(sample(4.0, face(brightness=usual * 0.5), affect()))
        assert dimmed.reasons == ("too_dark",)
        assert dimmed.score < NAMED_BELOW


def test_the_usual_light_is_the_persons_own() -> None:
    judge = QualityJudge()
    for k in range(120):
        judge.judge(sample(k / 30, face(brightness=0.6), affect()))
    other = [judge.judge(sample(4 + k / 30, face(brightness=0.25, track=2), affect())) for k in range(120)]
    assert all(found.reasons == () for found in other)


def test_limits_come_from_the_settings() -> None:
    strict, _ = judged(chain({"quality.yaw_deg": 10.0}), [sample(0.0, face(yaw_deg=12.0), affect())])
    lenient, _ = judged(chain(), [sample(0.0, face(yaw_deg=12.0), affect())])
    assert not strict[0].quality.usable
    assert lenient[0].quality.usable
