"""The open stills: FER2013 with the FER+ crowd votes, and Labelled Faces in the Wild with community labels."""

from __future__ import annotations

import zlib
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from desktop_affect.core.types import EXPRESSIONS, CropSpec
from desktop_affect.system.cv2_import import cv2
from desktop_affect.training.datasets.base import DataSet
from desktop_affect.training.prepared import TEST, TRAIN, VALIDATION, Prepared, blank, canvas
from desktop_affect.training.targets import coordinates_of, symmetric, teacher_action_units

Archive = dict[str, NDArray[np.generic]]

FER_CROP_PX, LFW_CROP_PX = 64, 128
"""Sides of the prepared crops: a little more than the sources resolve (48 px and about 129 px)."""
FER_MIRROR_PX = 16
"""FER2013 is cut tightly; a webcam never shows a black frame around a face."""
FER_SPLITS = {"Training": TRAIN, "PublicTest": VALIDATION, "PrivateTest": TEST}
LFW_WEIGHT = 0.5
"""LFW's expression labels come from one program or person each and are noisy; ten voters count more."""
LFW_SMOOTHING = 0.15
"""Share of an LFW label that is spread over all categories, for the same reason."""


def read_archive(path: Path) -> dict[str, NDArray[np.generic]]:
    """Every array of an npz, read once."""
    with np.load(path) as archive:
        return {name: archive[name] for name in archive.files}


def decode(archive: Archive, index: int) -> NDArray[np.uint8]:
    """One stored picture: grey or RGB."""
    begin, end = (int(x) for x in archive["offset"][index : index + 2])
    pixels = cv2.imdecode(np.asarray(archive["data"][begin:end], np.uint8), cv2.IMREAD_UNCHANGED)
    return np.asarray(pixels if pixels.ndim == 2 else pixels[..., ::-1], dtype=np.uint8)


def canvases(archive: Archive, crop: CropSpec, crop_px: int, mirror_px: int = 0) -> NDArray[np.uint8]:
    """Every picture aligned; where no face was found by the average face's points."""
    points = np.asarray(archive["keypoints"], np.float32)
    points = np.where(np.isnan(points), np.nanmean(points, axis=0), points)
    made = [
        canvas(decode(archive, i), points[i], crop, crop_px, mirror_px=mirror_px) for i in range(len(archive["name"]))
    ]
    return np.stack(made)


def strict_majority(votes: NDArray[np.float32]) -> NDArray[np.bool_]:
    """Microsoft's protocol: single votes are dropped, then the winner needs more than half of what is left."""
    kept = np.where(votes <= 1, 0, votes)
    return np.asarray(kept.max(axis=1) > 0.5 * kept.sum(axis=1), dtype=np.bool_)


def with_teacher(data: Prepared, archive: Archive) -> Prepared:
    """The teacher's action units and blendshapes added."""
    scores = np.asarray(archive["blendshapes"], np.float32)
    names = [str(name) for name in archive["blendshape_names"]]
    data.action_units[:] = teacher_action_units(scores, names)
    data.blendshapes[:] = symmetric(scores, names)
    return data


def prepare_fer(path: Path, crop: CropSpec) -> Prepared:
    """FER2013 + FER+; training pictures that also stand in a test set are left out.

    Expressions forget single votes (as Microsoft's code does); valence and arousal weigh every vote.
    """
    archive = read_archive(path)
    votes = np.asarray(archive["votes"], np.float32)
    known = votes[:, : len(EXPRESSIONS)]
    total = known.sum(axis=1, keepdims=True)
    split = np.asarray([FER_SPLITS[str(s)] for s in archive["split"]], np.int8)
    data = with_teacher(blank(canvases(archive, crop, FER_CROP_PX, FER_MIRROR_PX), split), archive)
    data.valence_arousal[:] = coordinates_of(known / np.maximum(total, 1))
    firm = np.where(known <= 1, 0, known)
    firm = np.where(firm.sum(axis=1, keepdims=True) > 0, firm, known)
    data.expressions[:] = firm / np.maximum(firm.sum(axis=1, keepdims=True), 1)
    data.weight[:] = (total / votes.sum(axis=1, keepdims=True))[:, 0]
    winner = votes.argmax(axis=1)
    data.majority[:] = np.where(winner < len(EXPRESSIONS), winner, -1)
    data.agreed[:] = strict_majority(votes)
    leaks = np.asarray(archive["train_leaks_to_eval"], np.bool_) & (split == TRAIN)
    return data.take(np.flatnonzero(~leaks & (total[:, 0] > 0)))


def split_of_person(name: str) -> int:
    """Eight in ten people train, one validates, one tests; the same on every machine."""
    bucket = zlib.crc32(name.encode()) % 10
    return TRAIN if bucket < 8 else VALIDATION if bucket == 8 else TEST


def prepare_lfw(path: Path, crop: CropSpec) -> Prepared:
    """LFW, split by person; an expression label where the community gave one."""
    archive = read_archive(path)
    split = np.asarray([split_of_person(str(p)) for p in archive["person"]], np.int8)
    data = with_teacher(blank(canvases(archive, crop, LFW_CROP_PX), split), archive)
    for row, word in enumerate(archive["expression"]):
        if str(word) in EXPRESSIONS:
            place = EXPRESSIONS.index(str(word))
            data.majority[row] = place
            data.expressions[row] = LFW_SMOOTHING / len(EXPRESSIONS)
            data.expressions[row, place] += 1 - LFW_SMOOTHING
    data.valence_arousal[:] = coordinates_of(data.expressions)
    data.weight[:] = LFW_WEIGHT
    return data


FER = DataSet("fer", "Join FER2013 with the FER+ votes (see models/README.md).", (), prepare_fer)
LFW = DataSet("lfw", "Join LFW deep-funneled with its community labels (see models/README.md).", (), prepare_lfw)
