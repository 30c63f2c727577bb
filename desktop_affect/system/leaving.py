"""The last step of a process.

A thread that is past its deadline (a model that still compiles, a driver that hangs) sits in native code. Ending the
interpreter under it aborts the process with a crash report, although everything that was recorded is long closed.
"""

from __future__ import annotations

import logging
import os
import sys
import threading
from typing import NoReturn

log = logging.getLogger(__name__)

OURS = "desktop-affect-"
"""How the names of our threads begin."""


def leave(code: int) -> NoReturn:
    """Ends the process, without tidying up where one of our threads would not live through that."""
    busy = [thread.name for thread in threading.enumerate() if thread.daemon and thread.name.startswith(OURS)]
    if not busy:
        sys.exit(code)
    log.warning("left while %s still worked", ", ".join(busy))
    logging.shutdown()
    for stream in (sys.stdout, sys.stderr):
        if stream is not None:
            stream.flush()
    os._exit(code)
