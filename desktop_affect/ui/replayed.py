"""A recorded session in the main window, as if it happened now: the curves, the bars, the alerts.

Rows have no picture; in its place stands an empty one of the camera's size, and a notice says why.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import numpy as np

from desktop_affect.assembly import ReplayRun, build_replay
from desktop_affect.core.errors import AffectError
from desktop_affect.core.ports import Sink
from desktop_affect.core.settings import Settings
from desktop_affect.core.types import (
    EngineState,
    Event,
    Fault,
    Frame,
    Preview,
    RgbImage,
    RunStart,
    Sample,
    Seen,
    Severity,
    Status,
)
from desktop_affect.pipeline.meters import RateMeter
from desktop_affect.session.plan import SessionPlan
from desktop_affect.ui.backend import RealBackend, RunningRecording, WindowRun

_GREY = 24
"""Dark: nothing to see, and no glare in a dim lab."""
_LEAST_PX = 16


class Newest:
    """A sink that keeps what the window shows: the newest row, and how many there were."""

    name = "window"

    def __init__(self) -> None:
        self._blank: RgbImage = _blank(_LEAST_PX, _LEAST_PX)
        self._rate = RateMeter()
        self.start: RunStart | None = None
        self.preview: Preview | None = None
        self.rows = self.analysed = self.faces = 0

    def open(self, start: RunStart) -> None:
        self._blank = _blank(start.source.width_px, start.source.height_px)
        self.start = start

    def on_sample(self, sample: Sample, frame: Frame | None) -> None:
        self.rows += 1
        if sample.seen is Seen.SKIPPED:
            return
        self.analysed += 1
        self.faces += sample.face is not None
        self._rate.tick(sample.t_s)
        self.preview = Preview(Frame(sample.seq, sample.t_s, self._blank, sample.media_t_s), sample)

    def on_event(self, event: Event) -> None:
        """The window's history has them."""

    def close(self) -> None:
        """Nothing is held."""

    def per_second(self) -> float:
        return self._rate.per_second()


def _blank(width_px: int, height_px: int) -> RgbImage:
    pixels: RgbImage = np.full((max(height_px, _LEAST_PX), max(width_px, _LEAST_PX), 3), _GREY, dtype=np.uint8)
    pixels.flags.writeable = False
    return pixels


class ReplayedEngine:
    """What the window asks an engine. See `ui.backend.RunningEngine`."""

    def __init__(self, run: ReplayRun, newest: Newest) -> None:
        self._run = run
        self._newest = newest
        self.finished = run.replay.finished

    def start(self) -> None:
        self.publish(self._notice())
        self._run.replay.start()

    def _notice(self) -> Fault:
        run = self._run
        began = datetime.fromisoformat(run.session.header["clock"]["opened"]["wall_utc"]).astimezone()
        message = f"This is a recording of {began:%Y-%m-%d %H:%M}, at {run.replay.tempo.speed:g} times its pace."
        return Fault(run.clock.now_s(), "replay", Severity.NOTICE, message, "Its rows hold numbers, no picture.")

    def status(self) -> Status:
        newest = self._newest
        return Status(
            state=self._state(),
            source=replace(newest.start.source, live=False) if newest.start else None,
            model=newest.start.model if newest.start else None,
            captured=newest.rows,
            analysed=newest.analysed,
            faces=newest.faces,
            skipped=newest.rows - newest.analysed,
            fps_in=newest.per_second(),
            fps_analysed=newest.per_second(),
        )

    def _state(self) -> EngineState:
        if self._run.failed:
            return EngineState.FAILED
        if self.finished.is_set():
            return EngineState.STOPPED
        return EngineState.OPENING if self._newest.start is None else EngineState.RUNNING

    def preview(self) -> Preview | None:
        return self._newest.preview

    def publish(self, event: Event) -> None:
        """To the sinks of this replay; the recording on disk stays as it was."""
        self._run.replay.publish(event)


class ReplayedRun:
    """See `ui.backend.WindowRun`."""

    signals = None
    """What is replayed was judged when it was recorded."""

    def __init__(self, session: Path, sinks: Iterable[Sink], speed: float, begin_s: float) -> None:
        newest = Newest()
        self._run = build_replay(session, (newest, *sinks), speed=speed, begin_s=begin_s)
        self.engine = ReplayedEngine(self._run, newest)
        self.clock = self._run.clock

    def begin_calibration(self) -> None:
        """The window offers none without signals."""

    def cancel_calibration(self) -> None:
        """There is none."""

    def record(self, plan: SessionPlan) -> RunningRecording:
        raise AffectError("A replayed session is not recorded again.", advice="It is on disk already.")

    def stop_recording(self) -> None:
        """There is none."""

    def stop(self) -> bool:
        return self._run.stop()


class ReplayBackend(RealBackend):
    """The application's own parts, and one session in place of a source."""

    def __init__(self, settings: Settings, session: Path, speed: float, begin_s: float) -> None:
        super().__init__(settings)
        self.source = str(session)
        self._session, self._speed, self._begin_s = session, speed, begin_s

    def build(self, source: str, sinks: Iterable[Sink]) -> WindowRun:
        if source != self.source:
            return super().build(source, sinks)
        return ReplayedRun(self._session, sinks, self._speed, self._begin_s)
