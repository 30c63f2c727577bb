"""Each cue by itself, their combination, and what must not read as hesitancy."""

from __future__ import annotations

import math
from dataclasses import replace

import pytest

from desktop_affect.core.types import Affect, Alert, AlertPhase, Face, Sample
from desktop_affect.signals.cues import CUES, combine
from tests.signals.made import MODEL, affect, chain, face, judged, sample, still

REST_S = 4.0


def played(seconds: float, act: object = None, fps: float = 30.0) -> tuple[list[Sample], list[Alert]]:
    """Four seconds at rest, then `act(t) -> (face, affect)` for so long."""
    assert callable(act)
    acted = [REST_S + k / fps for k in range(round(seconds * fps))]
    return judged(chain(), still(REST_S, fps=fps) + [sample(t, *act(t - REST_S)) for t in acted])


def top(out: list[Sample], name: str) -> float:
    return max(s.cues.get(name, 0.0) for s in out)


def hesitates(t: float) -> tuple[Face, Affect]:
    """Half a smile under lowered brows, lips pressed, looks away, small shakes."""
    shown = face(gaze_yaw_deg=22.0 if t % 2.5 > 1.2 else 0.0, yaw_deg=4.5 * math.sin(8 * t) if t > 2 else 0.0)
    return shown, affect(0.0, 0.1, {"AU12": 0.35, "AU04": 0.4, "AU24": 0.5})


CASES: dict[str, tuple[Face | None, dict[str, float]]] = {
    "mixed_smile": (None, {"AU12": 0.5, "AU04": 0.5}),
    "lip_press": (None, {"AU24": 0.6}),
    "brow_conflict": (None, {"AU01": 0.5, "AU04": 0.5}),
    "gaze_aversion": (face(gaze_yaw_deg=25.0), {}),
    "head_aversion": (face(yaw_deg=25.0), {}),
}


@pytest.mark.parametrize("name", CASES)
def test_a_cue_answers_to_its_sign_and_cannot_alarm_alone(name: str) -> None:
    shown, units = CASES[name]
    out, alerts = played(4.0, lambda _: (shown or face(), affect(units=units)))
    assert top(out, f"hesitancy_{name}") >= 0.5
    others = {cue.name for cue in CUES} - {name, "lip_press" if name == "mixed_smile" else name}
    assert all(top(out, f"hesitancy_{other}") < 0.5 for other in others)
    assert alerts == []


def test_shakes_flips_and_blinks_have_their_cues() -> None:
    out, _ = played(4.0, lambda t: (face(yaw_deg=5 * math.sin(8 * t)), affect()))
    assert top(out, "hesitancy_head_shake") == 1.0
    out, _ = played(5.0, lambda t: (face(), affect(0.5 * (-1) ** int(t))))
    assert top(out, "hesitancy_valence_flips") == 1.0
    out, _ = played(4.0, lambda t: (face(blink=t % 0.6 > 0.45), affect()))
    assert top(out, "hesitancy_blink_burst") == 1.0


def test_no_cue_reaches_the_default_threshold_alone() -> None:
    threshold = chain()._settings.number("hesitancy.threshold")
    assert all(cue.weight < threshold for cue in CUES)
    assert combine({cue.name: 1.0 for cue in CUES}) < 1.0
    assert combine({}) == 0.0
    assert combine({"mixed_smile": math.nan}) == 0.0


@pytest.mark.parametrize("fps", [12.0, 30.0, 60.0])
def test_hesitation_alarms_within_two_seconds_and_says_why(fps: float) -> None:
    out, alerts = played(6.0, hesitates, fps)
    assert alerts
    first = alerts[0]
    assert (first.phase, first.rule, first.experimental) == (AlertPhase.BEGAN, "hesitancy", True)
    fired_s = next(s.t_s for s in out if s.t_s >= first.begin_s + 0.5 - 1e-6)
    assert REST_S < fired_s < REST_S + 2.0
    assert any(reason.startswith("smile with lowered brows") for reason in first.reasons)
    assert any(character.isdigit() for character in first.reasons[0])


def test_the_ended_alert_is_complete() -> None:
    out, alerts = judged(
        chain(),
        still(REST_S)
        + [sample(REST_S + k / 30, *hesitates(k / 30)) for k in range(180)]
        + still(12.0, begin_s=REST_S + 6),
    )
    began, ended = alerts
    assert (began.number, ended.phase) == (ended.number, AlertPhase.ENDED)
    assert ended.begin_s == began.begin_s
    assert ended.begin_s <= ended.peak_s <= ended.end_s
    assert ended.peak == pytest.approx(max(s.cues["hesitancy"] for s in out))
    assert any("looked away" in reason for reason in ended.reasons)
    assert any("side to side" in reason for reason in ended.reasons)
    assert ended.reasons[-1].startswith("lasted")


