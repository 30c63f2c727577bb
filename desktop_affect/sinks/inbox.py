"""What waits between the analysis and the recorder's thread.

Overflow rule: for a live source the newest rows are refused and counted, as a gap that the recorder writes down; a film
analysed offline can wait, so there `put` waits for room. Events are few; they have a room of their own.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TypeAlias

from desktop_affect.core.types import Event, Sample
from desktop_affect.sinks.mailbox import Mailbox

# Two minutes at 30 fps, for a disk that stands still (a sleeping network drive takes ten seconds or more). A sample
# with its landmarks is about 10 kB: 36 MB at the very most.
ROOM_ROWS = 3600
ROOM_EVENTS = 10_000

# How long a film waits for the disk before its rows are refused like those of a camera.
PATIENCE_S = 60.0


BASELINE_NOTE = "baseline"
"""The kind of a note that holds the numbers of a baseline."""


@dataclass(frozen=True, slots=True)
class Note:
    """Something for the session's log that is no event of the run."""

    kind: str
    facts: Mapping[str, object]


Item: TypeAlias = Sample | Event | Note


@dataclass(frozen=True, slots=True)
class Gap:
    """Rows that were refused, after everything that was taken with it."""

    rows: int
    first_seq: int
    last_seq: int


@dataclass(frozen=True, slots=True)
class Delivery:
    """Everything that waited, in order, and the gap behind it."""

    items: tuple[Item, ...]
    gap: Gap | None
    lost_events: int


class Inbox(Mailbox):
    """Many producers, one consumer."""

    def __init__(self, waits: bool, room_rows: int = ROOM_ROWS, room_events: int = ROOM_EVENTS) -> None:
        super().__init__()
        self._waits = waits
        self._room_rows = room_rows
        self._room_events = room_events
        self._items: list[Item] = []
        self._rows = 0
        self._gap: Gap | None = None
        self._lost_events = 0

    @property
    def waiting_rows(self) -> int:
        return self._rows

    def put(self, sample: Sample) -> bool:
        """False when the row was refused."""
        with self._condition:
            if self._waits and self._rows >= self._room_rows and self._gap is None:
                self._condition.wait_for(lambda: self._rows < self._room_rows or self._closed, PATIENCE_S)
            if self._closed:
                return True
            if self._rows >= self._room_rows or self._gap is not None:
                self._refuse(sample.seq)
                return False
            self._items.append(sample)
            self._rows += 1
            return True

    def _refuse(self, seq: int) -> None:
        gap = self._gap
        self._gap = Gap(1, seq, seq) if gap is None else Gap(gap.rows + 1, gap.first_seq, seq)

    def put_event(self, event: Event | Note) -> None:
        with self._condition:
            if self._closed:
                return
            if len(self._items) - self._rows >= self._room_events:
                self._lost_events += 1
            else:
                self._items.append(event)

    def take(self) -> Delivery:
        """Everything that waits now, which may be nothing."""
        with self._condition:
            delivery = Delivery(tuple(self._items), self._gap, self._lost_events)
            self._items = []
            self._rows = self._lost_events = 0
            self._gap = None
            self._condition.notify_all()
            return delivery
