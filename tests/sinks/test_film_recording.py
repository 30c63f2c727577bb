"""Whatever happens to the film, every frame is in it or in the list, with the reason; and what is on the disk plays."""

from __future__ import annotations

import errno
import os
import shutil
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path

import pytest

from desktop_affect.core.types import Fault, Frame, RgbImage, Seen, Severity
from desktop_affect.session.film_reader import FilmReader, film_parts
from desktop_affect.session.format import FILM_FILE
from desktop_affect.session.header import FILM_MEMBERS
from desktop_affect.session.matroska import Packet, Track
from desktop_affect.session.matroska_index import read_index
from desktop_affect.session.plan import FilmConsent
from desktop_affect.sinks.film_encoder import FilmEncoder, JpegEncoder
from desktop_affect.sinks.film_inbox import FilmInbox, Shot
from desktop_affect.sinks.film_recording import MOST_FAILURES, FilmRecording
from desktop_affect.sinks.film_words import FilmOutside, FilmState
from desktop_affect.sources.film import Film
from tests.fakes import FakeClock
from tests.session.films import number_of, numbered
from tests.session.recorded import record
from tests.session.samples import bare_sample, full_sample
from tests.sinks.disks import TroubledDisk, no_space

ORIGIN_S = 100.0


class Balky(JpegEncoder):
    """Raises at the pictures of these numbers."""

    name = "balky"
    refuses: tuple[int, ...] = ()

    def __init__(self, width_px: int, height_px: int, folder: Path) -> None:
        super().__init__(width_px, height_px, folder)
        self._count = 0

    def encode(self, picture: RgbImage, ticks: int) -> list[Packet]:
        self._count += 1
        if self._count in self.refuses:
            raise RuntimeError("the driver went away")
        return super().encode(picture, ticks)


class Sluggish(JpegEncoder):
    """Gives its packets only at the end of a group, and loses the last one of each."""

    name = "sluggish"

    def __init__(self, width_px: int, height_px: int, folder: Path) -> None:
        super().__init__(width_px, height_px, folder)
        self._kept: list[Packet] = []

    def encode(self, picture: RgbImage, ticks: int) -> list[Packet]:
        self._kept += super().encode(picture, ticks)
        return []

    def end_group(self) -> list[Packet]:
        kept, self._kept = self._kept, []
        return kept[:-1]

    def track(self) -> Track:
        return replace(super().track(), codec="V_MJPEG", private=b"sluggish")


class QuickTroubles(TroubledDisk):
    """Without waiting for the real disk."""

    def sync(self, handle: int) -> None:
        self._check("sync")


def broken(width_px: int, height_px: int, folder: Path) -> FilmEncoder:
    raise OSError("no such encoder")


