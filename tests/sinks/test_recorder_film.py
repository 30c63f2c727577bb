"""A recorder that films: its own thread, its own files; whatever happens to the film, the rows are all there."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from desktop_affect.core.types import Fault, Frame, Severity
from desktop_affect.session.film_reader import FilmReader
from desktop_affect.session.format import DROPPED_FILE, FILM_FILE
from desktop_affect.session.plan import Consent, FilmConsent, SessionPlan
from desktop_affect.session.reader import Session, read_session
from desktop_affect.sinks.film_encoder import FilmEncoder, JpegEncoder, MakeEncoder
from desktop_affect.sinks.film_recording import FilmRecording
from desktop_affect.sinks.film_words import FilmState
from desktop_affect.sinks.recorder import Recorder
from desktop_affect.sinks.recording import RecorderState
from tests.fakes import FakeClock, clock_pair
from tests.session.films import number_of, numbered
from tests.session.samples import full_sample, start
from tests.sinks.disks import TroubledDisk, no_space


class FilmTroubles(TroubledDisk):
    """A disk that has trouble with the film alone: `film_moving` holds its writes up, `film_full` refuses them."""

    def __init__(self) -> None:
        super().__init__()
        self.film_moving = threading.Event()
        self.film_moving.set()
        self.film_held = threading.Event()
        self.film_full = False
        self._films: set[int] = set()

    def open_append(self, path: Path) -> int:
        handle = super().open_append(path)
        if path.name in (FILM_FILE, DROPPED_FILE):
            self._films.add(handle)
        else:
            self._films.discard(handle)
        return handle

    def write(self, handle: int, data: bytes) -> int:
        if handle in self._films:
            if not self.film_moving.is_set():
                self.film_held.set()
                self.film_moving.wait()
            if self.film_full:
                raise no_space()
        return super().write(handle, data)


@dataclass
class Setup:
    root: Path
    mode: FilmConsent = FilmConsent.WHOLE
    disk: FilmTroubles = field(default_factory=FilmTroubles)
    faults: list[Fault] = field(default_factory=list)

    def recorder(self, encoders: tuple[MakeEncoder, ...] = (JpegEncoder,), live: bool = True) -> Recorder:
        plan = SessionPlan(self.root, "Calm", "P07", consent=Consent(self.mode, "form 3"))
        recorder = Recorder(
            plan,
            clock=FakeClock(),
            report=self.faults.append,
            ops=self.disk,
            read_clocks=clock_pair,
            film_encoders=encoders,
        )
        recorder.open(start(live))
        return recorder

    def said(self, where: str) -> list[Severity]:
        return [fault.severity for fault in self.faults if fault.where == where]


@pytest.fixture
def setup(tmp_path: Path) -> Iterator[Setup]:
    made = Setup(tmp_path)
    yield made
    made.disk.film_moving.set()


def feed(recorder: Recorder, begin: int, count: int, size_px: tuple[int, int] = (64, 48)) -> None:
    for seq in range(begin, begin + count):
        t_s = 100 + seq / 30
        recorder.on_sample(full_sample(seq, t_s), Frame(seq, t_s, numbered(seq % 25, size_px)))


def finished(recorder: Recorder) -> tuple[Session, dict[str, Any]]:
    recorder.close()
    assert recorder.state is RecorderState.CLOSED
    assert recorder.folder is not None
    session = read_session(recorder.folder)
    film = session.header["film"]
    assert isinstance(film, dict)
    return session, film


def test_a_session_with_a_film(setup: Setup) -> None:
    recorder = setup.recorder()
    feed(recorder, 0, 60)
    assert recorder.film is not None
    session, film = finished(recorder)
    assert (film["mode"], film["frames"], film["dropped"], film["stopped"]) == ("whole", 60, 0, None)
    assert session.header["consent"] == {"film": "whole", "note": "form 3"}
    assert setup.faults == []
    assert recorder.film.state is FilmState.CLOSED
    with FilmReader.open(session.path) or pytest.fail("no film") as shown:
        for row in range(0, 60, 7):
            assert number_of(shown.frame_at(session["t_s"][row])) == row % 25


def test_before_its_first_picture_the_header_says_what_will_be_kept(setup: Setup) -> None:
    recorder = setup.recorder()
    assert recorder.wait_open(10)
    assert recorder.folder is not None
    film = json.loads((recorder.folder / "session.json").read_text(encoding="utf-8"))["film"]
    assert (film["mode"], film["container"], film["frames"]) == ("whole", "matroska", None)
    recorder.close()


def test_without_consent_there_is_no_film(setup: Setup) -> None:
    setup.mode = FilmConsent.NONE
    recorder = setup.recorder()
    feed(recorder, 0, 10)
    recorder.close()
    assert recorder.film is None
    assert recorder.folder is not None
    assert read_session(recorder.folder).header["film"] is None
    assert sorted(path.name for path in recorder.folder.glob("film*")) == []


def test_a_film_on_a_disk_that_stands_still_slows_nobody_and_is_not_silent(setup: Setup) -> None:
    recorder = setup.recorder()
    assert recorder.wait_open(10)
    setup.disk.film_moving.clear()
    feed(recorder, 0, 5)
    assert setup.disk.film_held.wait(10)
    feed(recorder, 5, 100, (1280, 720))  # 276 MB, more than the queue holds
    assert setup.said("film") == [Severity.WARNING], "told at once, by the thread that could not hand over"
    setup.disk.film_moving.set()
    session, film = finished(recorder)
    assert session.rows == 105
    assert film["dropped"] > 50
    assert film["frames"] + film["dropped"] == 105
    assert setup.said("film") == [Severity.WARNING, Severity.NOTICE]
    assert [event["where"] for event in session.events if event["event"] == "fault"] == ["film", "film"]


def test_a_disk_that_takes_long_to_settle_holds_no_picture_up(setup: Setup) -> None:
    recorder = setup.recorder()
    assert recorder.wait_open(10)
    setup.disk.syncing.clear()
    try:
        feed(recorder, 0, 90)
        assert setup.disk.sync_held.wait(10)
        feed(recorder, 90, 90)
        until_s = time.monotonic() + 20
        while recorder.film is not None and recorder.film.frames < 150 and time.monotonic() < until_s:
            time.sleep(0.02)
        assert recorder.folder is not None
        with FilmReader.open(recorder.folder) or pytest.fail("no film") as film:
            assert len(film.times()) >= 150, "all but the last group survive the death of this process"
    finally:
        setup.disk.syncing.set()
    _, facts = finished(recorder)
    assert (facts["frames"], facts["dropped"]) == (180, 0)


def test_a_film_on_a_full_disk_costs_no_row(setup: Setup) -> None:
    recorder = setup.recorder()
    setup.disk.film_full = True
    feed(recorder, 0, 90)
    session, film = finished(recorder)
    assert session.rows == 90
    assert (film["frames"], film["dropped"]) == (0, 90)
    assert Severity.WARNING in setup.said("film")
    assert setup.said("recorder") == []


def test_encoders_that_raise_cost_no_row(setup: Setup) -> None:
    def broken(width_px: int, height_px: int, folder: Path) -> FilmEncoder:
        raise RuntimeError("no driver")

    recorder = setup.recorder((broken,))
    feed(recorder, 0, 30)
    session, film = finished(recorder)
    assert session.rows == 30
    assert (film["stopped"], film["frames"], film["dropped"]) == ("encoder", 0, 30)
    assert setup.said("film") == [Severity.WARNING, Severity.ERROR, Severity.NOTICE]


@pytest.mark.expected_log
def test_an_error_of_our_own_ends_the_film_alone(setup: Setup, monkeypatch: pytest.MonkeyPatch) -> None:
    really = FilmRecording.step

    def broken(film: FilmRecording) -> None:
        really(film)
        if film.frames > 0:
            raise RuntimeError("nobody thought of this")

    monkeypatch.setattr(FilmRecording, "step", broken)
    recorder = setup.recorder()
    feed(recorder, 0, 60)
    session, film = finished(recorder)
    assert session.rows == 60
    assert film["stopped"] == "error"
    assert setup.said("film") == [Severity.ERROR]
    with FilmReader.open(session.path) or pytest.fail("no film") as shown:
        assert len(shown.times()) == film["frames"] > 0


def test_offline_nothing_is_dropped_however_slow_the_film_is(setup: Setup) -> None:
    recorder = setup.recorder(live=False)
    feed(recorder, 0, 150, (1280, 720))  # 415 MB through a queue of 128
    session, film = finished(recorder)
    assert (session.rows, film["frames"], film["dropped"]) == (150, 150, 0)
    assert setup.faults == []


def test_where_room_is_short_the_film_goes_first(setup: Setup) -> None:
    setup.disk.free = 900_000_000
    recorder = setup.recorder()
    feed(recorder, 0, 30)
    session, film = finished(recorder)
    assert session.rows == 30
    assert (film["stopped"], film["frames"], film["dropped"]) == ("disk_low", 0, 30)
    (told,) = (fault for fault in setup.faults if fault.where == "recorder")
    assert told.severity is Severity.WARNING
    assert "900 MB" in told.message
    assert "numbers" in told.message


def test_a_session_that_cannot_begin_has_no_film_either(setup: Setup) -> None:
    setup.disk.failing["make_folder"] = PermissionError(13, "denied")
    recorder = setup.recorder()
    feed(recorder, 0, 5)
    recorder.close()
    assert recorder.state is RecorderState.FAILED
    assert setup.said("film") == []
