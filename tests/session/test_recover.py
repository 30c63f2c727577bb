"""Sessions that were never closed are found, repaired and closed; others are left alone."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from desktop_affect.core.errors import SessionError
from desktop_affect.core.types import Alert, AlertPhase, Fault, Marker, Seen, Severity
from desktop_affect.session.format import HEADER_FILE, MARKERS_FILE, SAMPLES_FILE
from desktop_affect.session.header import SessionState
from desktop_affect.session.reader import read_session
from desktop_affect.session.recover import find_unclosed, is_live, recover
from tests.session.recorded import open_journal, record
from tests.session.samples import bare_sample, full_sample

EVENTS = (
    Marker(100.5, "begin"),
    Alert(1, AlertPhase.BEGAN, "hesitancy", 100.6, 100.6, float("nan"), 0.7, 0.5, ("lips",)),
    Fault(100.7, "camera", Severity.WARNING, "gone"),
)


def crashed(folder: Path) -> Path:
    """Three whole rows, one skipped, one seq missing; half a row and half a marker."""
    rows = [full_sample(0, 100.0), bare_sample(1, 100.1), bare_sample(3, 100.3, Seen.NO_FACE)]
    record(folder, rows, EVENTS, closed=False)
    for name, torn in ((SAMPLES_FILE, b"4,0.4"), (MARKERS_FILE, b'1.0,note,"half\n')):
        with (folder / name).open("ab") as file:
            file.write(torn)
    return folder


def test_a_torn_session_is_repaired_and_closed(tmp_path: Path) -> None:
    folder = crashed(tmp_path / "s")
    done = recover(folder)
    assert (done.state, done.rows, done.torn_bytes) == (SessionState.RECOVERED, 3, 5 + 15)
    assert done.duration_s == pytest.approx(0.3)
    assert len(done.did) == 2
    session = read_session(folder)
    assert (done.session.header, done.session.events) == (session.header, session.events)
    assert list(done.session["seq"]) == list(session["seq"])
    assert session.torn_bytes == 0
    assert session.header["end"] == {
        "reason": "recovered", "rows": 3, "duration_s": 0.3, "measured_fps": 6.667, "faces": 1, "skipped": 1,
        "missing": 1, "lost_rows": 0, "markers": 1, "alerts": 1, "faults": 1,
    }  # fmt: skip
    assert session.header["source"]["measured_fps"] == 6.667
    assert session.header["clock"]["ended"] is None
    assert session.events[-1] == {"event": "recovered", "row": 3, "torn_bytes": 20, "rows": 3}
    assert (folder / SAMPLES_FILE).read_bytes().endswith(b"\n")


def test_the_second_time_there_is_nothing_to_do(tmp_path: Path) -> None:
    folder = crashed(tmp_path / "s")
    recover(folder)
    before = {path.name: path.read_bytes() for path in folder.iterdir()}
    assert recover(folder).did == ()
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == before


def test_a_recovery_that_was_cut_short_is_done_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = crashed(tmp_path / "s")

    def fail(*_: object) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr("desktop_affect.session.recover.write_atomically", fail)
        with pytest.raises(SessionError, match=r"(?i)no space left"):
            recover(folder)
    assert recover(folder).state is SessionState.RECOVERED
    assert read_session(folder).rows == 3


def test_only_what_nobody_records_any_more_is_found(tmp_path: Path) -> None:
    crash = crashed(tmp_path / "study" / "P1" / "a")
    record(tmp_path / "study" / "P1" / "b", [bare_sample()])
    (tmp_path / "study" / "no session").mkdir()
    (tmp_path / "broken").mkdir()
    (tmp_path / "broken" / HEADER_FILE).write_text("{")
    journal = open_journal(tmp_path / "live")
    journal.sample(bare_sample())
    journal.sync()
    assert find_unclosed(tmp_path) == [crash]
    assert is_live(tmp_path / "live")
    with pytest.raises(SessionError, match="is being recorded"):
        recover(tmp_path / "live")
    journal.close()
    assert find_unclosed(tmp_path) == [tmp_path / "live", crash]
    assert find_unclosed(tmp_path / "not there") == []


def test_a_session_that_is_being_recorded_can_be_read(tmp_path: Path) -> None:
    journal = open_journal(tmp_path / "live")
    for seq in range(3):
        journal.sample(bare_sample(seq, 100 + seq))
    journal.flush()
    assert read_session(tmp_path / "live").rows == 3
    journal.close()


def test_a_session_that_ended_before_its_first_row_is_closed(tmp_path: Path) -> None:
    folder = record(tmp_path / "s", [], closed=False)
    os.truncate(folder / SAMPLES_FILE, 20)
    done = recover(folder)
    assert (done.rows, done.state) == (0, SessionState.RECOVERED)
    assert json.loads((folder / HEADER_FILE).read_text())["end"]["duration_s"] is None
