"""The film for review: the right picture at a time, nothing where there is nothing, whole or torn."""

from __future__ import annotations

from pathlib import Path

import pytest

from desktop_affect.core.errors import SessionError
from desktop_affect.session.film_reader import DroppedFrame, FilmReader
from desktop_affect.session.format import FILM_FILE
from desktop_affect.session.plan import FilmConsent
from tests.session.films import SIZE_PX, film_bytes, number_of, write_film
from tests.session.recorded import record
from tests.session.samples import bare_sample

# Irregular as a camera's, with a hole of two seconds.
TIMES_S = (0.0, 0.0333, 0.0712, 0.1, 0.1333, 0.2, 0.45, 0.5, 2.5, 2.55, 2.6, 2.9)


@pytest.fixture
def session(tmp_path: Path) -> Path:
    folder = record(tmp_path / "s", [bare_sample(seq, 100 + t_s) for seq, t_s in enumerate(TIMES_S)])
    write_film(folder, TIMES_S, [(7, 0.5, "queue"), (8, 0.6, "skipped")])
    return folder


def spans(film: FilmReader) -> list[tuple[float, float]]:
    return [(round(span.begin_s, 4), round(span.end_s, 4)) for span in film.spans]


def test_the_picture_at_a_time_is_the_newest_that_is_not_later(session: Path) -> None:
    with FilmReader.open(session) or pytest.fail("no film") as film:
        for number, t_s in enumerate(TIMES_S):
            assert number_of(film.frame_at(t_s)) == number
            assert film.time_at(t_s + 0.01) == pytest.approx(t_s, abs=1e-4)
        assert [number_of(film.frame_at(t_s)) for t_s in (0.44, 0.03, 2.59, 0.0)] == [5, 0, 9, 0]
        assert film.size_px == SIZE_PX


def test_a_time_of_the_table_finds_the_picture_it_was_rounded_to(session: Path) -> None:
    with FilmReader.open(session) or pytest.fail("no film") as film:
        assert number_of(film.frame_at(0.033260)) == 1
        assert number_of(film.frame_at(0.033340)) == 1


def test_nothing_is_shown_where_nothing_was_kept(session: Path) -> None:
    with FilmReader.open(session) or pytest.fail("no film") as film:
        assert film.frame_at(-0.1) is None
        assert number_of(film.frame_at(1.49)) == 7
        assert film.frame_at(1.51) is None
        assert film.time_at(2.4) is None
        assert film.frame_at(4.0) is None


def test_spans_dropped_frames_and_times(session: Path) -> None:
    with FilmReader.open(session) or pytest.fail("no film") as film:
        assert spans(film) == [(0.0, 0.5), (2.5, 2.9)]
        assert film.dropped == (DroppedFrame(7, 0.5, "queue"), DroppedFrame(8, 0.6, "skipped"))
        assert film.times() == pytest.approx(TIMES_S, abs=1e-4)
        assert film.mode is FilmConsent.NONE


def test_pictures_are_read_only(session: Path) -> None:
    with FilmReader.open(session) or pytest.fail("no film") as film:
        pixels = film.frame_at(0)
        assert pixels is not None
        assert pixels.shape == (SIZE_PX[1], SIZE_PX[0], 3)
        assert not pixels.flags.writeable


def test_a_session_without_a_film_has_none(tmp_path: Path) -> None:
    assert FilmReader.open(record(tmp_path / "s", [bare_sample()])) is None


def test_a_film_that_was_cut_off_plays_up_to_its_last_whole_cluster(session: Path) -> None:
    path = session / FILM_FILE
    whole = path.read_bytes()
    path.write_bytes(whole[:-200])
    with FilmReader.open(session) or pytest.fail("no film") as film:
        assert film.times() == pytest.approx(TIMES_S[:8], abs=1e-4)
        assert number_of(film.frame_at(0.5)) == 7
        assert film.frame_at(2.9) is None
    path.write_bytes(whole[:50])
    with FilmReader.open(session) or pytest.fail("no film") as film:  # the dropped frames are still known
        assert film.frame_at(0) is None
        assert (film.spans, film.size_px) == ((), (0, 0))


def test_a_film_in_parts_is_one_film(session: Path) -> None:
    (session / "film_2.mkv").write_bytes(film_bytes([3.0 + n / 10 for n in range(5)]))
    (session / "film_10.mkv").write_bytes(film_bytes([3.5 + n / 10 for n in range(5)]))
    (session / "film_old.mkv").write_bytes(b"something else")
    with FilmReader.open(session) or pytest.fail("no film") as film:
        assert number_of(film.frame_at(3.21)) == 2
        assert number_of(film.frame_at(3.75)) == 2
        assert number_of(film.frame_at(2.95)) == 11
        assert spans(film)[-1] == (2.5, 3.9)


def test_what_is_no_session_is_said(tmp_path: Path) -> None:
    with pytest.raises(SessionError, match="not a session"):
        FilmReader.open(tmp_path)
