"""The few file operations a recording needs, behind a small protocol so that tests can make the disk misbehave.

`AppendFile` keeps what the operating system has not taken yet: a write that fails half-way (a full disk, a withdrawn
permission) goes on later exactly where it stopped, so the file is at every moment a prefix of what was to be written.
"""

from __future__ import annotations

import logging
import os
import shutil
from pathlib import Path
from typing import Protocol

from desktop_affect.system import file_lock
from desktop_affect.system.store import sync_folder, write_atomically

log = logging.getLogger(__name__)

_COPY_BYTES = 1 << 20


class FileOps(Protocol):
    """Called by the recorder and its film. Every method may raise OSError, and may take as long as a disk takes."""

    def make_folder(self, path: Path) -> None:
        """With its parents; FileExistsError when the folder itself is there already."""
        ...

    def open_append(self, path: Path) -> int:
        """A handle that reads and appends; the file is made when it is not there."""
        ...

    def hold(self, handle: int) -> None:
        """Let others see that the file is being written, as long as the handle is open. Does not raise."""
        ...

    def write(self, handle: int, data: bytes) -> int:
        """How many bytes were taken; may be fewer than given."""
        ...

    def sync(self, handle: int) -> None:
        """Bring the file to the disk."""
        ...

    def size(self, handle: int) -> int:
        """Of the open file."""
        ...

    def read_at(self, handle: int, offset: int, count: int) -> bytes:
        """Part of the open file."""
        ...

    def truncate(self, handle: int, size: int) -> None:
        """Cut the open file."""
        ...

    def close(self, handle: int) -> None:
        """Let the handle go."""
        ...

    def same_file(self, handle: int, path: Path) -> bool:
        """Whether the path still leads to the open file; False when the file or its folder was removed or moved."""
        ...

    def replace(self, path: Path, text: str) -> None:
        """Replace a small file as a whole, on the disk: a power cut leaves the old one or the new one."""
        ...

    def patch(self, path: Path, at: int, data: bytes) -> None:
        """Overwrite a few bytes of a file that is there, and bring them to the disk."""
        ...

    def free_bytes(self, path: Path) -> int:
        """Room left for this person on the drive of an existing path."""
        ...


