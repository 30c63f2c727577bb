"""A scripted device behind the port that real cameras sit behind."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import replace

import numpy as np

from desktop_affect.core.errors import SourceError
from desktop_affect.core.types import RgbImage
from desktop_affect.sources.capture_device import Camera, CaptureMode, Place
from tests.fakes import FakeClock

NAME = "Studio webcam"
CAMERA = Camera("046d:0825/by-id/usb-serial-1", NAME, (Place("CAP_V4L2", 0),), "/dev/video0")
WANTED = CaptureMode(64, 48, 30.0)


class HurryingClock(FakeClock):
    """Moves on by `step_s` whenever somebody looks, so that deadlines pass although nothing happens."""

    step_s = 0.0

    def now_s(self) -> float:
        self.advance(self.step_s)
        return super().now_s()


class Rig:
    """A table with a camera on it: what the driver does is changed from outside, from any thread.

    `open_error` is raised by the next opens, `grab_error` by the next grab; `opening` and `grabbing` are gates that
    hold the driver while cleared; `delivering` cleared means that grabs are refused; `frozen` repeats the last picture,
    `even` gives black ones; `mode` is what it gives, `claimed_fps` what it says of that.
    """

    def __init__(self) -> None:
        self.clock = HurryingClock()
        self.connected: tuple[Camera, ...] = (CAMERA,)
        self.mode = WANTED
        self.claimed_fps = WANTED.fps
        self.open_error: SourceError | None = None
        self.grab_error: Exception | None = None
        self.hangs = threading.Event()
        """Set while the driver stands before the cleared gate `grabbing`."""
        self.opening, self.grabbing, self.delivering = threading.Event(), threading.Event(), threading.Event()
        for gate in (self.opening, self.grabbing, self.delivering):
            gate.set()
        self.frozen = False
        self.even = False
        self.undecodable: set[int] = set()
        self.narrow: set[int] = set()
        """Numbers of the pictures that come in half the width."""
        self.taken = threading.Semaphore(0)
        self.paced = False
        """True: the driver gives one picture per `release` of `taken`, so that no picture is replaced."""
        self.opened: list[Camera] = []
        self.released = threading.Event()

    def cameras(self) -> tuple[Camera, ...]:
        return self.connected

    def device(self, stopped: Callable[[], bool]) -> ScriptedDevice:
        return ScriptedDevice(self, stopped)

    def unplug(self) -> None:
        self.connected = ()
        self.delivering.clear()

    def replug(self, camera: Camera) -> None:
        self.connected = (camera,)
        self.delivering.set()


class ScriptedDevice:
    """The `CaptureDevice` on that table."""

    def __init__(self, rig: Rig, stopped: Callable[[], bool]) -> None:
        self._rig = rig
        self._stopped = stopped
        self._count = -1
        self._last: RgbImage | None = None
        rig.released.clear()

    def open(self, camera: Camera, wanted: CaptureMode) -> CaptureMode:
        self._rig.opening.wait()
        if self._rig.open_error is not None:
            raise self._rig.open_error
        self._rig.opened.append(camera)
        return replace(self._rig.mode, fps=self._rig.claimed_fps)

    def grab(self) -> bool:
        rig = self._rig
        if rig.grab_error is not None:
            raise rig.grab_error
        if not rig.grabbing.is_set():
            rig.hangs.set()
            rig.grabbing.wait()
        while rig.paced and not rig.taken.acquire(timeout=0.01):
            if self._stopped():
                return False
        if not rig.delivering.is_set():
            return False
        rig.clock.advance(1 / rig.mode.fps)
        self._count += 1
        return True

    def retrieve(self) -> RgbImage | None:
        if self._count in self._rig.undecodable:
            return None
        if not self._rig.frozen or self._last is None:
            self._last = self._picture()
        return self._last.copy()

    def release(self) -> None:
        self._rig.released.set()

    def _picture(self) -> RgbImage:
        width_px = self._rig.mode.width_px // (2 if self._count in self._rig.narrow else 1)
        shape = (self._rig.mode.height_px, width_px, 3)
        if self._rig.even:
            return np.zeros(shape, np.uint8)
        return np.random.default_rng(self._count).integers(0, 255, shape, dtype=np.uint8)
