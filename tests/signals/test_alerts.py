"""Threshold, hysteresis, least duration, cool-down, gate; and what each threshold would have meant."""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np
import pytest

from desktop_affect.core.settings import Value
from desktop_affect.core.types import NAN, Alert, AlertPhase
from desktop_affect.signals.alerts import Change, Watch
from desktop_affect.signals.operating_points import operating_points
from desktop_affect.signals.rules import Rule, parse_rule
from tests.signals.made import affect, chain, face, judged, sample, still

RULE = Rule("high", "arousal", 0.5, above=True, least_s=1.0, hysteresis=0.1, cooldown_s=2.0)
QUICK: dict[str, Value] = {"smoothing.cutoff_hz": 10.0, "smoothing.beta": 10.0, "hesitancy.alert": False}


def watched(value: Callable[[float], float], seconds: float = 10.0, rule: Rule = RULE, fps: float = 30) -> list[Change]:
    watch = Watch(rule)
    changes = [watch.see(k / fps, value(k / fps)) for k in range(round(seconds * fps))]
    return [change for change in (*changes, watch.finish()) if change is not None]


def test_it_begins_after_its_least_duration_and_reaches_back() -> None:
    watch = Watch(RULE)
    fired = [t for t in np.arange(0, 10, 1 / 30) if (c := watch.see(t, float(t >= 3))) and c.phase is AlertPhase.BEGAN]
    assert fired == [pytest.approx(4.0, abs=1 / 30 + 1e-6)]
    changes = watched(lambda t: 0.9 if 3 <= t < 6 else 0.0)
    assert [c.phase for c in changes] == [AlertPhase.BEGAN, AlertPhase.ENDED]
    assert (changes[1].begin_s, changes[1].end_s, changes[1].peak) == pytest.approx((3.0, 6.0, 0.9), abs=1 / 30)


def test_shorter_is_nothing() -> None:
    assert watched(lambda t: float(3 <= t < 3.9)) == []


def test_the_value_must_come_back_by_the_hysteresis() -> None:
    assert len(watched(lambda t: 0.55 if t % 2 < 1.2 else 0.42)) == 2
    assert len(watched(lambda t: 0.55 if t % 4 < 2 else 0.38)) == 6


def test_the_cool_down_keeps_an_episode_one_alert() -> None:
    assert len(watched(lambda t: float(t % 2 < 1.5), 10.0)) == 6
    assert len(watched(lambda t: float(t % 2 < 1.5), 10.0, Rule("r", "arousal", 0.5, True, 1.0, 0.1))) == 10


def test_short_unknown_stretches_interrupt_nothing() -> None:
    changes = watched(lambda t: NAN if 4 < t < 4.4 else float(t >= 3), 8.0)
    assert [c.phase for c in changes] == [AlertPhase.BEGAN, AlertPhase.ENDED]
    assert changes[1].end_s == pytest.approx(8.0, abs=0.1)


def test_long_unknown_stretches_end_an_alert_where_it_was_last_known() -> None:
    changes = watched(lambda t: NAN if 5 < t < 7 else float(t >= 3), 7.5)
    assert changes[1].phase is AlertPhase.ENDED
    assert changes[1].end_s == pytest.approx(5.0, abs=1 / 30)


def test_a_wait_does_not_survive_an_unknown_stretch() -> None:
    assert watched(lambda t: NAN if 3.3 < t < 9.6 else float(t >= 3), 10.0) == []


def test_what_still_lasts_at_the_end_is_ended() -> None:
    assert watched(lambda t: float(t >= 3))[-1].phase is AlertPhase.ENDED


def phases(alerts: list[Alert]) -> list[tuple[str, AlertPhase]]:
    return [(alert.rule, alert.phase) for alert in alerts]


