"""annotations.log: what a person wrote about a recorded session afterwards, as events and ranges.

The file only grows: a line puts an annotation (a new one, or a new version under the same id) or takes one away, so
nothing that was ever written is lost, a crash costs at most the line that was being written, and undoing is one more
line. What was recorded is never touched.
"""

from __future__ import annotations

import getpass
import json
import logging
import math
import os
import uuid
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

from desktop_affect.core.errors import SessionError
from desktop_affect.core.types import NAN
from desktop_affect.session.format import ANNOTATIONS_FILE
from desktop_affect.system.store import sync_folder

log = logging.getLogger(__name__)

STYLES = 6
"""How many looks there are to tell annotations apart; what they look like is up to whoever draws them."""

_PUT, _REMOVE = "put", "remove"


@dataclass(frozen=True, slots=True)
class Annotation:
    """An event, or a range when it has an end; times count as `t_s` of the samples does."""

    id: str
    begin_s: float
    end_s: float
    """NaN for an event."""
    text: str
    category: str = ""
    style: int = 0
    author: str = ""
    """Who wrote this version."""
    wall_utc: str = ""
    """When this version was written, ISO 8601."""

    @property
    def is_range(self) -> bool:
        return math.isfinite(self.end_s)

    @property
    def label(self) -> str:
        """Category and text in one line."""
        return " ".join(": ".join(part for part in (self.category, self.text) if part).split())


def made(begin_s: float, end_s: float = NAN, text: str = "", category: str = "", style: int = 0) -> Annotation:
    """A new one of this person and this moment; a range that was drawn backwards is turned round."""
    if math.isfinite(end_s) and end_s < begin_s:
        begin_s, end_s = end_s, begin_s
    return Annotation(uuid.uuid4().hex, begin_s, end_s, text, category, style, author(), _now())


def author() -> str:
    """The name under which this person is logged in; empty where the system does not say."""
    try:
        return getpass.getuser()
    except (OSError, KeyError, ImportError):  # no such user, or Windows without its variables
        return ""


def _now() -> str:
    return datetime.now(timezone.utc).isoformat(timespec="seconds")


def read_annotations(session: Path) -> tuple[Annotation, ...]:
    """Those that stand, in order of time. A line that is torn or no annotation is left out.

    Raises SessionError in words.
    """
    try:
        lines = (session / ANNOTATIONS_FILE).read_bytes().split(b"\n")
    except FileNotFoundError:
        return ()
    except OSError as error:
        raise SessionError(
            f"The annotations of “{session.name}” cannot be read.",
            advice="Check the drive and its permissions; the recording itself is not affected.",
            detail=str(error),
        ) from error
    standing: dict[str, Annotation] = {}
    for line in filter(None, lines):
        try:
            _apply(standing, json.loads(line))
        except (ValueError, KeyError, TypeError) as error:
            log.info("a line of %s in %s is left out: %s", ANNOTATIONS_FILE, session, error)
    return tuple(sorted(standing.values(), key=lambda found: (found.begin_s, found.wall_utc, found.id)))


def _apply(standing: dict[str, Annotation], line: Mapping[str, Any]) -> None:
    if line["do"] == _REMOVE:
        standing.pop(str(line["id"]), None)
    elif line["do"] == _PUT:
        found = _annotation(line)
        standing[found.id] = found


def _annotation(line: Mapping[str, Any]) -> Annotation:
    begin_s, end_s = float(line["begin_s"]), NAN if line["end_s"] is None else float(line["end_s"])
    if not math.isfinite(begin_s):
        raise ValueError("begin_s is no time")
    texts = {name: str(line[name]) for name in ("id", "text", "category", "author", "wall_utc")}
    return Annotation(begin_s=begin_s, end_s=end_s, style=int(line["style"]), **texts)


def put(session: Path, annotation: Annotation) -> None:
    """Add it, or replace the one with its id. Raises SessionError in words; what stood before is then still there."""
    facts = asdict(annotation)
    facts["end_s"] = annotation.end_s if annotation.is_range else None
    _append(session, {"do": _PUT, **facts})


def remove(session: Path, annotation: Annotation) -> None:
    """Take it away; its history stays in the file. Raises SessionError in words."""
    _append(session, {"do": _REMOVE, "id": annotation.id, "author": author(), "wall_utc": _now()})


def _append(session: Path, facts: Mapping[str, object]) -> None:
    line = json.dumps(facts, ensure_ascii=False, allow_nan=False) + "\n"
    try:
        _write(session / ANNOTATIONS_FILE, line.encode("utf-8", "backslashreplace"))
    except OSError as error:
        raise SessionError(
            f"The annotation could not be saved: {error.strerror or error}.",
            advice="Check that you may write to the session's folder and that the drive has room; then try again.",
            detail=str(error),
        ) from error


def _write(path: Path, line: bytes) -> None:
    """On the disk when it returns. A torn end of the file is closed first, so that it cannot spoil this line."""
    with path.open("a+b") as file:
        size = file.seek(0, os.SEEK_END)
        if size:
            file.seek(size - 1)
            if file.read(1) != b"\n":
                line = b"\n" + line
        file.write(line)
        file.flush()
        os.fsync(file.fileno())
    if not size:
        sync_folder(path.parent)
