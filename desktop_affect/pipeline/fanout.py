"""Every sample to every sink; a sink that breaks is reported once and left out, the others go on."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Iterable

from desktop_affect.core.errors import AffectError
from desktop_affect.core.ports import Clock, Sink
from desktop_affect.core.types import Event, Fault, Frame, RunStart, Sample, Severity

log = logging.getLogger(__name__)


class FanOut:
    """`open`, `on_sample`, `add` on the analysis thread; `on_event` on any; `close` on the stopping thread."""

    def __init__(self, sinks: Iterable[Sink], clock: Clock) -> None:
        self._lock = threading.Lock()
        self._waiting: tuple[Sink, ...] = tuple(sinks)
        self._sinks: tuple[Sink, ...] = ()
        self._start: RunStart | None = None
        self._clock = clock
        self._fault: Fault | None = None
        self._early: list[Event] = []
        self._begun = False
        """Every sink that waited is open."""

    @property
    def fault(self) -> Fault | None:
        """The newest fault that went through."""
        return self._fault

    def open(self, start: RunStart) -> None:
        self._start = start
        waiting, self._waiting = self._waiting, ()
        for sink in waiting:
            self.add(sink)
        while early := self._next_early():
            for event in early:
                self._send(event)

    def _next_early(self) -> list[Event]:
        """What was published while sinks were opening, in order; once nothing is left, events go straight on."""
        with self._lock:
            early, self._early = self._early, []
            self._begun = not early
        return early

    def add(self, sink: Sink) -> None:
        """Open the sink and send it everything from now on; before the run has started it waits for `open`."""
        if self._start is None:
            self._waiting = (*self._waiting, sink)
            return
        start = self._start
        if self._guarded(sink, lambda: sink.open(start)):
            with self._lock:
                self._sinks = (*self._sinks, sink)

    def remove(self, sink: Sink) -> None:
        """Send the sink nothing more. The caller closes it. Any thread."""
        with self._lock:
            self._sinks = tuple(s for s in self._sinks if s is not sink)
            self._waiting = tuple(s for s in self._waiting if s is not sink)

    def on_sample(self, sample: Sample, frame: Frame | None) -> None:
        for sink in self._sinks:
            self._guarded(sink, lambda sink=sink: sink.on_sample(sample, frame))  # type: ignore[misc]

    def on_event(self, event: Event) -> None:
        if isinstance(event, Fault):
            self._note(event)
        with self._lock:
            if not self._begun:
                self._early.append(event)  # a handful at most: what was reported while the parts were opening
                return
        self._send(event)

    def _send(self, event: Event) -> None:
        for sink in self._sinks:
            self._guarded(sink, lambda sink=sink: sink.on_event(event))  # type: ignore[misc]

    def close(self) -> None:
        for sink in self._sinks:
            self._guarded(sink, sink.close)
        with self._lock:
            self._sinks = ()

    def _note(self, fault: Fault) -> None:
        self._fault = fault
        level = logging.INFO if fault.severity is Severity.NOTICE else logging.WARNING
        log.log(level, "%s: %s %s [%s]", fault.where, fault.message, fault.advice, fault.detail)

    def _guarded(self, sink: Sink, call: Callable[[], None]) -> bool:
        try:
            call()
        except Exception as error:  # noqa: BLE001  one broken sink must not take the others with it
            self._leave_out(sink, error)
            return False
        return True

    def _leave_out(self, sink: Sink, error: Exception) -> None:
        self.remove(sink)
        if isinstance(error, AffectError):
            fault = Fault(self._clock.now_s(), sink.name, Severity.ERROR, error.message, error.advice, error.detail)
        else:
            log.exception("the sink %s broke", sink.name)
            message = f"“{sink.name}” stopped working and no longer receives data; everything else goes on."
            fault = Fault(
                self._clock.now_s(),
                sink.name,
                Severity.ERROR,
                message,
                "Start it again.",
                f"{type(error).__name__}: {error}",
            )
        self.on_event(fault)
