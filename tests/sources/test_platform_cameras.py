"""What differs between platforms, tested by logic on any of them."""

from __future__ import annotations

import os
import sys
import types
from collections.abc import Callable
from pathlib import Path

import pytest

from desktop_affect.sources import platform_cameras as cameras
from desktop_affect.sources.platform_cameras import Permission, Platform


@pytest.mark.parametrize(
    ("name", "platform"),
    [("linux", Platform.LINUX), ("win32", Platform.WINDOWS), ("darwin", Platform.MACOS), ("sunos5", Platform.OTHER)],
)
def test_platforms_are_told_apart(name: str, platform: Platform) -> None:
    assert cameras.this_platform(name) is platform


def test_every_interface_is_one_of_opencvs() -> None:
    from desktop_affect.system.cv2_import import cv2

    for platform in Platform:
        for each in cameras.interfaces(platform):
            assert isinstance(getattr(cv2, each.api), int)
            assert cameras.interface(each.api) is each


def test_udev_names_win_by_serial_number(tmp_path: Path) -> None:
    devices = [tmp_path / "video0", tmp_path / "video2"]
    for device in devices:
        device.touch()
    for kind, name, device in (
        ("by-path", "pci-1-video-index0", devices[0]),
        ("by-path", "pci-2-video-index0", devices[1]),
        ("by-id", "usb-maker-serial-video-index0", devices[1]),
    ):
        (tmp_path / kind).mkdir(exist_ok=True)
        (tmp_path / kind / name).symlink_to(device)
    assert cameras.linux_links(tmp_path) == {
        str(devices[0]): "by-path/pci-1-video-index0",
        str(devices[1]): "by-id/usb-maker-serial-video-index0",
    }
    assert cameras.linux_links(tmp_path / "absent") == {}


@pytest.mark.parametrize(
    ("platform", "path", "ids", "expected"),
    [
        (Platform.LINUX, "/dev/video0", (0x46D, 0x825), "046d:0825/by-id/x"),
        (Platform.LINUX, "/dev/video9", (None, None), "/dev/video9"),
        (Platform.MACOS, "0x1420000005ac8514", (0x5AC, 0x8514), "05ac:8514/0x1420000005ac8514"),
        (Platform.WINDOWS, r"\\?\USB#VID_1&PID_2#P#{G}\global", (1, 2), "0001:0002/usb#vid_1&pid_2#p"),
        (Platform.WINDOWS, "OBS Virtual Camera", (None, None), "obs virtual camera"),
    ],
)
def test_stable_ids(platform: Platform, path: str, ids: tuple[int | None, int | None], expected: str) -> None:
    assert cameras.stable_id(platform, path, *ids, {"/dev/video0": "by-id/x"}) == expected


@pytest.mark.parametrize(
    ("status", "permission"),
    [(0, Permission.NOT_ASKED), (1, Permission.REFUSED), (2, Permission.REFUSED), (3, Permission.GRANTED),
     (9, Permission.UNKNOWN)],
)  # fmt: skip
def test_mac_states(status: int, permission: Permission) -> None:
    assert cameras.mac_permission(status) is permission


@pytest.mark.parametrize(
    ("consents", "permission"),
    [
        ({}, Permission.UNKNOWN),
        ({"machine": "Allow", "desktop": "Allow"}, Permission.GRANTED),
        ({"machine": "Allow", "desktop": "Deny"}, Permission.REFUSED),
    ],
)
def test_windows_switches(consents: dict[str, str], permission: Permission) -> None:
    assert cameras.windows_permission(consents) is permission


def test_windows_switches_are_read_where_they_are(monkeypatch: pytest.MonkeyPatch) -> None:
    class Key:
        def __init__(self, value: str) -> None:
            self.value = value

        def __enter__(self) -> Key:
            return self

        def __exit__(self, *_: object) -> None:
            return None

    def open_key(hive: str, key: str) -> Key:
        if hive == "machine":
            raise FileNotFoundError
        return Key("Deny" if key.endswith("NonPackaged") else "Allow")

    winreg = types.SimpleNamespace(
        HKEY_LOCAL_MACHINE="machine", HKEY_CURRENT_USER="person", OpenKey=open_key,
        QueryValueEx=lambda key, name: (key.value, 1),
    )  # fmt: skip
    monkeypatch.setitem(sys.modules, "winreg", winreg)
    assert cameras.camera_permission(Platform.WINDOWS) is Permission.REFUSED


def test_linux_rights_on_the_device_file() -> None:
    def rights(*granted: int) -> Callable[[str, int], bool]:
        return lambda path, mode: mode in granted

    assert cameras.linux_permission("/dev/video0", rights(os.F_OK)) is Permission.REFUSED
    assert cameras.linux_permission("/dev/video0", rights(os.F_OK, os.R_OK | os.W_OK)) is Permission.GRANTED
    assert cameras.linux_permission("/dev/video0", rights()) is Permission.UNKNOWN


class MacQuestion:
    """AVFoundation with a person in front of it."""

    def __init__(self, status: int, answer: int | None) -> None:
        self.status = status
        self.answer = answer
        self.asked = 0
        self.AVCaptureDevice = self
        self.AVMediaTypeVideo = "vide"

    def authorizationStatusForMediaType_(self, kind: str) -> int:  # noqa: N802
        return self.status

    def requestAccessForMediaType_completionHandler_(self, kind: str, done: Callable[[bool], None]) -> None:  # noqa: N802
        self.asked += 1
        if self.answer is not None:
            self.status = self.answer
            done(self.answer == 3)


@pytest.mark.parametrize(
    ("status", "answer", "asked", "permission"),
    [
        (3, None, 0, Permission.GRANTED),
        (2, None, 0, Permission.REFUSED),
        (0, 3, 1, Permission.GRANTED),
        (0, 2, 1, Permission.REFUSED),
        (0, None, 1, Permission.NOT_ASKED),
    ],
)
def test_the_person_is_asked_once(
    monkeypatch: pytest.MonkeyPatch, status: int, answer: int | None, asked: int, permission: Permission
) -> None:
    question = MacQuestion(status, answer)
    monkeypatch.setitem(sys.modules, "AVFoundation", question)
    assert cameras.ask_permission(Platform.MACOS, stopped=lambda: True) is permission
    assert question.asked == asked


def test_nobody_is_asked_on_linux() -> None:
    assert cameras.ask_permission(Platform.LINUX, stopped=lambda: False) is Permission.UNKNOWN


def test_refusal_always_has_advice() -> None:
    assert all(cameras.refusal_advice(platform) for platform in Platform)
