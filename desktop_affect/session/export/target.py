"""A file that is there whole or not at all: written beside its place and moved there at the end."""

from __future__ import annotations

import contextlib
import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from desktop_affect.core.errors import SessionError


@contextmanager
def replacing(path: Path) -> Iterator[Path]:
    """A temporary path to write to. What goes wrong removes it and leaves an older file alone.

    Raises SessionError in words where the disk refuses.
    """
    temporary = path.with_name(f".{path.name}.{secrets.token_hex(4)}-{os.getpid()}.part")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        yield temporary
        os.replace(temporary, path)
    except OSError as error:
        _remove(temporary)
        raise SessionError(
            f"“{path}” cannot be written: {error.strerror or error}.",
            advice="Check that you may write there, that the drive has room, and that no program has the file open.",
            detail=str(error),
        ) from error
    except BaseException:
        _remove(temporary)
        raise


def remove_parts(folder: Path, pid: int) -> None:
    """What a process that was killed left half written there."""
    for path in folder.glob(f".*-{pid}.part"):
        _remove(path)


def _remove(path: Path) -> None:
    with contextlib.suppress(OSError):  # the first error is the one to tell
        path.unlink()
