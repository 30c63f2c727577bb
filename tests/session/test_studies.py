"""Plans of studies: orders that are counterbalanced as they say, and what is left by what the folders hold."""

from __future__ import annotations

import json
from collections import Counter
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop_affect.core.errors import SessionError
from desktop_affect.session.header import SessionState
from desktop_affect.session.labels import Labels
from desktop_affect.session.library import Entry
from desktop_affect.session.studies import (
    DISCARDED,
    Order,
    Study,
    progress,
    progress_of,
    read_study,
    studies,
    study_file,
    write_study,
)

CALM = Study("Calm", "Calm after exercise", ("P01", "P02", "P03"), ("A", "B", "C"))


def entry(participant: str, condition: str, minute: int = 0, tags: tuple[str, ...] = (), study: str = "Calm") -> Entry:
    return Entry(
        path=Path(f"{participant}-{condition}-{minute}"),
        id=f"{minute:032d}",
        study=study,
        participant=participant,
        condition=condition,
        state=SessionState.CLOSED,
        started_utc=f"2026-11-25T10:{minute:02d}:00+00:00",
        source="camera",
        model="",
        rows=10,
        duration_s=1.0,
        faces=10,
        skipped=0,
        alerts=0,
        size_bytes=1,
        labels=Labels(tags),
    )


def design(order: Order, count: int, rows: int) -> list[tuple[str, ...]]:
    people = tuple(f"P{k}" for k in range(rows))
    study = Study("S", "", people, tuple("ABCDEFG"[:count]), order)
    return [study.order_of(person) for person in people]


def test_fixed_is_as_listed_for_everybody() -> None:
    assert set(design(Order.FIXED, 3, 5)) == {("A", "B", "C")}


@given(st.integers(1, 7))
def test_in_a_rotated_square_every_condition_has_every_place_once(count: int) -> None:
    rows = design(Order.ROTATED, count, count)
    assert all(sorted(row) == list("ABCDEFG"[:count]) for row in rows)
    assert all(len(set(column)) == count for column in zip(*rows, strict=True))


@given(st.integers(2, 7))
def test_in_a_balanced_square_every_condition_follows_every_other_equally_often(count: int) -> None:
    rows = design(Order.BALANCED, count, count if count % 2 == 0 else 2 * count)
    assert all(sorted(row) == list("ABCDEFG"[:count]) for row in rows)
    places = [Counter(column) for column in zip(*rows, strict=True)]
    assert all(len(set(place.values())) == 1 and len(place) == count for place in places)
    follows = Counter(pair for row in rows for pair in pairwise(row))
    assert len(follows) == count * (count - 1)
    assert len(set(follows.values())) == 1


def test_somebody_new_gets_the_place_after_the_last_and_keeps_it() -> None:
    study = Study("S", "", ("P1", "P2"), ("A", "B"), Order.ROTATED)
    promised = study.order_of("P3")
    assert study.with_participants(["P3", " P1 ", ""]).participants == ("P1", "P2", "P3")
    assert study.with_participants(["P3"]).order_of("P3") == promised


def test_a_given_order_may_hold_a_condition_twice() -> None:
    study = Study("S", "", ("P1",), ("A", "B"), orders={"P1": ("A", "B", "A")})
    assert progress_of(study, "P1", [entry("P1", "A", study="S")]).left == ("B", "A")


def test_what_is_left_follows_from_the_sessions_there_are() -> None:
    sessions = [
        entry("P01", "B", 2), entry("P01", "A", 1), entry("P02", "A", 3, (DISCARDED,)), entry("P02", "pilot", 4),
        entry("P09", "C", 5), entry("P01", "C", 6, study="Storm"), entry("", "C", 7),
    ]  # fmt: skip
    far = {one.participant: one for one in progress(CALM, sessions)}
    assert list(far) == ["P01", "P02", "P03", "P09"]
    assert (far["P01"].done, far["P01"].left, far["P01"].next) == (("A", "B"), ("C",), "C")
    assert (far["P02"].done, far["P02"].next) == (("pilot",), "A")
    assert far["P03"].left == ("A", "B", "C")
    assert progress_of(CALM, "P77", sessions).left == ("A", "B", "C")
    everything = [entry("P03", condition, k) for k, condition in enumerate("ABC")]
    assert progress_of(CALM, "P03", everything).next == ""


