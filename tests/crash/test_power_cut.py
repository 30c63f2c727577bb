"""The power is cut after every single thing that the recorder asks of the disk, on a disk that forgets all it may.

What was written is gone unless it was synced; a file is there only if its folder was synced after it was made. Every
session that such a cut leaves opens, is repaired, and has every row that was captured up to a second before.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field, replace
from pathlib import Path

import pytest

from desktop_affect.core.types import Marker
from desktop_affect.session.files import DiskOps
from desktop_affect.session.format import HEADER_FILE
from desktop_affect.session.header import SessionState
from desktop_affect.session.plan import SessionPlan
from desktop_affect.session.reader import read_session
from desktop_affect.session.recover import recover
from desktop_affect.sinks.inbox import BASELINE_NOTE, Inbox, Note
from desktop_affect.sinks.recording import STEP_S, Outside, Recording
from tests.fakes import FakeClock, clock_pair
from tests.session.samples import full_sample, start
from tests.signals.made import affect
from tests.signals.test_baseline import at_rest

FPS = 20
STEPS = 16
BEGIN_S = 100.0


@dataclass
class Cut:
    """What the disk would hold if the power went now."""

    files: dict[str, bytes]
    """Name → contents, of the session's folder."""
    rows: int
    """Captured so far."""


@dataclass
class ForgetfulDisk(DiskOps):
    """Real files, and beside them what of them is on the disk for good."""

    captured: int = 0
    cuts: list[Cut] = field(default_factory=list)
    _paths: dict[int, Path] = field(default_factory=dict)
    _synced: dict[Path, bytes] = field(default_factory=dict)
    _named: set[Path] = field(default_factory=set)

    def _cut(self) -> None:
        kept = {path.name: self._synced.get(path, b"") for path in self._named}
        self.cuts.append(Cut(kept, self.captured))

    def open_append(self, path: Path) -> int:
        handle = super().open_append(path)
        self._paths[handle] = path
        self._cut()
        return handle

    def write(self, handle: int, data: bytes) -> int:
        taken = super().write(handle, data)
        self._cut()
        return taken

    def sync(self, handle: int) -> None:
        path = self._paths[handle]
        self._synced[path] = path.read_bytes()
        self._cut()

    def replace(self, path: Path, text: str) -> None:
        path.write_text(text, encoding="utf-8")
        self._synced[path] = text.encode()
        self._named |= {path, *self._paths.values()}
        self._cut()


@pytest.fixture(scope="module")
def cuts(tmp_path_factory: pytest.TempPathFactory) -> list[Cut]:
    """Four seconds, with a marker and, half-way, a baseline: things that change the header."""
    disk, clock, inbox = ForgetfulDisk(), FakeClock(BEGIN_S), Inbox(waits=False)
    outside = Outside(disk, clock, clock_pair, lambda fault: None)
    recording = Recording(SessionPlan(tmp_path_factory.mktemp("cut")), start(), inbox, outside)
    assert recording.begin()
    baseline = at_rest(affect(0.25))
    for step in range(STEPS):
        for _ in range(round(STEP_S * FPS)):
            inbox.put(replace(full_sample(disk.captured, clock.now_s(), seed=disk.captured), baseline_id=""))
            disk.captured += 1
            clock.advance(1 / FPS)
        if step == STEPS // 2:
            inbox.put_event(Marker(clock.now_s(), "stimulus"))
            inbox.put_event(Note(BASELINE_NOTE, baseline.to_dict()))
        recording.step()
    assert recording.finish()
    return disk.cuts


def test_every_cut_leaves_a_session_that_opens_with_all_but_the_last_second(cuts: list[Cut], tmp_path: Path) -> None:
    assert len(cuts) > 30
    for number, cut in enumerate(cuts):
        if HEADER_FILE not in cut.files:
            assert cut.rows == 0, "before anything was captured there may be nothing"
            continue
        folder = tmp_path / str(number)
        folder.mkdir()
        for name, contents in cut.files.items():
            (folder / name).write_bytes(contents)
        recover(folder)
        session = read_session(folder)
        assert session.state in (SessionState.RECOVERED, SessionState.CLOSED)
        assert session.rows >= cut.rows - FPS, f"cut {number}"
        assert session["seq"].tolist() == list(range(session.rows))
        if session.rows:
            assert session.header["clock"]["origin_s"] == BEGIN_S
            assert session["t_s"][-1] == pytest.approx((session.rows - 1) / FPS, abs=1e-6)


def test_the_last_cut_is_the_whole_session(cuts: list[Cut]) -> None:
    last = cuts[-1]
    header = json.loads(last.files[HEADER_FILE])
    assert (header["state"], header["end"]["rows"], header["end"]["markers"]) == ("closed", last.rows, 1)
    assert len(header["baselines"]) == 1
