"""What happens when everything else failed: the traceback goes to the log and to a crash report beside it."""

from __future__ import annotations

import faulthandler
import logging
import platform
import sys
import threading
import traceback
from datetime import datetime, timezone
from pathlib import Path
from types import TracebackType
from typing import TextIO

from desktop_affect import __version__
from desktop_affect.core.errors import AffectError
from desktop_affect.system import paths

log = logging.getLogger(__name__)

_native_report: TextIO | None = None  # faulthandler needs the file open for as long as the process lives


def watch() -> None:
    """From now on every uncaught exception, in any thread, and every native crash leaves a report."""
    sys.excepthook = _on_exception
    threading.excepthook = _on_thread_exception
    _watch_native()


def report_path(now: datetime | None = None) -> Path:
    stamp = (now or datetime.now(timezone.utc)).strftime("%Y%m%d-%H%M%S")
    return paths.log_dir() / f"crash-{stamp}.txt"


def write_report(error: BaseException) -> Path | None:
    """The report's place, or None when even that could not be written (the log then says so)."""
    text = f"Desktop Affect {__version__} on {platform.platform()}, Python {platform.python_version()}\n\n"
    text += "".join(traceback.format_exception(error))
    try:
        paths.ensure_dir(paths.log_dir())
        path = report_path()
        path.write_text(text, encoding="utf-8")
    except (AffectError, OSError):
        log.exception("no crash report could be written")
        return None
    return path


def _on_exception(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
    if issubclass(kind, KeyboardInterrupt):
        sys.__excepthook__(kind, error, trace)
        return
    log.critical("uncaught exception", exc_info=(kind, error, trace))
    write_report(error)


def _on_thread_exception(args: threading.ExceptHookArgs) -> None:
    if args.exc_value is not None:
        _on_exception(args.exc_type, args.exc_value, args.exc_traceback)


def _watch_native() -> None:
    global _native_report  # noqa: PLW0603  one per process by nature
    try:
        paths.ensure_dir(paths.log_dir())
        _native_report = (paths.log_dir() / "native-crash.txt").open("a", encoding="utf-8")
    except (AffectError, OSError) as error:
        log.warning("native crashes will leave no report: %s", error)
        return
    faulthandler.enable(_native_report)
