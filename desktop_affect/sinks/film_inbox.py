"""Frames on their way to the film.

Overflow rule: for a live source what finds no room is refused, and its number and time are kept, so that the film's
list of dropped frames is complete; a film analysed offline can wait, so there `put` waits for room.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass

from desktop_affect.core.types import Frame, Sample
from desktop_affect.sinks.mailbox import Mailbox

# A second and a half at 720p and 30 fps: enough for a busy moment, and what a laptop can spare.
ROOM_BYTES = 128_000_000
# A frame that was skipped without its picture weighs next to nothing, but an hour of them must not pile up.
ROOM_FRAMES = 5000
# An hour of refused frames; further ones are only counted.
ROOM_REFUSED = 108_000
PATIENCE_S = 60.0


@dataclass(frozen=True, slots=True)
class Shot:
    """A captured frame with what is known of it; without its picture where that is gone."""

    sample: Sample
    frame: Frame | None

    @property
    def size_bytes(self) -> int:
        return 0 if self.frame is None else self.frame.pixels.nbytes


@dataclass(frozen=True, slots=True)
class Stamp:
    """What remains of a refused frame."""

    seq: int
    t_s: float


@dataclass(frozen=True, slots=True)
class Refused:
    """Frames that found no room since this was last asked."""

    stamps: tuple[Stamp, ...]
    unlisted: int
    """Further ones, of which only the number is known."""


class FilmInbox(Mailbox):
    """One producer (the analysis thread), one consumer (the film's thread)."""

    def __init__(self, waits: bool, room_bytes: int = ROOM_BYTES, room_refused: int = ROOM_REFUSED) -> None:
        super().__init__()
        self._waits = waits
        self._room_bytes = room_bytes
        self._room_refused = room_refused
        self._shots: deque[Shot] = deque()
        self._bytes = 0
        self._held_bytes = 0
        """Of the shots that the consumer took and has not done yet: they are still in memory."""
        self._refused: list[Stamp] = []
        self._unlisted = 0

    def put(self, shot: Shot) -> bool:
        """False when it was refused."""
        with self._condition:
            if self._waits and not self._has_room(shot):
                self._condition.wait_for(lambda: self._has_room(shot) or self._closed, PATIENCE_S)
            if self._closed:
                return True
            if not self._has_room(shot):
                self._refuse(shot.sample)
                return False
            self._shots.append(shot)
            self._bytes += shot.size_bytes
            return True

    def _has_room(self, shot: Shot) -> bool:
        fits = self._bytes + shot.size_bytes <= self._room_bytes or self._bytes == 0
        return fits and len(self._shots) < ROOM_FRAMES

    def _refuse(self, sample: Sample) -> None:
        if len(self._refused) < self._room_refused:
            self._refused.append(Stamp(sample.seq, sample.t_s))
        else:
            self._unlisted += 1

    def take(self) -> Shot | None:
        """The next one; None when nothing waits. Its room is free when the next one is taken."""
        with self._condition:
            self._bytes -= self._held_bytes
            self._held_bytes = 0
            self._condition.notify_all()
            if not self._shots:
                return None
            shot = self._shots.popleft()
            self._held_bytes = shot.size_bytes
            return shot

    def take_refused(self) -> Refused:
        with self._condition:
            refused = Refused(tuple(self._refused), self._unlisted)
            self._refused, self._unlisted = [], 0
            return refused
