"""Small files replaced as a whole: whoever reads one, now or after a power cut, sees the old or the new, never half.

Write a temporary file beside the target, bring it to the disk, rename it over the target, bring the folder to the disk.
"""

from __future__ import annotations

import contextlib
import logging
import os
import secrets
import time
from pathlib import Path

log = logging.getLogger(__name__)

# On Windows a virus scanner or an indexer may hold the target for a moment; it lets go within milliseconds.
_TRIES = 5
_PAUSE_S = 0.02


def write_atomically(path: Path, content: str | bytes, *, durable: bool = True) -> None:
    """Replace `path` by `content` (text is written as UTF-8). Raises OSError; the old file is then untouched.

    Not `durable`: without waiting for the disk. It survives the death of this process, but not surely a power cut.
    """
    data = content.encode("utf-8") if isinstance(content, str) else content
    temporary = path.with_name(f".{path.name}.{secrets.token_hex(4)}.tmp")
    try:
        _write(temporary, data, durable)
        _rename(temporary, path)
    except BaseException:
        with contextlib.suppress(OSError):  # the first error is the one to tell
            temporary.unlink()
        raise
    if durable:
        sync_folder(path.parent)


def sync_folder(folder: Path) -> None:
    """Bring the names in a folder to the disk, where that can be done: Windows does it by itself, and some network
    drives have no such call, so what fails here is no error."""
    if os.name == "nt":
        return
    try:
        handle = os.open(folder, os.O_RDONLY)
    except OSError as error:
        log.debug("%s cannot be synced: %s", folder, error)
        return
    try:
        os.fsync(handle)
    except OSError as error:
        log.debug("%s cannot be synced: %s", folder, error)
    finally:
        os.close(handle)


def _write(path: Path, data: bytes, durable: bool) -> None:
    with path.open("xb") as file:
        file.write(data)
        if durable:
            file.flush()
            os.fsync(file.fileno())


def _rename(temporary: Path, path: Path) -> None:
    for _ in range(_TRIES - 1):
        try:
            os.replace(temporary, path)
        except PermissionError:
            time.sleep(_PAUSE_S)
        else:
            return
    os.replace(temporary, path)
