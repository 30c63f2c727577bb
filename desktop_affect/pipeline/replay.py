"""A recording through the same fan-out as a camera: for the window, and for streams to the lab's other instruments.

What is replayed is stamped anew: `t_s` is the moment on the clock at which it is due, as if it happened now, and
`media_t_s` is the moment in the recording. At another speed the moments move closer together or apart.
"""

from __future__ import annotations

import threading
from collections.abc import Iterable
from dataclasses import dataclass, replace

from desktop_affect.core.errors import AffectError, SettingsError
from desktop_affect.core.ports import Clock, Sink
from desktop_affect.core.types import NAN, Alert, Event, RunStart, Sample
from desktop_affect.pipeline.fanout import FanOut
from desktop_affect.pipeline.stage import Stage

SPEEDS = (0.25, 16.0)
"""Slower looks broken, faster shows nothing to a person."""

# How long a stop, a pause or another speed may go unnoticed.
_NAP_S = 0.05
STOP_DEADLINE_S = 3.0


@dataclass(frozen=True, slots=True)
class _Anchor:
    """One moment of the recording on the clock, and how fast it goes from there."""

    recorded_s: float
    clock_s: float
    speed: float

    def on_clock(self, recorded_s: float) -> float:
        return self.clock_s + (recorded_s - self.recorded_s) / self.speed

    def in_recording(self, clock_s: float) -> float:
        return self.recorded_s + (clock_s - self.clock_s) * self.speed


class Tempo:
    """How moments of a recording lie on the clock. Begins with the first moment that is asked for. Any thread.

    RUNNING <--pause / resume--> PAUSED: while paused the position stands still and nothing becomes due.
    """

    def __init__(self, clock: Clock, speed: float = 1.0) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._speed = _checked(speed)
        self._anchor: _Anchor | None = None
        self._paused_at_s: float | None = None

    @property
    def speed(self) -> float:
        return self._speed

    @property
    def paused(self) -> bool:
        return self._paused_at_s is not None

    @property
    def position_s(self) -> float:
        """Where in the recording it is; NaN before the first moment."""
        with self._lock:
            return self._position(self._anchor)

    def _position(self, anchor: _Anchor | None) -> float:
        if anchor is None:
            return NAN
        return anchor.in_recording(self._clock.now_s() if self._paused_at_s is None else self._paused_at_s)

    def on_clock(self, recorded_s: float) -> float | None:
        """When a moment is due, as things stand; None while paused."""
        with self._lock:
            if self._paused_at_s is not None:
                return None
            if self._anchor is None:
                self._anchor = _Anchor(recorded_s, self._clock.now_s(), self._speed)
            return self._anchor.on_clock(recorded_s)

    def set_speed(self, speed: float) -> None:
        """From this moment on. Raises SettingsError for one that is out of bounds."""
        _checked(speed)
        with self._lock:
            self._speed = speed
            self._anchor_here()

    def pause(self) -> None:
        with self._lock:
            if self._paused_at_s is None:
                self._paused_at_s = self._clock.now_s()

    def resume(self) -> None:
        with self._lock:
            self._anchor_here()
            self._paused_at_s = None

    def _anchor_here(self) -> None:
        """The position stays, the rest follows from now. Under the lock."""
        if self._anchor is not None:
            now_s = self._clock.now_s()
            self._anchor = _Anchor(self._position(self._anchor), now_s, self._speed)
            self._paused_at_s = None if self._paused_at_s is None else now_s


def _checked(speed: float) -> float:
    slowest, fastest = SPEEDS
    if not slowest <= speed <= fastest:
        raise SettingsError(f"A recording can be replayed at {slowest:g} to {fastest:g} times its pace, not {speed:g}.")
    return speed


class Replay(Stage):
    """One run through a recording: moments with samples and events, in order.

    Nothing is dropped: a sink that holds it up makes it late, and it catches up. `finished` is set at the end; whoever
    owns it then calls `stop`, which joins the thread and closes the sinks.
    """

    def __init__(
        self,
        recording: Iterable[tuple[float, Sample | Event]],
        start: RunStart,
        sinks: Iterable[Sink],
        clock: Clock,
        speed: float = 1.0,
    ) -> None:
        self.tempo = Tempo(clock, speed)
        self.finished = threading.Event()
        self.failure: AffectError | None = None
        """Why it ended early, once `finished` is set."""
        self._recording = recording
        self._run_start = start
        self._fanout = FanOut(sinks, clock)
        super().__init__("replay", clock, self._fanout.on_event, self._note_end)

    def stop(self, deadline_s: float = STOP_DEADLINE_S) -> bool:
        """True when the thread ended within the deadline. Safe to call twice."""
        self.request_stop()
        made_it = self.join(deadline_s)
        self._fanout.close()
        self.finished.set()
        return made_it

    def publish(self, event: Event) -> None:
        """Something that happens now, to every sink. Any thread."""
        self._fanout.on_event(event)

    def work(self) -> None:
        self._fanout.open(self._run_start)
        for moment_s, item in self._recording:
            due_s = self._wait_for(moment_s)
            if due_s is None:
                return
            self._send(item, moment_s, due_s)

    def _wait_for(self, moment_s: float) -> float | None:
        """When it was due; None when stopped meanwhile. In naps, because speed and pause may change at any time."""
        while not self._stopping.is_set():
            due_s = self.tempo.on_clock(moment_s)
            now_s = self._clock.now_s()
            if due_s is not None and due_s <= now_s:
                return due_s
            self._clock.wait_until_s(now_s + _NAP_S if due_s is None else min(due_s, now_s + _NAP_S))
        return None

    def _send(self, item: Sample | Event, moment_s: float, due_s: float) -> None:
        if isinstance(item, Sample):
            self._fanout.on_sample(replace(item, t_s=due_s, media_t_s=moment_s), None)
        elif isinstance(item, Alert):
            self._fanout.on_event(self._stamped(item, moment_s, due_s))
        else:
            self._fanout.on_event(replace(item, t_s=due_s))

    def _stamped(self, alert: Alert, moment_s: float, due_s: float) -> Alert:
        """All its moments keep their distances, as they are at the present speed."""

        def placed(t_s: float) -> float:
            return due_s + (t_s - moment_s) / self.tempo.speed

        return replace(alert, begin_s=placed(alert.begin_s), peak_s=placed(alert.peak_s), end_s=placed(alert.end_s))

    def _note_end(self, failure: AffectError | None) -> None:
        self.failure = failure
        self.finished.set()
