"""The whole chain: raw stays raw, missing heads, people who change, the same answers wherever it runs."""

from __future__ import annotations

import math
from dataclasses import replace

import pytest

from desktop_affect.core.ports import Signals
from desktop_affect.core.types import Affect, Sample
from desktop_affect.signals.baseline import Baseline, measure
from desktop_affect.signals.chain import NOT_FOR_THIS_MODEL, SignalChain
from tests.signals.made import MODEL, affect, chain, face, judged, sample, still


def test_it_is_what_the_engine_calls() -> None:
    port: Signals = chain()
    judged_one, alerts = port.judge(sample(0.0, face(), affect(0.3)))
    assert judged_one.quality.usable
    assert alerts == ()


def test_raw_stays_as_the_model_gave_it_and_affect_is_smoothed() -> None:
    steps = [sample(k / 30, face(), affect(0.0 if k < 30 else 0.8)) for k in range(32)]
    out, _ = judged(chain(), steps)
    assert [s.raw for s in out] == [s.raw for s in steps]
    assert out[30].affect is not None
    assert 0.0 < out[30].affect.valence < 0.8


def test_heads_that_the_model_lacks_stay_absent() -> None:
    bare = Affect(valence=0.2, arousal=0.1, confidence=1.0)
    out, _ = judged(chain(), [sample(k / 30, face(), bare) for k in range(10)])
    last = out[-1].affect
    assert last is not None
    assert (dict(last.action_units), dict(last.expressions), dict(last.mimicry)) == ({}, {}, {})
    assert math.isnan(last.hesitancy)
    assert dict(out[-1].present) == {}


def test_without_a_model_the_face_is_still_judged() -> None:
    faces = [sample(k / 30, face(gaze_yaw_deg=25.0 if k > 200 else 0.0, blink=k % 90 > 84)) for k in range(300)]
    out, _ = judged(chain(model=None), faces)
    assert out[-1].affect is None
    assert out[-1].quality.usable
    assert out[-1].cues["blink_rate_per_min"] > 10
    assert out[-1].cues["gaze_away_share"] > 0.2


def test_without_a_face_nothing_is_invented() -> None:
    out, _ = judged(chain(), [*still(8.0), sample(8.0, None), sample(8.1, None, skipped=True)])
    for lost in out[-2:]:
        assert lost.affect is None
        assert dict(lost.present) == {}
        assert dict(lost.cues) == {}


def test_nothing_is_carried_over_to_another_person() -> None:
    smiling = [sample(k / 30, face(), affect(0.9, 0.5, {"AU12": 0.9})) for k in range(60)]
    # Between the threshold and its release: present only for whom it was present before.
    other = sample(2.0, face(track=2), affect(units={"AU12": 0.28}))
    out, _ = judged(chain(), [*smiling, other])
    alone, _ = judged(chain(), [other])
    assert repr(out[-1].affect) == repr(alone[-1].affect)
    assert out[-1].present == alone[-1].present
    assert out[-1].cues == pytest.approx(alone[-1].cues, nan_ok=True)


def test_the_same_samples_give_the_same_answers_live_in_replay_and_in_batch() -> None:
    """Live rows carry latencies and a clock that began anywhere; a replay and a batch have neither."""
    acting = [
        sample(k / 30, None if 200 < k < 260 else face(gaze_yaw_deg=20.0 * (k % 50 > 30)), affect((k % 60) / 60 - 0.5))
        for k in range(400)
    ]
    live = [replace(s, latency_ms=12.0, tracking_ms=4.0, t_s=s.t_s + 1000.0) for s in acting]
    rules = {"alerts.rules": "valence below -0.3 for 0.2 s; face lost for 1 s"}
    one, one_alerts = judged(chain(rules), acting)
    again, again_alerts = judged(chain(rules), acting)
    late, late_alerts = judged(chain(rules), live)
    assert one_alerts
    assert repr(again_alerts) == repr(one_alerts)
    assert repr([_numbers(s) for s in again]) == repr([_numbers(s) for s in one])
    assert [(a.rule, a.phase, a.number) for a in late_alerts] == [(a.rule, a.phase, a.number) for a in one_alerts]
    assert [a.begin_s - 1000 for a in late_alerts] == pytest.approx([a.begin_s for a in one_alerts])
    assert [_numbers(s) for s in late] == [pytest.approx(_numbers(s), nan_ok=True, abs=1e-6) for s in one]


def _numbers(one: Sample) -> list[float]:
    affects = [one.affect.valence, *one.affect.action_units.values()] if one.affect else []
    return [*affects, one.quality.score, *one.cues.values()]


def test_what_was_published_is_never_changed() -> None:
    through = chain()
    first, _ = through.judge(sample(0.0, face(), affect(0.1)))
    kept = (first.affect, dict(first.cues), dict(first.present))
    judged(through, [sample(k / 30, face(), affect(0.9)) for k in range(1, 60)])
    assert (first.affect, dict(first.cues), dict(first.present)) == kept


def test_the_models_thresholds_decide_presence() -> None:
    through = chain(model=None)
    through.use_model(replace(MODEL, thresholds={"AU04": 0.9}))
    out, _ = judged(through, [sample(0.0, face(), affect(units={"AU04": 0.6, "AU12": 0.6}))])
    assert out[0].present["AU04"] is False
    assert out[0].present["AU12"] is True


def test_the_default_settings_have_no_problem() -> None:
    assert chain().problems == ()
    assert isinstance(chain(), SignalChain)


def test_of_the_offered_baselines_the_newest_that_fits_the_model_is_used() -> None:
    others, older, newest = (
        measure(still(3.0), 3.0 + k, name) for k, name in enumerate(("other 1", "made 1", "made 1"))
    )
    through = chain(model=None)
    through.offer_baselines((others, newest, older))
    through.use_model(MODEL)
    out, _ = judged(through, still(0.1))
    assert {s.baseline_id for s in out} == {newest.id}
    assert through.baseline_problem == ""
    through.offer_baselines((others,))
    assert judged(through, still(0.1))[0][-1].baseline_id == ""
    assert through.baseline_problem == NOT_FOR_THIS_MODEL
    through.offer_baselines(())
    assert (through.baseline, through.baseline_problem) == (None, "")


def test_a_baseline_measured_now_replaces_the_offered_one_and_is_told() -> None:
    through = chain({"baseline.length_s": 3.0})
    told: list[Baseline] = []
    through.on_measured = told.append
    through.offer_baselines((measure(still(3.0), 9.0, "made 1"),))
    through.begin_calibration()
    judged(through, still(6.0))
    assert told == [through.baseline]
    through.use_model(MODEL)
    assert through.baseline == told[0]
