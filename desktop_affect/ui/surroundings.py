"""Looks around a run, on the worker thread: room on the drive, and what the system forbids."""

from __future__ import annotations

import logging
import math
import os
import shutil
from pathlib import Path

log = logging.getLogger(__name__)


def standing(folder: Path) -> Path:
    """The folder itself, or the nearest one above it that is there already."""
    while not folder.is_dir() and folder != folder.parent:
        folder = folder.parent
    return folder


def free_gb(folder: Path) -> float:
    """NaN when it cannot be told."""
    try:
        return shutil.disk_usage(standing(folder)).free / 1e9
    except OSError as error:
        log.info("the room in %s cannot be told: %s", folder, error)
        return math.nan


def folder_problem(folder: Path) -> str:
    """What to do about a folder that cannot be written; empty where it can. Writes nothing: this is asked often."""
    place = standing(folder)
    if place.exists() and os.access(place, os.W_OK | os.X_OK) and not folder.is_file():
        return ""
    return f"Choose another folder than “{folder}”, or ask for the right to write there."


def camera_refusal() -> str:
    """What to do where the system refuses all cameras; empty where it does not, or where each device has its rights."""
    from desktop_affect.sources.platform_cameras import (
        Permission,
        Platform,
        camera_permission,
        refusal_advice,
        this_platform,
    )

    platform = this_platform()
    if platform is Platform.LINUX or camera_permission(platform) is not Permission.REFUSED:
        return ""
    return refusal_advice(platform)
