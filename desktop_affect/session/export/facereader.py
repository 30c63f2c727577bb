"""`facereader`: looks like the detailed log of FaceReader: tab separated behind eight lines of header.

Where no face was found every value says FIND_FAILED, where a face was found but the model gave nothing FIT_FAILED, and
a frame that was not looked at has empty cells. Age, sex and the like are not there, because nobody estimates them.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any, TextIO

import numpy as np

from desktop_affect.core.types import ACTION_UNITS
from desktop_affect.session.export.lines import BLOCK_ROWS, Array
from desktop_affect.session.export.options import Progress
from desktop_affect.session.export.table import ExportTable

FIND_FAILED = "FIND_FAILED"
FIT_FAILED = "FIT_FAILED"

EXPRESSIONS: Mapping[str, str] = {
    "Neutral": "neutral", "Happy": "happiness", "Sad": "sadness", "Angry": "anger", "Surprised": "surprise",
    "Scared": "fear", "Disgusted": "disgust", "Contempt": "contempt",
}  # fmt: skip

UNITS: Mapping[str, str] = {
    "AU01": "Inner Brow Raiser", "AU02": "Outer Brow Raiser", "AU04": "Brow Lowerer", "AU05": "Upper Lid Raiser",
    "AU06": "Cheek Raiser", "AU07": "Lid Tightener", "AU09": "Nose Wrinkler", "AU10": "Upper Lip Raiser",
    "AU12": "Lip Corner Puller", "AU14": "Dimpler", "AU15": "Lip Corner Depressor", "AU17": "Chin Raiser",
    "AU18": "Lip Pucker", "AU20": "Lip Stretcher", "AU23": "Lip Tightener", "AU24": "Lip Pressor",
    "AU25": "Lips Part", "AU26": "Jaw Drop", "AU27": "Mouth Stretch", "AU43": "Eyes Closed",
}  # fmt: skip


def write(table: ExportTable, path: Path, progress: Progress) -> None:
    """Raises OSError."""
    values = _values(table)
    with path.open("w", encoding="utf-8", newline="") as file:
        file.writelines(line + "\n" for line in _head(table))
        file.write("\t".join(("Video Time", *values, "Event Marker")) + "\n")
        _write_rows(file, table, list(values.values()), progress)


def _head(table: ExportTable) -> Iterator[str]:
    """Eight lines, as tools that skip them expect."""
    source, clock = table.header.get("source") or {}, table.header.get("clock") or {}
    opened = _start_time(str((clock.get("opened") or {}).get("wall_utc", "")))
    rate = table.options.resample_hz or source.get("measured_fps") or source.get("nominal_fps")
    yield from ("Video analysis detailed log", "")
    yield "Face Model\tDesktop Affect"
    yield f"Calibration\t{'Participant' if table.options.baseline else '-'}"
    yield f"Start time\t{opened}"
    yield f"Filename\t{' '.join(str(source.get('name', '')).split())}"
    yield f"Frame rate\t{rate or 0:.9f}"
    yield ""


def _start_time(wall_utc: str) -> str:
    """As FaceReader prints it, month first; in UTC."""
    try:
        moment = datetime.fromisoformat(wall_utc)
    except ValueError:
        return ""
    return f"{moment.month}/{moment.day}/{moment.year} {moment:%H:%M:%S}.{moment.microsecond // 1000:03d}"


def _values(table: ExportTable) -> dict[str, Array]:
    found = {theirs: table[f"expression_{ours}"] for theirs, ours in EXPRESSIONS.items()}
    found["Valence"] = table["valence"]
    found["Arousal"] = (table["arousal"] + 1) / 2
    found["Y - Head Orientation"] = table["yaw_deg"]
    found["X - Head Orientation"] = table["pitch_deg"]
    found["Z - Head Orientation"] = table["roll_deg"]
    found["Quality"] = table["quality"]
    for unit, words in UNITS.items():
        nothing = np.full(table.rows, np.nan)
        found[f"Action Unit {unit[2:]} - {words}"] = table[unit] if unit in ACTION_UNITS else nothing
    return found


def _write_rows(file: TextIO, table: ExportTable, columns: list[Array], progress: Progress) -> None:
    markers, times = table["marker"], table.t_s
    states = list(zip(table["seen"].tolist(), np.isnan(table["valence"]).tolist(), strict=True))
    tails = _tails(columns)
    for begin in range(0, table.rows, BLOCK_ROWS):
        part = slice(begin, begin + BLOCK_ROWS)
        rows = zip(*(column[part].tolist() for column in columns), strict=True)
        for t_s, state, row, marker in zip(times[part].tolist(), states[part], rows, markers[part], strict=True):
            values = _print(tails, state, row)
            file.write(f"{video_time(t_s)}\t{values}\t{' '.join(marker.split())}\n")
        progress(min(begin + BLOCK_ROWS, table.rows), table.rows)


def _tails(columns: list[Array]) -> dict[str, str]:
    """What the values of a row look like, per state; a column that never has a value stays empty in every state."""
    ever = [not np.isnan(column).all() for column in columns]
    return {
        "face": "\t".join(["%.4f"] * len(columns)),
        "no_face": "\t".join(FIND_FAILED if known else "" for known in ever),
        "skipped": "\t" * (len(columns) - 1),
        "": "\t" * (len(columns) - 1),
        "unfitted": "\t".join(FIT_FAILED if known else "" for known in ever),
    }


def _print(tails: Mapping[str, str], state: tuple[str, bool], row: tuple[Any, ...]) -> str:
    seen, nothing_estimated = state
    if seen != "face":
        return tails[seen]
    if nothing_estimated:
        return tails["unfitted"]
    return (tails["face"] % row).replace("nan", "")


def video_time(t_s: float) -> str:
    """`HH:MM:SS.mmm`."""
    ms = round(t_s * 1000)
    return f"{ms // 3_600_000:02d}:{ms // 60_000 % 60:02d}:{ms // 1000 % 60:02d}.{ms % 1000:03d}"
