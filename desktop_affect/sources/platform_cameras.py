"""All that differs between Windows, macOS and Linux about cameras: interfaces, stable ids, permission, advice.

Interfaces
- Windows: DirectShow first, Media Foundation where it cannot open the camera. Media Foundation takes seconds (20 were
  reported) to open and again for every property that is set; DirectShow opens at once and its ill fame of 10 frames a
  second is raw YUY2 at 720p, which USB 2 cannot carry faster: so MJPG is asked for first. It also sees virtual cameras
  that Media Foundation does not. Its `grab` returns at once and `retrieve` waits for the picture.
- macOS: AVFoundation, the only one. It asks nobody for permission here (OPENCV_AVFOUNDATION_SKIP_AUTH in
  cv2_import.py), because OpenCV can ask on the main thread only and would hold up the window; `ask_permission` does it
  through pyobjc, which comes with the package that lists the cameras.
- Linux: V4L2, with MJPG for the same reason.

Stable ids: Windows and Linux give no name that survives everything. Windows' device path names the USB port (and the
serial number, where there is one) but ends in the interface's own GUID, so it is cut there; Linux has the links in
`/dev/v4l/by-id` and, for twins without serial numbers, `by-path`; macOS has a unique id.
"""

from __future__ import annotations

import importlib
import logging
import os
import sys
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import Enum
from pathlib import Path
from typing import Any

log = logging.getLogger(__name__)


class Platform(Enum):
    """What we know our way around on."""

    WINDOWS = "Windows"
    MACOS = "macOS"
    LINUX = "Linux"
    OTHER = "another system"


class Permission(Enum):
    """Whether the system lets us use cameras at all."""

    GRANTED = "granted"
    REFUSED = "refused"
    NOT_ASKED = "not asked yet"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Interface:
    """A way to reach cameras."""

    api: str
    """OpenCV's name, e.g. `CAP_V4L2`."""
    ask_mjpg: bool = False
    waits_in_retrieve: bool = False
    """`grab` says nothing about when the picture was taken."""


_INTERFACES: Mapping[Platform, tuple[Interface, ...]] = {
    Platform.WINDOWS: (Interface("CAP_DSHOW", ask_mjpg=True, waits_in_retrieve=True), Interface("CAP_MSMF")),
    Platform.MACOS: (Interface("CAP_AVFOUNDATION"),),
    Platform.LINUX: (Interface("CAP_V4L2", ask_mjpg=True),),
    Platform.OTHER: (),
}


def this_platform(name: str = sys.platform) -> Platform:
    """From `sys.platform`."""
    if name.startswith("linux"):
        return Platform.LINUX
    return {"win32": Platform.WINDOWS, "darwin": Platform.MACOS}.get(name, Platform.OTHER)


def interfaces(platform: Platform) -> tuple[Interface, ...]:
    """To be tried in this order."""
    return _INTERFACES[platform]


def interface(api: str) -> Interface:
    """The one of that name."""
    return next(each for group in _INTERFACES.values() for each in group if each.api == api)


# ---- stable ids ----


def stable_id(platform: Platform, path: str, vid: int | None, pid: int | None, links: Mapping[str, str]) -> str:
    """The camera's name for tomorrow. `links` says what each device file on Linux is called by udev."""
    where = links.get(path, path)
    if platform is Platform.WINDOWS:
        where = path.lower().removeprefix("\\\\?\\").partition("#{")[0]
    return f"{vid:04x}:{pid:04x}/{where}" if vid is not None and pid is not None else where


def linux_links(root: Path = Path("/dev/v4l")) -> dict[str, str]:
    """Device file → udev's name for it, the one by serial number if there is one."""
    found: dict[str, str] = {}
    for kind in ("by-path", "by-id"):  # the later wins
        folder = root / kind
        for link in sorted(folder.iterdir()) if folder.is_dir() else ():
            found[str(link.resolve())] = f"{kind}/{link.name}"
    return found


# ---- permission ----

