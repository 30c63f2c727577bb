"""A camera as a source: found by its stable id, asked for a mode, watched while it delivers, found when it returns.

Every deadline is kept by whoever waits, so that neither `open` nor `read` nor `close` hangs with a hanging driver; see
`driver_thread.py`.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from typing import TypeAlias

from desktop_affect.core.errors import SourceError, SourceLostError
from desktop_affect.core.ports import Clock
from desktop_affect.core.types import Frame, SourceInfo, SourceKind
from desktop_affect.sources.capture_device import Camera, CaptureDevice, CaptureMode
from desktop_affect.sources.cv2_camera import Cv2Camera, busy
from desktop_affect.sources.devices import find_camera, list_cameras
from desktop_affect.sources.driver_thread import DriverThread, Shot
from desktop_affect.sources.picture_watch import FROZEN_AFTER_S, PictureWatch

log = logging.getLogger(__name__)

DeviceFactory: TypeAlias = Callable[[Callable[[], bool]], CaptureDevice]
"""Makes a device; it is given a function that tells whether opening should be given up."""

# The slowest cameras reported took 20 s (Media Foundation); a person who is asked for permission may take two minutes.
OPEN_WITHIN_S = 150.0
# After opening; the light measurement of some cameras takes 3 s.
FIRST_PICTURE_WITHIN_S = 10.0
# Webcams pause for up to a second when they change exposure or rate; longer than this is a gap worth telling.
PICTURE_WITHIN_S = 2.0
# How long `close` waits for the driver: V4L2 may hang for 2 s (cv2_import.py), the engine waits 3 s for us.
CLOSE_WITHIN_S = 2.5
# How often a wait looks at the clock and at `interrupt`.
_SLICE_S = 0.05


class CameraSource:
    """Closed → `open` → delivering → (SourceLostError → `close` → `open` …) → `close`.

    With a stable id it waits for that camera only, at whatever index it comes back; without one it takes the first
    camera, and stays with it.
    """

    def __init__(
        self,
        stable_id: str | None = None,
        mode: CaptureMode = CaptureMode(1280, 720, 30.0),  # noqa: B008  frozen
        *,
        clock: Clock,
        device_factory: DeviceFactory = Cv2Camera,
        cameras: Callable[[], tuple[Camera, ...]] = list_cameras,
    ) -> None:
        self._wanted_id = stable_id
        self._mode = mode
        self._clock = clock
        self._device_factory = device_factory
        self._cameras = cameras
        self._interrupted = threading.Event()
        self._driver: DriverThread | None = None
        self._hanging: DriverThread | None = None
        """Left behind by `close`; while it holds the camera nobody else can open it, and no second one is started."""
        self._camera: Camera | None = None
        self._size = (0, 0)
        self._first_number: int | None = None
        self._newest_s = 0.0
        self._watch = PictureWatch()

    def open(self) -> SourceInfo:
        camera = self._camera = find_camera(self._cameras(), self._wanted_id)
        self._check_hanging(camera)
        self._wanted_id = camera.stable_id
        self._driver = DriverThread(self._device_factory, camera, self._mode, self._clock)
        self._driver.start()
        claimed = self._wait_open(self._driver, camera)
        shot = self._wait_first(self._driver, camera)
        height_px, width_px = shot.pixels.shape[:2]
        self._size, self._first_number, self._watch = (width_px, height_px), None, PictureWatch()
        self._newest_s = self._clock.now_s()
        log.info("%s: asked for %s, claims %s, gives %d×%d", camera.name, self._mode, claimed, width_px, height_px)
        return SourceInfo(
            kind=SourceKind.CAMERA,
            name=camera.name,
            stable_id=camera.stable_id,
            width_px=width_px,
            height_px=height_px,
            nominal_fps=claimed.fps if claimed.fps > 0 else self._mode.fps,
            live=True,
        )

    def read(self) -> Frame | None:
        if self._driver is None or self._camera is None:
            raise RuntimeError("read before open")
        if self._first_number is None:  # what was captured while nobody was ready is not a loss
            self._newest_s = self._clock.now_s()
        other_size = False
        while not self._interrupted.is_set():
            shot = self._driver.wait_shot(_SLICE_S, take=True)
            if shot is not None and self._fits(shot):
                return self._frame(shot, self._camera)
            other_size = other_size or shot is not None
            if self._clock.now_s() - self._newest_s > PICTURE_WITHIN_S:
                raise self._lost(self._camera, other_size=other_size)
        return None

    def close(self) -> None:
        driver, self._driver = self._driver, None
        if driver is not None and not driver.stop(CLOSE_WITHIN_S):
            log.warning("the camera's driver does not return; it is left behind on its own thread")
            self._hanging = driver
        self._interrupted.clear()

    def interrupt(self) -> None:
        self._interrupted.set()
        driver = self._driver
        if driver is not None:
            driver.request_stop()

    def _check_hanging(self, camera: Camera) -> None:
        if self._hanging is not None and not self._hanging.stop(0.0):
            raise SourceError(
                f"The driver of the camera “{camera.name}” hangs.",
                advice="Unplug the camera and plug it in again; if that does not help, restart Desktop Affect.",
                detail=camera.stable_id,
            )
        self._hanging = None

    def _wait_open(self, driver: DriverThread, camera: Camera) -> CaptureMode:
        deadline_s = self._clock.now_s() + OPEN_WITHIN_S
        while (claimed := driver.wait_open(_SLICE_S)) is None:
            self._check_waiting(camera)
            if self._clock.now_s() > deadline_s:
                raise SourceError(
                    f"The camera “{camera.name}” did not open within {OPEN_WITHIN_S:.0f} s.",
                    advice="Unplug it, plug it in again and try once more; if that fails, restart the computer.",
                    detail=camera.stable_id,
                )
        return claimed

    def _wait_first(self, driver: DriverThread, camera: Camera) -> Shot:
        deadline_s = self._clock.now_s() + FIRST_PICTURE_WITHIN_S
        while (shot := driver.wait_shot(_SLICE_S, take=False)) is None:
            self._check_waiting(camera)
            if self._clock.now_s() > deadline_s:
                raise silent(camera)
        return shot

    def _check_waiting(self, camera: Camera) -> None:
        if self._interrupted.is_set():
            raise SourceError(f"Opening the camera “{camera.name}” was stopped.", detail=camera.stable_id)

    def _fits(self, shot: Shot) -> bool:
        """Of the size that was announced: everything after us counts on it."""
        return (shot.pixels.shape[1], shot.pixels.shape[0]) == self._size

    def _frame(self, shot: Shot, camera: Camera) -> Frame:
        self._newest_s = self._clock.now_s()
        if self._watch.frozen(shot.pixels, shot.t_s):
            raise SourceLostError(
                f"The camera “{camera.name}” has shown the very same picture for {FROZEN_AFTER_S:.0f} s; it is opened "
                "again.",
                advice="If this comes back, unplug the camera and plug it in again, or use another USB port.",
                detail=camera.stable_id,
            )
        if self._first_number is None:
            self._first_number = shot.number
        return Frame(shot.number - self._first_number, shot.t_s, shot.pixels)

    def _lost(self, camera: Camera, *, other_size: bool) -> SourceLostError:
        if other_size:
            return SourceLostError(
                f"The camera “{camera.name}” changed the size of its picture; it is opened again.",
                advice="Close other programs that use this camera.",
                detail=camera.stable_id,
            )
        connected = any(each.stable_id == camera.stable_id for each in self._cameras())
        return SourceLostError(
            f"The camera “{camera.name}” {'stopped delivering pictures' if connected else 'was unplugged'}; it is "
            "looked for.",
            advice="Wait a moment, or unplug it and plug it in again." if connected else "Plug it in again.",
            detail=camera.stable_id,
        )


def silent(camera: Camera) -> SourceError:
    """Opened, but no picture comes; on Linux and with some drivers this is how a busy camera looks."""
    return SourceError(
        f"The camera “{camera.name}” opens but delivers no picture.",
        advice=busy(camera).advice + " Then check its switch, and unplug it and plug it in again.",
        detail=camera.stable_id,
    )
