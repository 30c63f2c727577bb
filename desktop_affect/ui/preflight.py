"""Before a recording: is everything as it should be, each with what to do. Pure."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum

from desktop_affect.core.types import EngineState, Sample, SourceKind, Status

# Blinks last 0.15 s: below 15 frames a second some fall between two frames.
_SLOW_FPS = 15.0
# The networks look at 112 px or more; a smaller face is enlarged and blurred.
_SMALL_FACE_PX = 112.0
_ROOM_WARN_GB, _ROOM_PROBLEM_GB = 5.0, 1.0
_DARK, _BRIGHT = 0.2, 0.85
# The rates are measured over different seconds and differ by one or two.
_BEHIND_FPS = 3.0
_START = "Start a camera first."


class Light(Enum):
    """Traffic light, told apart by sign and word as well as colour."""

    GREEN = "ok"
    AMBER = "look"
    RED = "stop"


@dataclass(frozen=True, slots=True)
class Item:
    """One line."""

    light: Light
    what: str
    advice: str = ""


@dataclass(frozen=True, slots=True)
class Permissions:
    """What forbids us to work, in words with advice; empty where nothing does."""

    folder: str = ""
    """Why the sessions folder cannot be written."""
    camera: str = ""
    """What to do where the system refuses cameras."""


@dataclass(frozen=True, slots=True)
class Stream:
    """A stream to or from the lab's other instruments."""

    name: str
    healthy: bool
    words: str
    """Who listens, or why nobody can."""


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What lies around a run."""

    free_gb: float = math.nan
    permissions: Permissions = Permissions()
    streams: tuple[Stream, ...] = ()


def preflight(status: Status, sample: Sample | None, around: Surroundings) -> tuple[Item, ...]:
    """Everything that is worth a look before the participant's time is spent."""
    return (
        *_source(status, around.permissions.camera),
        *_face(sample),
        *_model(status),
        *_disk(around),
        *(_stream(stream) for stream in around.streams),
    )


def _source(status: Status, refused: str) -> Iterator[Item]:
    if status.source is None or status.state is not EngineState.RUNNING:
        yield Item(Light.RED, "The system refuses the camera" if refused else "No pictures arrive", refused or _START)
        return
    if status.source.kind is SourceKind.DEMO:
        yield Item(Light.AMBER, "The participant is the demo", "Choose a camera to record a person.")
    elif status.source.kind is SourceKind.CAMERA:
        yield Item(Light.GREEN, f"The camera “{status.source.name}” may be used")
    fps = status.fps_in
    if fps < _SLOW_FPS:
        yield Item(Light.AMBER, f"Only {fps:.0f} pictures a second", "More light or a direct USB port makes it faster.")
    elif math.isfinite(fps):
        yield Item(Light.GREEN, f"{fps:.0f} pictures a second")
    if fps - status.fps_analysed > _BEHIND_FPS:
        advice = "Close other programs, or choose a smaller model: frames that are not looked at have empty rows."
        yield Item(Light.AMBER, f"Only {status.fps_analysed:.0f} a second are looked at", advice)


def _face(sample: Sample | None) -> Iterator[Item]:
    face = sample.face if sample else None
    if face is None:
        yield Item(Light.AMBER, "No face in view", "Ask the participant to sit in front of the camera.")
        return
    if face.other_faces:
        yield Item(Light.AMBER, "More than one face in view", "Only the participant should be in the picture.")
    if face.box.height < _SMALL_FACE_PX:
        yield Item(Light.AMBER, f"The face is small ({face.box.height:.0f} px)", "Move the camera nearer.")
    else:
        yield Item(Light.GREEN, f"Face {face.box.height:.0f} px high")
    if face.light.brightness < _DARK:
        yield Item(Light.AMBER, "The face is dark", "Light it from the front.")
    elif face.light.brightness > _BRIGHT:
        yield Item(Light.AMBER, "The face is overexposed", "Less light from the front, or lower the exposure.")
    elif math.isfinite(face.light.brightness):
        yield Item(Light.GREEN, "The face is well lit")


def _model(status: Status) -> Iterator[Item]:
    if status.model is None:
        yield Item(Light.AMBER, "No model: only the face is recorded", "Install one: desktop-affect models --help")
    else:
        yield Item(Light.GREEN, f"{status.model.name} on {status.model.device}")


def _disk(around: Surroundings) -> Iterator[Item]:
    if around.permissions.folder:
        yield Item(Light.RED, "The sessions folder cannot be written", around.permissions.folder)
        return
    free_gb = around.free_gb
    if math.isnan(free_gb):
        return
    if free_gb < _ROOM_WARN_GB:
        light = Light.RED if free_gb < _ROOM_PROBLEM_GB else Light.AMBER
        yield Item(light, f"Only {free_gb:.1f} GB free", "Make room, or choose another folder.")
    else:
        yield Item(Light.GREEN, f"{free_gb:.0f} GB free")


def _stream(stream: Stream) -> Item:
    if stream.healthy:
        return Item(Light.GREEN, f"{stream.name}: {stream.words}")
    return Item(Light.AMBER, f"{stream.name} does not work", stream.words)
