"""The picture of a recorded moment: from the film that was kept or analysed, or why there is none."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from pytestqt.qtbot import QtBot

from desktop_affect.batch.picture_list import PICTURES_FILE, write_pictures
from desktop_affect.core.errors import AffectError
from desktop_affect.core.types import RgbImage, RunStart, SourceInfo, SourceKind
from desktop_affect.session.journal import Journal
from desktop_affect.session.plan import SessionPlan
from desktop_affect.session.reader import read_session
from desktop_affect.sources.pictures import PictureTaken
from desktop_affect.system.cv2_import import cv2
from desktop_affect.ui.picture_pane import PicturePane
from desktop_affect.ui.pictures import Fetched, Fetcher, Pictures, PictureSource, pictures_of
from desktop_affect.ui.recording import Recording, curves
from desktop_affect.ui.session_film import SessionFilm
from desktop_affect.ui.theme import DARK
from tests.fakes import INFO, clock_pair, picture
from tests.session.films import number_of, write_film
from tests.session.recorded import QuickDisk
from tests.sources.films import NEEDS_FFMPEG, pattern
from tests.ui.reviewed import OpenReview, record, shown
from tests.ui.samples import sample


class Scripted:
    """Pictures whose brightness is the second of the row; waits where it is told to."""

    def __init__(self) -> None:
        self.asked: list[float] = []
        self.closed = threading.Event()
        self.go_on = threading.Event()
        self.go_on.set()
        self.error: Exception | None = None
        self.analysed_px = (0, 0)

    def at(self, row_s: float, media_s: float) -> RgbImage | None:
        self.asked.append(row_s)
        self.go_on.wait(10.0)
        if self.error is not None:
            raise self.error
        return picture(level=round(row_s))

    def close(self) -> None:
        self.closed.set()


@pytest.fixture
def scripted() -> Scripted:
    return Scripted()


@pytest.fixture
def fetcher(scripted: Scripted) -> Iterator[Fetcher]:
    made = Fetcher(lambda: scripted)
    yield made
    scripted.go_on.set()
    made.close()
    assert not scripted.asked or scripted.closed.wait(10.0)


def taken(fetcher: Fetcher) -> Fetched:
    until_s = time.monotonic() + 20.0
    while (found := fetcher.take()) is None:
        assert time.monotonic() < until_s
        time.sleep(0.002)
    return found


def test_the_newest_wish_replaces_those_that_were_scrubbed_past(fetcher: Fetcher, scripted: Scripted) -> None:
    scripted.go_on.clear()
    fetcher.ask((1.0, 1.0))
    while not scripted.asked:
        time.sleep(0.002)
    for second in (2.0, 3.0, 4.0):
        fetcher.ask((second, second))
    scripted.go_on.set()
    while (found := taken(fetcher)).row_s != 4.0:
        pass
    assert scripted.asked == [1.0, 4.0]
    assert found.pixels is not None
    assert found.pixels[0, 0, 0] == 4
    assert fetcher.take() is None


def test_a_problem_is_told_and_the_next_picture_is_tried(fetcher: Fetcher, scripted: Scripted) -> None:
    scripted.error = AffectError("The film is damaged.", advice="Copy it again.")
    fetcher.ask((1.0, 1.0))
    problem = taken(fetcher).problem
    assert problem is not None
    assert problem.message == "The film is damaged."
    scripted.error = None
    fetcher.ask((2.0, 2.0))
    assert taken(fetcher).pixels is not None


@pytest.mark.expected_log
def test_what_nobody_expected_is_logged_and_told(fetcher: Fetcher, scripted: Scripted) -> None:
    scripted.error = ZeroDivisionError("oops")
    fetcher.ask((1.0, 1.0))
    problem = taken(fetcher).problem
    assert problem is not None
    assert "ZeroDivisionError: oops" in problem.detail


def opened(folder: Path) -> Pictures:
    source = pictures_of(read_session(folder))
    assert source.open is not None, source.words
    return source.open()


def test_the_film_of_the_session_is_shown_by_the_times_of_the_rows(tmp_path: Path) -> None:
    folder = record(tmp_path, seconds=1.0)
    write_film(folder, [0.0, 0.1, 0.2, 0.3])
    film = opened(folder)
    assert [number_of(film.at(t_s, np.nan)) for t_s in (0.0, 0.25, 0.1, 5.0)] == [0, 2, 1, None]
    film.close()


def test_on_a_film_of_the_face_alone_no_box_is_drawn(tmp_path: Path) -> None:
    folder = record(tmp_path, seconds=1.0)
    write_film(folder, [0.0, 0.1])
    session = read_session(folder)
    assert pictures_of(session).whole
    session.header["consent"]["film"] = "face"
    assert not pictures_of(session).whole


@NEEDS_FFMPEG
def test_an_analysed_film_is_shown_from_where_it_was_and_missed_where_it_is_not(tmp_path: Path) -> None:
    film = pattern(tmp_path / "film.mp4", fps=10)
    source = replace(INFO, kind=SourceKind.VIDEO, stable_id=str(film), live=False)
    folder = record(tmp_path / "sessions", seconds=1.0, source=source)
    pictures = opened(folder)
    pixels = pictures.at(0.0, 0.5)
    assert pixels is not None
    assert pixels.ndim == 3
    pictures.close()
    film.unlink()
    missing = pictures_of(read_session(folder))
    assert missing.open is None
    assert str(film) in missing.words
    assert "Put it back" in missing.words


def photographs(folder: Path, session: Path) -> None:
    """Three, of which the first cannot be read, and the list of them as an analysis writes it; the second is large."""
    folder.mkdir()
    taken = [PictureTaken(0, folder / "broken.png", problem="damaged")]
    for seq, (name, width) in enumerate((("b.png", 2400), ("c.png", 40)), 1):
        pixels = np.full((width // 2, width, 3), seq * 60, np.uint8)
        (folder / name).write_bytes(cv2.imencode(".png", pixels)[1].tobytes())
        taken.append(PictureTaken(seq, folder / name, width, width // 2))
    write_pictures(session / PICTURES_FILE, taken)


def test_photographs_are_shown_row_by_row_from_where_they_were(
    review: OpenReview, root: Path, tmp_path: Path, qtbot: QtBot
) -> None:
    folder = tmp_path / "album"
    source = replace(INFO, kind=SourceKind.PICTURES, stable_id=str(folder), live=False, width_px=0, height_px=0)
    session = record_rows(root, source, (1, 2))
    missing = pictures_of(read_session(session))
    assert missing.open is None
    assert "no longer where they were analysed" in missing.words
    folder.mkdir()
    unlisted = pictures_of(read_session(session))
    assert unlisted.open is None
    assert PICTURES_FILE in unlisted.words
    folder.rmdir()
    photographs(folder, session)
    window = shown(review, session, qtbot)
    pane = window.player.picture
    qtbot.waitUntil(lambda: pane.pixels is not None)
    assert pane.pixels is not None
    assert (int(pane.pixels[0, 0, 0]), pane.pixels.shape, pane._analysed_px) == (60, (800, 1600, 3), (2400, 1200))
    window.player.step(1)
    qtbot.waitUntil(lambda: pane.pixels is not None and int(pane.pixels[0, 0, 0]) == 120)
    assert pane._analysed_px == (40, 20)
    (folder / "b.png").unlink()
    window.player.step(-1)
    qtbot.waitUntil(lambda: "“b.png” cannot be read" in pane.words.text())


def record_rows(root: Path, source: SourceInfo, numbers: Sequence[int]) -> Path:
    """A row for each photograph, half a second apart."""
    folder = root / "album"
    folder.mkdir(parents=True)
    journal = Journal(
        folder, SessionPlan(root), RunStart(clock_pair(), source, None, "test"), clock_pair(), QuickDisk()
    )
    for number in numbers:
        journal.sample(replace(sample(number / 2), seq=number))
    journal.finish("stopped", clock_pair())
    journal.close()
    return folder


def test_a_session_without_a_film_says_so(tmp_path: Path) -> None:
    source = pictures_of(read_session(record(tmp_path, seconds=1.0)))
    assert (source.open, source.words) == (None, "No film was kept of this session: only numbers were recorded.")


def test_the_player_shows_the_picture_at_the_cursor(review: OpenReview, root: Path, qtbot: QtBot) -> None:
    folder = record(root, seconds=2.0)
    write_film(folder, [0.0, 0.5, 1.0, 1.5])
    window = shown(review, folder, qtbot)
    pane = window.player.picture
    qtbot.waitUntil(lambda: number_of(pane.pixels) == 0)
    window.player.seek(1.2)
    qtbot.waitUntil(lambda: number_of(pane.pixels) == 2)
    assert not pane.words.isVisible()


def test_before_the_first_moment_that_was_looked_at_there_is_no_picture(
    scripted: Scripted, qtbot: QtBot, root: Path
) -> None:
    """And none of another moment that comes late."""
    pane = PicturePane(DARK)
    qtbot.addWidget(pane)

    def seen() -> bool:
        return pane.pixels is not None

    film = SessionFilm(pane)
    session = read_session(record(root, seconds=1.0))
    film.open(Recording(session, curves(session, ())), PictureSource("a film", lambda: scripted))
    film.ask(None)
    assert pane.words.text() == "There is no picture here."
    film.ask(sample(3.0))
    fetcher = film._fetcher
    assert fetcher is not None
    qtbot.waitUntil(lambda: fetcher._found is not None)
    film.take()
    assert seen()
    scripted.go_on.clear()
    film.ask(sample(4.0))
    qtbot.waitUntil(lambda: scripted.asked[-1] == 4.0)
    film.ask(None)
    scripted.go_on.set()
    qtbot.waitUntil(lambda: fetcher._found is not None)
    film.take()
    assert not seen()
    film.close()
    assert scripted.closed.wait(10.0)
