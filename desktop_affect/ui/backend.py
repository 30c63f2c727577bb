"""What the window needs from the floors below, and the real thing behind it.

The window never builds or stops anything on its own thread: `control.py` calls these methods on a worker.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import Future
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from desktop_affect.core.ports import Clock, Sink
from desktop_affect.core.settings import Settings
from desktop_affect.core.types import Event, Preview, SourceKind, Status
from desktop_affect.ui.preflight import Permissions, Surroundings

if TYPE_CHECKING:
    import threading

    from desktop_affect.session.plan import SessionPlan
    from desktop_affect.signals.baseline import Baseline
    from desktop_affect.signals.calibration import CalibrationStatus
    from desktop_affect.sinks.film_recorder import FilmStatus
from desktop_affect.sinks.recording import RecorderState

log = logging.getLogger(__name__)

_WINDOW_FILE = "window.json"


@dataclass(frozen=True, slots=True)
class SourceOption:
    """One line of the source chooser."""

    source: str
    """As the command line takes it: `demo`, `camera:ID` or a path."""
    name: str


@dataclass(frozen=True, slots=True)
class ModelOption:
    """A model that can be chosen."""

    name: str
    words: str
    whole: bool
    """One that is broken is listed, and says so."""


@dataclass(frozen=True, slots=True)
class Shelf:
    """Where models come from. Both read files, so both answer later."""

    listed: Callable[[], Future[Sequence[ModelOption]]]
    add: Callable[[Path], Future[str]]
    """Copies a folder to the person's models and answers with the model's name, or with an AffectError."""


class RunningEngine(Protocol):
    """An engine as the window sees it; every method may be called from any thread and returns at once."""

    finished: threading.Event

    def start(self) -> None: ...
    def status(self) -> Status: ...
    def preview(self) -> Preview | None: ...
    def publish(self, event: Event) -> None: ...


class RunningRecording(Protocol):
    """A recording as the window sees it: values that may be read from any thread. `sinks.recorder.Recorder` is one."""

    @property
    def state(self) -> RecorderState: ...
    @property
    def size_bytes(self) -> int: ...
    @property
    def lost_rows(self) -> int: ...
    @property
    def film(self) -> FilmStatus | None: ...


class Calibrating(Protocol):
    """The signals of a run as the window sees them; may be read from any thread. `signals.chain.SignalChain` is one."""

    @property
    def calibration(self) -> CalibrationStatus | None: ...
    @property
    def baseline(self) -> Baseline | None: ...
    @property
    def baseline_problem(self) -> str:
        """Why the baseline is not used, in words; empty when it is, or when there is none."""
        ...


class WindowRun(Protocol):
    """A run as the window sees it. `assembly.Run` is one."""

    @property
    def engine(self) -> RunningEngine: ...
    @property
    def clock(self) -> Clock: ...
    @property
    def signals(self) -> Calibrating | None: ...
    def begin_calibration(self) -> None:
        """From the next frame on. Returns at once."""
        ...

    def cancel_calibration(self) -> None:
        """The baseline before stays. Returns at once."""
        ...

    def record(self, plan: SessionPlan) -> RunningRecording:
        """Record from the next frame on. Worker thread. Raises AffectError."""
        ...

    def stop_recording(self) -> None:
        """Waits until the session is on disk. Worker thread."""
        ...

    def stop(self) -> bool:
        """Join every thread, close the sinks; seconds at most. Worker thread."""
        ...


class Backend(Protocol):
    """The floors below."""

    @property
    def settings(self) -> Settings: ...
    @property
    def clock(self) -> Clock: ...
    def build(self, source: str, sinks: Iterable[Sink]) -> WindowRun:
        """A run, wired and not started. Slow (imports OpenCV, MediaPipe, a runtime): worker thread.
        Raises AffectError."""
        ...

    def cameras(self) -> Sequence[SourceOption]:
        """The connected cameras. Worker thread. Raises AffectError."""
        ...

    def sessions_folder(self) -> Path:
        """Where sessions go unless somebody says otherwise."""
        ...

    def surroundings(self) -> Surroundings:
        """Room on the drive of the sessions, permissions, streams. Worker thread; does not raise."""
        ...

    def model_is_there(self, name: str) -> bool:
        """Whether a model's files are still where they were. Worker thread."""
        ...

    def models(self) -> Sequence[ModelOption]:
        """Those that are installed. May take long."""
        ...

    def add_model(self, folder: Path) -> str:
        """Copy a model to the person's own; returns its name. May take long, and raise ModelError in words."""
        ...

    def save_settings(self, settings: Settings) -> None:
        """Use these from now on and write them to the person's file. Worker thread. Raises AffectError."""
        ...

    def window_state(self) -> Mapping[str, object]:
        """What the window remembered; empty on the first day. A small file: any thread."""
        ...

    def keep_window_state(self, state: Mapping[str, object]) -> None:
        """For the next start. Worker thread; does not raise."""
        ...


class RealBackend:
    """The application's own parts."""

    def __init__(self, settings: Settings) -> None:
        from desktop_affect.system.clock import MonotonicClock

        self.settings = settings
        self.clock: Clock = MonotonicClock()

    def build(self, source: str, sinks: Iterable[Sink]) -> WindowRun:
        from desktop_affect.assembly import RunPlan, build_run
        from desktop_affect.sources.choose import parse_source

        loop = parse_source(source).kind is SourceKind.DEMO
        return build_run(RunPlan(source=source, live=True, loop=loop), self.settings, sinks)

    def cameras(self) -> Sequence[SourceOption]:
        from desktop_affect.sources.devices import list_cameras

        return [SourceOption(f"camera:{camera.stable_id}", camera.name) for camera in list_cameras()]

    def sessions_folder(self) -> Path:
        from desktop_affect.system import paths

        return paths.sessions_dir(self.settings.text("recording.folder"))

    def surroundings(self) -> Surroundings:
        from desktop_affect.ui.surroundings import camera_refusal, folder_problem, free_gb

        folder = self.sessions_folder()
        return Surroundings(free_gb(folder), Permissions(folder_problem(folder), camera_refusal()))

    def model_is_there(self, name: str) -> bool:
        from desktop_affect.inference.catalog import is_there, this_catalog

        return is_there(this_catalog(), name)

    def models(self) -> Sequence[ModelOption]:
        from desktop_affect.inference.catalog import this_catalog

        return [
            ModelOption(entry.name, entry.name, True)
            if entry.manifest is not None
            else ModelOption(entry.name, f"{entry.name} (broken)", False)
            for entry in this_catalog().entries()
        ]

    def add_model(self, folder: Path) -> str:
        from desktop_affect.inference.adding import add
        from desktop_affect.inference.catalog import this_catalog

        return add(this_catalog(), folder).name

    def save_settings(self, settings: Settings) -> None:
        from desktop_affect.system import settings_file

        settings_file.save_settings(settings)
        self.settings = settings

    def window_state(self) -> Mapping[str, object]:
        from desktop_affect.system import paths
        from desktop_affect.ui.window_state import read_state

        return read_state(paths.settings_file().with_name(_WINDOW_FILE))

    def keep_window_state(self, state: Mapping[str, object]) -> None:
        from desktop_affect.system import paths
        from desktop_affect.ui.window_state import write_state

        write_state(paths.settings_file().with_name(_WINDOW_FILE), state)
