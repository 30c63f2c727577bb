"""Baselines kept with the participant: several each, readable, found by whose they are."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from desktop_affect.core.errors import SessionError
from desktop_affect.session.baselines import BaselineStore
from tests.signals.made import affect
from tests.signals.test_baseline import at_rest

FIRST, SECOND = at_rest(affect(-0.2)), at_rest(affect(0.1))
MORNING, NOON = "2026-11-25T08:00:00+00:00", "2026-11-25T12:00:00+00:00"


@pytest.fixture
def store(tmp_path: Path) -> BaselineStore:
    return BaselineStore(tmp_path)


def test_a_participant_has_as_many_as_there_were_calibrations_newest_first(store: BaselineStore) -> None:
    store.keep(SECOND, "Calm", "P07", NOON)
    store.keep(FIRST, "Calm", "P07", MORNING)
    shelf = store.shelf("Calm", "P07")
    assert [stored.baseline for stored in shelf.stored] == [SECOND, FIRST]
    assert [stored.measured_utc for stored in shelf.stored] == [NOON, MORNING]
    assert shelf.problems == ()
    assert store.named("Calm", "P07", FIRST.id).baseline == FIRST


def test_the_file_says_whose_it_is_and_lies_with_the_study(store: BaselineStore, tmp_path: Path) -> None:
    path = store.keep(FIRST, "Calm", "P07", MORNING)
    assert path.parent == tmp_path / "Calm" / "baselines" / "P07"
    assert path.name.endswith(f"_{FIRST.id}.json")
    document = json.loads(path.read_text(encoding="utf-8"))
    assert (document["study"], document["participant"], document["measured_utc"]) == ("Calm", "P07", MORNING)
    assert document["baseline"]["centre"]["valence"] == pytest.approx(-0.2)
    assert list(path.parent.iterdir()) == [path]


def test_the_same_baseline_is_kept_once(store: BaselineStore) -> None:
    assert store.keep(FIRST, "Calm", "P07", MORNING) == store.keep(FIRST, "Calm", " P07 ", NOON)
    assert len(store.shelf("Calm", "P07").stored) == 1


def test_nobody_gets_the_baseline_of_somebody_else(store: BaselineStore) -> None:
    store.keep(FIRST, "Calm", "P07", MORNING)
    store.keep(SECOND, "", "P07", MORNING)
    assert store.shelf("Calm", "P08").stored == ()
    assert store.shelf("Storm", "P07").stored == ()
    assert [stored.baseline for stored in store.shelf("", "P07").stored] == [SECOND]
    assert store.shelf("Calm", "").stored == ()


def test_codes_that_share_a_folder_are_told_apart(store: BaselineStore) -> None:
    store.keep(FIRST, "Calm", "a/b", MORNING)
    store.keep(SECOND, "Calm", "a_b", NOON)
    assert store.folder("Calm", "a/b") == store.folder("Calm", "a_b")
    assert [stored.baseline for stored in store.shelf("Calm", "a/b").stored] == [FIRST]
    assert [stored.baseline for stored in store.shelf("Calm", "a_b").stored] == [SECOND]


@pytest.mark.parametrize("text", ["{", "[]", '{"format": "something else"}', '{"format": "desktop-affect baseline"}'])
def test_a_damaged_file_is_told_and_costs_only_itself(store: BaselineStore, text: str) -> None:
    store.keep(FIRST, "Calm", "P07", MORNING)
    (store.folder("Calm", "P07") / "torn.json").write_text(text, encoding="utf-8")
    shelf = store.shelf("Calm", "P07")
    assert [stored.baseline for stored in shelf.stored] == [FIRST]
    assert shelf.problems == ("The baseline in “torn.json” cannot be read and is left out.",)


def test_numbers_that_were_changed_by_hand_are_refused(store: BaselineStore) -> None:
    path = store.keep(FIRST, "Calm", "P07", MORNING)
    path.write_text(path.read_text(encoding="utf-8").replace("-0.2", "-0.3"), encoding="utf-8")
    assert store.shelf("Calm", "P07").stored == ()


def test_who_has_no_code_has_none_kept(store: BaselineStore) -> None:
    with pytest.raises(SessionError, match="kept with a participant"):
        store.keep(FIRST, "Calm", " ", MORNING)


def test_an_id_that_is_not_there_is_told_with_those_that_are(store: BaselineStore) -> None:
    store.keep(FIRST, "Calm", "P07", MORNING)
    with pytest.raises(SessionError, match="no baseline “b0”") as caught:
        store.named("Calm", "P07", "b0")
    assert FIRST.id in caught.value.advice


def test_a_disk_that_refuses_is_told_in_words(store: BaselineStore, tmp_path: Path) -> None:
    (tmp_path / "Calm").write_text("a file stands where the folder should be", encoding="utf-8")
    with pytest.raises(SessionError, match="could not be kept"):
        store.keep(FIRST, "Calm", "P07", MORNING)


def test_a_write_that_fails_leaves_no_half_file(store: BaselineStore, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*paths: object) -> None:
        raise OSError("no")

    monkeypatch.setattr(os, "replace", fail)
    with pytest.raises(SessionError):
        store.keep(FIRST, "Calm", "P07", MORNING)
    assert list(store.folder("Calm", "P07").iterdir()) == []
