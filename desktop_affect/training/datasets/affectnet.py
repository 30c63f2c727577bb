"""AffectNet as distributed: `{train_set,val_set}/images/<n>.jpg` and `annotations/<n>_{exp,val,aro,lnd}.npy`."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from desktop_affect.core.types import EXPRESSIONS, CropSpec, Points
from desktop_affect.training.datasets.base import DataSet, face_canvas, joined, picture
from desktop_affect.training.prepared import TRAIN, VALIDATION, Prepared, blank

ASK = "Ask for AffectNet at mohammadmahoor.com/pages/databases/affectnet; a signed agreement is needed."
SPLITS = {"train_set": TRAIN, "val_set": VALIDATION}
CATEGORIES = ("neutral", "happiness", "sadness", "surprise", "fear", "disgust", "anger", "contempt")
"""Their order; higher numbers are "none", "uncertain" and "no face"."""
UNKNOWN_VA = -2.0
EYES_AND_MOUTH = ((36, 39), (42, 45), (48, 54))
"""Of the 68 landmarks: the corners of the eye that is left in the picture, of the other, of the mouth."""


def alignment_points(landmarks: Points) -> Points:
    """Eye, eye and mouth centres of 68 landmarks."""
    return np.asarray([landmarks[list(pair)].mean(axis=0) for pair in EYES_AND_MOUTH], dtype=np.float32)


def read_number(folder: Path, stem: str, kind: str) -> float:
    """One value of one picture; they are stored as text or as a number."""
    return float(np.load(folder / "annotations" / f"{stem}_{kind}.npy", allow_pickle=False))


def read_split(folder: Path, split: int, crop: CropSpec) -> Prepared:
    """One of the two sets."""
    stems = sorted(path.stem[: -len("_exp")] for path in (folder / "annotations").glob("*_exp.npy"))
    stems = [stem for stem in stems if (folder / "images" / f"{stem}.jpg").exists()]
    canvases = []
    for stem in stems:
        points = np.load(folder / "annotations" / f"{stem}_lnd.npy", allow_pickle=False).reshape(-1, 2)
        canvases.append(face_canvas(picture(folder / "images" / f"{stem}.jpg"), crop, alignment_points(points)))
    data = blank(np.stack(canvases), np.full(len(stems), split, np.int8))
    for row, stem in enumerate(stems):
        category = int(read_number(folder, stem, "exp"))
        if category < len(CATEGORIES):
            place = EXPRESSIONS.index(CATEGORIES[category])
            data.majority[row] = place
            data.expressions[row] = np.eye(len(EXPRESSIONS), dtype=np.float32)[place]
        felt = [read_number(folder, stem, kind) for kind in ("val", "aro")]
        if UNKNOWN_VA not in felt:
            data.valence_arousal[row] = felt
    return data


def read(root: Path, crop: CropSpec) -> Prepared:
    """Training and validation set."""
    return joined([read_split(root / name, split, crop) for name, split in SPLITS.items()])


AFFECTNET = DataSet(
    "affectnet", ASK, tuple(f"{name}/{part}" for name in SPLITS for part in ("images", "annotations")), read
)
