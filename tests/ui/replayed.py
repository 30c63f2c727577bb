"""Hours in minutes: a run whose clock and samples are made up, behind the real window."""

from __future__ import annotations

import math
import threading
from collections.abc import Iterable
from dataclasses import replace

from desktop_affect.core.ports import Clock, Sink
from desktop_affect.core.types import (
    ACTION_UNITS,
    NAN,
    Affect,
    Alert,
    AlertPhase,
    EngineState,
    Event,
    Fault,
    Marker,
    Preview,
    Sample,
    Seen,
    Severity,
    Status,
)
from desktop_affect.ui.backend import RunningEngine, WindowRun
from desktop_affect.ui.window import MainWindow
from tests.fakes import INFO, FakeClock, face, frame
from tests.ui.samples import model, sample
from tests.ui.scripted import ScriptedBackend, ScriptedRecording, ScriptedSignals

FPS = 30


class ReplayedEngine:
    """Gives what it was told last."""

    def __init__(self, clock: FakeClock, sinks: tuple[Sink, ...]) -> None:
        self.finished = threading.Event()
        self._clock = clock
        self._sinks = sinks
        self._preview: Preview | None = None
        self._status = Status(EngineState.RUNNING, INFO, model("valence_arousal", "action_units"), fps_in=30.0)
        self.analysed = 0

    def start(self) -> None: ...

    def status(self) -> Status:
        return replace(self._status, captured=self.analysed, analysed=self.analysed)

    def preview(self) -> Preview | None:
        return self._preview

    def publish(self, event: Event) -> None:
        for sink in self._sinks:
            sink.on_event(event)

    def second(self) -> None:
        """A second of frames, on every sink; now and then what else happens in a session."""
        for _ in range(FPS):
            self._clock.advance(1 / FPS)
            made = sample_at(self.analysed, self._clock.now_s())
            for sink in self._sinks:
                sink.on_sample(made, None)
            self.analysed += 1
        self._preview = Preview(frame(self.analysed, made.t_s), made)
        for event in events_of(self.analysed // FPS, made.t_s):
            self.publish(event)


class ReplayedRun:
    """`WindowRun`."""

    def __init__(self, engine: ReplayedEngine, clock: Clock) -> None:
        self.engine: RunningEngine = engine
        self.clock = clock
        self.signals = ScriptedSignals()

    def begin_calibration(self) -> None: ...
    def cancel_calibration(self) -> None: ...
    def record(self, plan: object) -> ScriptedRecording:
        return ScriptedRecording()

    def stop_recording(self) -> None: ...
    def stop(self) -> bool:
        return True


class ReplayedBackend(ScriptedBackend):
    """One run; `engine` is there once it was built."""

    def __init__(self) -> None:
        super().__init__()
        self.clock: FakeClock = FakeClock()
        self.engine: ReplayedEngine | None = None

    def build(self, source: str, sinks: Iterable[Sink]) -> WindowRun:
        self.engine = ReplayedEngine(self.clock, tuple(sinks))
        return ReplayedRun(self.engine, self.clock)


def sample_at(number: int, t_s: float) -> Sample:
    """A person who moves, and who is away for ten seconds of every five minutes."""
    if number // FPS % 300 < 10:
        return Sample(number, t_s, Seen.NO_FACE)
    slow, quick = math.sin(number / 900), math.sin(number / 31)
    affect = Affect(0.6 * slow + 0.2 * quick, 0.5 * quick, dict.fromkeys(ACTION_UNITS, 0.4 + 0.4 * quick))
    return replace(sample(t_s), seq=number, face=_FACE, raw=affect, affect=affect)


_FACE = face()


def events_of(second: int, t_s: float) -> list[Event]:
    """A marker a minute, an alert every two, a notice every ten."""
    events: list[Event] = []
    if second % 60 == 0:
        events.append(Marker(t_s, f"stimulus {second // 60}"))
    if second % 120 in (30, 40):
        phase = AlertPhase.BEGAN if second % 120 == 30 else AlertPhase.ENDED
        end_s = NAN if phase is AlertPhase.BEGAN else t_s
        events.append(Alert(second // 120 + 1, phase, "hesitancy", t_s, t_s, end_s, 0.8, 0.6, ("why",), True))
    if second % 600 == 0:
        events.append(Fault(t_s, "source", Severity.NOTICE, "The camera was away for a moment."))
    return events


def replay(window: MainWindow, engine: ReplayedEngine, seconds: int, tick_every: int) -> None:
    """That many seconds of a session; the window comes to its turn every so many of them."""
    for second in range(seconds):
        engine.second()
        if second % tick_every == 0:
            window.tick()
