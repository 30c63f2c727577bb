"""An index of sessions, for finding them: everything in it stands in the session folders, so it can be thrown away.

The index is a small SQLite file in the cache. `refresh` brings it up to what the folders hold and reads only what
changed since the last time; an index that is broken or of another version is made anew.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import logging
import os
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any

from desktop_affect.core.errors import SessionError
from desktop_affect.session.format import HEADER_FILE, LABELS_FILE
from desktop_affect.session.header import Document, SessionState
from desktop_affect.session.labels import Labels, read_labels, write_labels
from desktop_affect.session.naming import numbered
from desktop_affect.session.reader import read_header
from desktop_affect.session.recover import is_live, session_folders
from desktop_affect.system import paths

log = logging.getLogger(__name__)

TRASH = ".trash"
"""A hidden folder beside the sessions: what is deleted can be taken back until somebody empties it."""

_VERSION = 3
_SCHEMA = """
create table sessions (
    path text primary key, stamp text not null, id text, study text, participant text, condition text, state text,
    started_utc text, source text, model text, rows integer, duration_s real, faces integer, skipped integer,
    alerts integer, bytes integer, tags text, note text, words text
)
"""
_COLUMNS = (
    "path", "stamp", "id", "study", "participant", "condition", "state", "started_utc", "source", "model", "rows",
    "duration_s", "faces", "skipped", "alerts", "bytes", "tags", "note", "words",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Entry:
    """A session in the index. Numbers are None for a session that was not closed."""

    path: Path
    id: str
    study: str
    participant: str
    condition: str
    state: SessionState
    started_utc: str
    source: str
    model: str
    """Empty without one."""
    rows: int | None
    duration_s: float | None
    faces: int | None
    skipped: int | None
    """Rows of frames that were not looked at."""
    alerts: int | None
    size_bytes: int
    """Of all files, when the session was indexed."""
    labels: Labels

    @property
    def face_share(self) -> float | None:
        """Share of the frames that were looked at with a face on them."""
        looked_at = (self.rows or 0) - (self.skipped or 0)
        return None if self.faces is None or looked_at <= 0 else self.faces / looked_at


@dataclass(frozen=True, slots=True)
class Search:
    """What is looked for; an empty member asks for nothing."""

    words: str = ""
    """Each word must occur somewhere, in any case: names, tags, note, source, model, folder."""
    study: str = ""
    participant: str = ""
    condition: str = ""
    tag: str = ""


class Library:
    """The sessions below one folder. Any thread, one at a time."""

    def __init__(self, root: Path, index: Path | None = None) -> None:
        self.root = root
        name = hashlib.sha256(str(root.absolute()).encode("utf-8", "surrogatepass")).hexdigest()[:16]
        self._index = index or paths.cache_dir() / f"sessions-{name}.sqlite"

    def refresh(self) -> int:
        """Bring the index up to date; returns how many entries changed. Raises SessionError in words."""
        with self._opened() as index:
            known = dict(index.execute("select path, stamp from sessions"))
            found = {str(folder): _stamp(folder) for folder in session_folders(self.root)}
            gone = [(path,) for path in known if path not in found]
            index.executemany("delete from sessions where path = ?", gone)
            changed = [path for path, stamp in found.items() if known.get(path) != stamp]
            for path in changed:
                _put(index, Path(path), found[path])
            return len(gone) + len(changed)

    def rebuild(self) -> int:
        """Forget the index and make it anew from the folders; returns how many sessions there are."""
        with self._opened() as index:
            index.execute("delete from sessions")
        return self.refresh()

    def search(self, wanted: Search | None = None) -> list[Entry]:
        """Newest first, as of the last refresh."""
        conditions, values = _conditions(wanted or Search())
        query = f"select * from sessions where {conditions} order by started_utc desc, path"
        with self._opened() as index:
            return [_entry(row) for row in index.execute(query, values)]

    def values_of(self, name: str) -> list[str]:
        """Which studies, participants, conditions or tags there are, for a chooser."""
        if name == "tag":
            return self._tags()
        if name not in ("study", "participant", "condition"):
            raise ValueError(f"{name} is not a name of sessions")
        query = f"select distinct {name} from sessions where {name} <> '' order by {name} collate nocase"
        with self._opened() as index:
            return [str(value) for (value,) in index.execute(query)]

    def _tags(self) -> list[str]:
        with self._opened() as index:
            found = index.execute("select distinct value from sessions, json_each(tags) order by value collate nocase")
            return [str(value) for (value,) in found]

    def label(self, session: Path, labels: Labels) -> None:
        """Write tags and note into the session's folder, and index them."""
        write_labels(session, labels)
        with self._opened() as index:
            _put(index, session, _stamp(session))

    def to_trash(self, session: Path) -> Path:
        """Move a session out of sight; returns where it lies now. Raises SessionError in words."""
        relative = session.relative_to(self.root)
        if is_live(session):
            raise SessionError(f"“{session.name}” is being recorded.", advice="Stop the recording first.")
        place = self._move(session, self.root / TRASH / relative, f"“{session.name}” could not be deleted.")
        self.refresh()
        return place

    def from_trash(self, trashed: Path) -> Path:
        """Take a session back to where it was."""
        relative = trashed.relative_to(self.root / TRASH)
        place = self._move(trashed, self.root / relative, f"“{trashed.name}” could not be taken back.")
        self.refresh()
        return place

    def _move(self, source: Path, target: Path, problem: str) -> Path:
        try:
            target.parent.mkdir(parents=True, exist_ok=True)
            names = (target.with_name(name.name) for name in numbered(PurePosixPath(target.name)))
            place = next(name for name in names if not name.exists())
            shutil.move(source, place)
        except OSError as error:
            advice = "Close whatever has its files open, and check that you may write to the folder."
            raise SessionError(problem, advice=advice, detail=str(error)) from error
        return place

    @contextmanager
    def _opened(self) -> Iterator[sqlite3.Connection]:
        try:
            with closing(self._connect()) as index, index:
                yield index
        except (sqlite3.Error, OSError) as error:
            raise SessionError(
                "The list of sessions cannot be kept.",
                advice=f"Delete “{self._index}”; it is made anew. The sessions themselves are not affected.",
                detail=str(error),
            ) from error

    def _connect(self) -> sqlite3.Connection:
        self._index.parent.mkdir(parents=True, exist_ok=True)
        index = sqlite3.connect(self._index)
        try:
            if index.execute("pragma user_version").fetchone()[0] == _VERSION:
                return index
        except sqlite3.DatabaseError as error:
            log.info("%s is made anew: %s", self._index, error)
        index.close()
        return self._made_anew()

    def _made_anew(self) -> sqlite3.Connection:
        self._index.unlink(missing_ok=True)
        index = sqlite3.connect(self._index)
        index.execute(_SCHEMA)
        index.execute(f"pragma user_version = {_VERSION}")
        index.commit()
        return index


