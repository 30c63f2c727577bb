"""The disk guard: warns early, and has the session closed while there is still room to close it cleanly.

A recording that keeps a film stops the film first: without it the rest of the room lasts for many hours.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

GB = 1_000_000_000

# A row takes under 1 kB: 5 GB are two days of rows at 30 fps, or some hours of film. 0.2 GB are room for the footer,
# the repair of a session and whatever else the machine writes meanwhile.
WARN_BELOW_BYTES = 5 * GB
FILM_BELOW_BYTES = GB
CLOSE_BELOW_BYTES = GB // 5


class Room(Enum):
    """How much room the drive has, from good to bad."""

    ENOUGH = "enough"
    LOW = "low"
    """Say so."""
    NO_FILM = "no_film"
    """Stop the film first."""
    NONE = "none"
    """Close the session."""


_LADDER: tuple[tuple[int, Room], ...] = (
    (CLOSE_BELOW_BYTES, Room.NONE),
    (FILM_BELOW_BYTES, Room.NO_FILM),
    (WARN_BELOW_BYTES, Room.LOW),
)
_ORDER = tuple(Room)


def room_for(free_bytes: int, films: bool = False) -> Room:
    """The rung of the ladder; one of them is there only for a recording that films."""
    rungs = ((below, room) for below, room in _LADDER if films or room is not Room.NO_FILM)
    return next((room for below, room in rungs if free_bytes < below), Room.ENOUGH)


@dataclass(slots=True)
class DiskGuard:
    """Tells each worsening once."""

    films: bool = False
    free_bytes: int = 0
    _worst: Room = Room.ENOUGH

    def look(self, free_bytes: int) -> Room | None:
        """The new state of the drive when it is worse than all before, else None."""
        self.free_bytes = free_bytes
        room = room_for(free_bytes, self.films)
        if _ORDER.index(room) <= _ORDER.index(self._worst):
            return None
        self._worst = room
        return room


def in_words(free_bytes: int) -> str:
    """`4.2 GB`, `130 MB`."""
    return f"{free_bytes / GB:.1f} GB" if free_bytes >= GB else f"{free_bytes / 1e6:.0f} MB"
