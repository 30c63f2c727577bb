"""Capture without a thread of its own: the analysis reads the next frames when it wants them.

For films where every core has one of its own to analyse: a second thread would find no core that is free, and would
only move the pictures from one core's cache to another's.
"""

from __future__ import annotations

import threading

from desktop_affect.core.errors import AffectError
from desktop_affect.core.ports import Clock, FrameSource
from desktop_affect.core.slot import Delivery, room_for_more
from desktop_affect.core.types import Frame, Severity
from desktop_affect.pipeline.capture import CaptureEvents
from desktop_affect.pipeline.meters import RateMeter
from desktop_affect.pipeline.stage import failure_of, fault_of


class PulledCapture:
    """The capture stage and the hand-over in one (see `CaptureStage`, `Handover`). `take` and `close` belong to the
    analysis thread, which opens, reads and closes the source. Overflow rule: nothing is read that nobody takes.

        WAITING --first take--> READING --end or failure--> ENDING --next take, stop or close--> OVER

    ENDING: the frames before the end come first.
    """

    name = "capture"
    skipped = 0

    def __init__(self, source: FrameSource, clock: Clock, events: CaptureEvents) -> None:
        self._source = source
        self._clock = clock
        self._events = events
        self._stopping = threading.Event()
        self._meter = RateMeter()
        self._next_seq = 0
        self._opened = self._ending = self._over = False
        self._failure: AffectError | None = None

    @property
    def captured(self) -> int:
        """Frames delivered by the source."""
        return self._next_seq

    def fps(self) -> float:
        return self._meter.per_second()

    def start(self) -> None:
        """The analysis begins by itself."""

    def request_stop(self) -> None:
        """Any thread."""
        self._stopping.set()
        self._source.interrupt()

    def join(self, deadline_s: float) -> bool:
        """There is no thread."""
        return True

    def take(self, timeout_s: float) -> tuple[Delivery, ...]:
        """A handful, so that decoding and analysis do not push each other out of the processor's cache."""
        if self.drained:
            return ()
        frames: list[Frame] = []
        while not self._ending and room_for_more(frames):
            self._read_on(frames)
        if not frames:
            self._end()
        return tuple(Delivery(frame) for frame in frames)

    def _read_on(self, frames: list[Frame]) -> None:
        try:
            frame = self._read()
        except Exception as error:  # noqa: BLE001  it is told in words and logged whole
            self._ending, self._failure = True, failure_of(self.name, error)
            return
        if frame is None:
            self._ending = True
        else:
            frames.append(frame)

    def _read(self) -> Frame | None:
        if not self._opened:
            self._opened = True
            self._events.opened(self._source.open())
        frame = self._source.read()
        if frame is not None:
            self._next_seq = frame.seq + 1
            self._meter.tick(frame.t_s)
        return frame

    def _end(self) -> None:
        self.close()
        failure = self._failure
        if failure is not None:
            self._events.report(fault_of(failure, self.name, Severity.ERROR, self._clock.now_s()))
        self._events.ended(failure)

    def close(self) -> None:
        """Safe to call twice."""
        if not self._over:
            self._over = True
            self._source.close()

    def put(self, frame: Frame) -> None:
        """There is nobody to call it."""
        raise AssertionError("frames are pulled")

    def keep_pictures(self, room_bytes: int) -> None:
        """No frame is ever replaced."""

    @property
    def drained(self) -> bool:
        return self._over or self._stopping.is_set()