_MAC_STATES = {0: Permission.NOT_ASKED, 1: Permission.REFUSED, 2: Permission.REFUSED, 3: Permission.GRANTED}
_WINDOWS_STORE = r"SOFTWARE\Microsoft\Windows\CurrentVersion\CapabilityAccessManager\ConsentStore\webcam"
# How long a person may take to answer; every slice looks whether we were stopped meanwhile.
_ANSWER_S, _SLICE_S = 120.0, 0.1


def camera_permission(platform: Platform, path: str = "") -> Permission:
    """Whether cameras may be used, without asking anybody. `path` is the device file on Linux."""
    if platform is Platform.MACOS:
        return mac_permission(int(_mac_devices().authorizationStatusForMediaType_(_mac_video())))
    if platform is Platform.WINDOWS:
        return windows_permission(_windows_consents())
    if platform is Platform.LINUX and path:
        return linux_permission(path, os.access)
    return Permission.UNKNOWN


def mac_permission(status: int) -> Permission:
    """From AVAuthorizationStatus: not determined, restricted, denied, authorized."""
    return _MAC_STATES.get(status, Permission.UNKNOWN)


def windows_permission(consents: Mapping[str, str]) -> Permission:
    """From the privacy settings: one switch for the machine, one for the person, one for desktop programs."""
    if any(value.lower() == "deny" for value in consents.values()):
        return Permission.REFUSED
    return Permission.GRANTED if consents else Permission.UNKNOWN


def linux_permission(path: str, access: Callable[[str, int], bool]) -> Permission:
    """From the rights on the device file."""
    if not access(path, os.F_OK):
        return Permission.UNKNOWN
    return Permission.GRANTED if access(path, os.R_OK | os.W_OK) else Permission.REFUSED


def ask_permission(platform: Platform, stopped: Callable[[], bool]) -> Permission:
    """On macOS ask the person if nobody did yet, and wait for the answer; elsewhere nobody has to be asked.

    The system shows its question by itself and answers on a thread of its own: no run loop is needed here. Where the
    frozen app runs, its `NSCameraUsageDescription` is shown; in a terminal the terminal is what gets the permission.
    """
    permission = camera_permission(platform)
    if platform is not Platform.MACOS or permission is not Permission.NOT_ASKED:
        return permission
    answered = threading.Event()
    _mac_devices().requestAccessForMediaType_completionHandler_(_mac_video(), lambda _granted: answered.set())
    slices = int(_ANSWER_S / _SLICE_S)
    if not any(answered.wait(_SLICE_S) or stopped() for _ in range(slices)):
        log.info("no answer to the question for the camera within %.0f s", _ANSWER_S)
    return camera_permission(platform)


def refusal_advice(platform: Platform) -> str:
    """What to do where the system refuses the camera."""
    return {
        Platform.MACOS: "Open System Settings, Privacy & Security, Camera, and switch on Desktop Affect (or the "
        "terminal it runs in); then start it again.",
        Platform.WINDOWS: "Open Settings, Privacy & security, Camera, and switch on “Camera access” and “Let desktop "
        "apps access your camera”.",
        Platform.LINUX: "Add yourself to the group “video” (sudo usermod -aG video $USER) and log in again; in a "
        "container or a Snap, pass the device on.",
    }.get(platform, "Allow this program to use the camera.")


def _mac_devices() -> Any:
    return importlib.import_module("AVFoundation").AVCaptureDevice


def _mac_video() -> Any:
    return importlib.import_module("AVFoundation").AVMediaTypeVideo


def _windows_consents() -> dict[str, str]:
    """The switches that are there; older systems have none and ask nobody."""
    winreg = importlib.import_module("winreg")
    found: dict[str, str] = {}
    for hive in ("HKEY_LOCAL_MACHINE", "HKEY_CURRENT_USER"):
        for key in (_WINDOWS_STORE, _WINDOWS_STORE + r"\NonPackaged"):
            try:
                with winreg.OpenKey(getattr(winreg, hive), key) as opened:
                    found[f"{hive}\\{key}"] = str(winreg.QueryValueEx(opened, "Value")[0])
            except FileNotFoundError:
                continue
    return found