def _stamp(folder: Path) -> str:
    """Changes when the header or the labels do."""
    return " ".join(str(_changed_ns(folder / name)) for name in (HEADER_FILE, LABELS_FILE))


def _changed_ns(path: Path) -> int:
    try:
        return os.stat(path).st_mtime_ns
    except OSError:
        return 0


def _put(index: sqlite3.Connection, folder: Path, stamp: str) -> None:
    try:
        document = read_header(folder)
        row = _row(folder, stamp, document, read_labels(folder))
    except (SessionError, KeyError, TypeError) as error:
        log.info("%s is left out of the list: %s", folder, error)
        row = dict.fromkeys(_COLUMNS) | {"path": str(folder), "stamp": stamp}
    places = ", ".join(f":{name}" for name in _COLUMNS)
    index.execute(f"insert or replace into sessions values ({places})", row)


def _row(folder: Path, stamp: str, document: Document, labels: Labels) -> dict[str, Any]:
    end = document["end"] or {}
    row = {
        "path": str(folder),
        "stamp": stamp,
        "id": document["id"],
        "study": document["study"],
        "participant": document["participant"],
        "condition": document["condition"],
        "state": document["state"],
        "started_utc": document["clock"]["opened"]["wall_utc"],
        "source": document["source"]["name"],
        "model": document["model"]["name"] if document["model"] else "",
        "rows": end.get("rows"),
        "duration_s": end.get("duration_s"),
        "faces": end.get("faces"),
        "skipped": end.get("skipped"),
        "alerts": end.get("alerts"),
        "bytes": _size_bytes(folder),
        "tags": json.dumps(labels.tags, ensure_ascii=False),
        "note": labels.note,
    }
    words = (row["study"], row["participant"], row["condition"], row["source"], row["model"], labels.note, folder.name)
    return row | {"words": "\n".join((*words, *labels.tags)).casefold()}


def _size_bytes(folder: Path) -> int:
    """As far as it can be told."""
    total = 0
    for place, _, names in os.walk(folder):
        for name in names:
            with contextlib.suppress(OSError):  # gone in between: a temporary file
                total += os.stat(os.path.join(place, name)).st_size
    return total


def _conditions(wanted: Search) -> tuple[str, list[str]]:
    clauses, values = ["id is not null"], []
    for word in wanted.words.casefold().split():
        clauses.append("instr(words, ?)")
        values.append(word)
    for name in ("study", "participant", "condition"):
        if text := getattr(wanted, name):
            clauses.append(f"{name} = ? collate nocase")
            values.append(text)
    if wanted.tag:
        clauses.append("exists (select 1 from json_each(tags) where value = ? collate nocase)")
        values.append(wanted.tag)
    return " and ".join(clauses), values


def _entry(row: tuple[Any, ...]) -> Entry:
    facts = dict(zip(_COLUMNS, row, strict=True))
    return Entry(
        path=Path(facts["path"]),
        id=facts["id"],
        study=facts["study"],
        participant=facts["participant"],
        condition=facts["condition"],
        state=SessionState(facts["state"]),
        started_utc=facts["started_utc"],
        source=facts["source"],
        model=facts["model"],
        rows=facts["rows"],
        duration_s=facts["duration_s"],
        faces=facts["faces"],
        skipped=facts["skipped"],
        alerts=facts["alerts"],
        size_bytes=facts["bytes"] or 0,
        labels=Labels(tuple(json.loads(facts["tags"])), facts["note"]),
    )
