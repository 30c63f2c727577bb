"""Logging of the application: a file that rotates in the person's log folder, and the console when there is one.

A windowed build has no console (`sys.stderr` is None); the file is then all there is.
"""

from __future__ import annotations

import logging
import logging.handlers
import sys
from pathlib import Path

from desktop_affect.core.errors import AffectError
from desktop_affect.system import paths

# Three files of a megabyte: weeks of normal use, and nobody's disk fills up.
_MAX_BYTES = 1_000_000
_BACKUPS = 2
_FORMAT = "%(asctime)s %(levelname)-7s %(threadName)s %(name)s: %(message)s"


def log_file() -> Path:
    return paths.log_dir() / "desktop-affect.log"


def set_up(verbose: bool = False) -> None:
    """Send the application's log to the file, and warnings (everything, when verbose) to the console."""
    root = logging.getLogger()
    root.setLevel(logging.DEBUG if verbose else logging.INFO)
    for handler in (_console(verbose), _file()):
        if handler is not None:
            handler.setFormatter(logging.Formatter(_FORMAT))
            root.addHandler(handler)


def _console(verbose: bool) -> logging.Handler | None:
    if sys.stderr is None:
        return None
    handler = logging.StreamHandler(sys.stderr)
    handler.setLevel(logging.DEBUG if verbose else logging.ERROR)
    return handler


def _file() -> logging.Handler | None:
    try:
        paths.ensure_dir(log_file().parent)
        return logging.handlers.RotatingFileHandler(
            log_file(), maxBytes=_MAX_BYTES, backupCount=_BACKUPS, encoding="utf-8", delay=True
        )
    except (AffectError, OSError) as error:
        # A read-only home must not keep the application from starting; the console says why there is no log.
        logging.getLogger(__name__).warning("no log file: %s", error)
        return None
