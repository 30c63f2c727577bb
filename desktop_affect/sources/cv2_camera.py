"""A real camera behind the `CaptureDevice` port, driven by OpenCV."""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Any

from desktop_affect.core.colour_order import turned
from desktop_affect.core.errors import SourceError
from desktop_affect.core.types import RgbImage
from desktop_affect.sources.capture_device import Camera, CaptureMode, Place
from desktop_affect.sources.picture_pool import PicturePool
from desktop_affect.sources.platform_cameras import (
    Interface,
    Permission,
    Platform,
    ask_permission,
    camera_permission,
    interface,
    refusal_advice,
    this_platform,
)

log = logging.getLogger(__name__)


class Cv2Camera:
    """Opens the camera at the first of its places that works and asks it for the wanted mode."""

    def __init__(self, stopped: Callable[[], bool], platform: Platform | None = None) -> None:
        self._stopped = stopped
        self._platform = platform or this_platform()
        self._capture: Any = None
        self._interface: Interface | None = None
        self._bgr: Any = None
        """The driver's picture, where `grab` brought it along."""
        self._pool = PicturePool()
        self._shape: tuple[int, ...] | None = None

    def open(self, camera: Camera, wanted: CaptureMode) -> CaptureMode:
        if ask_permission(self._platform, self._stopped) in (Permission.REFUSED, Permission.NOT_ASKED):
            raise refused(camera, self._platform)
        for place in camera.places:
            capture = _capture(place)
            if capture is not None:
                self._capture, self._interface = capture, interface(place.api)
                return self._ask_for(wanted)
        if camera_permission(self._platform, camera.path) is Permission.REFUSED:
            raise refused(camera, self._platform)
        raise busy(camera)

    def grab(self) -> bool:
        """The time of a picture is taken after this returns, so where `retrieve` is what waits, it is done here."""
        from desktop_affect.system.cv2_import import cv2

        try:
            if self._waits_in_retrieve:
                grabbed, self._bgr = self._capture.read(self._memory())
            else:
                grabbed = self._capture.grab()
        except cv2.error as error:
            log.info("the camera's driver refused a picture: %s", error)
            return False
        return bool(grabbed)

    def retrieve(self) -> RgbImage | None:
        from desktop_affect.system.cv2_import import cv2

        try:
            bgr = self._bgr if self._waits_in_retrieve else self._capture.retrieve(self._memory())[1]
            self._bgr = None
            return None if bgr is None or bgr.size == 0 else self._published(bgr)
        except cv2.error as error:
            log.info("a picture of the camera cannot be decoded: %s", error)
            return None

    def release(self) -> None:
        if self._capture is not None:
            self._capture.release()
            self._capture = None

    def _memory(self) -> RgbImage | None:
        """Memory that was used before: fresh pages for 3 MB cost as much as decoding them."""
        return None if self._shape is None else self._pool.take(self._shape)

    def _published(self, bgr: RgbImage) -> RgbImage:
        """Never written again as long as somebody holds it."""
        if bgr.ndim == 2 or bgr.shape[2] == 1:
            return _rgb(bgr)
        self._shape = bgr.shape
        bgr.flags.writeable = False
        return turned(bgr)

    @property
    def _waits_in_retrieve(self) -> bool:
        return self._interface is not None and self._interface.waits_in_retrieve

    def _ask_for(self, wanted: CaptureMode) -> CaptureMode:
        """Set what differs, format first: the sizes and rates on offer depend on it. What comes is measured later."""
        from desktop_affect.system.cv2_import import cv2

        if self._interface is not None and self._interface.ask_mjpg:
            self._set({cv2.CAP_PROP_FOURCC: cv2.VideoWriter.fourcc(*"MJPG")})
        # Both or none: AVFoundation changes the size only when both were set.
        self._set({cv2.CAP_PROP_FRAME_WIDTH: wanted.width_px, cv2.CAP_PROP_FRAME_HEIGHT: wanted.height_px})
        self._set({cv2.CAP_PROP_FPS: wanted.fps})
        return CaptureMode(
            width_px=int(self._capture.get(cv2.CAP_PROP_FRAME_WIDTH)),
            height_px=int(self._capture.get(cv2.CAP_PROP_FRAME_HEIGHT)),
            fps=float(self._capture.get(cv2.CAP_PROP_FPS)),
        )

    def _set(self, wanted: dict[int, float]) -> None:
        """Only what differs: every property set makes some drivers start anew."""
        if all(self._capture.get(key) == value for key, value in wanted.items()):
            return
        for key, value in wanted.items():
            if not self._capture.set(key, value):
                log.info("the camera does not take property %d = %s", key, value)


def _capture(place: Place) -> Any:
    """OpenCV's capture, or None where this interface cannot open the camera."""
    from desktop_affect.system.cv2_import import cv2

    try:
        capture = cv2.VideoCapture(place.index, getattr(cv2, place.api))
    except cv2.error as error:
        log.info("%s cannot open camera %d: %s", place.api, place.index, error)
        return None
    if capture.isOpened():
        return capture
    capture.release()
    return None


def _rgb(grey: RgbImage) -> RgbImage:
    from desktop_affect.system.cv2_import import cv2

    pixels: RgbImage = cv2.cvtColor(grey, cv2.COLOR_GRAY2RGB).astype("uint8", copy=False)
    pixels.flags.writeable = False
    return pixels


def refused(camera: Camera, platform: Platform) -> SourceError:
    return SourceError(
        f"The system does not let this program use the camera “{camera.name}”.",
        advice=refusal_advice(platform), detail=f"{camera.stable_id} {camera.path}",
    )  # fmt: skip


def busy(camera: Camera) -> SourceError:
    return SourceError(
        f"The camera “{camera.name}” is there but cannot be opened; another program is probably using it.",
        advice="Close video calls, camera apps and browser tabs that use the camera, then try again.",
        detail=f"{camera.stable_id} {camera.path}",
    )
