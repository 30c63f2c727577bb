"""Which cameras are there, and which of them is meant."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from desktop_affect.core.errors import SourceError
from desktop_affect.sources.capture_device import Camera, Place
from desktop_affect.sources.platform_cameras import (
    Platform,
    interfaces,
    linux_links,
    stable_id,
    this_platform,
)


@dataclass(frozen=True, slots=True)
class Listed:
    """One line of an interface's own list."""

    api: str
    index: int
    name: str
    path: str = ""
    vid: int | None = None
    pid: int | None = None


def list_cameras(platform: Platform | None = None) -> tuple[Camera, ...]:
    """Every connected camera, each once, in the order of the system. Opens none of them, but asks the system's drivers:
    not for the GUI thread."""
    platform = platform or this_platform()
    listed = [line for each in interfaces(platform) for line in _listed(each.api)]
    return merge(platform, listed, linux_links() if platform is Platform.LINUX else {})


def merge(platform: Platform, listed: Iterable[Listed], links: dict[str, str]) -> tuple[Camera, ...]:
    """One camera per stable id, with every interface that reaches it."""
    found: dict[str, Camera] = {}
    for line in listed:
        identity = stable_id(platform, line.path or line.name, line.vid, line.pid, links)
        place = Place(line.api, line.index)
        known = found.get(identity)
        found[identity] = (
            replace(known, places=(*known.places, place)) if known else Camera(identity, line.name, (place,), line.path)
        )
    return tuple(found.values())


def _listed(api: str) -> list[Listed]:
    """The interface's list, by the package cv2-enumerate-cameras, whose indices are those that OpenCV counts by."""
    from desktop_affect.system.cv2_import import cv2  # before the package below imports it

    from cv2_enumerate_cameras import enumerate_cameras  # isort: skip

    lines = enumerate_cameras(getattr(cv2, api))
    cameras = [Listed(api, info.index, info.name, info.path or "", info.vid, info.pid) for info in lines]
    return sorted(cameras, key=lambda camera: camera.index)


def find_camera(cameras: Sequence[Camera], wanted: str | None) -> Camera:
    """The camera that is meant: by stable id, number in the list, the same USB model, or part of its name.

    The model alone is enough because a camera without a serial number gets another id in another USB port. Raises
    SourceError when there is none or when several could be meant.
    """
    if not cameras:
        raise SourceError(
            "No camera is connected.",
            advice="Plug one in, check its switch or shutter, or choose the demo participant or a film.",
        )
    if not wanted:
        return cameras[0]
    for candidates in _readings(cameras, wanted):
        if len(candidates) == 1:
            return candidates[0]
        if candidates:
            raise SourceError(f"“{wanted}” could be any of {_names(candidates)}.", advice="Name it by its id.")
    raise SourceError(
        f"The camera “{wanted}” is not connected.", advice="Plug it in again, or choose another one.",
        detail=f"connected: {_names(cameras)}",
    )  # fmt: skip


def _readings(cameras: Sequence[Camera], wanted: str) -> Iterable[list[Camera]]:
    """What could be meant, from the strictest reading to the widest."""
    yield [camera for camera in cameras if camera.stable_id == wanted]
    if wanted.isdecimal():
        yield list(cameras[int(wanted) : int(wanted) + 1])
        return
    model = wanted.partition("/")[0].lower()
    if ":" in model:
        yield [camera for camera in cameras if camera.stable_id.startswith(model + "/")]
    yield [camera for camera in cameras if wanted.lower() in camera.name.lower()]


def _names(cameras: Iterable[Camera]) -> str:
    return ", ".join(f"“{camera.name}” ({camera.stable_id})" for camera in cameras)
