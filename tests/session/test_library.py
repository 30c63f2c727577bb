"""The index finds what the folders hold, and holds nothing else."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from desktop_affect.core.errors import SessionError
from desktop_affect.session.format import HEADER_FILE, LABELS_FILE, SAMPLES_FILE
from desktop_affect.session.header import SessionState
from desktop_affect.session.labels import Labels, read_labels, write_labels
from desktop_affect.session.library import Library, Search
from desktop_affect.session.recover import recover
from tests.session.recorded import open_journal, record
from tests.session.samples import bare_sample

WHO = {"a": ("Calm", "P1", "loud"), "b": ("Calm", "P2", "quiet"), "c": ("Ärger", "P1", "loud")}


def session(folder: Path, names: tuple[str, str, str], minute: int = 0) -> Path:
    record(folder, [bare_sample(n, 100.0 + n) for n in range(3)])
    change(folder, dict(zip(("study", "participant", "condition"), names, strict=True)), minute)
    return folder


def change(folder: Path, facts: dict[str, str], minute: int) -> None:
    document = json.loads((folder / HEADER_FILE).read_text(encoding="utf-8"))
    document["clock"]["opened"]["wall_utc"] = f"2026-11-21T09:{minute:02}:00+00:00"
    (folder / HEADER_FILE).write_text(json.dumps({**document, **facts}), encoding="utf-8")


@pytest.fixture
def library(tmp_path: Path) -> Library:
    root = tmp_path / "sessions"
    for minute, (name, names) in enumerate(WHO.items()):
        session(root / names[0] / name, names, minute)
    made = Library(root, tmp_path / "cache" / "index.sqlite")
    assert made.refresh() == 3
    return made


def found(library: Library, **wanted: str) -> str:
    return "".join(entry.path.name for entry in library.search(Search(**wanted)))


def test_newest_first_with_their_facts(library: Library) -> None:
    assert found(library) == "cba"
    entry = library.search()[0]
    assert (entry.study, entry.participant, entry.state) == ("Ärger", "P1", SessionState.CLOSED)
    assert (entry.rows, entry.duration_s, entry.source, entry.model) == (3, 2.0, "Scripted camera", "scripted")
    assert entry.started_utc == "2026-11-21T09:02:00+00:00"


@pytest.mark.parametrize(
    ("wanted", "names"),
    [
        ({"words": "p1"}, "ca"), ({"words": "LOUD calm"}, "a"), ({"words": "ärger"}, "c"), ({"words": "nobody"}, ""),
        ({"study": "calm"}, "ba"), ({"participant": "P2"}, "b"), ({"condition": "loud", "study": "Calm"}, "a"),
        ({"words": "%"}, ""), ({"words": "' or 1=1"}, ""),
    ],
)  # fmt: skip
def test_finds_by_words_and_names(library: Library, wanted: dict[str, str], names: str) -> None:
    assert found(library, **wanted) == names


def test_choosers_get_what_there_is(library: Library) -> None:
    assert library.values_of("condition") == ["loud", "quiet"]
    assert library.values_of("participant") == ["P1", "P2"]
    with pytest.raises(ValueError, match="not a name"):
        library.values_of("path; drop table sessions")


def test_tags_and_notes_live_in_the_folder(library: Library, tmp_path: Path) -> None:
    folder = library.search()[0].path
    library.label(folder, Labels(("good  data", "good data", " ", "pilot"), "was\nlate"))
    assert read_labels(folder) == Labels(("good data", "pilot"), "was\nlate")
    assert found(library, tag="pilot") == found(library, words="LATE") == "c"
    assert found(library, tag="pil") == ""
    elsewhere = Library(library.root, tmp_path / "other.sqlite")
    elsewhere.refresh()
    assert elsewhere.search() == library.search()


def test_only_what_changed_is_read_again(library: Library) -> None:
    assert library.refresh() == 0
    write_labels(library.root / "Calm" / "a", Labels(("new",)))
    assert library.refresh() == 1
    session(library.root / "d", ("", "P9", ""), 30)
    assert library.refresh() == 1
    assert found(library) == "dcba"
    for path in (library.root / "d").iterdir():
        path.unlink()
    assert library.refresh() == 1
    assert found(library, tag="new") == "a"


def test_a_session_that_was_recovered_is_read_again(library: Library) -> None:
    folder = record(library.root / "e", [bare_sample()], closed=False)
    library.refresh()
    (entry,) = library.search(Search(words="e p07"))
    assert (entry.state, entry.rows) == (SessionState.RECORDING, None)
    recover(folder)
    assert library.refresh() == 1
    (entry,) = library.search(Search(participant="P07"))
    assert (entry.state, entry.rows) == (SessionState.RECOVERED, 1)


def test_trash_can_be_taken_back(library: Library) -> None:
    first = library.to_trash(library.root / "Calm" / "a")
    assert found(library) == "cb"
    session(library.root / "Calm" / "a", WHO["a"], 50)
    second = library.to_trash(library.root / "Calm" / "a")
    assert first != second
    assert library.from_trash(first) == library.root / "Calm" / "a"
    assert library.from_trash(second) == library.root / "Calm" / "a_2"
    assert found(library) == "a_2cba"
    assert (library.root / "Calm" / "a_2" / SAMPLES_FILE).exists()


def test_what_is_being_recorded_is_not_deleted(library: Library) -> None:
    journal = open_journal(library.root / "live")
    with pytest.raises(SessionError, match="being recorded"):
        library.to_trash(library.root / "live")
    journal.close()


def test_what_cannot_be_moved_is_told(library: Library, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> None:
        raise PermissionError(13, "in use")

    monkeypatch.setattr("shutil.move", fail)
    with pytest.raises(SessionError, match="could not be deleted"):
        library.to_trash(library.root / "Calm" / "a")
    assert found(library) == "cba"


def test_broken_sessions_and_labels_are_left_out(library: Library) -> None:
    (library.root / "Calm" / "a" / HEADER_FILE).write_text("{")
    (library.root / "Calm" / "b" / LABELS_FILE).write_text("[]")
    assert library.refresh() == 2
    assert found(library) == "cb"
    assert library.refresh() == 0


@pytest.mark.parametrize("junk", [b"not a database, but long enough to be taken for one" * 50, b""])
def test_a_broken_index_is_made_anew(tmp_path: Path, junk: bytes) -> None:
    session(tmp_path / "sessions" / "a", WHO["a"])
    index = tmp_path / "index.sqlite"
    index.write_bytes(junk)
    library = Library(tmp_path / "sessions", index)
    library.refresh()
    assert found(library) == "a"


def test_an_index_that_cannot_be_kept_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(SessionError, match="list of sessions"):
        Library(tmp_path, tmp_path / "file" / "index.sqlite").refresh()


def test_labels_that_cannot_be_written_are_told(tmp_path: Path) -> None:
    with pytest.raises(SessionError, match="could not be saved"):
        write_labels(tmp_path / "absent", Labels())


def test_the_index_tells_size_alerts_share_and_tags_and_can_be_made_anew(library: Library) -> None:
    entry = library.search()[0]
    assert entry.size_bytes == sum(path.stat().st_size for path in entry.path.iterdir())
    assert (entry.alerts, entry.skipped, entry.face_share) == (0, 3, None)
    assert replace(entry, faces=1, skipped=1).face_share == 0.5
    library.label(entry.path, Labels(("pilot", "Ende"), ""))
    assert library.values_of("tag") == ["Ende", "pilot"]
    assert library.rebuild() == 3
    assert library.search()[0].labels.tags == ("pilot", "Ende")