@dataclass
class Bench:
    """A film on a troubled disk, walked through by hand at 30 fps."""

    root: Path
    mode: FilmConsent = FilmConsent.WHOLE
    encoders: tuple[Callable[[int, int, Path], FilmEncoder], ...] = (JpegEncoder,)
    room_bytes: int = 10**8
    origin_s: float | None = ORIGIN_S
    disk: TroubledDisk = field(default_factory=QuickTroubles)
    clock: FakeClock = field(default_factory=FakeClock)
    faults: list[Fault] = field(default_factory=list)
    next_seq: int = 0

    def __post_init__(self) -> None:
        self.folder = record(self.root / "s", [bare_sample()])
        self.inbox = FilmInbox(waits=False, room_bytes=self.room_bytes)
        outside = FilmOutside(self.disk, self.clock, self.faults.append, self.encoders)
        self.film = FilmRecording(self.mode, self.inbox, outside)
        self.film.begin(self.folder, lambda: self.origin_s)

    def shots(self, count: int, pictures: bool = True, seen: Seen = Seen.FACE) -> None:
        for _ in range(count):
            seq, self.next_seq = self.next_seq, self.next_seq + 1
            t_s = ORIGIN_S + seq / 30
            frame = Frame(seq, t_s, numbered(seq % 25)) if pictures else None
            sample = bare_sample(seq, t_s, seen) if seen is not Seen.FACE else full_sample(seq, t_s)
            self.inbox.put(Shot(sample, frame))

    def seconds(self, count: float, pictures: bool = True) -> None:
        for _ in range(round(count * 10)):
            self.shots(3, pictures)
            self.clock.advance(0.1)
            self.film.step()

    def finish(self) -> dict[str, object]:
        self.inbox.close()
        assert self.film.finish()
        assert self.film.state is FilmState.CLOSED
        facts = self.film.facts()
        assert set(facts) == set(FILM_MEMBERS)
        return facts

    def check(self) -> Counter[str]:
        """Every frame is in the film or in the list, once, in its place; returns the reasons."""
        with FilmReader.open(self.folder) or pytest.fail("no film") as film:
            shown = [round(t_s * 30) for t_s in film.times()]
            listed = [frame.seq for frame in film.dropped]
            assert all(frame.t_s == pytest.approx(frame.seq / 30, abs=1e-6) for frame in film.dropped)
            assert sorted(shown + listed) == list(range(self.next_seq))
            assert (len(shown), len(listed)) == (self.film.frames, self.film.dropped)
            for seq in shown[:: max(1, len(shown) // 20)]:
                assert number_of(film.frame_at(seq / 30)) == seq % 25
            return Counter(frame.reason for frame in film.dropped)

    def said(self) -> list[Severity]:
        return [fault.severity for fault in self.faults]


@pytest.fixture
def bench(tmp_path: Path) -> Bench:
    return Bench(tmp_path)


def test_a_film_with_every_frame_at_its_time(bench: Bench) -> None:
    bench.seconds(3)
    facts = bench.finish()
    assert bench.check() == Counter()
    assert bench.faults == []
    assert (facts["frames"], facts["dropped"], facts["codecs"], facts["files"]) == (90, 0, ["V_MJPEG"], [FILM_FILE])
    assert (facts["first_s"], facts["last_s"], facts["stopped"]) == (0.0, pytest.approx(89 / 30, abs=1e-4), None)
    assert facts["size_bytes"] == (bench.folder / FILM_FILE).stat().st_size
    film, shown = Film(bench.folder / FILM_FILE), 0  # FFmpeg agrees
    while (frame := film.next()) is not None:
        assert frame.time_s == pytest.approx(shown / 30, abs=1e-4)
        shown += 1
    film.close()
    assert shown == 90


def test_it_reaches_the_operating_system_every_second(bench: Bench) -> None:
    bench.seconds(5)
    with FilmReader.open(bench.folder) or pytest.fail("no film") as film:  # as a kill would leave it
        assert film.times()[-1] > 4.0
    bench.finish()


def test_frames_wait_until_the_sessions_zero_is_known(tmp_path: Path) -> None:
    bench = Bench(tmp_path, origin_s=None)
    bench.seconds(1)
    assert film_parts(bench.folder) == []
    bench.origin_s = ORIGIN_S
    bench.finish()
    assert bench.check() == Counter()


def test_a_group_ends_when_no_frame_comes(bench: Bench) -> None:
    bench.shots(5)
    bench.film.step()
    bench.clock.advance(2.0)
    bench.film.step()
    assert bench.film.frames == 5
    bench.finish()


def test_a_queue_without_room_drops_and_lists(tmp_path: Path) -> None:
    bench = Bench(tmp_path, room_bytes=10 * numbered(0).nbytes)
    bench.shots(35)
    bench.film.step()
    bench.seconds(1)
    bench.finish()
    assert bench.check() == Counter(queue=25)
    assert bench.said() == [Severity.NOTICE]
    assert "lacks 25 of 65" in bench.faults[0].message


def test_skipped_frames_are_shown_where_their_picture_is_there(bench: Bench) -> None:
    bench.shots(5)
    bench.shots(3, pictures=True, seen=Seen.SKIPPED)
    bench.shots(2, pictures=False, seen=Seen.SKIPPED)
    bench.finish()
    assert bench.check() == Counter(skipped=2)


def test_the_face_of_a_skipped_frame_is_nowhere(tmp_path: Path) -> None:
    bench = Bench(tmp_path, FilmConsent.FACE)
    bench.shots(5)
    bench.shots(3, seen=Seen.SKIPPED)
    bench.inbox.close()
    bench.film.finish()
    with FilmReader.open(bench.folder) or pytest.fail("no film") as film:
        assert len(film.times()) == 5
        assert [(frame.seq, frame.reason) for frame in film.dropped] == [(n, "skipped") for n in (5, 6, 7)]


def test_a_time_that_does_not_grow_is_listed(bench: Bench) -> None:
    bench.shots(3)
    for t_s in (ORIGIN_S + 0.01, ORIGIN_S - 5):
        bench.inbox.put(Shot(bare_sample(90, t_s), Frame(90, t_s, numbered(1))))
    bench.finish()
    with FilmReader.open(bench.folder) or pytest.fail("no film") as film:
        assert [frame.reason for frame in film.dropped] == ["time", "time"]
        assert len(film.times()) == 3


def test_an_encoder_that_cannot_be_opened_is_replaced(tmp_path: Path) -> None:
    bench = Bench(tmp_path, encoders=(broken, JpegEncoder))
    bench.seconds(2)
    facts = bench.finish()
    assert bench.check() == Counter()
    assert facts["encoders"] == [JpegEncoder.name]
    assert bench.said() == [Severity.NOTICE]
    assert "no such encoder" in bench.faults[0].detail


def test_an_encoder_that_raises_later_is_replaced_in_a_new_part(tmp_path: Path) -> None:
    class LateBalky(Balky):
        refuses = (40,)

        def track(self) -> Track:
            return replace(super().track(), private=b"another")

    bench = Bench(tmp_path, encoders=(LateBalky, JpegEncoder))
    bench.seconds(4)
    facts = bench.finish()
    assert bench.check() == Counter(encoder=1)
    assert facts["files"] == [FILM_FILE, "film_2.mkv"]
    for path in film_parts(bench.folder):
        with path.open("rb") as file:
            index = read_index(file)
        assert index is not None
        assert index.stated


def test_the_last_encoder_is_tried_again(tmp_path: Path) -> None:
    class Sometimes(Balky):
        refuses = (20,)

    bench = Bench(tmp_path, encoders=(Sometimes,))
    bench.seconds(3)
    bench.finish()
    assert bench.check() == Counter(encoder=90 // 20)
    assert film_parts(bench.folder) == [bench.folder / FILM_FILE]


def test_an_encoder_that_never_works_stops_the_film_and_says_so(tmp_path: Path) -> None:
    bench = Bench(tmp_path, encoders=(broken,))
    bench.seconds(2)
    facts = bench.finish()
    assert facts["stopped"] == "encoder"
    assert (facts["frames"], facts["codecs"], facts["width_px"]) == (0, [], None)
    assert bench.check() == Counter(encoder=MOST_FAILURES, stopped=60 - MOST_FAILURES)
    assert bench.said() == [Severity.WARNING, Severity.ERROR, Severity.NOTICE]


def test_pictures_that_an_encoder_swallows_are_listed(tmp_path: Path) -> None:
    bench = Bench(tmp_path, encoders=(Sluggish,))
    bench.seconds(2.4)
    bench.finish()
    assert bench.check() == Counter(encoder=3)


def test_a_full_disk_costs_pictures_only_and_is_told_once(bench: Bench) -> None:
    bench.seconds(2)
    bench.disk.room = 3000  # the next group stops half-way
    bench.seconds(4)
    assert bench.film.state is FilmState.WAITING
    assert bench.said() == [Severity.WARNING]
    bench.disk.room = None
    bench.seconds(3)
    bench.finish()
    reasons = bench.check()
    assert set(reasons) == {"disk"}
    assert 60 <= reasons["disk"] <= 150
    assert bench.said() == [Severity.WARNING, Severity.NOTICE, Severity.NOTICE]


def test_a_disk_that_is_full_from_the_start_lists_everything_later(bench: Bench) -> None:
    bench.disk.failing["open_append"] = no_space()
    bench.seconds(2)
    assert bench.film.state is FilmState.WAITING
    del bench.disk.failing["open_append"]
    bench.seconds(2)
    bench.finish()
    assert set(bench.check()) == {"disk"}


def test_a_removed_folder_comes_back_with_the_whole_film(bench: Bench) -> None:
    bench.seconds(2)
    shutil.rmtree(bench.folder)
    bench.seconds(1)  # the recorder has not made it anew yet
    bench.folder.mkdir()
    bench.seconds(2)
    record_again(bench)
    bench.finish()
    assert bench.check() == Counter()


def record_again(bench: Bench) -> None:
    shutil.copytree(record(bench.root / "other", [bare_sample()]), bench.folder, dirs_exist_ok=True)


def test_a_folder_removed_at_the_last_moment_is_there_at_the_end(bench: Bench) -> None:
    bench.seconds(2)
    shutil.rmtree(bench.folder)
    bench.finish()
    record_again(bench)
    assert bench.check() == Counter()


def test_a_withdrawn_permission_is_waited_out(bench: Bench) -> None:
    bench.seconds(2)
    bench.disk.failing = {name: PermissionError(errno.EACCES, "denied") for name in ("write", "open_append", "sync")}
    bench.seconds(2)
    bench.disk.failing.clear()
    bench.seconds(3)
    bench.finish()
    assert set(bench.check()) == {"disk"}


def test_a_film_that_is_stopped_lists_the_rest(bench: Bench) -> None:
    bench.seconds(2)
    bench.film.stop("disk_low")
    bench.seconds(1)
    assert bench.film.state is FilmState.STOPPED
    with (bench.folder / FILM_FILE).open("rb") as file:
        index = read_index(file)
    assert index is not None
    assert index.stated
    assert bench.finish()["stopped"] == "disk_low"
    assert set(bench.check()) == {"stopped"}


def test_it_stops_also_while_pictures_come_faster_than_they_are_stored(tmp_path: Path) -> None:
    class Wished(JpegEncoder):
        """While the seventh of many waiting pictures is stored, somebody wishes the film to stop."""

        def encode(self, picture: RgbImage, ticks: int) -> list[Packet]:
            stored.append(ticks)
            if len(stored) == 7:
                bench.film.stop("disk_low")
            return super().encode(picture, ticks)

    stored: list[int] = []
    bench = Bench(tmp_path, encoders=(Wished,))
    bench.shots(30)
    bench.film.step()
    assert len(stored) == 7
    assert bench.finish()["stopped"] == "disk_low"
    assert bench.check() == Counter(stopped=23)


def test_a_disk_that_never_comes_back_leaves_a_film_that_plays(bench: Bench) -> None:
    bench.seconds(3)
    bench.disk.failing = {"write": no_space(), "open_append": no_space()}
    bench.seconds(1)
    bench.inbox.close()
    assert not bench.film.finish()
    bench.film.give_up()
    assert bench.film.state is FilmState.CLOSED
    assert "recover" in bench.faults[-1].advice
    with FilmReader.open(bench.folder) or pytest.fail("no film") as film:
        assert film.times()[-1] > 1.9


def test_a_film_file_that_lost_what_was_written_is_not_written_on(bench: Bench) -> None:
    bench.seconds(2)
    os.truncate(bench.folder / FILM_FILE, 900)
    bench.disk.failing["write"] = OSError(errno.EIO, "input/output error")
    bench.seconds(1)
    del bench.disk.failing["write"]
    bench.seconds(2)
    assert bench.film.state is FilmState.WAITING
    bench.inbox.close()
    assert not bench.film.finish()
    bench.film.give_up()
