"""Handing frames from the capture thread to the analysis thread.

Two rules, one shape. `LatestSlot` is for live sources: the newest frame replaces the one that waits, and what was
replaced is remembered as a stamp, so that the data still hold a row for it. `LosslessQueue` is for films analysed
offline: the reader waits until there is room, and the analysis takes all that wait.
"""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from desktop_affect.core.types import Frame, FrameStamp

# A minute at 60 fps while the analysis stands still; what is older is counted but has no stamp any more.
MAX_STAMPS = 3600
# How many frames of a film wait together, and are looked at together (pipeline/analysis.py): measured on two busy
# cores, 16 at a time take a fifth less than one by one, 32 hardly less than 16. The bytes are two pictures of 4K.
MOST_FRAMES = 16
MOST_BYTES = 64_000_000


def room_for_more(frames: Sequence[Frame], most: int = MOST_FRAMES) -> bool:
    """Whether one more like the last may join these; there is always room for one."""
    if not frames:
        return True
    held_bytes = sum(frame.pixels.nbytes for frame in frames)
    return len(frames) < most and held_bytes + frames[-1].pixels.nbytes <= MOST_BYTES


@dataclass(frozen=True, slots=True)
class Delivery:
    """One frame to look at, and the stamps of those that were replaced before it."""

    frame: Frame
    skipped: tuple[FrameStamp, ...] = ()
    pictures: tuple[Frame, ...] = ()
    """The newest of the replaced frames themselves, where somebody asked for them."""


class Handover(Protocol):
    """One producer, one consumer."""

    def put(self, frame: Frame) -> None:
        """Producer: hand a frame over. Does nothing once closed."""
        ...

    def take(self, timeout_s: float) -> tuple[Delivery, ...]:
        """Consumer: what waits, in order; nothing after the timeout or when closed and empty."""
        ...

    def close(self) -> None:
        """No more frames will come; wakes both sides. What waits can still be taken."""
        ...

    def keep_pictures(self, room_bytes: int) -> None:
        """Hand over the pictures of replaced frames too, up to so much of them."""
        ...

    @property
    def drained(self) -> bool:
        """Closed, and nothing is left to take."""
        ...

    @property
    def skipped(self) -> int:
        """How many frames were replaced so far."""
        ...


class LatestSlot:
    """Room for one frame. Overflow rule: the newest wins, the replaced one leaves a stamp and is counted.

    For a film, replaced pictures can be kept too, as many as fit; the oldest ones go first.
    """

    def __init__(self) -> None:
        self._room_bytes = 0
        self._pictures: deque[Frame] = deque()
        self._picture_bytes = 0
        self._condition = threading.Condition()
        self._frame: Frame | None = None
        self._stamps: deque[FrameStamp] = deque(maxlen=MAX_STAMPS)
        self._skipped = 0
        self._closed = False

    def put(self, frame: Frame) -> None:
        with self._condition:
            if self._closed:
                return
            if self._frame is not None:
                self._stamps.append(FrameStamp(self._frame.seq, self._frame.t_s, self._frame.media_t_s))
                self._skipped += 1
                self._keep(self._frame)
            self._frame = frame
            self._condition.notify()

    def keep_pictures(self, room_bytes: int) -> None:
        """From now on; 0 to keep none. Any thread."""
        with self._condition:
            self._room_bytes = room_bytes

    def _keep(self, frame: Frame) -> None:
        self._pictures.append(frame)
        self._picture_bytes += frame.pixels.nbytes
        while self._picture_bytes > self._room_bytes:
            self._picture_bytes -= self._pictures.popleft().pixels.nbytes

    def take(self, timeout_s: float) -> tuple[Delivery, ...]:
        """One at most."""
        with self._condition:
            self._condition.wait_for(lambda: self._frame is not None or self._closed, timeout_s)
            if self._frame is None:
                return ()
            delivery = Delivery(self._frame, tuple(self._stamps), tuple(self._pictures))
            self._frame = None
            self._stamps.clear()
            self._pictures.clear()
            self._picture_bytes = 0
            return (delivery,)

    def close(self) -> None:
        with self._condition:
            self._closed = True
            self._condition.notify_all()

    @property
    def drained(self) -> bool:
        with self._condition:
            return self._closed and self._frame is None

    @property
    def skipped(self) -> int:
        with self._condition:
            return self._skipped


class LosslessQueue:
    """Room for a handful of frames. Overflow rule: the producer waits; nothing is ever dropped."""

    skipped = 0

    def __init__(self, room: int = MOST_FRAMES) -> None:
        self._room = room
        self._condition = threading.Condition()
        self._frames: deque[Frame] = deque()
        self._closed = False

    def put(self, frame: Frame) -> None:
        with self._condition:
            self._condition.wait_for(lambda: room_for_more(self._frames, self._room) or self._closed)
            if not self._closed:
                self._frames.append(frame)
                self._condition.notify_all()

    def keep_pictures(self, room_bytes: int) -> None:
        """No frame is ever replaced."""

    def take(self, timeout_s: float) -> tuple[Delivery, ...]:
        """All that wait."""
        with self._condition:
            self._condition.wait_for(lambda: self._frames or self._closed, timeout_s)
            taken = tuple(Delivery(frame) for frame in self._frames)
            self._frames.clear()
            self._condition.notify_all()
            return taken

    def close(self) -> None:
        with self._condition:
            self._closed = True
            self._condition.notify_all()

    @property
    def drained(self) -> bool:
        with self._condition:
            return self._closed and not self._frames
