"""pictures.csv: which file of a folder of photographs each row of its session is."""

from __future__ import annotations

import csv
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from desktop_affect.sources.pictures import PictureTaken

PICTURES_FILE = "pictures.csv"
"""Beside the rows."""


def write_pictures(path: Path, taken: Sequence[PictureTaken]) -> None:
    """One line a file, read or not. Raises OSError."""
    with path.open("w", encoding="utf-8", newline="", errors="backslashreplace") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(("seq", "file", "width_px", "height_px", "problem"))
        for each in taken:
            writer.writerow((each.seq, each.path.name, each.width_px or "", each.height_px or "", each.problem))


def files_by_seq(session: Path) -> Mapping[int, str]:
    """The file's name for every `seq`; empty where the list is not there or cannot be read."""
    try:
        with (session / PICTURES_FILE).open(encoding="utf-8", newline="") as file:
            return {int(row["seq"]): row["file"] for row in csv.DictReader(file)}
    except (OSError, ValueError, KeyError, csv.Error):
        return {}
