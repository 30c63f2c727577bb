"""`fex`: the columns of Py-Feat 2's Detectorv2, for its `read_feat` and the Fex class.

Landmarks, mesh and identity vectors are not recorded, so their columns are left out; action units that we do not model
are there and empty. Angles are in radians, signs as in `turns.py`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

import numpy as np

from desktop_affect.core.types import ACTION_UNITS
from desktop_affect.session.export.lines import FLAG, TEXT, VALUE, Cells, empty, write_table
from desktop_affect.session.export.options import Progress
from desktop_affect.session.export.table import ExportTable
from desktop_affect.session.export.turns import openface_turn_rad

UNITS = (
    "AU01", "AU02", "AU04", "AU05", "AU06", "AU07", "AU09", "AU10", "AU11", "AU12", "AU14", "AU15", "AU16", "AU17",
    "AU18", "AU20", "AU23", "AU24", "AU25", "AU26", "AU27", "AU28", "AU43", "AU45",
)  # fmt: skip
EMOTIONS: Mapping[str, str] = {
    "Neutral": "neutral", "Happy": "happiness", "Sad": "sadness", "Surprise": "surprise", "Fear": "fear",
    "Disgust": "disgust", "Anger": "anger", "Contempt": "contempt",
}  # fmt: skip
_BOX = {
    "FaceRectX": "face_left_px",
    "FaceRectY": "face_top_px",
    "FaceRectWidth": "face_width_px",
    "FaceRectHeight": "face_height_px",
    "FaceScore": "face_confidence",
}


def write(table: ExportTable, path: Path, progress: Progress) -> None:
    """Raises OSError."""
    with path.open("w", encoding="utf-8", newline="") as file:
        write_table(file, list(_columns(table)), ",", progress)


def _columns(table: ExportTable) -> Iterator[Cells]:
    yield from (Cells(theirs, table[ours]) for theirs, ours in _BOX.items())
    yield from _pose(table)
    for unit in UNITS:
        yield Cells(unit, table[unit]) if unit in ACTION_UNITS else empty(unit, table.rows)
    yield from (Cells(theirs, table[f"expression_{ours}"]) for theirs, ours in EMOTIONS.items())
    yield Cells("valence", table["valence"])
    yield Cells("arousal", table["arousal"])
    yield from _gaze(table)
    yield from _frame(table)


def _pose(table: ExportTable) -> Iterator[Cells]:
    pitch, yaw, roll = openface_turn_rad(table["pitch_deg"], table["yaw_deg"], table["roll_deg"])
    yield from (Cells(name, turn) for name, turn in (("Pitch", pitch), ("Roll", roll), ("Yaw", yaw)))
    yield from (Cells(axis, table[f"t{axis.lower()}_mm"]) for axis in "XYZ")


def _gaze(table: ExportTable) -> Iterator[Cells]:
    pitch = np.radians(table["gaze_pitch_deg"].astype(np.float64))
    yaw = np.radians(table["gaze_yaw_deg"].astype(np.float64))
    yield Cells("gaze_pitch", pitch)
    yield Cells("gaze_yaw", yaw)
    yield Cells("gaze_angle", np.arccos(np.clip(np.cos(pitch) * np.cos(yaw), -1, 1)))


def _frame(table: ExportTable) -> Iterator[Cells]:
    source = table.header.get("source") or {}
    for name, key in (("FrameHeight", "height_px"), ("FrameWidth", "width_px")):
        yield Cells(name, np.full(table.rows, source.get(key) or np.nan), VALUE)
    yield Cells("input", _texts([str(source.get("name", ""))] * table.rows), TEXT)
    yield Cells("frame", table["seq"], FLAG)
    yield Cells("approx_time", _texts([_minutes(t_s) for t_s in table.t_s.tolist()]), TEXT)


def _texts(texts: list[str]) -> np.ndarray[tuple[int], np.dtype[np.object_]]:
    return np.array(texts, dtype=object)


def _minutes(t_s: float) -> str:
    """`MM:SS`, as Py-Feat prints it."""
    return f"{int(t_s) // 60:02d}:{int(t_s) % 60:02d}"
