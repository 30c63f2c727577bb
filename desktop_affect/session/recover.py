"""Finds sessions that were never closed and closes them: torn tails cut, footer and duration from the rows."""

from __future__ import annotations

import logging
import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from desktop_affect.core.errors import SessionError
from desktop_affect.core.types import NAN
from desktop_affect.session import event_reader, header, rows
from desktop_affect.session import format as fmt
from desktop_affect.session.film_recover import film_facts, recover_film
from desktop_affect.session.header import Document, SessionState
from desktop_affect.session.reader import Session, read_header, read_session, with_new_header
from desktop_affect.system import file_lock
from desktop_affect.system.store import write_atomically

log = logging.getLogger(__name__)

_QUOTING = (fmt.MARKERS_FILE, fmt.ALERTS_FILE)
_LOOK_BYTES = 1 << 16
_TABLES = (fmt.SAMPLES_FILE, fmt.MARKERS_FILE, fmt.ALERTS_FILE, fmt.EVENTS_FILE, fmt.DROPPED_FILE)


@dataclass(frozen=True, slots=True)
class Recovered:
    """What was done to a session."""

    path: Path
    state: SessionState
    rows: int
    duration_s: float
    torn_bytes: int
    """Cut off behind the last whole lines."""
    did: tuple[str, ...]
    """In words; empty when there was nothing to do."""
    session: Session
    """As it is now, with the columns that were wanted."""


def find_unclosed(root: Path) -> list[Path]:
    """Session folders under `root` that were being recorded and that nobody records any more, oldest name first."""
    return sorted(folder for folder in session_folders(root) if _is_unclosed(folder))


def session_folders(root: Path) -> Iterator[Path]:
    """All below `root`, without looking inside sessions and hidden folders; a folder that cannot be read holds none."""
    for folder, folders, files in os.walk(root):
        if fmt.HEADER_FILE in files:
            folders.clear()
            yield Path(folder)
        folders[:] = [name for name in folders if not name.startswith(".")]


def _is_unclosed(folder: Path) -> bool:
    try:
        state = read_header(folder)["state"]
    except SessionError as error:
        log.info("left alone: %s", error)
        return False
    return bool(state == SessionState.RECORDING.value) and not is_live(folder)


def is_live(folder: Path) -> bool:
    """Whether a session is being recorded at this moment, by any process of this machine."""
    return file_lock.is_held(folder / fmt.EVENTS_FILE)


def recover(path: Path, wanted: Sequence[str] = ()) -> Recovered:
    """Close a session that was cut short; of a closed one only the film may need it.

    Safe to call again, also after it was itself cut short. `wanted`: columns that will be asked for, read on the way.
    Raises SessionError in words.
    """
    document = read_header(path)
    if is_live(path):
        raise SessionError(f"The session in “{path}” is being recorded.", advice="Stop the recording first.")
    try:
        return _recover(path, document, wanted)
    except OSError as error:
        raise SessionError(
            f"The session in “{path}” cannot be repaired: {error.strerror or error}.",
            advice="Check that you may write to the folder and that the drive has room; nothing was lost by trying.",
            detail=str(error),
        ) from error


def _recover(path: Path, document: Document, wanted: Sequence[str]) -> Recovered:
    did = []
    torn_bytes = 0
    if document["state"] == SessionState.RECORDING.value:
        torn_bytes = sum(_cut(path / name) for name in _TABLES)
        if torn_bytes:
            did.append(f"cut off {torn_bytes} bytes that were only half written")
    (path / fmt.GROUP_FILE).unlink(missing_ok=True)  # half a file of an encoder: its pictures cannot be read
    mended = recover_film(path)
    session = read_session(path, wanted=("seen", *wanted))
    if document["state"] == SessionState.RECORDING.value:
        _close(session, torn_bytes)
        did.append(f"closed with {session.rows} rows")
    elif mended:
        write_atomically(path / fmt.HEADER_FILE, header.to_text(_with_film(session)))
    did += mended
    session = with_new_header(session)
    return Recovered(path, session.state, session.rows, session.duration_s, torn_bytes, tuple(did), session)


def _cut(path: Path) -> int:
    """Cut the torn end of a table; returns how many bytes that were."""
    if not path.exists():
        return 0
    size = path.stat().st_size
    end = event_reader.whole_bytes(path.read_bytes()) if path.name in _QUOTING else _last_line_end(path, size)
    if end < size:
        os.truncate(path, end)
    return size - end


def _last_line_end(path: Path, size: int) -> int:
    """Looked for from the end: the table of a long session does not fit into memory."""
    with path.open("rb") as file:
        while size > 0:
            begin = max(0, size - _LOOK_BYTES)
            file.seek(begin)
            found = file.read(size - begin).rfind(b"\n")
            if found >= 0:
                return begin + found + 1
            size = begin
    return 0


def _close(session: Session, torn_bytes: int) -> None:
    """The log first: a session that says it is recovered has it."""
    line = rows.event_line("recovered", session.rows, {"torn_bytes": torn_bytes, "rows": session.rows})
    with (session.path / fmt.EVENTS_FILE).open("ab") as file:
        file.write(line.encode("utf-8"))
        os.fsync(file.fileno())
    done = header.completed(_with_film(session), SessionState.RECOVERED, footer(session))
    write_atomically(session.path / fmt.HEADER_FILE, header.to_text(done))


def _with_film(session: Session) -> Document:
    """The header with what there is of the film; what only the recording knew stays as it is."""
    film = session.header.get("film")
    return session.header if film is None else {**session.header, "film": {**film, **film_facts(session.path)}}


def footer(session: Session) -> Document:
    """The footer as the rows tell it."""
    duration_s, seq = session.duration_s, session["seq"]
    fps = (session.rows - 1) / duration_s if duration_s > 0 else NAN
    return {
        "reason": "recovered",
        "rows": session.rows,
        "duration_s": header.finite(round(duration_s, 6)),
        "measured_fps": header.finite(round(fps, 3)),
        "faces": int(np.sum(session["face"] == 1)),
        "skipped": int(np.sum(session["seen"] == "skipped")),
        "missing": int(np.sum(np.maximum(np.diff(seq) - 1, 0))),
        "lost_rows": sum(int(event.get("lost_rows", 0)) for event in session.events if event.get("event") == "gap"),
        "markers": len(session.markers),
        "alerts": len(session.alerts),
        "faults": sum(event.get("event") == "fault" for event in session.events),
    }
