"""Says of a file that a living process writes it. The lock dies with its process, however that ends.

Where a file system knows no locks, nothing is held and nothing seems held.
"""

from __future__ import annotations

import errno
import logging
import os
import sys
from pathlib import Path

log = logging.getLogger(__name__)

# Windows locks bytes and keeps others from reading them; nobody reads this far.
_FAR_BYTE = 1 << 40
# What systems answer when somebody else holds the lock; anything else means that there are no locks here.
_TAKEN = frozenset({errno.EWOULDBLOCK, errno.EAGAIN, errno.EACCES, errno.EDEADLK})

if sys.platform == "win32":
    import msvcrt

    def _try_lock(handle: int) -> None:
        os.lseek(handle, _FAR_BYTE, os.SEEK_SET)
        msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)
else:
    import fcntl

    def _try_lock(handle: int) -> None:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)


def hold(handle: int) -> bool:
    """Take the lock of an open file until its handle is closed; False when that is not possible."""
    try:
        _try_lock(handle)
    except OSError as error:
        log.debug("a file could not be locked: %s", error)
        return False
    return True


def is_held(path: Path) -> bool:
    """Whether a living process (this one included) holds the file; False when it is not there."""
    try:
        handle = os.open(path, os.O_RDWR)
    except OSError:
        return False
    try:
        _try_lock(handle)
    except OSError as error:
        return error.errno in _TAKEN
    else:
        return False
    finally:
        os.close(handle)
