"""Reads a session folder, whole or torn: up to the last whole row, of every schema version up to ours.

Opening checks the cache against the table and parses only what the cache does not hold; a column is put together when
it is first asked for. A session that is being recorded can be read too: it is then as long as it was at that moment.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from desktop_affect.core.errors import SessionError
from desktop_affect.core.types import NAN, Alert, Marker
from desktop_affect.session import event_reader, table
from desktop_affect.session import format as fmt
from desktop_affect.session.annotations import Annotation, read_annotations
from desktop_affect.session.cache import CachedBlock
from desktop_affect.session.header import BEGAN, Document, SessionState, with_origin
from desktop_affect.session.row_reader import Progress, read_rows, untold
from desktop_affect.session.table import Array, Block

RENAMED: Mapping[int, Mapping[str, str]] = {1: {}}
"""For every schema version that can be read: its column names that are called otherwise today. A column that a version
lacks reads as all unknown, one that is no longer known is left alone."""


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
    cached_rows: int
    _blocks: tuple[Block | CachedBlock, ...]
    _columns: dict[str, Array] = field(default_factory=dict)
    _newest: tuple[int, Block] | None = None
    """The block that `row` read last, and where its rows begin."""

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
        texts as objects. Raises KeyError for a name that is no column."""
        if name not in self._columns:
            self._columns[name] = self._assemble(name)
        return self._columns[name]

    def row(self, number: int) -> dict[str, Any]:
        """All columns of one row, without putting whole columns together: for whoever looks here and there.

        Raises IndexError, or OSError where the cache has gone.
        """
        begin, block = self._block_with(number)
        found = {name: block.column(name)[number - begin] for name in fmt.SAMPLE_NAMES}
        return found | {"seq": int(found["seq"])}

    def _block_with(self, number: int) -> tuple[int, Block]:
        if self._newest is not None and 0 <= number - self._newest[0] < self._newest[1].rows:
            return self._newest
        begin = 0
        for block in self._blocks:
            if begin <= number < begin + block.rows:
                self._newest = begin, block if isinstance(block, Block) else block.whole()
                return self._newest
            begin += block.rows
        raise IndexError(number)

    def _assemble(self, name: str) -> Array:
        if name not in fmt.SAMPLE_NAMES:
            raise KeyError(name)
        with ExitStack() as stack:
            pieces = list(self._pieces(name, stack))
        column: Array = np.concatenate([self._empty(name), *pieces])
        if name == "seq":
            column = column.astype(np.int64)
        column.flags.writeable = False
        return column

    def _pieces(self, name: str, stack: ExitStack) -> Iterator[Array]:
        opened = None
        for block in self._blocks:
            if isinstance(block, Block):
                yield block.column(name)
                continue
            opened = opened or stack.enter_context(block.path.open("rb"))
            yield block.read(opened, name)

    @staticmethod
    def _empty(name: str) -> Array:
        kind = object if name in table.TEXTS else np.float32 if name in table.NUMBERS else np.float64
        return np.zeros(0, dtype=kind)


def read_session(path: Path, progress: Progress = untold) -> Session:
    """Open a session folder. Raises SessionError in words when it is none, or was written by a newer version.

    `progress` is told bytes of samples.csv that are done and in all; whatever it raises ends the reading.
    """
    document = read_header(path)
    try:
        events = event_reader.read_events(path / fmt.EVENTS_FILE)
        document = _with_origin(document, events)
        rows = read_rows(path, RENAMED[document["schema"]], progress)
        return Session(
            path=path,
            header=document,
            rows=sum(block.rows for block in rows.blocks),
            bad_rows=sum(block.bad_rows for block in rows.blocks),
            torn_bytes=rows.torn_bytes,
            markers=event_reader.read_markers(path / fmt.MARKERS_FILE),
            alerts=event_reader.read_alerts(path / fmt.ALERTS_FILE),
            events=tuple(event for event in events if event.get("event") != BEGAN),
            annotations=read_annotations(path),
            cached_rows=sum(block.rows for block in rows.blocks if isinstance(block, CachedBlock)),
            _blocks=rows.blocks,
        )
    except OSError as error:
        raise SessionError(
            f"The session in “{path}” cannot be read.", advice="Check the drive and its permissions.", detail=str(error)
        ) from error


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