def test_a_lost_face_is_told_and_its_return_too() -> None:
    through = chain({"alerts.rules": "face lost for 2 s"})
    gone = [sample(3 + k / 30, None) for k in range(90)]
    _, alerts = judged(through, [*still(3.0), *gone, *still(3.0, begin_s=6.0)])
    assert phases(alerts) == [("face lost for 2 s", AlertPhase.BEGAN), ("face lost for 2 s", AlertPhase.ENDED)]
    assert (alerts[0].begin_s, alerts[1].end_s) == pytest.approx((3.0, 6.0), abs=1 / 30)
    assert alerts[0].reasons == ("face lost",)
    assert alerts[1].reasons == ("face lost", "lasted 3.0 s")


def test_skipped_frames_are_no_lost_face() -> None:
    through = chain({"alerts.rules": "face lost for 0.5 s"})
    some = [sample(k / 30, None if k % 3 else face(), affect(), skipped=bool(k % 3)) for k in range(90)]
    assert judged(through, some)[1] == []


def test_nothing_fires_under_the_quality_gate() -> None:
    rules = {**QUICK, "alerts.rules": "valence below -0.4 for 1 s; AU04 present for 1 s; yaw_deg above 10 for 1 s"}
    bad = face(yaw_deg=50.0)
    some = [sample(k / 30, bad, affect(-0.9, 0.0, {"AU04": 0.9})) for k in range(120)]
    out, alerts = judged(chain(rules), some)
    assert not any(s.quality.usable for s in out)
    assert alerts == []


def test_numbers_count_alerts_over_all_rules() -> None:
    rules = {**QUICK, "alerts.rules": "valence below -0.4 for 1 s; AU04 present for 0.5 s"}
    some = [sample(k / 30, face(), affect(-0.9, 0.0, {"AU04": 0.9})) for k in range(60)]
    through = chain(rules)
    _, alerts = judged(through, some)
    assert [(a.rule, a.number) for a in alerts] == [("AU04 present for 0.5 s", 1), ("valence below -0.4 for 1 s", 2)]
    assert [(a.number, a.phase) for a in through.finish()] == [(2, AlertPhase.ENDED), (1, AlertPhase.ENDED)]
    assert through.finish() == ()


def test_a_persons_rule_says_its_value() -> None:
    rules = {**QUICK, "alerts.rules": "valence below -0.4 for 1 s"}
    _, alerts = judged(chain(rules), [sample(k / 30, face(), affect(-0.9)) for k in range(60)])
    assert alerts[0].reasons == ("valence reached −0.90",)
    assert alerts[0].threshold == -0.4
    assert math.isnan(alerts[0].end_s)


def test_operating_points_count_what_each_threshold_would_have_given() -> None:
    t_s = np.arange(0, 60, 1 / 30)
    values = np.where(t_s % 10 < 3, 0.8, np.where(t_s % 10 < 6, 0.5, 0.1))
    rule = Rule("r", "arousal", 0.0, above=True, least_s=1.0, hysteresis=0.05)
    low, middle, high = operating_points(rule, t_s, values, np.ones(len(t_s)), [0.4, 0.7, 0.9])
    assert (low.alerts, middle.alerts, high.alerts) == (6, 6, 0)
    assert middle.per_minute == pytest.approx(6.0, rel=0.01)
    assert (low.share, middle.share, high.share) == pytest.approx((0.6, 0.3, 0.0), abs=0.01)


def test_operating_points_look_at_usable_time_only() -> None:
    t_s = np.arange(0, 60, 1 / 30)
    rule = parse_rule("arousal above 0.5 for 1 s")
    point = operating_points(rule, t_s, np.full(len(t_s), 0.9), t_s < 30, [0.5])[0]
    assert point.alerts == 1
    assert point.per_minute == pytest.approx(2.0, rel=0.01)
    nothing = operating_points(rule, t_s, np.full(len(t_s), NAN), np.ones(len(t_s)), [0.5])[0]
    assert nothing.alerts == 0
    assert math.isnan(nothing.per_minute)
