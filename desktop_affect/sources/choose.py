"""From what a person writes (`demo`, `camera`, `camera:ID`, a path) to a source. Light: OpenCV is not loaded here."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from desktop_affect.core.errors import SourceError
from desktop_affect.core.ports import Clock, FrameSource
from desktop_affect.core.settings import Settings
from desktop_affect.core.types import SourceKind
from desktop_affect.sources.capture_device import CaptureMode


@dataclass(frozen=True, slots=True)
class SourceChoice:
    """Which source is meant."""

    kind: SourceKind
    ident: str = ""
    """A camera's stable id, number or name (empty for the first camera), or a film's path; empty for the demo."""

    def __str__(self) -> str:
        """As `parse_source` reads it."""
        if self.kind is SourceKind.VIDEO:
            return self.ident
        return f"{self.kind.value}:{self.ident}" if self.ident else self.kind.value


def parse_source(text: str) -> SourceChoice:
    """What is meant; raises SourceError for an empty text. Whether it exists is told when it is opened.

    A film whose name is `demo` or begins with `camera` is meant when it is written as a path (`./demo`).
    """
    text = text.strip()
    if not text:
        raise SourceError("No source is named.", advice="Write demo, camera, camera:ID or the path of a film.")
    kind, colon, ident = text.partition(":")
    if kind == SourceKind.CAMERA.value:
        return SourceChoice(SourceKind.CAMERA, ident.strip())
    if kind == SourceKind.DEMO.value and not colon:
        return SourceChoice(SourceKind.DEMO)
    return SourceChoice(SourceKind.VIDEO, text)


def make_source(
    choice: SourceChoice, settings: Settings, *, clock: Clock, paced: bool = True, loop: bool = True
) -> FrameSource:
    """The source, not opened. `paced` and `loop` are for films and the demo: a camera is what it is."""
    if choice.kind is SourceKind.CAMERA:
        from desktop_affect.sources.camera import CameraSource

        mode = CaptureMode(
            settings.whole("camera.width_px"), settings.whole("camera.height_px"), settings.number("camera.fps")
        )
        return CameraSource(choice.ident or None, mode, clock=clock)
    if choice.kind is SourceKind.DEMO:
        from desktop_affect.sources.demo import DemoSource

        return DemoSource(clock=clock, paced=paced, loop=loop)
    from desktop_affect.sources.video import VideoSource

    return VideoSource(Path(choice.ident).expanduser(), clock=clock, paced=paced, loop=loop)
