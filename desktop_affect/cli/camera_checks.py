"""What the doctor asks of cameras: may we use them, and what do they really deliver."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import TYPE_CHECKING

from desktop_affect.cli.check import Check, Outcome
from desktop_affect.core.errors import AffectError
from desktop_affect.core.settings import Settings
from desktop_affect.core.types import SourceKind

if TYPE_CHECKING:
    from desktop_affect.sources.capture_device import Camera

_CAMERA_WATCH_S = 2.0
# Blinks last 0.15 s: below 15 frames a second some fall between two frames.
_SLOW_FPS = 15.0


def permissions(settings: Settings) -> Iterator[Check]:
    """Whether the system lets us use cameras; nobody is asked here."""
    from desktop_affect.sources.devices import list_cameras
    from desktop_affect.sources.platform_cameras import (
        Permission,
        Platform,
        camera_permission,
        refusal_advice,
        this_platform,
    )

    platform = this_platform()
    # On Linux the rights belong to each device file, elsewhere one switch holds for all cameras.
    paths = [camera.path for camera in list_cameras()] if platform is Platform.LINUX else [""]
    states = {camera_permission(platform, path) for path in paths}
    details: dict[str, object] = {"states": sorted(state.value for state in states)}
    if Permission.REFUSED in states:
        advice = refusal_advice(platform)
        yield Check("permissions", Outcome.PROBLEM, "The system refuses the camera.", advice, details)
    elif Permission.NOT_ASKED in states:
        advice = "Start with --source camera once and answer the system's question with yes."
        yield Check("permissions", Outcome.WARNING, "The camera's permission was not asked for yet.", advice, details)
    elif Permission.GRANTED in states:
        yield Check("permissions", Outcome.OK, "The system lets us use the camera.", details=details)
    else:
        yield Check("permissions", Outcome.OK, "Nothing forbids the use of cameras.", details=details)


def cameras(settings: Settings) -> Iterator[Check]:
    """Every connected camera is opened and watched for two seconds."""
    from desktop_affect.sources.devices import list_cameras

    found = list_cameras()
    if not found:
        advice = "Plug one in to read a person; the demo participant and films work without."
        yield Check("cameras", Outcome.WARNING, "No camera is connected.", advice)
    for camera in found:
        yield _camera(camera, settings)


def _camera(camera: Camera, settings: Settings) -> Check:
    from desktop_affect.sources.choose import SourceChoice, make_source
    from desktop_affect.sources.rate import measure_rate
    from desktop_affect.system.clock import MonotonicClock

    name, clock = f"camera {camera.name}", MonotonicClock()
    details: dict[str, object] = {"id": camera.stable_id}
    source = make_source(SourceChoice(SourceKind.CAMERA, camera.stable_id), settings, clock=clock)
    try:
        measured = measure_rate(source, _CAMERA_WATCH_S, clock)
    except AffectError as error:
        return Check(name, Outcome.PROBLEM, error.message, error.advice, {**details, "detail": error.detail})
    info = measured.source
    details |= {"fps": _finite(measured.fps), "width_px": info.width_px, "height_px": info.height_px}
    summary = f"{info.width_px} × {info.height_px}, {measured.fps:.1f} frames a second measured"
    if not measured.fps >= _SLOW_FPS:
        advice = "Give it more light, a direct USB port, or ask for a smaller picture in the settings."
        return Check(name, Outcome.WARNING, summary, advice, details)
    return Check(name, Outcome.OK, summary, details=details)


def _finite(value: float) -> float | None:
    return round(value, 1) if math.isfinite(value) else None
