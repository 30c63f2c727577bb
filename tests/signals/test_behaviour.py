"""Blinks, looks away, shakes and nods, in seconds whatever the frame rate."""

from __future__ import annotations

import math

import numpy as np
import pytest

from desktop_affect.core.types import Face
from desktop_affect.signals.behaviour import Behaviour
from desktop_affect.signals.outputs import to_vector
from desktop_affect.signals.presence import Presence
from tests.signals.made import affect, chain, face, judged, sample


def watch(faces: dict[float, Face]) -> Behaviour:
    behaviour = Behaviour()
    for t_s, shown in faces.items():
        behaviour.see(t_s, shown)
    return behaviour


def times(seconds: float, fps: float = 30.0) -> list[float]:
    return [k / fps for k in range(round(seconds * fps))]


@pytest.mark.parametrize("fps", [12.0, 30.0, 60.0])
def test_fifteen_blinks_a_minute(fps: float) -> None:
    cues = watch({t: face(blink=t % 4 > 3.8) for t in times(30, fps)}).cues()
    assert cues["blink_rate_per_min"] == pytest.approx(15, abs=2.1)


def test_closed_eyes_are_no_blink() -> None:
    assert watch({t: face(blink=5 < t < 7) for t in times(10)}).cues()["blink_rate_per_min"] == 0.0


@pytest.mark.parametrize("fps", [12.0, 30.0, 60.0])
def test_the_share_of_looks_away(fps: float) -> None:
    faces = {t: face(gaze_yaw_deg=25.0 if t % 5 > 4 else 0.0) for t in times(30, fps)}
    assert watch(faces).cues()["gaze_away_share"] == pytest.approx(0.17, abs=0.04)


def test_where_the_eyes_rest_is_learnt() -> None:
    behaviour = watch({t: face(gaze_yaw_deg=20.0, gaze_pitch_deg=-10.0) for t in times(10)})
    assert behaviour.cues()["gaze_away_share"] == 0.0
    behaviour.see(10.0, face(gaze_yaw_deg=-5.0, gaze_pitch_deg=-10.0))
    behaviour.see(10.2, face(gaze_yaw_deg=-5.0, gaze_pitch_deg=-10.0))
    assert len(behaviour.looks_away) == 1


def test_one_wild_first_look_is_forgotten() -> None:
    faces = {t: face(gaze_yaw_deg=-70.0 if t < 0.1 else 0.0) for t in times(30)}
    assert watch(faces).cues()["gaze_away_share"] < 0.1


def test_the_baseline_says_where_the_eyes_rest() -> None:
    behaviour = Behaviour()
    behaviour.rest_gaze(20.0, 0.0)
    for t_s in times(10):
        behaviour.see(t_s, face(gaze_yaw_deg=0.0, gaze_pitch_deg=0.0))
    assert behaviour.cues()["gaze_away_share"] > 0.9


def test_saccades_are_no_looks_away() -> None:
    faces = {t: face(gaze_yaw_deg=25.0 if t % 1 > 0.92 else 0.0) for t in times(10)}
    assert len(watch(faces).looks_away) == 0


@pytest.mark.parametrize("fps", [15.0, 30.0, 60.0])
@pytest.mark.parametrize("angle", ["yaw_deg", "pitch_deg"])
def test_shakes_and_nods_are_told_apart_and_counted_once(fps: float, angle: str) -> None:
    def moved(t: float) -> Face:
        swing = 6 * math.sin(2 * math.pi * 1.3 * t) if 3 < t < 5 or 8 < t < 10 else 0.0
        return face(yaw_deg=swing) if angle == "yaw_deg" else face(pitch_deg=swing)

    behaviour = watch({t: moved(t) for t in times(12, fps)})
    shakes, nods = (2, 0) if angle == "yaw_deg" else (0, 2)
    assert (len(behaviour.shakes), len(behaviour.nods)) == (shakes, nods)
    assert behaviour.cues()["head_shake_rate_per_min"] == pytest.approx(shakes * 5, abs=0.5)


def test_a_trembling_or_slowly_turning_head_does_not_shake() -> None:
    noise = np.random.default_rng(5).normal(0, 0.5, 900)
    faces = {k / 30: face(yaw_deg=15 * math.sin(k / 60) + float(noise[k])) for k in range(900)}
    behaviour = watch(faces)
    assert len(behaviour.shakes) == 0
    assert len(behaviour.shake_swings) == 0


def test_nothing_is_said_before_five_seconds() -> None:
    assert all(math.isnan(value) for value in watch({t: face() for t in times(4)}).cues().values())


def test_time_without_a_face_does_not_count() -> None:
    faces = {t: face(blink=t % 4 > 3.8) for t in times(30) if not 8 < t < 20}
    assert watch(faces).cues()["blink_rate_per_min"] == pytest.approx(15, abs=4)


def test_another_person_begins_anew() -> None:
    behaviour = watch({t: face(blink=t % 2 > 1.8) for t in times(20)})
    behaviour.see(20.1, face(track=2))
    assert math.isnan(behaviour.cues()["blink_rate_per_min"])


def test_a_face_that_the_tracker_doubts_is_not_counted() -> None:
    behaviour = watch({t: face(blink=t % 2 > 1.8, confidence=0.2) for t in times(20)})
    assert len(behaviour.blinks) == 0


def test_presence_has_hysteresis() -> None:
    levels = [0.1, 0.31, 0.26, 0.31, 0.25, 0.23, 0.28, 0.3]
    out, _ = judged(
        chain({"smoothing.cutoff_hz": 10.0, "smoothing.beta": 10.0}),
        [sample(k * 2.0, face(), affect(units={"AU04": level})) for k, level in enumerate(levels)],
    )
    assert [s.present["AU04"] for s in out] == [False, True, True, True, True, False, False, True]


def test_a_skipped_frame_does_not_end_a_presence() -> None:
    level = affect(units={"AU04": 0.28})
    strong = [sample(k / 30, face(), affect(units={"AU04": 0.9})) for k in range(30)]
    between = [sample(1 + k / 30, face(), level) for k in range(60)]
    out, _ = judged(chain(), [*strong, *between, sample(3.0, None, skipped=True), sample(3.03, face(), level)])
    assert [s.present.get("AU04") for s in out[-3:]] == [True, None, True]


def test_an_unknown_unit_is_neither_present_nor_absent() -> None:
    presence = Presence({"AU04": 0.3})
    assert "AU04" not in presence.see(to_vector(None))
    out, _ = judged(chain(), [sample(0.0, None)])
    assert dict(out[0].present) == {}
