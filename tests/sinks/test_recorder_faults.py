"""Whatever the disk does, what was recorded stays valid and nothing is lost silently. No thread: step by step."""

from __future__ import annotations

import errno
import json
import os
import shutil
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from desktop_affect.core.types import Fault, Marker, Severity
from desktop_affect.session.format import ALERTS_FILE, EVENTS_FILE, HEADER_FILE, MARKERS_FILE, SAMPLES_FILE
from desktop_affect.session.plan import SessionPlan
from desktop_affect.sinks.inbox import Inbox
from desktop_affect.sinks.recording import GUARD_STEPS, RETRY_STEPS, SYNC_STEPS, Outside, RecorderState, Recording
from tests.fakes import FakeClock, clock_pair
from tests.session.samples import full_sample, start
from tests.sinks.disks import TroubledDisk, no_space


@dataclass
class Bench:
    """A recording on a troubled disk, walked through by hand."""

    root: Path
    disk: TroubledDisk = field(default_factory=TroubledDisk)
    clock: FakeClock = field(default_factory=FakeClock)
    faults: list[Fault] = field(default_factory=list)
    room_rows: int = 3600
    next_seq: int = 0

    def __post_init__(self) -> None:
        self.inbox = Inbox(waits=False, room_rows=self.room_rows)
        outside = Outside(self.disk, self.clock, clock_pair, self.faults.append)
        self.recording = Recording(SessionPlan(self.root), start(), self.inbox, outside)

    @property
    def folder(self) -> Path:
        assert self.recording.folder is not None
        return self.recording.folder

    def is_waiting(self) -> bool:
        return self.recording.state is RecorderState.WAITING

    def rows(self, count: int) -> None:
        for _ in range(count):
            self.inbox.put(full_sample(self.next_seq, 100 + self.next_seq / 30, seed=self.next_seq))
            self.next_seq += 1

    def steps(self, count: int = SYNC_STEPS) -> None:
        for _ in range(count):
            self.recording.step()

    def seqs(self) -> list[int]:
        lines = (self.folder / SAMPLES_FILE).read_text(encoding="utf-8").splitlines(keepends=True)
        assert all(line.endswith("\n") for line in lines)
        assert len({line.count(",") for line in lines[1:]}) <= 1
        return [int(line.partition(",")[0]) for line in lines[1:]]

    def header(self) -> dict[str, object]:
        document = json.loads((self.folder / HEADER_FILE).read_text(encoding="utf-8"))
        assert isinstance(document, dict)
        return document

    def log(self) -> list[dict[str, object]]:
        """What happened after the first row."""
        lines = (self.folder / EVENTS_FILE).read_text(encoding="utf-8").splitlines()
        began, *events = [json.loads(line) for line in lines]
        assert began["event"] == "began"
        return events

    def events(self) -> list[str]:
        return [str(event["event"]) for event in self.log()]

    def said(self) -> list[tuple[Severity, str]]:
        return [(fault.severity, fault.message) for fault in self.faults]

    def finish(self) -> dict[str, object]:
        assert self.recording.finish()
        assert self.recording.state is RecorderState.CLOSED
        end = self.header()["end"]
        assert isinstance(end, dict)
        return end


@pytest.fixture
def bench(tmp_path: Path) -> Bench:
    bench = Bench(tmp_path)
    assert bench.recording.begin()
    return bench


def test_a_disk_that_fills_up_and_is_emptied_costs_nothing(bench: Bench) -> None:
    bench.rows(10)
    bench.steps()
    bench.disk.room = 700  # the next write stops in the middle of a row
    bench.rows(10)
    bench.steps(RETRY_STEPS)
    assert bench.is_waiting()
    assert bench.faults[-1].severity is Severity.WARNING
    assert "no space left" in bench.faults[-1].message
    bench.rows(10)
    bench.steps(2 * RETRY_STEPS)
    assert len(bench.faults) == 1, "one fault an episode"
    bench.disk.room = None
    bench.steps(RETRY_STEPS)
    assert not bench.is_waiting()
    assert bench.seqs() == list(range(30))
    end = bench.finish()
    assert (end["rows"], end["lost_rows"]) == (30, 0)
    assert "resumed" in bench.events()


