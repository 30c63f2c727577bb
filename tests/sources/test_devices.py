"""Which cameras are there and which is meant, by logic, for every platform."""

from __future__ import annotations

import pytest

from desktop_affect.core.errors import SourceError
from desktop_affect.sources.capture_device import Camera, Place
from desktop_affect.sources.devices import Listed, find_camera, list_cameras, merge
from desktop_affect.sources.platform_cameras import Platform

WIN = r"\\?\usb#vid_046d&pid_0825&mi_00#7&1D6B2D0&0&0000#{GUID}\global"
CAMERAS = (
    Camera("046d:0825/usb-a", "HD Webcam C270", (Place("CAP_V4L2", 0),)),
    Camera("046d:0825/usb-b", "HD Webcam C270", (Place("CAP_V4L2", 2),)),
    Camera("5986:211b/builtin", "Integrated Camera", (Place("CAP_V4L2", 4),)),
)


def test_one_camera_seen_through_two_interfaces_is_one() -> None:
    listed = [
        Listed("CAP_DSHOW", 0, "OBS Virtual Camera"),
        Listed("CAP_DSHOW", 1, "C270", WIN.replace("GUID", "65e8773d"), 0x046D, 0x0825),
        Listed("CAP_MSMF", 0, "C270", WIN.replace("GUID", "e5323777"), 0x046D, 0x0825),
    ]
    virtual, webcam = merge(Platform.WINDOWS, listed, {})
    assert virtual.places == (Place("CAP_DSHOW", 0),)
    assert webcam.places == (Place("CAP_DSHOW", 1), Place("CAP_MSMF", 0))
    assert webcam.stable_id == "046d:0825/usb#vid_046d&pid_0825&mi_00#7&1d6b2d0&0&0000"


def test_twins_are_two() -> None:
    links = {"/dev/video0": "by-path/port-1", "/dev/video2": "by-id/serial"}
    listed = [Listed("CAP_V4L2", k, "C270", f"/dev/video{k}", 0x046D, 0x0825) for k in (0, 2)]
    assert [camera.stable_id for camera in merge(Platform.LINUX, listed, links)] == [
        "046d:0825/by-path/port-1",
        "046d:0825/by-id/serial",
    ]


@pytest.mark.parametrize(
    ("wanted", "index"),
    [
        (None, 0),
        ("", 0),
        ("046d:0825/usb-b", 1),
        ("2", 2),
        ("5986:211b", 2),
        ("5986:211B/other-port", 2),
        ("integrated", 2),
    ],
)
def test_the_meant_camera_is_found(wanted: str | None, index: int) -> None:
    assert find_camera(CAMERAS, wanted) is CAMERAS[index]


@pytest.mark.parametrize("wanted", ["046d:0825/another-port", "C270"])
def test_two_that_could_be_meant_are_named(wanted: str) -> None:
    with pytest.raises(SourceError, match="could be any of") as caught:
        find_camera(CAMERAS, wanted)
    assert "usb-a" in caught.value.message
    assert "usb-b" in caught.value.message


@pytest.mark.parametrize("wanted", ["7", "1234:5678/x", "nobody's"])
def test_absent_camera_is_said_with_what_is_there(wanted: str) -> None:
    with pytest.raises(SourceError, match="is not connected") as caught:
        find_camera(CAMERAS, wanted)
    assert "Integrated Camera" in caught.value.detail


def test_the_real_list_can_be_asked_for() -> None:
    for camera in list_cameras():
        assert camera.stable_id
        assert camera.places


def test_unknown_systems_have_no_list() -> None:
    assert list_cameras(Platform.OTHER) == ()
