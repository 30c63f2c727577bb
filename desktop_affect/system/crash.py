"""What happens when everything else failed: the traceback goes to the log and to a crash report beside it.

The reports stay on this machine. The next window offers the newest one (`pending`) to be read, copied or deleted; what
was offered once is not offered again (`put_aside`).
"""

from __future__ import annotations

import atexit
import faulthandler
import logging
import os
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
from desktop_affect.system import file_lock, paths

log = logging.getLogger(__name__)

_native_report: TextIO | None = None  # faulthandler needs the file open for as long as the process lives
_written = 0

REPORTS_A_RUN = 5
"""What breaks in every frame would fill the disk with the same words; the log, which rotates, has the rest."""
_NATIVE = "native-{pid}.running"
_SHOWN = "shown-"


def watch() -> None:
    """From now on every uncaught exception, in any thread, and every native crash leaves a report."""
    sys.excepthook = _on_exception
    threading.excepthook = _on_thread_exception
    _watch_native()


def report_path(now: datetime | None = None) -> Path:
    stamp = (now or datetime.now(timezone.utc)).strftime("%Y%m%d-%H%M%S")
    return paths.log_dir() / f"crash-{stamp}.txt"


def pending() -> list[Path]:
    """Reports that nobody was shown yet, the newest first."""
    return sorted(paths.log_dir().glob("crash-*.txt"), reverse=True)


def put_aside(report: Path) -> Path:
    """It was shown; it stays in the folder under another name. Raises OSError."""
    return report.replace(report.with_name(_SHOWN + report.name))


def write_report(error: BaseException) -> Path | None:
    """The report's place, or None when even that could not be written (the log then says so)."""
    global _written  # noqa: PLW0603  one count per process by nature
    if _written >= REPORTS_A_RUN:
        return None
    _written += 1
    try:
        paths.ensure_dir(paths.log_dir())
        path = report_path()
        path.write_text(_about() + "".join(traceback.format_exception(error)), encoding="utf-8")
    except (AffectError, OSError):
        log.exception("no crash report could be written")
        return None
    return path


def _about() -> str:
    return f"Desktop Affect {__version__} on {platform.platform()}, Python {platform.python_version()}\n\n"


def _on_exception(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
    if issubclass(kind, KeyboardInterrupt):
        sys.__excepthook__(kind, error, trace)
        return
    log.critical("uncaught exception", exc_info=(kind, error, trace))
    write_report(error)


def _on_thread_exception(args: threading.ExceptHookArgs) -> None:
    if args.exc_value is not None:
        _on_exception(args.exc_type, args.exc_value, args.exc_traceback)


# Native crashes: the dying process can only write into a file that is open already. It is locked while its process
# lives and deleted at an orderly end, so a file with words in it and without a lock is the report of a crash.


def _watch_native() -> None:
    global _native_report  # noqa: PLW0603  one per process by nature
    try:
        collect_native(paths.ensure_dir(paths.log_dir()))
        path = paths.log_dir() / _NATIVE.format(pid=os.getpid())
        _native_report = path.open("w", encoding="utf-8")
    except (AffectError, OSError) as error:
        log.warning("native crashes will leave no report: %s", error)
        return
    file_lock.hold(_native_report.fileno())
    faulthandler.enable(_native_report)
    atexit.register(_end_native, path)


def _end_native(path: Path) -> None:
    """What faulthandler wrote of errors that were survived (Windows knows some) is for the log alone."""
    faulthandler.disable()
    if _native_report is None:
        return
    _native_report.close()
    try:
        words = path.read_text(encoding="utf-8", errors="replace")
        path.unlink()
    except OSError as error:
        log.debug("%s stays: %s", path, error)
        return
    if words:
        log.info("survived: %s", words)


def collect_native(folder: Path) -> None:
    """Make reports of what processes left that are gone; what they left empty (a kill, a power cut) is deleted."""
    for path in folder.glob(_NATIVE.format(pid="*")):
        try:
            if file_lock.is_held(path):
                continue
            words = path.read_text(encoding="utf-8", errors="replace")
            if words.strip():
                when = datetime.fromtimestamp(path.stat().st_mtime, timezone.utc)
                report_path(when).write_text(f"{_about()}The program was ended by:\n{words}", encoding="utf-8")
            path.unlink()
        except OSError as error:
            log.info("%s cannot be collected: %s", path, error)
