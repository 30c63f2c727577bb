"""`desktop-affect sessions` and `studies`: what they say, what they change, and what they refuse."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from desktop_affect.cli import headless
from desktop_affect.cli import main as front
from desktop_affect.core.settings_table import default_settings
from desktop_affect.session.header import to_text
from desktop_affect.session.labels import read_labels
from desktop_affect.session.reader import read_header
from desktop_affect.session.studies import Study, write_study
from tests.session.recorded import record
from tests.session.samples import bare_sample


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """Two sessions of the home's own folder, an hour apart."""
    folder = tmp_path / "sessions"
    for number, condition in enumerate(("A", "B")):
        made = record(folder / "Calm" / "P07" / f"s{number}", [bare_sample(n, 100.0 + n) for n in range(65)])
        header = read_header(made)
        header |= {"condition": condition, "id": f"{number}ab{'0' * 29}"}
        header["clock"]["opened"]["wall_utc"] = f"2026-11-25T1{number}:00:00+00:00"
        (made / "session.json").write_text(to_text(header), encoding="utf-8")
    return folder


def call(capsys: pytest.CaptureFixture[str], *words: str) -> Any:
    assert front.main([*words, "--json"]) == 0
    return json.loads(capsys.readouterr().out)


def refused(capsys: pytest.CaptureFixture[str], *words: str) -> str:
    assert front.main(words) == 1
    return capsys.readouterr().err


def test_lists_newest_first_for_people_and_for_programs(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert front.main(["sessions", "list"]) == 0
    head, newest, oldest = capsys.readouterr().out.splitlines()
    assert head.split() == ["started", "study", "participant", "condition", "length", "state", "tags", "folder"]
    assert newest.split()[2:] == ["Calm", "P07", "B", "1:04", "closed", "–", str(Path("Calm/P07/s1"))]
    assert "s0" in oldest
    listed = call(capsys, "sessions", "list", "--participant", "P07", "--condition", "A")
    assert [(one["session"], one["rows"], one["duration_s"]) for one in listed] == [
        (str(root / "Calm" / "P07" / "s0"), 65, 64.0)
    ]


def test_words_search_and_nothing_found_is_said(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert len(call(capsys, "sessions", "list", "calm", "s1")) == 1
    assert front.main(["sessions", "list", "storm"]) == 0
    assert "No session" in capsys.readouterr().out


def test_tags_and_notes_go_into_the_folder(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    session = root / "Calm" / "P07" / "s0"
    assert call(capsys, "sessions", "tag", str(session), "good", "loud room")["tags"] == ["good", "loud room"]
    assert call(capsys, "sessions", "tag", "Calm/P07/s0", "good", "--remove")["tags"] == ["loud room"]
    call(capsys, "sessions", "note", "0ab0", "came late")
    assert (read_labels(session).tags, read_labels(session).note) == (("loud room",), "came late")
    assert len(call(capsys, "sessions", "list", "--tag", "loud room")) == 1


def test_to_the_trash_and_back(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    session = root / "Calm" / "P07" / "s0"
    (place,) = call(capsys, "sessions", "delete", str(session))["folders"]
    assert not session.exists()
    assert len(call(capsys, "sessions", "list")) == 1
    assert call(capsys, "sessions", "restore", place)["folders"] == [str(session)]
    assert len(call(capsys, "sessions", "list")) == 2
    call(capsys, "sessions", "delete", str(session))
    call(capsys, "sessions", "restore", "Calm/P07/s0")
    assert session.exists()
    assert "in the trash" in refused(capsys, "sessions", "restore", "Calm/P07/s9")


def test_a_session_that_is_not_there_is_told(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert "There is no session “nobody”" in refused(capsys, "sessions", "tag", "nobody", "x")
    assert "no folder" in refused(capsys, "sessions", "list", "--folder", str(root / "absent"))


def test_an_id_that_two_begin_with_is_not_guessed(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    other = root / "Calm" / "P07" / "s1"
    header = read_header(other) | {"id": read_header(root / "Calm" / "P07" / "s0")["id"]}
    (other / "session.json").write_text(to_text(header), encoding="utf-8")
    assert "More than one" in refused(capsys, "sessions", "note", "0ab0", "x")


def test_a_study_is_planned_changed_and_followed(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    made = call(capsys, "studies", "make", "Calm", "--conditions", "A", "B", "C", "--participants", "P07")
    assert made["file"] == str(root / "Calm" / "study.json")
    call(capsys, "studies", "make", "Calm", "--title", "After exercise", "--order-of", "P08", "C", "A")
    shown = call(capsys, "studies", "add", "Calm", "P08")
    assert (shown["title"], shown["conditions"]) == ("After exercise", ["A", "B", "C"])
    seven, eight = shown["participants"]
    assert (seven["done"], seven["left"], seven["next"]) == (["A", "B"], ["C"], "C")
    assert eight["planned"] == ["C", "A"]
    assert front.main(["studies", "show", "Calm"]) == 0
    assert "P07          A B C    A B   C" in capsys.readouterr().out
    assert front.main(["studies", "list"]) == 0
    assert "After exercise" in capsys.readouterr().out


def test_what_comes_next_and_when_nothing_does(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write_study(root, Study("Calm", conditions=("A", "B", "C")))
    assert front.main(["studies", "next", "Calm", "P07"]) == 0
    assert capsys.readouterr().out == "C\n"
    write_study(root, Study("Calm", conditions=("B", "A")))
    assert front.main(["studies", "next", "Calm", "P07"]) == 1
    assert "no study “Storm”" in refused(capsys, "studies", "next", "Storm", "P07")
    write_study(root, Study("Empty"))
    assert "has no conditions" in refused(capsys, "studies", "next", "Empty", "P07")


def test_run_records_the_condition_that_is_next(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write_study(root, Study("Calm", conditions=("A", "B", "C")))
    words = ["run", "--headless", "--record", "--study", "Calm", "--participant", "P07", "--condition", "next"]
    args = front.build_parser().parse_args(words)
    settings = default_settings()
    assert headless.session_plan(args, settings).condition == "C"
    write_study(root, replace(Study("Calm"), conditions=("A",)))
    assert "has done everything" in refused(capsys, *words)


def test_without_studies_the_list_says_how_to_make_one(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert front.main(["studies", "list"]) == 0
    assert "studies make" in capsys.readouterr().out