class DiskOps:
    """The real disk."""

    def make_folder(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.mkdir()
        sync_folder(path.parent)

    def open_append(self, path: Path) -> int:
        binary = getattr(os, "O_BINARY", 0)
        return os.open(path, os.O_RDWR | os.O_APPEND | os.O_CREAT | binary, 0o666)

    def hold(self, handle: int) -> None:
        file_lock.hold(handle)

    def write(self, handle: int, data: bytes) -> int:
        return os.write(handle, data)

    def sync(self, handle: int) -> None:
        os.fsync(handle)

    def size(self, handle: int) -> int:
        return os.fstat(handle).st_size

    def read_at(self, handle: int, offset: int, count: int) -> bytes:
        os.lseek(handle, offset, os.SEEK_SET)  # appending ignores the position
        return os.read(handle, count)

    def truncate(self, handle: int, size: int) -> None:
        os.ftruncate(handle, size)

    def close(self, handle: int) -> None:
        os.close(handle)

    def same_file(self, handle: int, path: Path) -> bool:
        try:
            there = os.stat(path)
        except (FileNotFoundError, NotADirectoryError):
            return False
        except PermissionError:
            return True  # it cannot be looked at any more, but the open handle goes on working
        return os.path.samestat(os.fstat(handle), there)

    def replace(self, path: Path, text: str) -> None:
        write_atomically(path, text)

    def patch(self, path: Path, at: int, data: bytes) -> None:
        with path.open("r+b") as file:
            file.seek(at)
            file.write(data)
            file.flush()
            os.fsync(file.fileno())

    def free_bytes(self, path: Path) -> int:
        return shutil.disk_usage(path).free


class AppendFile:
    """One file that only grows. `push` cannot fail; `flush` and `sync` raise OSError and may be tried again."""

    def __init__(self, path: Path, ops: FileOps, *, held: bool = False, lines: bool = True) -> None:
        """`held`: others can see that it is being written. Not `lines`: it is no table but one whole."""
        self._ops = ops
        self._lines = lines
        self._held = held
        self._path = path
        self._pending = bytearray()
        self._dirty = False
        self._taken = 0
        self._handle: int | None = ops.open_append(path)
        if held:
            ops.hold(self._handle)

    @property
    def path(self) -> Path:
        return self._path

    @property
    def pending(self) -> int:
        """Bytes that the operating system has not taken yet."""
        return len(self._pending)

    @property
    def size(self) -> int:
        """Bytes of the file, with those that wait."""
        return self._taken + len(self._pending)

    def push(self, text: str) -> None:
        """Append in memory; a lone surrogate, which UTF-8 cannot hold, is spelled out."""
        self.push_bytes(text.encode("utf-8", "backslashreplace"))

    def push_bytes(self, data: bytes) -> None:
        """Append in memory."""
        self._pending += data

    def flush(self) -> None:
        """Give everything to the operating system: from here on it survives the death of this process."""
        while self._pending:
            count = self._ops.write(self._opened(), bytes(self._pending))
            del self._pending[:count]
            self._taken += count
            self._dirty = True

    def sync(self) -> None:
        """Bring it to the disk: from here on it survives a power cut. May run beside a `flush` on another thread."""
        if not self._dirty:
            return
        self._dirty = False  # before: what is written meanwhile makes it dirty again
        try:
            self._ops.sync(self._opened())
        except OSError:
            self._dirty = True
            raise

    def in_place(self) -> bool:
        """Whether the path still leads to this file."""
        return self._ops.same_file(self._opened(), self._path)

    def mend(self) -> None:
        """After an OSError: go on with a fresh handle or, when the path leads elsewhere, with a whole new copy."""
        handle = self._ops.open_append(self._path) if self._leads_here() else self._copied()
        old, self._handle = self._handle, handle
        self._let_go(old)
        if self._held:
            self._ops.hold(handle)
        if self._ops.size(handle) != self._taken:
            self._cut(handle)

    def _leads_here(self) -> bool:
        try:
            return self.in_place()
        except OSError:
            return True  # the old handle is dead (a drive that was away): only the path is left

    def _cut(self, handle: int) -> None:
        """Longer than what we know was taken: a write that raised had partly succeeded. Shorter: the drive lost
        something, and writing goes on behind the last whole line."""
        size = min(self._ops.size(handle), self._taken)
        if size < self._taken:
            if not self._lines:
                raise OSError(f"{self._path} has lost what was written")
            size = self._whole_lines(handle, size)
        self._ops.truncate(handle, size)
        self._taken = size

    def _whole_lines(self, handle: int, size: int) -> int:
        while size > 0:
            begin = max(0, size - _COPY_BYTES)
            found = self._ops.read_at(handle, begin, size - begin).rfind(b"\n")
            if found >= 0:
                return begin + found + 1
            size = begin
        return 0

    def _copied(self) -> int:
        """The way back from a removed folder: the open handle still holds what the path has lost."""
        handle = self._ops.open_append(self._path)
        try:
            self._copy_to(handle)
        except OSError:
            self._let_go(handle)
            raise
        return handle

    def _copy_to(self, handle: int) -> None:
        self._ops.truncate(handle, 0)
        offset = 0
        while offset < self._taken:
            block = self._ops.read_at(self._opened(), offset, min(_COPY_BYTES, self._taken - offset))
            if not block:
                raise OSError(f"{self._path} is shorter than what was written")
            offset += self._write_all(handle, block)
        self._ops.sync(handle)

    def _write_all(self, handle: int, block: bytes) -> int:
        done = 0
        while done < len(block):
            done += self._ops.write(handle, block[done:])
        return done

    def close(self) -> None:
        """Let the handle go; what waits in memory is gone. Does not raise."""
        self._let_go(self._handle)
        self._handle = None

    def _let_go(self, handle: int | None) -> None:
        if handle is None:
            return
        try:
            self._ops.close(handle)
        except OSError:  # a handle whose drive is gone; there is nothing left to let go
            log.debug("a handle of %s could not be closed", self._path, exc_info=True)

    def _opened(self) -> int:
        if self._handle is None:
            raise OSError(f"{self._path} is closed")
        return self._handle
