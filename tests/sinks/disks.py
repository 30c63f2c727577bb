"""A disk that does what the test says, on top of the real one."""

from __future__ import annotations

import errno
import os
import threading
from pathlib import Path

from desktop_affect.session.files import DiskOps


def no_space() -> OSError:
    return OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


class TroubledDisk(DiskOps):
    """`room` bytes are left (None: plenty); operations named in `failing` raise; writes wait while `stalled`."""

    def __init__(self) -> None:
        self.room: int | None = None
        self.free = 10**12
        self.failing: dict[str, OSError] = {}
        self.moving = threading.Event()
        self.moving.set()
        self.held = threading.Event()
        """Set when an operation is being held up."""
        self.written = threading.Event()
        """Set by every write; clear it to wait for the next."""
        self.syncing = threading.Event()
        self.syncing.set()
        self.sync_held = threading.Event()

    def _check(self, name: str) -> None:
        if name in self.failing:
            raise self.failing[name]

    def make_folder(self, path: Path) -> None:
        self._check("make_folder")
        super().make_folder(path)

    def open_append(self, path: Path) -> int:
        self._check("open_append")
        return super().open_append(path)

    def write(self, handle: int, data: bytes) -> int:
        if not self.moving.is_set():
            self.held.set()
            self.moving.wait()
        self._check("write")
        if self.room is None:
            taken = super().write(handle, data)
            self.written.set()
            return taken
        if self.room == 0:
            raise no_space()
        taken = super().write(handle, data[: self.room])
        self.room -= taken
        return taken

    def sync(self, handle: int) -> None:
        self._check("sync")
        if not self.syncing.is_set():
            self.sync_held.set()
            self.syncing.wait()
        super().sync(handle)

    def replace(self, path: Path, text: str) -> None:
        self._check("replace")
        if self.room == 0:
            raise no_space()
        super().replace(path, text)

    def free_bytes(self, path: Path) -> int:
        self._check("free_bytes")
        return self.free
