"""A camera as the sources see it: what is known of it, and the small port behind which its driver sits."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from desktop_affect.core.types import RgbImage


@dataclass(frozen=True, slots=True)
class Place:
    """Where a driver interface finds a camera now; another one after replugging."""

    api: str
    """OpenCV's name of the interface, e.g. `CAP_V4L2`."""
    index: int


@dataclass(frozen=True, slots=True)
class Camera:
    """A camera that is connected."""

    stable_id: str
    """`vid:pid/where` (hexadecimal USB ids), the same tomorrow; without USB ids only `where`."""
    name: str
    places: tuple[Place, ...]
    """To be tried in this order."""
    path: str = ""
    """What the system calls it, for the log and for advice."""


@dataclass(frozen=True, slots=True)
class CaptureMode:
    """What is asked of a camera, or what it says it does."""

    width_px: int
    height_px: int
    fps: float


class CaptureDevice(Protocol):
    """One camera's driver. Everything is called on one thread, `release` last; any call may block in the driver."""

    def open(self, camera: Camera, wanted: CaptureMode) -> CaptureMode:
        """Start it and say what it claims to do. Raises SourceError in the person's words."""
        ...

    def grab(self) -> bool:
        """Wait for the next picture. False when none came; then it may be asked again."""
        ...

    def retrieve(self) -> RgbImage | None:
        """The grabbed picture, RGB and read-only; None when it cannot be decoded."""
        ...

    def release(self) -> None:
        """Let the camera go. Safe to call twice and after a failed open. Does not raise."""
        ...
