"""Hume-Vidmimic2 (ABAW's Emotional Mimicry Intensity): six intensities per film, faces at six pictures a second.

Layout: `{train,valid}_split.csv` with the columns Filename, Admiration, Amusement, Determination, Empathic Pain,
Excitement, Joy, and `face_images/<Filename>/<n>.jpg`. Intensities are 0..1 (values up to 100 are brought there).
"""

from __future__ import annotations

import csv
from pathlib import Path

import numpy as np

from desktop_affect.core.types import MIMICRY, CropSpec
from desktop_affect.training.clips import PreparedClips
from desktop_affect.training.datasets.base import DataSet, DataSetError, film_clips, numbered, prepared_pictures
from desktop_affect.training.prepared import TRAIN, VALIDATION, Prepared

ASK = "Ask the ABAW organisers for Hume-Vidmimic2; a signed agreement is needed."
SPLITS = {"train_split.csv": TRAIN, "valid_split.csv": VALIDATION}
STRIDE = 1
"""Six pictures a second stand nearly a seventh of a second apart."""


def intensities(row: dict[str, str]) -> list[float]:
    """The six values of a film, in our order."""
    table = {name.strip().lower().replace(" ", "_"): value for name, value in row.items()}
    absent = [name for name in MIMICRY if name not in table]
    if absent:
        raise DataSetError(f"A split file of Hume-Vidmimic2 lacks the columns {', '.join(absent)}.")
    values = [float(table[name]) for name in MIMICRY]
    return [value / 100 for value in values] if max(values) > 1 else values


def read_film(folder: Path, row: dict[str, str], split: int, crop: CropSpec) -> Prepared:
    """All faces of a film, each with the film's intensities."""
    data = prepared_pictures(numbered(folder), crop, split)
    data.mimicry[:] = np.asarray(intensities(row), np.float32)
    return data


def read(root: Path, crop: CropSpec) -> PreparedClips:
    """Every film whose faces are there."""
    parts = []
    for name, split in SPLITS.items():
        with (root / name).open(newline="", encoding="utf-8-sig") as file:
            for row in csv.DictReader(file):
                folder = root / "face_images" / Path(row["Filename"]).stem
                if folder.is_dir():
                    parts.append(read_film(folder, row, split, crop))
    if not parts:
        raise DataSetError("Hume-Vidmimic2 has no face pictures for the films of its split files.", advice=ASK)
    return film_clips(parts, STRIDE)


VIDMIMIC2 = DataSet("vidmimic2", ASK, (*SPLITS, "face_images"), read)