names = st.text(min_size=1, max_size=12).filter(lambda text: text.strip())


@given(
    names, st.text(max_size=20), st.lists(names, unique=True, max_size=4), st.lists(names, unique=True, max_size=4),
    st.sampled_from(Order),
)  # fmt: skip
def test_anything_written_is_read_back_equal(
    tmp_path_factory: pytest.TempPathFactory,
    name: str,
    title: str,
    participants: list[str],
    conditions: list[str],
    order: Order,
) -> None:
    root = tmp_path_factory.mktemp("studies")
    study = Study(name.strip(), title, tuple(participants), tuple(conditions), order, {"P": tuple(conditions[:1])})
    write_study(root, study)
    assert read_study(root, name.strip()) == study
    assert studies(root) == (study,)


def test_the_file_is_for_people(tmp_path: Path) -> None:
    path = write_study(tmp_path, CALM)
    assert path == tmp_path / "Calm" / "study.json"
    document = json.loads(path.read_text(encoding="utf-8"))
    assert (document["participants"], document["conditions"]) == (["P01", "P02", "P03"], ["A", "B", "C"])


def test_a_short_file_written_by_hand_is_enough(tmp_path: Path) -> None:
    study_file(tmp_path, "Calm").parent.mkdir()
    text = '{"format": "desktop-affect study", "schema": 1, "name": "Calm", "conditions": ["A", "B"]}'
    study_file(tmp_path, "Calm").write_text(text, encoding="utf-8")
    assert read_study(tmp_path, "Calm") == Study("Calm", conditions=("A", "B"))


@pytest.mark.parametrize(
    "text",
    [
        "{",
        "[]",
        '{"format": "desktop-affect study", "schema": 9, "name": "Calm"}',
        '{"format": "desktop-affect study", "schema": 1, "name": "Calm", "conditions": "AB"}',
        '{"format": "desktop-affect study", "schema": 1, "name": "Calm", "order": "wild"}',
        '{"format": "desktop-affect study", "schema": 1, "name": "Calm", "orders": {"P1": ["Z"]}}',
    ],
)
def test_a_file_that_cannot_be_meant_is_told_and_listed_nowhere(tmp_path: Path, text: str) -> None:
    study_file(tmp_path, "Calm").parent.mkdir()
    study_file(tmp_path, "Calm").write_text(text, encoding="utf-8")
    with pytest.raises(SessionError):
        read_study(tmp_path, "Calm")
    assert studies(tmp_path) == ()


def test_a_study_that_is_not_there_is_told_with_those_that_are(tmp_path: Path) -> None:
    write_study(tmp_path, CALM)
    with pytest.raises(SessionError, match="no study “Storm”") as caught:
        read_study(tmp_path, "Storm")
    assert "“Calm”" in caught.value.advice


def test_two_studies_never_share_a_folder(tmp_path: Path) -> None:
    write_study(tmp_path, Study("a/b"))
    with pytest.raises(SessionError, match="has the folder"):
        write_study(tmp_path, Study("a_b"))


@pytest.mark.parametrize("study", [Study(" "), Study("Calm "), Study("Calm", orders={"P1": ("Z",)})])
def test_what_makes_no_sense_is_not_written(tmp_path: Path, study: Study) -> None:
    with pytest.raises(SessionError):
        write_study(tmp_path, study)
    assert list(tmp_path.iterdir()) == []


def test_a_disk_that_refuses_is_told_in_words(tmp_path: Path) -> None:
    (tmp_path / "Calm").write_text("in the way", encoding="utf-8")
    with pytest.raises(SessionError, match="cannot be saved"):
        write_study(tmp_path, CALM)
