"""A backend of scripted parts around the real engine."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path

from desktop_affect.core.errors import AffectError, ModelError
from desktop_affect.core.ports import AffectModel, Clock, FrameSource, Sink
from desktop_affect.core.settings import Settings
from desktop_affect.core.settings_table import default_settings
from desktop_affect.core.types import Frame, SourceInfo
from desktop_affect.pipeline.analysis import AnalysisParts
from desktop_affect.pipeline.engine import Engine, EngineParts
from desktop_affect.session.plan import SessionPlan
from desktop_affect.signals.baseline import Baseline
from desktop_affect.signals.calibration import CalibrationState, CalibrationStatus
from desktop_affect.sinks.film_recorder import FilmStatus
from desktop_affect.sinks.recording import RecorderState
from desktop_affect.system.clock import MonotonicClock
from desktop_affect.ui.backend import ModelOption, SourceOption, WindowRun
from desktop_affect.ui.preflight import Surroundings
from tests.fakes import INFO, PassThrough, ScriptedTracker, clock_pair, frame, scripted_crop


class PacedSource:
    """Thirty pictures a second until it is interrupted, or until it has given `frames`."""

    def __init__(self, frames: int = 0) -> None:
        self._frames = frames
        self._seq = 0
        self.stopped = threading.Event()
        self.lost: AffectError | None = None

    def open(self) -> SourceInfo:
        return INFO

    def read(self) -> Frame | None:
        if self.lost is not None:
            raise self.lost
        if self.stopped.wait(1 / 30) or (self._frames and self._seq >= self._frames):
            return None
        self._seq += 1
        return frame(self._seq - 1, MonotonicClock().now_s())

    def close(self) -> None:
        self.stopped.set()

    def interrupt(self) -> None:
        self.stopped.set()


class StuckSource(PacedSource):
    """Hangs in `open` like a bad driver, until it is let go."""

    def __init__(self) -> None:
        super().__init__()
        self.opening = threading.Event()
        self.go_on = threading.Event()

    def open(self) -> SourceInfo:
        self.opening.set()
        self.go_on.wait()
        return INFO


class FailingSource(PacedSource):
    """Cannot be opened."""

    def __init__(self, error: AffectError) -> None:
        super().__init__()
        self._error = error

    def open(self) -> SourceInfo:
        raise self._error


class ScriptedRecording:
    """A recording that goes well."""

    state = RecorderState.RECORDING
    size_bytes = 1_234_000
    lost_rows = 0
    film: FilmStatus | None = None


class ScriptedSignals:
    """A calibration that stands still."""

    calibration: CalibrationStatus | None = None
    baseline: Baseline | None = None
    baseline_problem = ""


class ScriptedRun:
    """Like `assembly.Run`, with a recording that only counts."""

    def __init__(self, engine: Engine, clock: Clock) -> None:
        self.engine = engine
        self.clock = clock
        self.signals = ScriptedSignals()
        self.recorded: list[SessionPlan] = []
        self.recordings_stopped = 0

    def begin_calibration(self) -> None:
        self.signals.calibration = CalibrationStatus(CalibrationState.GATHERING, 0.4)

    def cancel_calibration(self) -> None:
        self.signals.calibration = None

    def record(self, plan: SessionPlan) -> ScriptedRecording:
        self.recorded.append(plan)
        return ScriptedRecording()

    def stop_recording(self) -> None:
        self.recordings_stopped += 1

    def stop(self) -> bool:
        return self.engine.stop(deadline_s=0.5)


class ScriptedBackend:
    """Makes runs of whatever source the test gives."""

    def __init__(self, make_source: Callable[[], FrameSource] = PacedSource, model: AffectModel | None = None) -> None:
        self.settings: Settings = default_settings()
        self.clock: Clock = MonotonicClock()
        self._make_source = make_source
        self._model = model
        self.built: list[str] = []
        self.runs: list[ScriptedRun] = []
        self.sources: list[FrameSource] = []
        self.listed = 0
        self.failure: Exception | None = None
        self.has_model = True
        self.added: list[ModelOption] = []
        self.make_run: Callable[[Engine, Clock], ScriptedRun] = ScriptedRun
        self.building = threading.Event()
        self.may_build = threading.Event()
        """Cleared, it holds `build` up."""
        self.may_build.set()
        # As after the first day.
        self.kept: Mapping[str, object] = {"source": "demo"}

    def build(self, source: str, sinks: Iterable[Sink]) -> WindowRun:
        self.built.append(source)
        self.building.set()
        self.may_build.wait()
        if self.failure is not None:
            raise self.failure
        made = self._make_source()
        self.sources.append(made)
        parts = EngineParts(
            source=made,
            analysis=AnalysisParts(ScriptedTracker(), scripted_crop, self._model, PassThrough()),
            clock=self.clock,
            read_clocks=clock_pair,
            live=True,
        )
        run = self.make_run(Engine(parts, sinks), self.clock)
        self.runs.append(run)
        return run

    def cameras(self) -> Sequence[SourceOption]:
        self.listed += 1
        return (SourceOption("camera:a", "Desk camera"), SourceOption("camera:b", "Ceiling camera"))

    def sessions_folder(self) -> Path:
        return Path("sessions")

    def surroundings(self) -> Surroundings:
        return Surroundings(free_gb=41.0)

    def model_is_there(self, name: str) -> bool:
        return self.has_model

    def models(self) -> Sequence[ModelOption]:
        return (ModelOption("mixer", "mixer", True), ModelOption("torn", "torn (broken)", False), *self.added)

    def add_model(self, folder: Path) -> str:
        if not folder.is_dir():
            raise ModelError(f"“{folder}” is no model.", advice="Choose another folder.")
        self.added.append(ModelOption(folder.name, folder.name, True))
        return folder.name

    def save_settings(self, settings: Settings) -> None:
        self.settings = settings

    def window_state(self) -> Mapping[str, object]:
        return self.kept

    def keep_window_state(self, state: Mapping[str, object]) -> None:
        self.kept = state

    def let_go(self) -> None:
        """Whatever hangs goes on, so that every thread can end."""
        self.may_build.set()
        for source in self.sources:
            if isinstance(source, StuckSource):
                source.go_on.set()
