"""A file that is held is seen to be held, by others and by ourselves, until its handle is closed."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from desktop_affect.system import file_lock
from tests.shared_data import ROOT

LOOK = "import sys; from pathlib import Path; from desktop_affect.system.file_lock import is_held; "


def seen_by_another_process(path: Path) -> bool:
    code = LOOK + "raise SystemExit(7 if is_held(Path(sys.argv[1])) else 0)"
    return subprocess.run([sys.executable, "-c", code, str(path)], cwd=ROOT, check=False).returncode == 7


def test_held_until_closed(tmp_path: Path) -> None:
    path = tmp_path / "events.log"
    path.write_bytes(b"x")
    assert not file_lock.is_held(path)
    handle = os.open(path, os.O_RDWR)
    assert file_lock.hold(handle)
    assert file_lock.is_held(path)
    assert seen_by_another_process(path)
    assert path.read_bytes() == b"x"
    os.close(handle)
    assert not file_lock.is_held(path)


def test_a_file_that_is_not_there_is_not_held(tmp_path: Path) -> None:
    assert not file_lock.is_held(tmp_path / "absent")


def test_without_locks_nothing_seems_held(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(handle: int) -> None:
        raise OSError(95, "Operation not supported")

    monkeypatch.setattr(file_lock, "_try_lock", refuse)
    with (tmp_path / "events.log").open("wb") as file:
        assert not file_lock.hold(file.fileno())
    assert not file_lock.is_held(tmp_path / "events.log")
