"""What `doctor` looks at: each check is a function that never raises and says ok, warning or problem in words."""

from __future__ import annotations

import contextlib
import importlib.metadata
import logging
import platform
import shutil
import tempfile
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from desktop_affect import __version__
from desktop_affect.cli.camera_checks import cameras, permissions
from desktop_affect.cli.check import Check, Outcome
from desktop_affect.core.errors import AffectError
from desktop_affect.core.settings import Settings
from desktop_affect.system import paths

if TYPE_CHECKING:
    from desktop_affect.inference.catalog import Entry

log = logging.getLogger(__name__)

# Our builds hold the same OpenCV without its windows.
_OPENCV = ("opencv-contrib-python", "opencv-python-headless")
_PACKAGES = (
    "mediapipe",
    "numpy",
    "onnxruntime",
    "openvino",
    "PySide6-Essentials",
    "pyqtgraph",
)
# An hour at 30 fps takes 0.09 to 0.13 GB without film (measured: 864,000 rows are 0.7 to 1.1 GB).
_ROOM_WARN_GB = 5.0
_ROOM_PROBLEM_GB = 1.0


def run_checks(settings: Settings) -> Iterator[Check]:
    """One after the other, so that the person sees them come in."""
    checks: Iterable[tuple[str, Callable[[Settings], Iterable[Check]]]] = (
        ("versions", versions),
        ("models", models),
        ("inference devices", devices),
        ("face tracker", tracker),
        ("permissions", permissions),
        ("cameras", cameras),
        ("display", display),
        ("disk", disk),
    )
    for name, check in checks:
        try:
            yield from check(settings)
        except AffectError as error:
            yield Check(name, Outcome.PROBLEM, error.message, error.advice, {"detail": error.detail})
        except Exception as error:
            log.exception("the check “%s” broke", name)
            advice = "Install Desktop Affect again; if it stays, report it with these details."
            yield Check(name, Outcome.PROBLEM, f"This check broke: {type(error).__name__}: {error}", advice)


def versions(settings: Settings) -> Iterator[Check]:
    found: dict[str, object] = {"desktop-affect": __version__, "python": platform.python_version()}
    found |= _versions((*_PACKAGES, *_OPENCV))
    missing = [package for package in _PACKAGES if package not in found]
    if not any(package in found for package in _OPENCV):
        missing.append(_OPENCV[0])
    summary = f"Desktop Affect {__version__}, Python {platform.python_version()}, {platform.platform(terse=True)}"
    if missing:
        advice = f"Install again: {', '.join(missing)} are missing."
        yield Check("versions", Outcome.PROBLEM, summary, advice, found)
    else:
        yield Check("versions", Outcome.OK, summary, details=found)


def _versions(packages: Iterable[str]) -> dict[str, str]:
    """Of those that are installed."""
    found = {}
    for package in packages:
        with contextlib.suppress(importlib.metadata.PackageNotFoundError):
            found[package] = importlib.metadata.version(package)
    return found


def disk(settings: Settings) -> Iterator[Check]:
    folder = paths.sessions_dir(settings.text("recording.folder"))
    there = _nearest_existing(folder)
    free_gb = shutil.disk_usage(there).free / 1e9
    details: dict[str, object] = {"folder": str(folder), "free_gb": round(free_gb, 1)}
    try:
        with tempfile.NamedTemporaryFile(dir=there, prefix=".desktop-affect-"):
            pass
    except OSError as error:
        advice = "Choose another sessions folder in the settings."
        yield Check("disk", Outcome.PROBLEM, f"Nothing can be written to {there}: {error}", advice, details)
        return
    summary = f"{free_gb:.0f} GB free for sessions in {folder}"
    if free_gb < _ROOM_WARN_GB:
        outcome = Outcome.PROBLEM if free_gb < _ROOM_PROBLEM_GB else Outcome.WARNING
        yield Check("disk", outcome, summary, "Make room, or choose another sessions folder.", details)
    else:
        yield Check("disk", Outcome.OK, summary, details=details)


def _nearest_existing(folder: Path) -> Path:
    while not folder.is_dir() and folder != folder.parent:
        folder = folder.parent
    return folder


def tracker(settings: Settings) -> Iterator[Check]:
    """The tracker finds the demo participant's face: the film, OpenCV and MediaPipe all work."""
    from desktop_affect.sources.demo import DemoSource
    from desktop_affect.system.clock import MonotonicClock
    from desktop_affect.vision.tracker import MediaPipeTracker

    clock = MonotonicClock()
    source, face_tracker = DemoSource(clock=clock, paced=False, loop=False), MediaPipeTracker()
    try:
        source.open()
        face_tracker.open()
        frame = source.read()
        began_s = clock.now_s()
        found = frame is not None and face_tracker.track(frame) is not None
        took_ms = (clock.now_s() - began_s) * 1e3
    finally:
        source.close()
        face_tracker.close()
    if found:
        summary = "The demo participant's face was found."
        yield Check("face tracker", Outcome.OK, summary, details={"first_frame_ms": round(took_ms, 1)})
    else:
        yield Check("face tracker", Outcome.PROBLEM, "No face was found on the demo film.", "Install again.")


def models(settings: Settings) -> Iterator[Check]:
    """One line per model folder, and one when there is none."""
    from desktop_affect.inference.catalog import this_catalog

    entries = this_catalog().entries()
    if not entries:
        advice = "Install Desktop Affect again, or add a model with “desktop-affect models add”."
        yield Check("models", Outcome.WARNING, "No model is installed: faces are tracked, affect is not.", advice)
    for entry in entries:
        yield _model(entry)


def _model(entry: Entry) -> Check:
    from desktop_affect.inference.catalog import verify

    name = f"model {entry.name}"
    try:
        if entry.manifest is None:
            raise entry.problem or AffectError("The model cannot be used.")
        verify(entry.manifest)
    except AffectError as error:
        return Check(name, Outcome.PROBLEM, error.message, error.advice, {"detail": error.detail})
    summary = f"{entry.name} {entry.manifest.version} is whole: {', '.join(head.name for head in entry.manifest.heads)}"
    return Check(name, Outcome.OK, summary, details={"folder": str(entry.folder)})


def devices(settings: Settings) -> Iterator[Check]:
    """What the runtimes say they can use; whether a model runs there is seen when it is opened."""
    from desktop_affect.inference.runtime import this_machine

    found = this_machine(paths.cache_dir()).fingerprint()
    yield Check("inference devices", Outcome.OK, "; ".join(found), details={"runtimes": list(found)})


def display(settings: Settings) -> Iterator[Check]:
    """Whether a window could be opened."""
    from desktop_affect.ui.needs import window_problem

    problem = window_problem()
    if problem is None:
        yield Check("display", Outcome.OK, "A window can be opened.")
    else:
        yield Check("display", Outcome.WARNING, problem.message, problem.advice, {"detail": problem.detail})
