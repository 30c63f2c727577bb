"""The words of the film's recording: its states, why a frame is missing, what it needs of the world."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from enum import Enum

from desktop_affect.core.ports import Clock
from desktop_affect.core.types import Fault
from desktop_affect.session.files import FileOps
from desktop_affect.sinks.background_sync import AtOnce, Sync
from desktop_affect.sinks.film_encoder import MakeEncoder, encoders


class FilmState(Enum):
    """See `film_recording.py`."""

    OPENING = "opening"
    RECORDING = "recording"
    WAITING = "waiting"
    STOPPED = "stopped"
    CLOSED = "closed"


class Drop(Enum):
    """Why a frame has no picture; these words stand in the list."""

    QUEUE = "queue"
    """The encoder or the disk could not keep up."""
    SKIPPED = "skipped"
    """The analysis skipped the frame, and its picture was gone, or where the face was is not known."""
    TIME = "time"
    """Not later than the picture before it."""
    ENCODER = "encoder"
    """The encoder failed."""
    DISK = "disk"
    """The disk took nothing at that time."""
    STOPPED = "stopped"
    """The film had been stopped."""


@dataclass(frozen=True, slots=True)
class FilmOutside:
    """What the film needs of the world."""

    ops: FileOps
    clock: Clock
    report: Callable[[Fault], None]
    encoders: tuple[MakeEncoder, ...] = encoders()
    sync: Sync = field(default_factory=AtOnce)
