"""Starts and stops runs for the window, every slow step on one worker thread; the window asks how it is going.

No Qt here: the window polls `phase`, `status()`, `preview()`, `take_faults()` from its timer.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from enum import Enum
from typing import TYPE_CHECKING, TypeVar

from desktop_affect.core.errors import AffectError
from desktop_affect.core.settings import Settings
from desktop_affect.core.types import Event, Fault, Preview, Severity, Status
from desktop_affect.sinks.history import History
from desktop_affect.ui.backend import Backend, Calibrating, RunningRecording, Shelf, SourceOption, WindowRun
from desktop_affect.ui.preflight import Surroundings
from desktop_affect.ui.worker import Worker

if TYPE_CHECKING:
    from pathlib import Path

    from desktop_affect.session.known import Known
    from desktop_affect.session.plan import SessionPlan

T = TypeVar("T")

_IDLE_STATUS = Status()


class Phase(Enum):
    """IDLE → BUILDING → RUNNING → STOPPING → IDLE; CLOSED from anywhere, for good."""

    IDLE = "idle"
    BUILDING = "building"
    """The parts are being imported and wired; nothing can be asked of them yet."""
    RUNNING = "running"
    """There is a run; its own state says how far it is."""
    STOPPING = "stopping"
    CLOSED = "closed"


class Control:
    """Owned by the window. Methods return at once and may be called from any thread unless they say otherwise."""

    def __init__(self, backend: Backend) -> None:
        self.backend = backend
        self.history = History()
        self.source = ""
        """What was asked for last, as the command line takes it."""
        self.cameras: Sequence[SourceOption] = ()
        self.session: SessionPlan | None = None
        """The session that is being recorded."""
        self.recording: RunningRecording | None = None
        self.recording_since_s = 0.0
        self.surroundings = Surroundings()
        self._order = self._building_order = 0
        """Numbers of what was asked for last, and of what the worker is preparing."""
        self._phase = Phase.IDLE
        self._run: WindowRun | None = None
        self._model_missed: WindowRun | None = None
        self._last_status = _IDLE_STATUS
        self._faults: deque[Fault] = deque(maxlen=100)
        self._read_history, self._seen_event = self.history, 0
        self._seen_fault: Fault | None = None
        self._worker = Worker(self._fault, self._look_whether_idle, self._close)

    @property
    def phase(self) -> Phase:
        return self._phase

    @property
    def closed(self) -> bool:
        """Everything has ended; the window may go."""
        return not self._worker.alive

    def now_s(self) -> float:
        run = self._run
        return run.clock.now_s() if run else self.backend.clock.now_s()

    def start(self, source: str) -> None:
        """Run this source; what ran before is stopped first, what is being prepared is given up."""
        self.source = source
        self._order += 1
        order = self._order
        self._worker.put(self._stop_run)
        self._worker.put(lambda: self._start_run(source, order))

    def stop(self) -> None:
        """Also gives up a run that is still being prepared: the step in hand ends, then the run is put away."""
        self._order += 1
        self._worker.put(self._stop_run)

    @property
    def giving_up(self) -> bool:
        """The run that is being prepared is wanted no more."""
        return self._phase is Phase.BUILDING and self._building_order != self._order

    def record(self, plan: SessionPlan) -> None:
        self._worker.put(lambda: self._start_recording(plan))

    def stop_recording(self) -> None:
        self._worker.put(self._stop_recording)

    @property
    def signals(self) -> Calibrating | None:
        run = self._run
        return run.signals if run else None

    def calibrate(self) -> None:
        if self._run is not None:
            self._run.begin_calibration()

    def cancel_calibration(self) -> None:
        if self._run is not None:
            self._run.cancel_calibration()

    def publish(self, event: Event) -> bool:
        """A marker to everybody who listens; False when nothing runs that could take it."""
        run = self._run
        if run is None:
            return False
        run.engine.publish(event)
        return True

    def submit(self, work: Callable[[], T]) -> Future[T]:
        """Do something slow on the worker, after what waits there already; the future tells how it went."""
        return self._worker.submit(work)

    def known(self, root: Path, study: str, participant: str) -> Future[Known]:
        """What a sessions folder holds of a study and a participant."""
        from desktop_affect.session.known import look_up

        return self.submit(lambda: look_up(root, study, participant))

    def free_gb(self, folder: Path) -> Future[float]:
        """The room on a folder's drive; NaN where it cannot be told."""
        from desktop_affect.ui.surroundings import free_gb

        return self.submit(lambda: free_gb(folder))

    @property
    def shelf(self) -> Shelf:
        """The models there are, for whoever offers them."""
        backend = self.backend
        return Shelf(lambda: self.submit(backend.models), lambda folder: self.submit(lambda: backend.add_model(folder)))

    def look_for_cameras(self) -> None:
        """`cameras` is replaced soon."""
        self._worker.put(self._list_cameras)

    def look_around(self) -> None:
        """`surroundings` is replaced soon; a model whose files are gone is told, once a run."""
        self._worker.put(self._look_at_surroundings)
        self._worker.put(self._look_for_model)

    def tell(self, fault: Fault) -> None:
        """To the person, and into the session where there is one."""
        if not self.publish(fault):
            self._faults.append(fault)

    def save_settings(self, settings: Settings) -> None:
        self._worker.put(lambda: self.backend.save_settings(settings))

    def close(self) -> None:
        """Stop everything and end the worker; `closed` tells when that is done. Nothing can be started again."""
        if self._phase is not Phase.CLOSED:
            self.stop()
            self._worker.end()

    def status(self) -> Status:
        """The run's, or the last run's."""
        run = self._run
        if run is not None:
            self._last_status = run.engine.status()
        return self._last_status

    def preview(self) -> Preview | None:
        run = self._run
        return run.engine.preview() if run else None

    def take_events(self) -> list[Event]:
        """What happened since the last call, each event once. GUI thread only, from its timer.

        Also tidies up after a run that ended by itself.
        """
        history = self.history
        if history is not self._read_history:
            self._read_history, self._seen_event = history, 0
        entries = history.events_after(self._seen_event)
        events = [event for _, event in entries]
        if entries:
            self._seen_event = entries[-1][0]
        while self._faults:
            events.append(self._faults.popleft())
        # What failed before the first frame reached no sink.
        newest = self.status().fault
        if newest is not None and newest is not self._seen_fault and newest not in events:
            events.append(newest)
        self._seen_fault = newest
        run = self._run
        if run is not None and self._phase is Phase.RUNNING and run.engine.finished.is_set():
            self.stop()
        return events

    # Below: the worker thread.

    def _look_whether_idle(self) -> None:
        if self._run is None:
            self._phase = Phase.IDLE

    def _close(self) -> None:
        self._phase = Phase.CLOSED

    def _start_run(self, source: str, order: int) -> None:
        if order != self._order:
            return
        self._building_order = order
        self._phase = Phase.BUILDING
        self._last_status = _IDLE_STATUS
        history = History()
        run = self.backend.build(source, (history,))
        if order != self._order:
            run.stop()
            return
        self.history = history
        run.engine.start()
        self._run = run
        self._phase = Phase.RUNNING

    def _stop_run(self) -> None:
        if self._run is None:
            return
        self._phase = Phase.STOPPING
        try:
            self._stop_recording()
        finally:
            self._run.stop()
            self._last_status = self._run.engine.status()
            self._run = None

    def _start_recording(self, plan: SessionPlan) -> None:
        if self._run is None:
            raise AffectError("Nothing is running that could be recorded.", advice="Start a source first.")
        if self.session is not None:
            raise AffectError("A session is being recorded already.", advice="Stop it before you begin another one.")
        self.recording = self._run.record(plan)
        self.recording_since_s = self.now_s()
        self.session = plan

    def _stop_recording(self) -> None:
        if self._run is None or self.session is None:
            return
        try:
            self._run.stop_recording()
        finally:
            self.session = self.recording = None

    def _look_at_surroundings(self) -> None:
        self.surroundings = self.backend.surroundings()

    def _look_for_model(self) -> None:
        model = self.status().model
        if self._run is None or model is None or self._model_missed is self._run:
            return
        if not self.backend.model_is_there(model.name):
            self._model_missed = self._run
            message = f"The files of the model “{model.name}” are gone."
            advice = "This run goes on with what is in memory. Put the folder back before the next start."
            self.tell(Fault(self.now_s(), "model", Severity.WARNING, message, advice))

    def _list_cameras(self) -> None:
        self.cameras = tuple(self.backend.cameras())

    def _fault(self, message: str, advice: str, detail: str) -> None:
        self._faults.append(Fault(self.now_s(), "window", Severity.ERROR, message, advice, detail))
