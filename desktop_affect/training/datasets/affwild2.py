"""Aff-Wild2 with the annotations of the ABAW challenges: valence-arousal, expressions, action units.

Layout (as distributed): `cropped_aligned/<film>/<00001>.jpg` and
`Annotations/<track>/{Train_Set,Validation_Set}/<film>.txt`, a line of names first, then one line per frame. Picture n
belongs to line n. −5 (valence-arousal) and −1 (categories, units) mark what to skip; so does a picture that is absent.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from desktop_affect.core.types import ACTION_UNITS, EXPRESSIONS, CropSpec
from desktop_affect.training.clips import PreparedClips
from desktop_affect.training.datasets.base import DataSet, DataSetError, film_clips, prepared_pictures
from desktop_affect.training.prepared import TRAIN, VALIDATION, Prepared

ASK = "Ask for Aff-Wild2 at ibug.doc.ic.ac.uk/resources/aff-wild2; a signed agreement is needed."
SPLITS = {"Train_Set": TRAIN, "Validation_Set": VALIDATION}
CATEGORIES = ("neutral", "anger", "disgust", "fear", "happiness", "sadness", "surprise")
"""Their order; the eighth, "other", is none of ours and is left out."""
STRIDE = 4
"""Films of about 30 frames a second: four frames are nearly a seventh of a second."""


@dataclass(frozen=True)
class Track:
    """One of the three annotations."""

    folder: str
    columns: int
    skip: float


TRACKS = {
    "valence_arousal": Track("VA_Estimation_Challenge", 2, -5),
    "expressions": Track("EXPR_Recognition_Challenge", 1, -1),
    "action_units": Track("AU_Detection_Challenge", len(ACTION_UNITS), -1),
}


def read_annotation(path: Path, track: Track) -> NDArray[np.float32]:
    """One row per frame."""
    try:
        table = np.loadtxt(path, delimiter=",", skiprows=1, ndmin=2, dtype=np.float32)
    except ValueError as error:
        raise DataSetError(f"The annotation {path.name} cannot be read.", detail=str(error)) from error
    if table.shape[1] != track.columns:
        raise DataSetError(f"The annotation {path.name} has {table.shape[1]} columns instead of {track.columns}.")
    return table


def usable(table: NDArray[np.float32], track: Track, folder: Path) -> list[int]:
    """Rows that are annotated and whose picture is there."""
    annotated = np.flatnonzero((table != track.skip).all(axis=1))
    return [int(row) for row in annotated if (folder / f"{row + 1:05d}.jpg").exists()]


def label(data: Prepared, head: str, values: NDArray[np.float32]) -> None:
    """Writes one track's values where they belong."""
    if head == "expressions":
        known = values[:, 0] < len(CATEGORIES)
        places = [EXPRESSIONS.index(CATEGORIES[int(v)]) for v in values[known, 0]]
        rows = np.flatnonzero(known)
        data.expressions[rows] = np.eye(len(EXPRESSIONS), dtype=np.float32)[places]
        data.majority[rows] = places
    elif head == "action_units":
        data.action_units[:] = values
    else:
        data.valence_arousal[:] = values


def read_film(root: Path, annotation: Path, head: str, split: int, crop: CropSpec) -> Prepared:
    """The frames of one film that count."""
    track = TRACKS[head]
    table = read_annotation(annotation, track)
    folder = root / "cropped_aligned" / annotation.stem
    rows = usable(table, track, folder)
    data = prepared_pictures([folder / f"{row + 1:05d}.jpg" for row in rows], crop, split)
    label(data, head, table[rows])
    return data


def read_track(root: Path, head: str, crop: CropSpec) -> PreparedClips:
    """All films of a track."""
    parts = []
    for folder, split in SPLITS.items():
        for annotation in sorted((root / "Annotations" / TRACKS[head].folder / folder).glob("*.txt")):
            parts.append(read_film(root, annotation, head, split, crop))
    if not parts:
        raise DataSetError(f"Aff-Wild2 has no annotation in {TRACKS[head].folder}.", advice=ASK)
    return film_clips(parts, STRIDE)


def plug_in(name: str, head: str) -> DataSet:
    """The data set of one track."""
    sets = tuple(f"Annotations/{TRACKS[head].folder}/{split}" for split in SPLITS)
    return DataSet(name, ASK, ("cropped_aligned", *sets), lambda root, crop: read_track(root, head, crop))


AFFWILD2 = tuple(
    plug_in(name, head)
    for name, head in (
        ("affwild2_va", "valence_arousal"),
        ("affwild2_expr", "expressions"),
        ("affwild2_au", "action_units"),
    )
)