def test_what_stands_on_a_full_disk_is_valid_up_to_its_last_whole_row(bench: Bench) -> None:
    bench.disk.room = 5000
    bench.rows(30)
    bench.steps()
    data = (bench.folder / SAMPLES_FILE).read_bytes()
    whole = data[: data.rfind(b"\n") + 1].decode()
    assert [int(line.partition(",")[0]) for line in whole.splitlines()[1:]] == list(range(whole.count("\n") - 1))
    assert whole.count("\n") > 1
    assert json.loads((bench.folder / HEADER_FILE).read_text())["state"] == "recording"
    bench.recording.give_up()


def test_a_removed_folder_comes_back_with_everything(bench: Bench) -> None:
    bench.inbox.put_event(Marker(100.0, "stimulus"))
    bench.rows(20)
    bench.steps()
    shutil.rmtree(bench.folder)
    bench.rows(20)
    bench.steps()
    assert bench.seqs() == list(range(40))
    assert "stimulus" in (bench.folder / MARKERS_FILE).read_text()
    assert "removed or moved" in bench.faults[-1].message
    bench.rows(5)
    end = bench.finish()
    assert (end["rows"], end["markers"]) == (45, 1)
    assert bench.seqs() == list(range(45))
    assert bench.events() == ["folder_restored", "fault"]


def test_a_moved_folder_is_made_anew_and_the_moved_one_is_left_alone(bench: Bench) -> None:
    bench.rows(20)
    bench.steps()
    moved = bench.folder.with_name("moved")
    bench.folder.rename(moved)
    bench.rows(20)
    bench.finish()
    assert bench.seqs() == list(range(40))
    assert (moved / SAMPLES_FILE).exists()


def test_one_removed_file_comes_back_and_the_others_stay(bench: Bench) -> None:
    bench.rows(20)
    bench.steps()
    (bench.folder / ALERTS_FILE).unlink()
    bench.rows(1)
    bench.steps()
    assert (bench.folder / ALERTS_FILE).read_text().startswith("number,")
    assert bench.seqs() == list(range(21))
    bench.finish()


def test_a_folder_removed_at_the_last_moment_is_there_at_the_end(bench: Bench) -> None:
    bench.rows(20)
    bench.steps()
    shutil.rmtree(bench.folder)
    assert bench.finish()["rows"] == 20
    assert bench.seqs() == list(range(20))


def test_a_withdrawn_permission_is_waited_out(bench: Bench) -> None:
    bench.rows(5)
    bench.steps()
    bench.disk.failing = {name: PermissionError(errno.EACCES, "denied") for name in ("write", "open_append", "replace")}
    bench.rows(5)
    bench.steps(RETRY_STEPS)
    assert bench.recording.state is RecorderState.WAITING
    bench.disk.failing.clear()
    bench.steps(RETRY_STEPS)
    assert bench.seqs() == list(range(10))
    assert bench.finish()["rows"] == 10


