"""Capture without a thread of its own: the analysis reads the next frame when it wants it.

For films where every core has one of its own to analyse: a second thread would find no core that is free, and would
only move the pictures from one core's cache to another's.
"""

from __future__ import annotations

import threading

from desktop_affect.core.errors import AffectError
from desktop_affect.core.ports import Clock, FrameSource
from desktop_affect.core.slot import Delivery
from desktop_affect.core.types import Frame, Severity
from desktop_affect.pipeline.capture import CaptureEvents
from desktop_affect.pipeline.meters import RateMeter
from desktop_affect.pipeline.stage import failure_of, fault_of


class PulledCapture:
    """The capture stage and the hand-over in one (see `CaptureStage`, `Handover`). `take` and `close` belong to the
    analysis thread, which opens, reads and closes the source. Overflow rule: nothing is read that nobody takes.

        WAITING --first take--> READING --end, failure, stop or close--> OVER
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
        self._opened = self._over = False

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

    def take(self, timeout_s: float) -> Delivery | None:
        if self.drained:
            return None
        try:
            frame = self._read()
        except Exception as error:  # noqa: BLE001  it is told in words and logged whole
            self._end(failure_of(self.name, error))
            return None
        if frame is None:
            self._end(None)
            return None
        return Delivery(frame)

    def _read(self) -> Frame | None:
        if not self._opened:
            self._opened = True
            self._events.opened(self._source.open())
        frame = self._source.read()
        if frame is not None:
            self._next_seq = frame.seq + 1
            self._meter.tick(frame.t_s)
        return frame

    def _end(self, failure: AffectError | None) -> None:
        self.close()
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
