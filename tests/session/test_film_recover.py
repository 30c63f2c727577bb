"""A film that was cut off gets its index and its duration; nothing of it is ever at risk."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from desktop_affect.session import film_recover
from desktop_affect.session.film_reader import FilmReader
from desktop_affect.session.film_recover import recover_film
from desktop_affect.session.format import DROPPED_FILE, FILM_FILE, GROUP_FILE, HEADER_FILE
from desktop_affect.session.matroska_index import FilmIndex, read_index
from desktop_affect.session.recover import recover
from desktop_affect.sources.containers import damage
from desktop_affect.sources.film import Film
from tests.session.films import write_film
from tests.session.recorded import record
from tests.session.samples import bare_sample

TIMES_S = [n / 10 for n in range(23)]


def crashed(folder: Path, film: bool = True) -> Path:
    record(folder, [bare_sample(seq, 100 + t_s) for seq, t_s in enumerate(TIMES_S)], closed=False)
    write_film(folder, TIMES_S, [(30, 3.0, "queue")])
    if film:
        document = json.loads((folder / HEADER_FILE).read_text(encoding="utf-8"))
        document["consent"]["film"] = "whole"
        document["film"] = {"mode": "whole", "container": "matroska", "encoders": None, "frames": None}
        (folder / HEADER_FILE).write_text(json.dumps(document), encoding="utf-8")
    return folder


def index_of(path: Path) -> FilmIndex:
    with path.open("rb") as file:
        index = read_index(file)
    assert index is not None
    return index


def times_of(folder: Path) -> list[float]:
    with FilmReader.open(folder) or pytest.fail("no film") as film:
        return film.times()


def check_whole(folder: Path, pictures: int) -> None:
    path = folder / FILM_FILE
    index = index_of(path)
    assert index.stated
    assert index.cues_at is not None
    assert index.whole_end == index.size == path.stat().st_size
    assert damage(path) == ""
    assert times_of(folder) == pytest.approx(TIMES_S[:pictures], abs=1e-4)
    film, shown = Film(path), 0
    while film.next() is not None:
        shown += 1
    film.close()
    assert shown == pictures


def test_a_whole_film_without_an_index_is_completed_where_it_is(tmp_path: Path) -> None:
    folder = crashed(tmp_path / "s")
    before = (folder / FILM_FILE).read_bytes()
    inode = (folder / FILM_FILE).stat().st_ino
    done = recover(folder)
    check_whole(folder, 23)
    assert "gave film.mkv its index" in done.did
    assert (folder / FILM_FILE).stat().st_ino == inode
    first = index_of(folder / FILM_FILE).head_end
    assert (folder / FILM_FILE).read_bytes()[first : len(before)] == before[first:], "no picture was touched"
    film = json.loads((folder / HEADER_FILE).read_text(encoding="utf-8"))["film"]
    assert (film["mode"], film["frames"], film["dropped"], film["encoders"]) == ("whole", 23, 1, None)
    assert (film["first_s"], film["last_s"], film["files"]) == (0.0, 2.2, [FILM_FILE])
    assert film["size_bytes"] == (folder / FILM_FILE).stat().st_size


def test_what_an_encoder_left_half_done_is_cleared_away(tmp_path: Path) -> None:
    folder = crashed(tmp_path / "s")
    (folder / GROUP_FILE).write_bytes(b"half")
    recover(folder)
    assert not (folder / GROUP_FILE).exists()


def test_the_second_time_there_is_nothing_to_do(tmp_path: Path) -> None:
    folder = crashed(tmp_path / "s")
    recover(folder)
    before = {path.name: path.read_bytes() for path in folder.iterdir()}
    assert recover(folder).did == ()
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == before


@pytest.mark.parametrize(("cut", "pictures"), [(1, 22), (900, 21), (1500, 20)])
def test_a_torn_film_keeps_every_whole_picture(tmp_path: Path, cut: int, pictures: int) -> None:
    folder = crashed(tmp_path / "s")
    path = folder / FILM_FILE
    os.truncate(path, path.stat().st_size - cut)
    (words,) = recover_film(folder)
    assert words.startswith("copied film.mkv")
    check_whole(folder, pictures)
    assert sorted(p.name for p in folder.iterdir() if p.name.startswith(".")) == []


def test_rubbish_behind_the_film_is_left_behind(tmp_path: Path) -> None:
    folder = crashed(tmp_path / "s")
    with (folder / FILM_FILE).open("ab") as file:
        file.write(bytes(5000))
    recover_film(folder)
    check_whole(folder, 23)


def test_a_repair_that_is_cut_short_leaves_the_film_and_is_done_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = crashed(tmp_path / "s")
    path = folder / FILM_FILE
    os.truncate(path, path.stat().st_size - 100)
    before = path.read_bytes()

    def fail(*_: object) -> None:
        raise OSError(28, "No space left on device")

    for name in ("_settle", "_complete"):
        with monkeypatch.context() as patch:
            patch.setattr(film_recover, name, fail)
            with pytest.raises(OSError, match="No space"):
                recover_film(folder)
        assert path.read_bytes() == before
    recover_film(folder)
    check_whole(folder, 22)


def test_completing_that_is_cut_short_is_done_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = crashed(tmp_path / "s")
    settle = film_recover._settle
    for steps in range(3):
        calls = iter(range(steps))

        def sometimes(file: object, calls: object = calls) -> None:
            if next(calls, None) is None:  # type: ignore[call-overload]
                raise OSError(5, "pulled out")
            settle(file)  # type: ignore[arg-type]

        with monkeypatch.context() as patch:
            patch.setattr(film_recover, "_settle", sometimes)
            with pytest.raises(OSError, match="pulled out"):
                recover_film(folder)
        assert times_of(folder) == pytest.approx(TIMES_S, abs=1e-4)
    recover_film(folder)
    check_whole(folder, 23)


def test_without_room_for_a_copy_the_film_is_left_as_it_is(tmp_path: Path) -> None:
    folder = crashed(tmp_path / "s")
    path = folder / FILM_FILE
    os.truncate(path, path.stat().st_size - 100)
    before = path.read_bytes()
    (words,) = recover_film(folder, lambda place: 1000)
    assert "no room" in words
    assert path.read_bytes() == before


def test_a_film_cut_off_in_its_head_is_left_alone(tmp_path: Path) -> None:
    folder = crashed(tmp_path / "s")
    os.truncate(folder / FILM_FILE, 30)
    assert "closed with 23 rows" in recover(folder).did
    film = json.loads((folder / HEADER_FILE).read_text(encoding="utf-8"))["film"]
    assert (film["frames"], film["files"], film["first_s"]) == (0, [], None)


def test_the_torn_line_of_the_dropped_frames_is_cut(tmp_path: Path) -> None:
    folder = crashed(tmp_path / "s")
    with (folder / DROPPED_FILE).open("ab") as file:
        file.write(b"31,3.1")
    assert recover(folder).torn_bytes == 6
    assert (folder / DROPPED_FILE).read_bytes().endswith(b"queue\n")


def test_a_closed_session_gets_its_films_index_too(tmp_path: Path) -> None:
    folder = crashed(tmp_path / "s")
    recover(folder)
    write_film(folder, TIMES_S)
    assert recover(folder).did == ("gave film.mkv its index",)
    check_whole(folder, 23)
