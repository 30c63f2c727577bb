"""The engine: starts the stages, answers questions about them from any thread, and stops them in order.

    IDLE --start--> OPENING --first frame--> RUNNING <--device lost / back--> LOST
                        \\____________________ | ________________/
                                       film ended, stop() or a stage broke
                                               v
                                   STOPPING --> STOPPED (or FAILED)

An engine runs once. `finished` is set when a stage ended by itself; whoever owns the engine then calls `stop`, which
joins the threads and closes the sinks. Threads: analysis (tracker, model, signals, fan-out), and capture
(the source) unless the parts say that the analysis reads by itself (`overlap`).
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from desktop_affect.core.errors import AffectError
from desktop_affect.core.ports import Clock, FrameSource, Sink
from desktop_affect.core.slot import Handover, LatestSlot, LosslessQueue
from desktop_affect.core.types import (
    ClockPair,
    EngineState,
    Event,
    Fault,
    ModelInfo,
    Preview,
    RunStart,
    Severity,
    SourceInfo,
    Status,
)
from desktop_affect.pipeline.analysis import AnalysisEvents, AnalysisParts, AnalysisStage
from desktop_affect.pipeline.capture import CaptureEvents, CaptureStage
from desktop_affect.pipeline.fanout import FanOut
from desktop_affect.pipeline.pulled import PulledCapture

# A stage looks for its stop request at least every 0.1 s; what needs longer is stuck in a driver.
STOP_DEADLINE_S = 3.0

_FINAL = (EngineState.STOPPED, EngineState.FAILED)


@dataclass(frozen=True, slots=True)
class EngineParts:
    """Everything an engine is made of; `assembly.py` chooses."""

    source: FrameSource
    analysis: AnalysisParts
    clock: Clock
    read_clocks: Callable[[], ClockPair]
    live: bool
    """Live runs drop frames to stay current and count them; others look at every frame."""
    overlap: bool = True
    """Read the source on a thread of its own. Only runs that look at every frame can do without."""
    app_version: str = ""
    settings: Mapping[str, object] = field(default_factory=lambda: MappingProxyType({}))


class Engine:
    """One run from start to stop. All public methods may be called from any thread."""

    def __init__(self, parts: EngineParts, sinks: Iterable[Sink] = ()) -> None:
        self._parts = parts
        self._lock = threading.Lock()
        self._state = EngineState.IDLE
        self._stop_called = False
        self._waiting: dict[str, str] = {}
        self._source_info: SourceInfo | None = None
        self._model_info: ModelInfo | None = None
        self._ready = threading.Event()
        self.finished = threading.Event()
        """A stage ended by itself: the film is over, or something failed."""
        self._fanout = FanOut(sinks, parts.clock)
        self._handover: Handover
        self._capture: CaptureStage | PulledCapture
        if parts.live or parts.overlap:
            self._handover = LatestSlot() if parts.live else LosslessQueue()
            self._capture = CaptureStage(parts.source, self._handover, self._ready, parts.clock, self._capture_events())
        else:
            self._handover = self._capture = PulledCapture(parts.source, parts.clock, self._capture_events())
        self._analysis = self._make_analysis()

    def _capture_events(self) -> CaptureEvents:
        return CaptureEvents(self._on_opened, self._on_lost, self.publish, self._on_capture_ended)

    def _make_analysis(self) -> AnalysisStage:
        events = AnalysisEvents(
            lambda text: self._set_waiting("analysis", text),
            self._on_ready,
            self._on_first_frame,
            self.publish,
            self._on_analysis_ended,
        )
        parts = self._parts
        return AnalysisStage(parts.analysis, self._handover, self._fanout, parts.clock, parts.live, events)

    def start(self) -> None:
        self._move(EngineState.OPENING)
        self._set_waiting("capture", "opening the source")
        self._capture.start()
        self._analysis.start()

    def stop(self, deadline_s: float = STOP_DEADLINE_S) -> bool:
        """Capture, analysis, sinks, each joined within the deadline; True when all of them made it."""
        with self._lock:
            if self._stop_called:
                return True
            self._stop_called = True
            if self._state is not EngineState.FAILED:
                self._state = EngineState.STOPPING
        self._capture.request_stop()
        made_it = self._join(self._capture, deadline_s, "The camera or film did not let go in time.")
        self._analysis.request_stop()
        made_it &= self._join(self._analysis, deadline_s, "The analysis did not end in time.")
        self._fanout.close()
        self._move(EngineState.STOPPED)
        self.finished.set()
        return made_it

    def status(self) -> Status:
        capture, analysis = self._capture, self._analysis
        with self._lock:
            state, source, model = self._state, self._source_info, self._model_info
            waiting_for = " and ".join(self._waiting.values())
        return Status(
            state=state,
            source=source,
            model=model,
            waiting_for=waiting_for,
            captured=capture.captured,
            analysed=analysis.analysed,
            faces=analysis.faces,
            skipped=self._handover.skipped,
            fps_in=capture.fps(),
            fps_analysed=analysis.fps(),
            latency_ms=analysis.latency_ms(),
            fault=self._fanout.fault,
        )

    def preview(self) -> Preview | None:
        """The newest analysed frame with its sample."""
        return self._analysis.preview

    def publish(self, event: Event) -> None:
        """A marker or a fault to every sink."""
        self._fanout.on_event(event)

    def call(self, command: Callable[[], None]) -> None:
        """Run something on the analysis thread before the next frame (to begin a calibration, say); offline, before
        the next handful."""
        self._analysis.call(command)

    def keep_skipped_pictures(self, room_bytes: int) -> None:
        """Give the sinks the pictures of skipped frames too, as long as so many bytes hold them; 0 for none."""
        self._handover.keep_pictures(room_bytes)

    def add_sink(self, sink: Sink) -> None:
        """From the next frame on (of a film offline: the next handful) the sink is opened and receives everything."""
        self._analysis.call(lambda: self._fanout.add(sink))

    def remove_sink(self, sink: Sink) -> None:
        """The sink receives nothing more; the caller closes it."""
        self._fanout.remove(sink)

    def _on_opened(self, info: SourceInfo) -> None:
        self._set_waiting("capture", "")
        with self._lock:
            self._source_info = info
            if self._state is EngineState.LOST:
                self._state = EngineState.RUNNING

    def _on_lost(self) -> None:
        self._move(EngineState.LOST)

    def _on_ready(self, model: ModelInfo | None) -> None:
        with self._lock:
            self._model_info = model
        self._ready.set()

    def _on_first_frame(self) -> None:
        if self._source_info is None:
            raise AssertionError("a frame arrived before the source was opened")
        parts = self._parts
        start = RunStart(parts.read_clocks(), self._source_info, self._model_info, parts.app_version, parts.settings)
        self._fanout.open(start)
        self._move(EngineState.RUNNING)

    def _on_capture_ended(self, failure: AffectError | None) -> None:
        self._set_waiting("capture", "")
        if failure is not None:
            self._move(EngineState.FAILED)

    def _on_analysis_ended(self, failure: AffectError | None) -> None:
        self._set_waiting("analysis", "")
        if failure is not None:
            self._move(EngineState.FAILED)
        self._capture.request_stop()
        self.finished.set()

    def _join(self, stage: CaptureStage | PulledCapture | AnalysisStage, deadline_s: float, message: str) -> bool:
        if stage.join(deadline_s):
            return True
        advice = "Unplug the camera, or start the application again if it stays busy."
        detail = f"{stage.name} still runs after {deadline_s:g} s"
        self.publish(Fault(self._parts.clock.now_s(), stage.name, Severity.WARNING, message, advice, detail))
        return False

    def _set_waiting(self, who: str, what: str) -> None:
        with self._lock:
            if what:
                self._waiting[who] = what
            else:
                self._waiting.pop(who, None)

    def _move(self, state: EngineState) -> None:
        """Change state: a final one stays, and a stop in progress is only left for a final one."""
        with self._lock:
            if self._state in _FINAL or (self._state is EngineState.STOPPING and state not in _FINAL):
                return
            self._state = state
