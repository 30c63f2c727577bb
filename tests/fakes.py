"""Scripted parts behind the real ports, for tests only."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable

import numpy as np

from desktop_affect.core.errors import ModelError
from desktop_affect.core.ports import ModelNotice
from desktop_affect.core.types import (
    Affect,
    Alert,
    Box,
    ClockPair,
    CropSpec,
    Event,
    Eyes,
    Face,
    FaceCrop,
    Frame,
    HeadPose,
    Light,
    ModelInfo,
    RgbImage,
    RunStart,
    Sample,
    SourceInfo,
    SourceKind,
)


class FakeClock:
    """Time that moves only when a test or a waiting part moves it."""

    def __init__(self, now_s: float = 100.0) -> None:
        self._now_s = now_s
        self._lock = threading.Lock()

    def now_s(self) -> float:
        with self._lock:
            return self._now_s

    def wait_until_s(self, t_s: float) -> None:
        with self._lock:
            self._now_s = max(self._now_s, t_s)

    def advance(self, by_s: float) -> None:
        with self._lock:
            self._now_s += by_s


def picture(width_px: int = 64, height_px: int = 48, level: int = 90) -> RgbImage:
    pixels = np.full((height_px, width_px, 3), level, dtype=np.uint8)
    pixels.flags.writeable = False
    return pixels


def frame(seq: int = 0, t_s: float = 0.0) -> Frame:
    return Frame(seq, t_s, picture())


def face(track: int = 1) -> Face:
    landmarks = np.zeros((478, 3), dtype=np.float32)
    landmarks.flags.writeable = False
    return Face(
        landmarks=landmarks,
        box=Box(10, 10, 20, 24),
        confidence=0.9,
        track=track,
        other_faces=0,
        pose=HeadPose(0, 0, 0, 0, 0, 600),
        eyes=Eyes(0, 0, 0.3, 0.3, False),
        light=Light(0.5, 0.2, 100),
    )


INFO = SourceInfo(SourceKind.CAMERA, "Scripted camera", "scripted", 64, 48, 30.0, live=True)


class ScriptedSource:
    """Plays a list of steps: a frame count to deliver, an error to raise, or a function to call.

    Each `open` starts with the next step; errors right after an `open` are raised by it.
    """

    def __init__(self, steps: Iterable[int | Exception | Callable[[], None]], clock: FakeClock | None = None) -> None:
        self._steps = list(steps)
        self._clock = clock or FakeClock()
        self._left = 0
        self._seq = 0
        self.opened = 0
        self.closed = 0
        self.interrupted = threading.Event()

    def open(self) -> SourceInfo:
        self.opened += 1
        self._seq = 0
        self._advance()
        return INFO

    def _advance(self) -> None:
        while self._steps and self._left == 0:
            step = self._steps.pop(0)
            if isinstance(step, Exception):
                raise step
            if isinstance(step, int):
                self._left = step
            else:
                step()

    def read(self) -> Frame | None:
        if self.interrupted.is_set():
            return None
        self._advance()
        if self._left == 0:
            return None
        self._left -= 1
        self._clock.advance(1 / 30)
        made = frame(self._seq, self._clock.now_s())
        self._seq += 1
        return made

    def close(self) -> None:
        self.closed += 1

    def interrupt(self) -> None:
        self.interrupted.set()


class ScriptedTracker:
    """Sees a face on every frame unless `sees` says otherwise; `before` runs first and may raise or wait."""

    def __init__(
        self, sees: Callable[[Frame], bool] = lambda _: True, before: Callable[[Frame], None] = lambda _: None
    ) -> None:
        self._sees = sees
        self._before = before
        self.threads: set[str] = set()
        self.closed = 0

    def open(self) -> None:
        self.threads.add(threading.current_thread().name)

    def track(self, frame: Frame) -> Face | None:
        self.threads.add(threading.current_thread().name)
        self._before(frame)
        return face() if self._sees(frame) else None

    def close(self) -> None:
        self.threads.add(threading.current_thread().name)
        self.closed += 1


MODEL_INFO = ModelInfo("scripted", "1", "frame", "00", ("valence_arousal",), CropSpec(32), 0.0, "nothing")


class ScriptedModel:
    """Always mildly pleased, until `dies_at` frames."""

    def __init__(self, dies_at: int = 0, broken: bool = False, notices: Iterable[ModelNotice] = ()) -> None:
        self._dies_at = dies_at
        self._broken = broken
        self._notices = list(notices)
        self._count = 0
        self.closed = 0

    def open(self) -> ModelInfo:
        if self._broken:
            raise ModelError("The model is not whole.", advice="Install it again.")
        return MODEL_INFO

    def estimate(self, crop: FaceCrop) -> Affect:
        self._count += 1
        if self._dies_at and self._count >= self._dies_at:
            raise ModelError("No device can run the model any more.")
        return Affect(valence=0.5, arousal=0.1, confidence=1.0)

    def take_notices(self) -> list[ModelNotice]:
        notices, self._notices = self._notices, []
        return notices

    def close(self) -> None:
        self.closed += 1


def scripted_crop(frame: Frame, face: Face, spec: CropSpec) -> FaceCrop:
    return FaceCrop(picture(spec.size_px, spec.size_px), frame.t_s, face.track)


class PassThrough:
    """Signals that believe everything; `last` are the alerts that end with the run."""

    def __init__(self, last: tuple[Alert, ...] = ()) -> None:
        self.models: list[ModelInfo | None] = []
        self._last = last

    def use_model(self, model: ModelInfo | None) -> None:
        self.models.append(model)

    def judge(self, sample: Sample) -> tuple[Sample, tuple[Alert, ...]]:
        return sample, ()

    def finish(self) -> tuple[Alert, ...]:
        return self._last


class CollectingSink:
    """Keeps what it is given; `fails_on` names a method that raises."""

    def __init__(self, name: str = "collector", fails_on: str = "", failure: Exception | None = None) -> None:
        self.name = name
        self._fails_on = fails_on
        self._failure = failure or RuntimeError("the sink broke")
        self.start: RunStart | None = None
        self.samples: list[Sample] = []
        self.events: list[Event] = []
        self.closed = 0

    def open(self, start: RunStart) -> None:
        self._maybe_fail("open")
        self.start = start

    def on_sample(self, sample: Sample, frame: Frame | None) -> None:
        self._maybe_fail("on_sample")
        self.samples.append(sample)

    def on_event(self, event: Event) -> None:
        self._maybe_fail("on_event")
        self.events.append(event)

    def close(self) -> None:
        self._maybe_fail("close")
        self.closed += 1

    def _maybe_fail(self, method: str) -> None:
        if self._fails_on == method:
            raise self._failure


def clock_pair() -> ClockPair:
    return ClockPair(100.0, "2026-11-21T09:00:00+00:00", 0.0)