def test_handles_that_died_with_their_drive_are_opened_again(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    bench.rows(5)
    bench.steps()
    dead = set(range(0, 256)) - {0, 1, 2}
    really = TroubledDisk.write

    def write(disk: TroubledDisk, handle: int, data: bytes) -> int:
        if handle in dead:
            raise OSError(errno.EIO, "input/output error")
        return really(disk, handle, data)

    monkeypatch.setattr(TroubledDisk, "write", write)
    bench.rows(5)
    bench.steps(1)
    assert bench.recording.state is RecorderState.WAITING
    opened = TroubledDisk.open_append

    def open_append(disk: TroubledDisk, path: Path) -> int:
        handle = opened(disk, path)
        dead.discard(handle)
        return handle

    monkeypatch.setattr(TroubledDisk, "open_append", open_append)
    bench.steps(2 * RETRY_STEPS)
    assert bench.seqs() == list(range(10))
    assert bench.finish()["rows"] == 10


def test_a_stall_of_ten_seconds_loses_nothing_and_is_told(bench: Bench) -> None:
    really = bench.disk.sync

    def slow(handle: int) -> None:
        bench.clock.advance(2.5)
        bench.rows(75)
        really(handle)

    bench.disk.sync = slow  # type: ignore[method-assign]
    bench.rows(1)
    bench.steps()
    assert "stood still for" in bench.faults[-1].message
    bench.disk.sync = really  # type: ignore[method-assign]
    bench.steps()
    assert bench.seqs() == list(range(bench.next_seq))
    assert "slow_disk" in bench.events()
    assert bench.finish()["lost_rows"] == 0


def test_rows_that_find_no_room_are_a_gap_with_numbers(tmp_path: Path) -> None:
    bench = Bench(tmp_path, room_rows=10)
    assert bench.recording.begin()
    bench.rows(14)  # the disk stands still: the last four are refused
    bench.steps()
    bench.rows(3)
    end = bench.finish()
    assert bench.seqs() == [*range(10), 14, 15, 16]
    assert (end["rows"], end["lost_rows"], end["missing"]) == (13, 4, 4)
    assert bench.log()[0] == {"event": "gap", "row": 10, "lost_rows": 4, "first_seq": 10, "last_seq": 13}
    assert "4 rows were lost" in bench.faults[-1].message


def test_a_clock_that_jumps_back_keeps_every_row_and_says_so(bench: Bench) -> None:
    for seq, t_s in enumerate((100.0, 100.1, 90.0, 90.1)):
        bench.inbox.put(full_sample(seq, t_s))
    bench.clock.advance(-50)
    bench.steps()
    end = bench.finish()
    assert end["rows"] == 4
    assert bench.seqs() == [0, 1, 2, 3]
    assert bench.log() == [{"event": "time_went_back", "row": 3, "seq": 2, "by_s": 10.1}]


def test_little_room_is_told_once_and_no_room_ends_the_session_cleanly(bench: Bench) -> None:
    bench.disk.free = 4 * 10**9
    bench.rows(5)
    bench.steps(2 * GUARD_STEPS)
    assert [severity for severity, _ in bench.said()] == [Severity.WARNING]
    assert "4.0 GB" in bench.faults[0].message
    bench.disk.free = 10**8
    bench.rows(5)
    bench.steps(GUARD_STEPS)
    assert bench.recording.full
    assert bench.faults[-1].severity is Severity.ERROR
    end = bench.finish()
    assert (end["reason"], end["rows"]) == ("disk_full", 10)


def test_no_session_begins_where_there_is_no_room(tmp_path: Path) -> None:
    bench = Bench(tmp_path / "new")
    bench.disk.free = 10**8
    assert not bench.recording.begin()
    assert bench.recording.state is RecorderState.FAILED
    assert "no room" in bench.faults[-1].message
    assert not (tmp_path / "new").exists()


@pytest.mark.parametrize("operation", ["make_folder", "open_append", "write", "replace"])
def test_a_folder_that_cannot_be_written_is_a_fault_in_words(tmp_path: Path, operation: str) -> None:
    bench = Bench(tmp_path)
    bench.disk.failing[operation] = PermissionError(errno.EACCES, os.strerror(errno.EACCES))
    assert not bench.recording.begin()
    assert bench.recording.state is RecorderState.FAILED
    assert "permission denied" in bench.faults[-1].message.lower()
    assert bench.faults[-1].advice


def test_free_space_that_cannot_be_read_does_not_stop_the_recording(bench: Bench) -> None:
    bench.disk.failing["free_bytes"] = OSError(errno.EIO, "no answer")
    bench.rows(3)
    bench.steps(GUARD_STEPS)
    assert bench.recording.state is RecorderState.RECORDING
    assert bench.finish()["rows"] == 3


def test_a_disk_that_never_comes_back_is_told_with_what_is_missing(bench: Bench) -> None:
    bench.rows(5)
    bench.steps()
    bench.disk.failing = {"write": no_space(), "open_append": no_space()}
    bench.rows(7)
    assert not bench.recording.finish()
    assert not bench.recording.finish()
    bench.recording.give_up()
    assert bench.recording.state is RecorderState.FAILED
    assert "7 rows" in bench.faults[-1].message
    assert bench.seqs() == list(range(5))


def test_a_full_disk_at_the_end_is_tried_again(bench: Bench) -> None:
    bench.rows(5)
    bench.disk.room = 1000
    assert not bench.recording.finish()
    bench.disk.room = None
    assert bench.finish()["rows"] == 5
    assert bench.seqs() == list(range(5))
