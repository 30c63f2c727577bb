"""BAH, behavioural ambivalence/hesitancy: a 0 or 1 for every frame of webcam answers.

Layout: `cropped-aligned-faces/<participant>/<film>/<frame>.jpg` and the frame-level split files of the authors'
repository, `split/{train,val,test}.txt`, one `<path of the frame below cropped-aligned-faces>,<label>` per line.
"""

from __future__ import annotations

from itertools import groupby
from pathlib import Path

import numpy as np

from desktop_affect.core.types import CropSpec
from desktop_affect.training.clips import PreparedClips
from desktop_affect.training.datasets.base import DataSet, DataSetError, film_clips, prepared_pictures
from desktop_affect.training.prepared import TEST, TRAIN, VALIDATION, Prepared

ASK = "Ask for BAH with the form at github.com/sbelharbi/bah-dataset; a signed agreement is needed."
SPLITS = {"train.txt": TRAIN, "val.txt": VALIDATION, "test.txt": TEST}
FACES = "cropped-aligned-faces"
STRIDE = 4

Line = tuple[Path, float]


def read_line(root: Path, line: str) -> Line:
    """A picture and its label; anything but 0 and 1 is refused."""
    place, _, label = line.rpartition(",")
    if label.strip() not in {"0", "1"}:
        raise DataSetError(f"BAH: the label of {place} is {label.strip()!r}, not 0 or 1.")
    return root / FACES / place.strip(), float(label)


def read_film(lines: list[Line], split: int, crop: CropSpec) -> Prepared:
    """One film."""
    data = prepared_pictures([path for path, _ in lines], crop, split)
    data.hesitancy[:, 0] = np.asarray([label for _, label in lines], np.float32)
    return data


def read(root: Path, crop: CropSpec) -> PreparedClips:
    """All films; frames without a cropped face are left out."""
    parts = []
    for name, split in SPLITS.items():
        text = (root / "split" / name).read_text(encoding="utf-8").splitlines()
        lines = [line for line in (read_line(root, row) for row in text if row.strip()) if line[0].exists()]
        for _, film in groupby(lines, key=lambda line: line[0].parent):
            parts.append(read_film(list(film), split, crop))
    if not parts:
        raise DataSetError("BAH has none of the face pictures that its split files name.", advice=ASK)
    return film_clips(parts, STRIDE)


BAH = DataSet("bah", ASK, (FACES, *(f"split/{name}" for name in SPLITS)), read)
