"""One application, several participants in a row: whose baseline is in force when each session begins."""

from __future__ import annotations

from pathlib import Path

import pytest

from desktop_affect.core.types import Fault, Severity
from desktop_affect.session.baselines import BaselineStore
from desktop_affect.session.plan import NONE, SessionPlan
from desktop_affect.sinks.baseline_desk import BaselineDesk, tell
from tests.signals.made import affect
from tests.signals.test_baseline import at_rest

FIRST, SECOND = at_rest(affect(-0.2)), at_rest(affect(0.1))
MORNING = "2026-11-25T08:00:00+00:00"


@pytest.fixture
def desk() -> BaselineDesk:
    return BaselineDesk()


def plan(root: Path, participant: str, study: str = "Calm") -> SessionPlan:
    return SessionPlan(root, study, participant)


def test_what_was_measured_before_the_session_is_the_participants(desk: BaselineDesk, tmp_path: Path) -> None:
    desk.note_measured(FIRST)
    choice = desk.choose(plan(tmp_path, "P07"), FIRST)
    assert (choice.keep, choice.told) == (True, ())
    document = desk.document(FIRST)
    assert document is not None
    assert (document["id"], document["origin"]) == (FIRST.id, "measured")
    assert str(document["measured_utc"]).endswith("+00:00")


def test_the_next_participant_does_not_get_it_and_is_told(desk: BaselineDesk, tmp_path: Path) -> None:
    desk.choose(plan(tmp_path, "P07"), FIRST)
    choice = desk.choose(plan(tmp_path, "P08"), FIRST)
    assert (choice.keep, choice.offered) == (False, ())
    ((severity, message),) = choice.told
    assert severity is Severity.NOTICE
    assert "somebody else's: P08 begins without one" in message
    assert not desk.choose(plan(tmp_path, "P07", "Storm"), FIRST).keep, (
        "the same code in another study is somebody else"
    )
    assert not desk.choose(plan(tmp_path, ""), FIRST).keep
    assert desk.choose(plan(tmp_path, "P07"), FIRST).keep


def test_one_measured_during_a_session_stays_with_it(desk: BaselineDesk, tmp_path: Path) -> None:
    desk.belongs(FIRST, plan(tmp_path, "P07"))
    assert not desk.choose(plan(tmp_path, "P08"), FIRST).keep


def test_who_comes_again_begins_with_their_own(desk: BaselineDesk, tmp_path: Path) -> None:
    BaselineStore(tmp_path).keep(SECOND, "Calm", "P08", MORNING)
    desk.choose(plan(tmp_path, "P07"), FIRST)
    choice = desk.choose(plan(tmp_path, "P08"), FIRST)
    assert choice.offered == (SECOND,)
    assert "P08 had on" in choice.told[0][1]
    document = desk.document(SECOND)
    assert document is not None
    assert (document["origin"], document["measured_utc"]) == ("kept", MORNING)
    assert desk.choose(plan(tmp_path, "P08"), SECOND).keep


def test_none_is_none_even_when_one_is_in_force(desk: BaselineDesk, tmp_path: Path) -> None:
    choice = desk.choose(SessionPlan(tmp_path, "Calm", "P07", baseline=NONE), FIRST)
    assert (choice.keep, choice.offered, choice.told) == (False, (), ())
    assert desk.document(None) is None


def test_a_damaged_file_is_told_as_a_warning(desk: BaselineDesk, tmp_path: Path) -> None:
    store = BaselineStore(tmp_path)
    store.keep(FIRST, "Calm", "P07", MORNING).write_text("{", encoding="utf-8")
    faults: list[Fault] = []
    tell(desk.choose(plan(tmp_path, "P07"), None), 5.0, faults.append)
    assert [(fault.where, fault.severity, fault.advice) for fault in faults] == [
        ("baseline", Severity.WARNING, "Calibrate again.")
    ]
