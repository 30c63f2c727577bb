"""Reads a session folder, whole or torn: up to the last whole row, of every schema version up to ours.

Opening looks through the whole table once and reads the columns that are wanted at once; others are read when they are
first asked for, all that are missing together, or by `load`, only those. A session that is being recorded can be read
too: it is then as long as it was at that moment.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from desktop_affect.core.errors import SessionError
from desktop_affect.core.types import NAN, Alert, Marker
from desktop_affect.session import event_reader
from desktop_affect.session import format as fmt
from desktop_affect.session.annotations import Annotation, read_annotations
from desktop_affect.session.header import BEGAN, Document, SessionState, with_origin
from desktop_affect.session.row_reader import Columns, Progress, Rows, open_rows, untold
from desktop_affect.session.table import Array

RENAMED: Mapping[int, Mapping[str, str]] = {1: {}}
"""For every schema version that can be read: its column names that are called otherwise today. A column that a version
lacks reads as all unknown, one that is no longer known is left alone."""

FIRST: tuple[str, ...] = ("seq", "t_s", "face")
"""The columns that nobody does without."""


@dataclass(slots=True)
class Session:
    """A session that was read. Arrays are read-only views: copy before changing."""

    path: Path
    header: Document
    rows: int
    bad_rows: int
    """Lines that are no rows: a drive that lost power may leave some. They are left out."""
    torn_bytes: int
    """Behind the last whole row."""
    markers: tuple[Marker, ...]
    alerts: tuple[Alert, ...]
    """Each once, complete if it ended."""
    events: tuple[Mapping[str, Any], ...]
    annotations: tuple[Annotation, ...]
    """What a person wrote about it afterwards."""
    _table: Rows
    _columns: Columns = field(default_factory=dict)
    _newest: tuple[int, Columns] | None = None
    """The rows around the one that `row` read last, and the number of the first of them."""

    @property
    def names(self) -> tuple[str, ...]:
        return fmt.SAMPLE_NAMES

    @property
    def state(self) -> SessionState:
        return SessionState(self.header["state"])

    @property
    def baselines(self) -> Mapping[str, Mapping[str, Any]]:
        """What stands behind each `baseline_id`, by that id."""
        found = (event for event in self.events if event.get("event") == "baseline" and "id" in event)
        return {str(event["id"]): event for event in found}

    @property
    def duration_s(self) -> float:
        """First to last row; NaN without rows."""
        t_s = self["t_s"]
        return float(t_s[-1] - t_s[0]) if self.rows else NAN

    def __getitem__(self, name: str) -> Array:
        """A column: whole numbers for `seq`, float64 for times, float32 for values and flags (NaN where unknown),
        texts as objects. Raises KeyError for a name that is no column, and SessionError where the table has gone."""
        if name not in self._columns:
            self._add(name)
        return self._columns[name]

    def _add(self, name: str) -> None:
        if name not in fmt.SAMPLE_NAMES:
            raise KeyError(name)
        self.load(fmt.SAMPLE_NAMES)

    def load(self, names: Sequence[str], progress: Progress = untold) -> None:
        """Read those of these columns that are not known yet, together. Raises SessionError in words."""
        missing = [name for name in names if name not in self._columns]
        if missing:
            try:
                self._columns |= self._table.columns(missing, progress)
            except OSError as error:
                raise _unreadable(self.path, error) from error

    def keep(self, names: Sequence[str]) -> None:
        """Let go of all other columns, before it is handed on; they can be read again."""
        self._columns = {name: column for name, column in self._columns.items() if name in {*FIRST, *names}}

    def row(self, number: int) -> dict[str, Any]:
        """All columns of one row, for whoever looks here and there. Raises IndexError, and SessionError in words."""
        begin, columns = self._around(number)
        return {name: columns[name][number - begin] for name in fmt.SAMPLE_NAMES} | {"seq": int(self["seq"][number])}

    def _around(self, number: int) -> tuple[int, Columns]:
        if self._newest is None or not 0 <= number - self._newest[0] < len(self._newest[1]["seq"]):
            try:
                self._newest = self._table.around(number)
            except OSError as error:
                raise _unreadable(self.path, error) from error
        return self._newest


def read_session(path: Path, progress: Progress = untold, wanted: Sequence[str] = ()) -> Session:
    """Open a session folder. Raises SessionError in words when it is none, or was written by a newer version.

    `progress` is told bytes of samples.csv that are done and in all; whatever it raises ends the reading. `wanted`:
    columns that will be asked for, read on the way.
    """
    document = read_header(path)
    try:
        events = event_reader.read_events(path / fmt.EVENTS_FILE)
        document = _with_origin(document, events)
        renamed = RENAMED[document["schema"]]
        rows, columns = open_rows(path, renamed, tuple(dict.fromkeys((*FIRST, *wanted))), progress)
        return Session(
            path=path,
            header=document,
            rows=rows.count,
            bad_rows=rows.bad_rows,
            torn_bytes=rows.torn_bytes,
            markers=event_reader.read_markers(path / fmt.MARKERS_FILE),
            alerts=event_reader.read_alerts(path / fmt.ALERTS_FILE),
            events=tuple(event for event in events if event.get("event") != BEGAN),
            annotations=read_annotations(path),
            _table=rows,
            _columns=columns,
        )
    except OSError as error:
        raise _unreadable(path, error) from error


def with_new_header(session: Session) -> Session:
    """After its header and log were changed: they are read again, its rows are not. Raises SessionError, OSError."""
    events = event_reader.read_events(session.path / fmt.EVENTS_FILE)
    header = _with_origin(read_header(session.path), events)
    return replace(session, header=header, events=tuple(event for event in events if event.get("event") != BEGAN))


def _unreadable(path: Path, error: OSError) -> SessionError:
    return SessionError(
        f"The session in “{path}” cannot be read.", advice="Check the drive and its permissions.", detail=str(error)
    )


def _with_origin(document: Document, events: Iterable[Mapping[str, Any]]) -> Document:
    """A session that was cut short before its header knew t_s = 0 has it in the log."""
    if document["clock"]["origin_s"] is not None:
        return document
    found = (event.get("origin_s") for event in events if event.get("event") == BEGAN)
    origin_s = next(found, None)
    return with_origin(document, float(origin_s)) if isinstance(origin_s, int | float) else document


def read_header(path: Path) -> Document:
    """session.json. Raises SessionError in words."""
    try:
        document = json.loads((path / fmt.HEADER_FILE).read_text(encoding="utf-8"))
    except FileNotFoundError as error:
        advice = f"Choose a folder that holds {fmt.HEADER_FILE}."
        raise SessionError(f"“{path}” is not a session.", advice=advice, detail=str(error)) from error
    except (OSError, ValueError) as error:
        advice = "Take the folder from a backup; the tables beside it can still be opened by hand."
        raise SessionError(
            f"{fmt.HEADER_FILE} in “{path}” cannot be read.", advice=advice, detail=str(error)
        ) from error
    _check(path, document)
    return dict(document)


def _check(path: Path, document: object) -> None:
    if not isinstance(document, dict) or document.get("format") != fmt.FORMAT_NAME:
        raise SessionError(f"“{path}” is not a session of Desktop Affect.", advice="Choose another folder.")
    schema = document.get("schema")
    if schema not in RENAMED:
        raise SessionError(
            f"The session in “{path}” has format version {schema}; this program reads up to {fmt.SCHEMA}.",
            advice="Open it with a newer Desktop Affect.",
        )
    if document.get("state") not in {state.value for state in SessionState}:
        raise SessionError(f"The session in “{path}” is in no known state.", detail=f"state: {document.get('state')}")
