"""Whatever fails in between, a file that only grows is at every moment a prefix of what was to be written."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from desktop_affect.session.files import AppendFile, DiskOps
from tests.sinks.disks import TroubledDisk, no_space


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=st.lists(st.tuples(st.text("ab\n", max_size=20), st.integers(0, 12)), max_size=12))
def test_a_disk_with_little_room_holds_a_prefix(tmp_path: Path, steps: list[tuple[str, int]]) -> None:
    path, disk, wanted = tmp_path / "table.csv", TroubledDisk(), ""
    path.unlink(missing_ok=True)
    file = AppendFile(path, disk)
    for text, room in steps:
        wanted += text
        file.push(text)
        disk.room = room
        try:
            file.flush()
        except OSError:
            disk.room = None
            file.mend()
        assert wanted.encode().startswith(path.read_bytes())
        assert file.size == len(wanted)
        assert file.pending == len(wanted) - path.stat().st_size
    disk.room = None
    file.flush()
    file.sync()
    file.close()
    assert path.read_text() == wanted


def test_what_a_drive_lost_is_cut_to_whole_lines(tmp_path: Path) -> None:
    file = AppendFile(tmp_path / "table.csv", DiskOps())
    file.push("one\ntwo\nthree\n")
    file.flush()
    os.truncate(tmp_path / "table.csv", 10)
    file.mend()
    file.push("four\n")
    file.flush()
    file.close()
    assert (tmp_path / "table.csv").read_text() == "one\ntwo\nfour\n"


def test_a_drive_that_lost_everything_begins_anew(tmp_path: Path) -> None:
    file = AppendFile(tmp_path / "table.csv", DiskOps())
    file.push("one line without an end")
    file.flush()
    os.truncate(tmp_path / "table.csv", 5)
    file.mend()
    assert (tmp_path / "table.csv").read_bytes() == b""
    file.close()


def test_a_write_that_raised_but_happened_is_not_written_twice(tmp_path: Path) -> None:
    class Liar(DiskOps):
        def write(self, handle: int, data: bytes) -> int:
            super().write(handle, data)
            raise no_space()

    disk = Liar()
    file = AppendFile(tmp_path / "table.csv", disk)
    file.push("one\n")
    with pytest.raises(OSError, match="No space"):
        file.flush()
    disk.write = DiskOps().write  # type: ignore[method-assign]
    file.mend()
    file.flush()
    file.close()
    assert (tmp_path / "table.csv").read_text() == "one\n"


def test_a_copy_that_fails_half_way_keeps_the_open_file(tmp_path: Path) -> None:
    path, disk = tmp_path / "table.csv", TroubledDisk()
    file = AppendFile(path, disk)
    file.push("one\n" * 100)
    file.flush()
    path.unlink()
    disk.room = 10
    with pytest.raises(OSError, match="No space"):
        file.mend()
    disk.room = None
    file.mend()
    file.close()
    assert path.read_text() == "one\n" * 100


def test_a_closed_file_says_so(tmp_path: Path) -> None:
    file = AppendFile(tmp_path / "table.csv", DiskOps())
    file.close()
    file.close()
    file.push("x")
    with pytest.raises(OSError, match="is closed"):
        file.flush()


def test_text_that_is_no_unicode_is_spelled_out(tmp_path: Path) -> None:
    file = AppendFile(tmp_path / "table.csv", DiskOps())
    file.push("a\udc80b")
    file.flush()
    file.close()
    assert (tmp_path / "table.csv").read_text() == "a\\udc80b"
