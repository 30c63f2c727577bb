"""The capture stage: owns the frame source, hands frames over, and looks for a device that vanished."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass, replace

from desktop_affect.core.errors import AffectError, SourceError, SourceLostError
from desktop_affect.core.ports import Clock, FrameSource
from desktop_affect.core.slot import Handover
from desktop_affect.core.types import Fault, Severity, SourceInfo
from desktop_affect.pipeline.meters import RateMeter
from desktop_affect.pipeline.stage import Stage, fault_of

SOURCE = "source"
"""Where a fault is that tells of a device that was lost, or is back."""
# How often a vanished device is looked for: quick enough to feel immediate, slow enough not to load the bus.
RETRY_S = 1.0


@dataclass(frozen=True, slots=True)
class CaptureEvents:
    """Whom the stage tells; all are called on the capture thread."""

    opened: Callable[[SourceInfo], None]
    lost: Callable[[], None]
    report: Callable[[Fault], None]
    ended: Callable[[AffectError | None], None]


class CaptureStage(Stage):
    """open → wait until the analysis is ready → read... → close; after a loss: close, wait, open again.

    Waiting for the analysis means that a film or the demo loses no frame while the models are loading.
    """

    def __init__(
        self, source: FrameSource, handover: Handover, ready: threading.Event, clock: Clock, events: CaptureEvents
    ) -> None:
        super().__init__("capture", clock, events.report, events.ended)
        self._source = source
        self._handover = handover
        self._ready = ready
        self._events = events
        self._meter = RateMeter()
        self._next_seq = 0
        self._name = "the source"

    @property
    def captured(self) -> int:
        """Frames delivered by the source, over all its reconnections; lost ones included, if the source counts them."""
        return self._next_seq

    def fps(self) -> float:
        return self._meter.per_second()

    def request_stop(self) -> None:
        super().request_stop()
        self._ready.set()
        self._source.interrupt()
        self._handover.close()

    def work(self) -> None:
        try:
            self._open()
            while not self._stopping.is_set() and self._pump():
                self._come_back()
        finally:
            self._source.close()
            self._handover.close()

    def _open(self) -> None:
        info = self._source.open()
        self._name = info.name
        self._events.opened(info)
        self._ready.wait()

    def _pump(self) -> bool:
        """Read until the end (False) or until the device is lost (True)."""
        offset = self._next_seq
        try:
            while not self._stopping.is_set() and (frame := self._source.read()) is not None:
                if offset:
                    frame = replace(frame, seq=frame.seq + offset)
                self._next_seq = frame.seq + 1
                self._meter.tick(frame.t_s)
                self._handover.put(frame)
        except SourceLostError as error:
            self._report(fault_of(error, SOURCE, Severity.WARNING, self._clock.now_s()))
            return True
        return False

    def _come_back(self) -> None:
        """Look for the device until it delivers again or somebody stops us."""
        self._events.lost()
        while not self._stopping.is_set():
            self._source.close()
            if self._stopping.wait(RETRY_S):
                return
            try:
                self._open()
            except SourceError:
                continue  # still away; the loss was reported and the state says so
            message = f"{self._name} is back; recording of rows continues."
            self._report(Fault(self._clock.now_s(), SOURCE, Severity.NOTICE, message))
            return
