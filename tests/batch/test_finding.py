"""From what a person names to the list of sessions: by content, in natural order, each once."""

from __future__ import annotations

from pathlib import Path

import pytest

from desktop_affect.batch.finding import find_jobs
from desktop_affect.batch.jobs import Job, JobKind
from desktop_affect.batch.results import named
from desktop_affect.core.errors import SourceError
from desktop_affect.session.format import HEADER_FILE

MP4 = b"\0\0\0\x18ftypisom" + b"\0" * 20
JPEG = b"\xff\xd8\xff\xe0" + b"\0" * 20


def tree(root: Path, **files: bytes) -> Path:
    for name, content in files.items():
        path = root.joinpath(*name.replace("__", "/").replace("_dot_", ".").split("/"))
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    return root


def told(jobs: list[Job], root: Path) -> list[tuple[str, str]]:
    return [(job.kind.value, job.path.relative_to(root).as_posix()) for job in jobs]


def test_folders_are_searched_and_contents_asked(tmp_path: Path) -> None:
    root = tree(
        tmp_path,
        clip10_dot_mp4=MP4,
        clip9_dot_dat=MP4,
        notes_dot_txt=b"Hi\n",
        sound_dot_m4a=b"\0\0\0\x18ftypM4A " + b"\0" * 20,
        broken_dot_avi=b"nothing of the kind",
        deep__photo_dot_mp4=JPEG,
        deep__p2_dot_jpg=JPEG,
    )
    assert told(find_jobs([str(root)], root / "out"), root) == [
        ("film", "broken.avi"), ("film", "clip9.dat"), ("film", "clip10.mp4"), ("pictures", "deep"),
    ]  # fmt: skip


def test_what_is_named_itself_is_tried_and_each_thing_once(tmp_path: Path) -> None:
    root = tree(tmp_path, a_dot_mp4=MP4, notes_dot_txt=b"Hi\n", p__one_dot_jpg=JPEG, p__two_dot_jpg=JPEG)
    named_twice = [str(root / "a.mp4"), str(root / "p" / ".." / "a.mp4"), str(root / "notes.txt")]
    jobs = find_jobs([*named_twice, str(root / "p" / "two.jpg")], root / "out")
    assert told(jobs, root) == [("film", "a.mp4"), ("film", "notes.txt"), ("pictures", "p")]
    assert [path.name for path in jobs[2].pictures] == ["two.jpg"]


def test_a_picture_that_is_empty_or_cut_short_is_not_passed_over(tmp_path: Path) -> None:
    root = tree(tmp_path, p__one_dot_jpg=JPEG, p__two_dot_JPG=b"", p__three_dot_png=b"x", p__notes_dot_txt=b"Hi\n")
    (album,) = find_jobs([str(root)], root / "out")
    assert sorted(path.name for path in album.pictures) == ["one.jpg", "three.png", "two.JPG"]


def test_patterns_are_expanded_where_the_shell_did_not(tmp_path: Path) -> None:
    root = tree(tmp_path, x__a_dot_mp4=MP4, y__b_dot_mp4=MP4)
    assert told(find_jobs([str(root / "**" / "*.mp4")], root / "out"), root) == [
        ("film", "x/a.mp4"), ("film", "y/b.mp4"),
    ]  # fmt: skip
    with pytest.raises(SourceError, match="Nothing fits"):
        find_jobs([str(root / "*.mov")], root / "out")


def test_sessions_hidden_folders_and_the_output_are_left_alone(tmp_path: Path) -> None:
    root = tree(tmp_path, a_dot_mp4=MP4, out__b_dot_mp4=MP4, s__c_dot_mp4=MP4, _dot_hidden__d_dot_mp4=MP4)
    (root / "s" / HEADER_FILE).write_text("{}")
    assert told(find_jobs([str(root)], root / "out"), root) == [("film", "a.mp4")]


def test_nothing_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="There is no “"):
        find_jobs([str(tmp_path / "none.mp4")], tmp_path / "out")
    with pytest.raises(SourceError, match="no film and no picture"):
        find_jobs([str(tmp_path)], tmp_path / "out")


def names(root: Path, *paths: str) -> list[str]:
    return [job.folder for job in named([Job(JobKind.FILM, root / path) for path in paths], root / "out")]


def test_folders_of_sessions_are_named_after_films_and_never_shared(tmp_path: Path) -> None:
    assert names(tmp_path, "Anna.mp4", "Ben.mp4") == ["Anna", "Ben"]
    assert names(tmp_path, "P1/video.mp4", "P2/video.mp4") == ["P1_video.mp4", "P2_video.mp4"]
    assert names(tmp_path, "a.mp4", "A.mov") == ["a.mp4", "A.mov"]
    (tmp_path / "out" / "Anna").mkdir(parents=True)
    assert names(tmp_path, "Anna.mp4") == ["Anna_2"]
    long = [f"{'x' * 90}{number}.mp4" for number in range(3)]
    assert len({name.casefold() for name in names(tmp_path, *long)}) == 3
