"""What the session dialog offers follows from the folders: plans, sessions, kept baselines."""

from __future__ import annotations

from pathlib import Path

import pytest

from desktop_affect.session.baselines import BaselineStore
from desktop_affect.session.known import Known, look_up
from desktop_affect.session.studies import Study, write_study
from desktop_affect.system.paths import HOME_VARIABLE
from tests.session.recorded import record
from tests.session.samples import bare_sample
from tests.signals.test_baseline import at_rest


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv(HOME_VARIABLE, str(tmp_path / "home"))
    return tmp_path / "sessions"


def test_a_folder_that_is_not_there_yet_holds_nothing(root: Path) -> None:
    assert look_up(root, "Calm", "P07") == Known()
    assert not root.exists()


def test_plans_and_sessions_are_offered_together(root: Path) -> None:
    write_study(root, Study("Storm", participants=("S1", "S2"), conditions=("loud", "quiet")))
    record(root / "Calm" / "P07" / "s1", [bare_sample()])  # study Calm, participant P07
    known = look_up(root, "", "")
    assert known.studies == ("Storm", "Calm")
    assert known.progress is None
    assert look_up(root, "Storm", "").participants == ("S1", "S2")
    assert look_up(root, "Calm", "").participants == ("P07",)


def test_of_a_participant_the_next_condition_and_the_baselines(root: Path) -> None:
    write_study(root, Study("Calm", participants=("P06",), conditions=("A", "B")))
    record(root / "Calm" / "P07" / "s1", [bare_sample()])  # without a condition
    BaselineStore(root).keep(at_rest(), "Calm", "P07", "2026-11-25T08:00:00+00:00")
    known = look_up(root, " Calm ", " P07 ")
    assert (known.participants, known.conditions) == (("P06", "P07"), ("A", "B"))
    assert known.progress is not None
    assert (known.progress.done, known.progress.next) == (("",), "A")
    assert [stored.baseline for stored in known.shelf.stored] == [at_rest()]
    assert look_up(root, "Calm", "P06").shelf.stored == ()
