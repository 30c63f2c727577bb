"""The chain over the demo participant's truth: what the script says, where it says so, and nowhere else."""

from __future__ import annotations

import pytest

from desktop_affect.core.types import Alert, AlertPhase, Sample
from tests.signals.demo_truth import Performance, performance
from tests.signals.made import chain, judged

RULES = "valence below -0.4 for 3 s; face lost for 2 s; AU12 present for 3 s"


@pytest.fixture(scope="module")
def film() -> Performance:
    return performance()


@pytest.fixture(scope="module")
def outcome(film: Performance) -> tuple[list[Sample], list[Alert]]:
    return judged(chain({"alerts.rules": RULES}), film.samples)


def told(outcome: tuple[list[Sample], list[Alert]], rule: str) -> list[Alert]:
    return [alert for alert in outcome[1] if alert.rule == rule]


def test_hesitancy_alarms_once_inside_the_hesitant_passage_within_two_seconds(
    film: Performance, outcome: tuple[list[Sample], list[Alert]]
) -> None:
    hesitant = film.passage("hesitant")
    alerts = told(outcome, "hesitancy")
    assert [alert.phase for alert in alerts] == [AlertPhase.BEGAN, AlertPhase.ENDED]
    least_s = 0.5
    assert hesitant.begin_s < alerts[0].begin_s + least_s <= hesitant.begin_s + 2.0
    assert hesitant.holds(alerts[1].peak_s)
    assert alerts[0].reasons[0].startswith("smile with")
    assert any("looked away" in reason for reason in alerts[1].reasons)


@pytest.mark.parametrize(
    ("rule", "passage"), [("valence below -0.4 for 3 s", "displeasure"), ("AU12 present for 3 s", "smile")]
)
def test_scripted_rules_fire_where_the_script_says(
    film: Performance, outcome: tuple[list[Sample], list[Alert]], rule: str, passage: str
) -> None:
    began, ended = told(outcome, rule)
    assert film.passage(passage).holds(began.begin_s)
    assert film.passage(passage).holds(ended.end_s)


def test_a_lost_face_is_flagged_at_once_and_recovers(
    film: Performance, outcome: tuple[list[Sample], list[Alert]]
) -> None:
    flagged = [s.t_s for s in outcome[0] if "no_face" in s.quality.reasons]
    assert flagged[0] - film.gone_s <= 0.3
    back = next(s.t_s for s in outcome[0] if s.t_s > film.back_s and s.quality.usable)
    assert back - film.back_s <= 0.3
    began, ended = told(outcome, "face lost for 2 s")
    assert began.begin_s == pytest.approx(film.gone_s, abs=0.05)
    assert ended.end_s == pytest.approx(film.back_s, abs=0.1)


def test_the_dim_passage_lowers_the_quality_with_the_right_reason(
    film: Performance, outcome: tuple[list[Sample], list[Alert]]
) -> None:
    dim = film.passage("dim")
    inside = [s.quality for s in outcome[0] if dim.begin_s + 1.0 <= s.t_s <= dim.end_s - 1.2]
    assert all(quality.reasons == ("too_dark",) for quality in inside)
    elsewhere = [s for s in outcome[0] if "too_dark" in s.quality.reasons and not dim.holds(s.t_s)]
    assert elsewhere == []


def test_the_turned_head_is_told(film: Performance, outcome: tuple[list[Sample], list[Alert]]) -> None:
    turn = film.passage("turn")
    turned = [s.t_s for s in outcome[0] if "turned_away" in s.quality.reasons]
    assert turned
    assert all(turn.holds(t_s) for t_s in turned)
