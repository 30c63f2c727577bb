"""The first second of a session: whatever is cut, the header is whole and every row has its t_s = 0."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

import pytest

from desktop_affect.session.header import SessionState
from desktop_affect.session.journal import Journal
from desktop_affect.session.plan import SessionPlan
from desktop_affect.session.reader import read_header, read_session
from desktop_affect.session.recover import recover
from tests.fakes import clock_pair
from tests.session.recorded import QuickDisk
from tests.session.samples import bare_sample, start


@dataclass
class NotingDisk(QuickDisk):
    """Remembers what it was asked for; a sync or a replace brings things to the disk, a write does not."""

    asked: list[str] = field(default_factory=list)

    def write(self, handle: int, data: bytes) -> int:
        self.asked.append("write")
        return super().write(handle, data)

    def replace(self, path: Path, text: str) -> None:
        self.asked.append("replace")
        super().replace(path, text)


@pytest.fixture
def disk() -> NotingDisk:
    return NotingDisk()


@pytest.fixture
def journal(tmp_path: Path, disk: NotingDisk) -> Journal:
    (tmp_path / "s").mkdir()
    return Journal(tmp_path / "s", SessionPlan(tmp_path, "Calm", "P07"), start(), clock_pair(), disk)


def test_rows_do_not_wait_behind_the_header_and_it_comes_with_the_sync(journal: Journal, disk: NotingDisk) -> None:
    disk.asked.clear()
    journal.sample(bare_sample(0, 107.5))
    journal.flush()
    assert set(disk.asked) == {"write"}
    assert read_header(journal.folder)["clock"]["origin_s"] is None
    journal.sync()
    assert disk.asked[-1] == "replace"
    assert read_header(journal.folder)["clock"]["origin_s"] == 107.5
    disk.asked.clear()
    journal.sample(bare_sample(1, 107.6))
    journal.sync()
    assert "replace" not in disk.asked, "a header that did not change is not written again"
    journal.close()


def test_a_kill_before_the_first_sync_costs_neither_rows_nor_their_zero(journal: Journal) -> None:
    for seq in range(3):
        journal.sample(bare_sample(seq, 107.5 + seq / 10))
    journal.flush()
    journal.close()  # as a kill would: no sync, no footer
    session = read_session(journal.folder)
    assert session.header["clock"]["origin_s"] == 107.5
    assert session["t_s"].tolist() == pytest.approx([0.0, 0.1, 0.2])
    assert session.events == ()
    assert recover(journal.folder).state is SessionState.RECOVERED
    assert read_header(journal.folder)["clock"]["origin_s"] == 107.5


def test_where_there_is_a_row_the_log_knows_its_zero(journal: Journal) -> None:
    """The log is given to the system before the table."""
    names = [file.path.name for file in journal._files]
    assert names.index("events.log") < names.index("samples.csv")
    journal.close()


def test_a_log_that_is_damaged_leaves_the_zero_unknown(journal: Journal) -> None:
    journal.sample(bare_sample(0, 107.5))
    journal.flush()
    journal.close()
    (journal.folder / "events.log").write_text('{"event": "began", "row": 0, "origin_s": "x"}\n{"event"', "utf-8")
    assert read_session(journal.folder).header["clock"]["origin_s"] is None