@pytest.mark.parametrize(
    "units",
    [
        {"AU06": 0.8, "AU12": 0.9},
        {"AU04": 0.9, "AU24": 0.9},
        {"AU01": 0.9, "AU15": 0.8},
        {"AU01": 0.9, "AU02": 0.9, "AU26": 0.5},
    ],
    ids=["smile", "displeasure", "sadness", "surprise"],
)
def test_plain_expressions_are_not_hesitation(units: dict[str, float]) -> None:
    out, alerts = played(5.0, lambda _: (face(), affect(units=units)))
    assert alerts == []
    assert top(out, "hesitancy") < 0.5


FROWN = {"AU04": 0.9, "AU24": 0.9}


def test_a_look_away_that_comes_with_a_tense_face_alarms_and_says_so() -> None:
    """Without any smile: what is left of a mixture when a network misses half smiles."""
    out, alerts = played(4.0, lambda t: (face(gaze_yaw_deg=22.0 if 0.8 < t < 1.6 else 0.0), affect(units=FROWN)))
    assert top(out, "hesitancy_tense_aversion") == 1.0
    assert alerts
    assert alerts[0].begin_s + 0.5 < REST_S + 2.0
    assert "looked away with lowered brows" in alerts[0].reasons


def test_a_glance_aside_in_the_middle_of_anger_does_not() -> None:
    out, alerts = played(9.0, lambda t: (face(gaze_yaw_deg=22.0 if 5.0 < t < 5.6 else 0.0), affect(units=FROWN)))
    assert top(out, "hesitancy_gaze_aversion") == 0.5
    assert top(out, "hesitancy_tense_aversion") == 0.0
    assert alerts == []


def test_a_look_away_with_a_calm_face_is_not_tense() -> None:
    out, alerts = played(6.0, lambda t: (face(gaze_yaw_deg=22.0 if 1.0 < t < 3.0 else 0.0), affect()))
    assert top(out, "hesitancy_tense_aversion") == 0.0
    assert alerts == []


def test_speech_is_not_hesitation() -> None:
    """The mouth opens and closes five times a second, lips meet in between, corners move, the head nods along."""

    def speaks(t: float) -> tuple[Face, Affect]:
        opened = 0.5 + 0.5 * math.sin(2 * math.pi * 4 * t)
        units = {
            "AU25": 0.7 * opened, "AU26": 0.4 * opened, "AU24": 0.5 * (1 - opened), "AU23": 0.3 * (1 - opened),
            "AU12": 0.3, "AU15": 0.2,
        }  # fmt: skip
        return face(pitch_deg=2 * math.sin(5 * t), yaw_deg=1.2 * math.sin(4 * t)), affect(units=units)

    out, alerts = played(12.0, speaks)
    assert alerts == []
    assert top(out, "hesitancy") < 0.3


def test_a_face_that_always_looks_pressed_is_at_rest() -> None:
    """Networks read some faces as slightly frowning or pressing all the time."""
    resting = affect(units={"AU15": 0.45, "AU24": 0.4, "AU04": 0.35})
    out, alerts = judged(chain(), [sample(k / 30, face(), resting) for k in range(300)])
    assert top(out, "hesitancy") == 0.0
    smiling = affect(units={"AU15": 0.45, "AU24": 0.4, "AU04": 0.35, "AU12": 0.8})
    out, alerts = judged(chain(), [sample(k / 30, face(), resting if k < 120 else smiling) for k in range(300)])
    assert alerts == []
    assert top(out, "hesitancy_mixed_smile") == 0.0


def test_a_trained_head_is_used_instead() -> None:
    trained = replace(MODEL, outputs=(*MODEL.outputs, "hesitancy"))
    through = chain(model=trained)
    out, alerts = judged(through, [sample(k / 30, face(), affect(hesitancy=0.8)) for k in range(60)])
    assert out[-1].cues["hesitancy"] == pytest.approx(0.8)
    assert alerts
    assert not alerts[0].experimental


def test_without_action_units_there_is_no_index() -> None:
    bare = Affect(valence=0.3, arousal=0.1, confidence=1.0)
    out, alerts = judged(chain(), [sample(k / 30, face(), bare) for k in range(60)])
    assert math.isnan(out[-1].cues["hesitancy"])
    out, _ = judged(chain(model=None), [sample(k / 30, face()) for k in range(60)])
    assert "hesitancy" not in out[-1].cues
    assert alerts == []
