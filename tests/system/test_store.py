"""A file is replaced as a whole or not at all."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from desktop_affect.system import store


def test_writes_and_replaces_text_and_bytes(tmp_path: Path) -> None:
    path = tmp_path / "small.json"
    store.write_atomically(path, "ä\n")
    assert path.read_bytes() == "ä\n".encode()
    store.write_atomically(path, b"\x00\xff")
    assert path.read_bytes() == b"\x00\xff"
    assert os.listdir(tmp_path) == ["small.json"]


@pytest.mark.parametrize("broken", ["fsync", "replace"])
def test_a_failure_keeps_the_old_file_and_leaves_nothing_behind(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, broken: str
) -> None:
    path = tmp_path / "small.json"
    path.write_text("old")

    def fail(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, broken, fail)
    with pytest.raises(OSError, match="No space left"):
        store.write_atomically(path, "new")
    monkeypatch.undo()
    assert path.read_text() == "old"
    assert os.listdir(tmp_path) == ["small.json"]


def test_a_target_that_is_held_for_a_moment_is_replaced_all_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    really, calls = os.replace, []

    def held_twice(source: Path, target: Path) -> None:
        calls.append(target)
        if len(calls) < 3:
            raise PermissionError(13, "in use")
        really(source, target)

    monkeypatch.setattr(os, "replace", held_twice)
    monkeypatch.setattr("desktop_affect.system.store.time.sleep", lambda _: None)
    store.write_atomically(tmp_path / "small.json", "new")
    assert (tmp_path / "small.json").read_text() == "new"
    assert len(calls) == 3


def test_a_drive_that_cannot_sync_folders_is_good_enough(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    really, folder = os.fsync, tmp_path.stat()

    def fsync(handle: int) -> None:
        if os.path.samestat(os.fstat(handle), folder):
            raise OSError(22, "Invalid argument")
        really(handle)

    monkeypatch.setattr(os, "fsync", fsync)
    store.write_atomically(tmp_path / "small.json", "new")
    store.sync_folder(tmp_path / "absent")
    assert (tmp_path / "small.json").read_text() == "new"


def test_a_folder_that_is_not_there_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        store.write_atomically(tmp_path / "absent" / "small.json", "new")
