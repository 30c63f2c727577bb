"""`openface`: the columns, order and units of OpenFace 2's FeatureExtraction; what we do not model is left empty.

Landmarks are not recorded, so their columns (`-2Dfp`, `-3Dfp`, `-pdmparams`, the eye's) are left out altogether.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np

from desktop_affect.core.types import ACTION_UNITS
from desktop_affect.session.export.lines import COUNT, FLAG, Cells, empty, write_table
from desktop_affect.session.export.options import Progress
from desktop_affect.session.export.table import ExportTable
from desktop_affect.session.export.turns import openface_gaze_rad, openface_turn_rad

INTENSITIES = (
    "AU01", "AU02", "AU04", "AU05", "AU06", "AU07", "AU09", "AU10", "AU12", "AU14", "AU15", "AU17", "AU20", "AU23",
    "AU25", "AU26", "AU45",
)  # fmt: skip
PRESENCES = (*INTENSITIES[:-1], "AU28", "AU45")

HIGHEST_INTENSITY = 5.0
"""OpenFace's scale ends at 5 (FACS E); ours, 0..1, is stretched to it in a straight line."""


def write(table: ExportTable, path: Path, progress: Progress) -> None:
    """Raises OSError."""
    with path.open("w", encoding="utf-8", newline="") as file:
        write_table(file, list(_columns(table)), ", ", progress)


def _columns(table: ExportTable) -> Iterator[Cells]:
    face = table["face"] == 1
    yield Cells("frame", table["seq"] + 1, FLAG if table.is_grid else COUNT)
    yield Cells("face_id", np.zeros(table.rows), COUNT)
    yield Cells("timestamp", table.t_s, "%.6f")
    yield Cells("confidence", table["face_confidence"], "%.3f")
    yield Cells("success", face.astype(np.float32), COUNT)
    yield from _gaze(table)
    yield from _pose(table)
    for unit in INTENSITIES:
        if unit in ACTION_UNITS:
            yield Cells(f"{unit}_r", table[unit] * HIGHEST_INTENSITY, "%.4f")
        else:
            yield empty(f"{unit}_r", table.rows)
    yield from _presences(table)


def _gaze(table: ExportTable) -> Iterator[Cells]:
    """Ours is one gaze of both eyes: the vectors of each eye are not known."""
    for eye in (0, 1):
        yield from (empty(f"gaze_{eye}_{axis}", table.rows) for axis in "xyz")
    across, down = openface_gaze_rad(table["gaze_yaw_deg"], table["gaze_pitch_deg"])
    yield Cells("gaze_angle_x", across, "%.4f")
    yield Cells("gaze_angle_y", down, "%.4f")


def _pose(table: ExportTable) -> Iterator[Cells]:
    for axis in "xyz":
        yield Cells(f"pose_T{axis}", table[f"t{axis}_mm"], "%.1f")
    turns = openface_turn_rad(table["pitch_deg"], table["yaw_deg"], table["roll_deg"])
    for axis, turn in zip("xyz", turns, strict=True):
        yield Cells(f"pose_R{axis}", turn, "%.4f")


def _presences(table: ExportTable) -> Iterator[Cells]:
    """AU45 is the blink: both lids closed."""
    for unit in PRESENCES:
        if unit == "AU45":
            yield Cells("AU45_c", table["blink"], "%.1f")
        elif unit in ACTION_UNITS:
            yield Cells(f"{unit}_c", table[f"{unit}_present"], "%.1f")
        else:
            yield empty(f"{unit}_c", table.rows)
