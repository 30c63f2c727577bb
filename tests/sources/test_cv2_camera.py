"""OpenCV's capture behind the device port: order of asking, falling back, errors in words."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from desktop_affect.core.errors import SourceError
from desktop_affect.core.types import RgbImage
from desktop_affect.sources import cv2_camera
from desktop_affect.sources.capture_device import Camera, CaptureMode, Place
from desktop_affect.sources.cv2_camera import Cv2Camera
from desktop_affect.sources.platform_cameras import Permission, Platform
from desktop_affect.system.cv2_import import cv2

WANTED = CaptureMode(1280, 720, 30.0)
BLUE_BGR: RgbImage = np.full((4, 6, 3), (250, 10, 5), np.uint8)
WEBCAM = Camera("046d:0825/x", "Webcam", (Place("CAP_DSHOW", 1), Place("CAP_MSMF", 0)), "/dev/video0")


class Capture:
    """Stands for `cv2.VideoCapture`; says yes to MJPG and to 640×480 only."""

    works: tuple[int, ...] = ()
    opened: list[tuple[int, int]]
    calls: list[str]
    picture: object = BLUE_BGR

    def __init__(self, index: int, api: int) -> None:
        type(self).opened.append((index, api))
        self._open = api in type(self).works
        self._values = {cv2.CAP_PROP_FRAME_WIDTH: 640.0, cv2.CAP_PROP_FRAME_HEIGHT: 480.0, cv2.CAP_PROP_FPS: 30.0}

    def isOpened(self) -> bool:  # noqa: N802
        return self._open

    def get(self, key: int) -> float:
        return self._values.get(key, 0.0)

    def set(self, key: int, value: float) -> bool:
        names = {cv2.CAP_PROP_FOURCC: "fourcc", cv2.CAP_PROP_FRAME_WIDTH: "width", cv2.CAP_PROP_FRAME_HEIGHT: "height"}
        type(self).calls.append(f"{names.get(key, 'fps')}={value:g}")
        return key == cv2.CAP_PROP_FOURCC

    def grab(self) -> bool:
        type(self).calls.append("grab")
        return True

    def retrieve(self, buffer: object) -> tuple[bool, object]:
        type(self).calls.append("retrieve")
        if isinstance(self.picture, Exception):
            raise self.picture
        return self.picture is not None, self.picture

    def read(self, buffer: object) -> tuple[bool, object]:
        type(self).calls.append("read")
        if isinstance(self.picture, Exception):
            raise self.picture
        return self.picture is not None, self.picture

    def release(self) -> None:
        type(self).calls.append("release")


@pytest.fixture
def capture(monkeypatch: pytest.MonkeyPatch) -> type[Capture]:
    class Fresh(Capture):
        opened: list[tuple[int, int]] = []  # noqa: RUF012  one list per test
        calls: list[str] = []  # noqa: RUF012

    monkeypatch.setattr(cv2, "VideoCapture", Fresh)
    return Fresh


def allow(monkeypatch: pytest.MonkeyPatch, before: Permission, after: Permission = Permission.GRANTED) -> None:
    monkeypatch.setattr(cv2_camera, "ask_permission", lambda *_: before)
    monkeypatch.setattr(cv2_camera, "camera_permission", lambda *_: after)


def device(platform: Platform = Platform.WINDOWS) -> Cv2Camera:
    return Cv2Camera(lambda: False, platform)


def test_asks_for_the_format_first_and_for_nothing_it_has(
    capture: type[Capture], monkeypatch: pytest.MonkeyPatch
) -> None:
    allow(monkeypatch, Permission.GRANTED)
    capture.works = (cv2.CAP_DSHOW,)
    camera = device()
    claimed = camera.open(WEBCAM, WANTED)
    mjpg = cv2.VideoWriter.fourcc(*"MJPG")
    assert capture.calls == [f"fourcc={mjpg:g}", "width=1280", "height=720"]
    assert claimed == CaptureMode(640, 480, 30.0)
    camera.release()
    camera.release()
    assert capture.calls.count("release") == 1


def test_falls_back_to_the_next_interface(capture: type[Capture], monkeypatch: pytest.MonkeyPatch) -> None:
    allow(monkeypatch, Permission.GRANTED)
    capture.works = (cv2.CAP_MSMF,)
    device().open(WEBCAM, WANTED)
    assert capture.opened == [(1, cv2.CAP_DSHOW), (0, cv2.CAP_MSMF)]
    assert not any(call.startswith("fourcc") for call in capture.calls)


@pytest.mark.parametrize(
    ("before", "after", "words"),
    [
        (Permission.GRANTED, Permission.GRANTED, "another program is probably using it"),
        (Permission.UNKNOWN, Permission.UNKNOWN, "another program is probably using it"),
        (Permission.UNKNOWN, Permission.REFUSED, "does not let this program use"),
        (Permission.REFUSED, Permission.REFUSED, "does not let this program use"),
        (Permission.NOT_ASKED, Permission.NOT_ASKED, "does not let this program use"),
    ],
)
def test_a_camera_that_does_not_open_is_explained(
    capture: type[Capture], monkeypatch: pytest.MonkeyPatch, before: Permission, after: Permission, words: str
) -> None:
    allow(monkeypatch, before, after)
    camera = device()
    with pytest.raises(SourceError, match=words) as caught:
        camera.open(WEBCAM, WANTED)
    camera.release()
    assert caught.value.advice


@pytest.mark.parametrize(("api", "calls"), [("CAP_DSHOW", ["read"]), ("CAP_MSMF", ["grab", "retrieve"])])
def test_grab_waits_for_the_picture_on_every_interface(
    capture: type[Capture], monkeypatch: pytest.MonkeyPatch, api: str, calls: list[str]
) -> None:
    allow(monkeypatch, Permission.GRANTED)
    capture.works = (getattr(cv2, api),)
    camera = device()
    camera.open(WEBCAM, WANTED)
    capture.calls.clear()
    assert camera.grab()
    pixels = camera.retrieve()
    assert capture.calls == calls
    assert pixels is not None
    assert pixels[0, 0].tolist() == [5, 10, 250]
    assert not pixels.flags.writeable
    kept, before = pixels, pixels.copy()
    capture.picture = np.zeros_like(before)
    assert camera.grab()
    assert camera.retrieve() is not None
    np.testing.assert_array_equal(kept, before)


@pytest.mark.parametrize(
    ("picture", "shape"),
    [
        (np.zeros((4, 6), np.uint8), (4, 6, 3)),
        (np.zeros((4, 6, 1), np.uint8), (4, 6, 3)),
        (np.zeros((0, 0, 3), np.uint8), None),
        (None, None),
        (cv2.error("corrupt JPEG"), None),
    ],
)
@pytest.mark.parametrize("api", [cv2.CAP_DSHOW, cv2.CAP_MSMF])
def test_odd_pictures(
    capture: type[Capture], monkeypatch: pytest.MonkeyPatch, picture: Any, shape: Any, api: int
) -> None:
    allow(monkeypatch, Permission.GRANTED)
    capture.works, capture.picture = (api,), picture
    camera = device()
    camera.open(WEBCAM, WANTED)
    pixels = camera.retrieve() if camera.grab() else None
    assert (None if pixels is None else pixels.shape) == shape


def test_real_opencv_without_a_camera_is_explained() -> None:
    nowhere = Camera("none", "Nobody's camera", (Place("CAP_V4L2", 97),))
    with pytest.raises(SourceError, match="Nobody's camera"):
        device(Platform.LINUX).open(nowhere, WANTED)
