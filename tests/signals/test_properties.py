"""What holds for any samples at all."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from desktop_affect.core.types import ACTION_UNITS, NAN, Affect, Box, Eyes, Face, HeadPose, Light, Sample, Seen
from desktop_affect.signals.catalogue import SIGNALS
from tests.signals.made import affect, chain, face, judged, sample

EVERY_RULE = "; ".join(
    f"{signal.key} above {signal.minimum:g} for 0 s; {signal.key} below {signal.maximum:g} for 0 s"
    for signal in SIGNALS
    if signal.key not in ("face", "quality")
)
UNKNOWN = Affect(NAN, NAN, dict.fromkeys(ACTION_UNITS, NAN), {"neutral": NAN}, {"joy": NAN}, NAN, NAN)
UNKNOWN_FACE = replace(
    face(),
    box=Box(NAN, NAN, NAN, NAN),
    confidence=NAN,
    pose=HeadPose(NAN, NAN, NAN, NAN, NAN, NAN),
    eyes=Eyes(NAN, NAN, NAN, NAN, False),
    light=Light(NAN, NAN, NAN),
)
FEW = settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])

number = st.one_of(st.just(NAN), st.floats(-2, 2))
angle = st.one_of(st.just(NAN), st.floats(-180, 180))


def test_no_rule_fires_on_what_is_unknown() -> None:
    through = chain({"alerts.rules": EVERY_RULE, "alerts.cooldown_s": 0.0})
    assert through.problems == ()
    for shown in (UNKNOWN_FACE, face(), None):
        some = [sample(k / 30, shown, UNKNOWN if shown else None) for k in range(60)]
        for each in some:
            out, alerts = through.judge(each)
            named = {alert.rule.split(" ")[0] for alert in alerts}
            assert named <= _known(out)


def _known(one: Sample) -> set[str]:
    """Only what is really known may be told of: the pose of a face whose affect is not, say."""
    return {signal.key for signal in SIGNALS if not np.isnan(signal.read(one))}


def test_nothing_fires_when_everything_is_unknown() -> None:
    through = chain({"alerts.rules": EVERY_RULE, "alerts.cooldown_s": 0.0})
    _, alerts = judged(through, [sample(k / 30, UNKNOWN_FACE, UNKNOWN) for k in range(400)])
    # Whether the lids are closed is always known of a face that was found, so no blinks in 13 s are no blinks.
    assert {alert.rule.split()[0] for alert in alerts} <= {"blink_rate_per_min"}


@st.composite
def samples(draw: st.DrawFn) -> list[Sample]:
    """Any numbers in any place, times that stand still, jump or go back."""
    made, t_s = [], 0.0
    for k in range(draw(st.integers(1, 25))):
        t_s += draw(st.sampled_from([0.0, 1 / 60, 1 / 30, 0.2, 3.0, -0.5]))
        seen = draw(st.sampled_from(list(Seen)))
        shown = draw(faces()) if seen is Seen.FACE else None
        said = draw(st.one_of(st.none(), affects())) if shown else None
        made.append(Sample(seq=k, t_s=t_s, seen=seen, face=shown, raw=said, affect=said))
    return made


@st.composite
def faces(draw: st.DrawFn) -> Face:
    return replace(
        face(track=draw(st.integers(1, 2)), other_faces=draw(st.integers(0, 2))),
        confidence=draw(number),
        pose=HeadPose(draw(angle), draw(angle), draw(angle), draw(angle), draw(angle), draw(angle)),
        eyes=Eyes(draw(angle), draw(angle), draw(number), draw(number), draw(st.booleans())),
        light=Light(draw(number), draw(number), draw(number)),
    )


@st.composite
def affects(draw: st.DrawFn) -> Affect:
    units: Mapping[str, float] = draw(st.dictionaries(st.sampled_from(ACTION_UNITS), number))
    return Affect(draw(number), draw(number), units, {"neutral": draw(number)}, {}, draw(number), draw(number))


@FEW
@given(samples())
def test_no_sample_ever_raises_and_scores_stay_in_range(some: list[Sample]) -> None:
    through = chain({"alerts.rules": EVERY_RULE})
    through.begin_calibration()
    out, _ = judged(through, some)
    through.finish()
    assert [(s.seq, s.t_s, s.seen, s.face) for s in out] == [(s.seq, s.t_s, s.seen, s.face) for s in some]
    for each in out:
        assert np.isnan(each.quality.score) or 0 <= each.quality.score <= 1
        assert all(np.isnan(v) or 0 <= v <= 1 for key, v in each.cues.items() if key.startswith("hesitancy_"))


@FEW
@given(st.floats(0.2, 5.0), st.integers(0, 2**31))
def test_stretching_time_and_the_settings_together_changes_nothing(stretch: float, seed: int) -> None:
    """A film played at half speed, judged by rules of double length, gives the same corrected values and alerts."""
    rng = np.random.default_rng(seed)
    level = np.clip(np.cumsum(rng.normal(0, 0.15, 150)), -1, 1)
    normal = {"smoothing.cutoff_hz": 1.0, "smoothing.beta": 0.0, "smoothing.reset_s": 0.5}
    slowed = {"smoothing.cutoff_hz": 1.0 / stretch, "smoothing.beta": 0.0, "smoothing.reset_s": 0.5 * stretch}
    quiet = {"hesitancy.alert": False, "alerts.cooldown_s": 0.0}
    one, began = judged(
        chain({**normal, **quiet, "alerts.rules": "valence above 0.3 for 0.5 s"}),
        [sample(k / 30, face(), affect(float(level[k])), seq=k) for k in range(150)],
    )
    other, began_too = judged(
        chain({**slowed, **quiet, "alerts.rules": f"valence above 0.3 for {0.5 * stretch:.9f} s"}),
        [sample(k / 30 * stretch, face(), affect(float(level[k])), seq=k) for k in range(150)],
    )
    assert [_valence(s) for s in other] == pytest.approx([_valence(s) for s in one], abs=1e-6)
    assert len(began_too) == len(began)


def _valence(one: Sample) -> float:
    return one.affect.valence if one.affect else NAN
