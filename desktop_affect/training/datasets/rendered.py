"""Rendered heads of many identities, skins, lights and views; action units are exact because we set them.

The skins are neutral portraits; composite portraits are held out, because the demo participant wears one. Faces are
placed by their own landmarks, which the renderer knows.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from desktop_affect.core.types import CropSpec, HeadPose, Points
from desktop_affect.training.clips import PreparedClips
from desktop_affect.training.datasets.base import DataSet, film_clips
from desktop_affect.training.datasets.performances import FPS, FRAMES, KINDS, perform
from desktop_affect.training.prepared import TEST, TRAIN, VALIDATION, Prepared, blank, canvas
from desktop_affect.training.targets import (
    BLENDSHAPES_OF,
    SYMMETRIC_BLENDSHAPES,
    coordinates_of,
    exact_action_units,
    symmetric,
)

if TYPE_CHECKING:
    from desktop_affect.training.render import HeadRenderer, Look

FILMS = {TRAIN: 370, VALIDATION: 60, TEST: 120}
"""Of each split; every split draws its own chances, so that more of one leave the others as they are."""
PICTURE_PX, FOCAL_PX = 176, 470.0
CROP_PX = 128
STRIDE = 2
"""Frames per window step: 14 a second, steps a seventh of a second apart."""
WEIGHT = 0.3
"""How far the expression attributed to a prototype is trusted."""
HELD_OUT_SKINS = {VALIDATION: 5, TEST: 6}
RIGHT_EYE, LEFT_EYE, MOUTH = (1507, 1528), (3742, 3721), (5708, 6213)
"""Corners among the head's vertices (Multi-PIE points 36, 39; 42, 45; 48, 54 of ICT-FaceKit's README)."""


@dataclass(frozen=True)
class Film:
    """One performance to be drawn."""

    look: Look
    weights: NDArray[np.float32]
    expressions: NDArray[np.float32]
    poses: list[HeadPose]
    gazes: list[tuple[float, float]]


def skins_of_split(names: tuple[str, ...], split: int) -> tuple[str, ...]:
    """Which portraits a split may wear; composites none."""
    single = [name for name in names if not name.startswith("composite")]
    test, validation = HELD_OUT_SKINS[TEST], HELD_OUT_SKINS[VALIDATION]
    parts = {TEST: single[:test], VALIDATION: single[test : test + validation], TRAIN: single[test + validation :]}
    return tuple(parts[split])


def smooth(rng: np.random.Generator, spread: float) -> NDArray[np.float64]:
    """A slow random course over a film's frames."""
    seconds = np.arange(FRAMES) / FPS
    start, swing, rate, phase = (
        rng.normal(0, spread),
        rng.normal(0, spread / 3),
        rng.uniform(0.2, 0.8),
        rng.uniform(0, 6),
    )
    return np.asarray(start + swing * np.sin(2 * np.pi * rate * seconds + phase))


def imagine(rng: np.random.Generator, look: Look, names: tuple[str, ...]) -> Film:
    """A film of somebody."""
    weights, expressions = perform(rng, str(rng.choice(KINDS)), names)
    pitch, yaw, roll = smooth(rng, 7.0), smooth(rng, 12.0), smooth(rng, 5.0)
    far = float(rng.uniform(560, 680))
    poses = [HeadPose(float(p), float(y), float(r), 0.0, -15.0, far) for p, y, r in zip(pitch, yaw, roll, strict=True)]
    gaze_yaw, gaze_pitch = smooth(rng, 6.0), smooth(rng, 4.0)
    gazes = [(float(a), float(b)) for a, b in zip(gaze_yaw, gaze_pitch, strict=True)]
    return Film(look, weights, expressions, poses, gazes)


def blendshape_scores(weights: NDArray[np.float32], names: tuple[str, ...]) -> tuple[NDArray[np.float32], list[str]]:
    """ICT-FaceKit's weights under ARKit's names (`mouthSmile_L` is `mouthSmileLeft`)."""
    wanted = sorted({name for group in BLENDSHAPES_OF.values() for name in group} | arkit_names())
    table = np.stack([weights[:, shapes_of(name, names)].mean(axis=1) for name in wanted], axis=1)
    return table.astype(np.float32), wanted


def arkit_names() -> set[str]:
    """Every blendshape that a target is made of."""
    unsided = {"browInnerUp", "cheekPuff", "jawOpen", "mouthFunnel", "mouthPucker", "mouthRollLower", "mouthRollUpper",
               "mouthShrugLower", "mouthShrugUpper"}  # fmt: skip
    found = {"mouthClose"}
    for name in SYMMETRIC_BLENDSHAPES:
        found |= {name} if name in unsided else {f"{name}Left", f"{name}Right"}
    return found


def shapes_of(name: str, names: tuple[str, ...]) -> list[int]:
    """Where an ARKit blendshape stands among the head's shapes: one, or both sides."""
    for stem, side in (("Left", "_L"), ("Right", "_R")):
        if name.endswith(stem) and name.removesuffix(stem) + side in names:
            return [names.index(name.removesuffix(stem) + side)]
    if name in names:
        return [names.index(name)]
    return [names.index(f"{name}_L"), names.index(f"{name}_R")]


def alignment_points(renderer: HeadRenderer, vertices: NDArray[np.float32]) -> Points:
    """Eye, eye and mouth centres in the picture."""
    centres = np.stack([vertices[list(pair)].mean(axis=0) for pair in (RIGHT_EYE, LEFT_EYE, MOUTH)])
    return renderer.camera.picture_point(centres).astype(np.float32)


def draw_film(renderer: HeadRenderer, film: Film, names: tuple[str, ...], crop: CropSpec) -> NDArray[np.uint8]:
    """The canvases of a film's frames."""
    made = []
    for row, pose, gaze in zip(film.weights, film.poses, film.gazes, strict=True):
        weights = {name: float(value) for name, value in zip(names, row, strict=True) if value > 0}
        pixels = renderer.render(film.look, weights, pose, gaze)
        points = alignment_points(renderer, renderer.pose(film.look, weights, pose, gaze).vertices)
        made.append(canvas(pixels, points, crop, CROP_PX, mirror_px=24))
    return np.stack(made)


def labelled(images: NDArray[np.uint8], film: Film, names: tuple[str, ...], split: int) -> Prepared:
    """A film's frames with their labels."""
    data = blank(images, np.full(len(images), split, np.int8))
    scores, columns = blendshape_scores(film.weights, names)
    data.action_units[:] = exact_action_units(scores, columns)
    data.blendshapes[:] = symmetric(scores, columns)
    data.expressions[:] = film.expressions
    data.valence_arousal[:] = coordinates_of(film.expressions)
    data.weight[:] = WEIGHT
    known = np.isfinite(film.expressions[:, 0])
    data.majority[known] = film.expressions[known].argmax(axis=1)
    data.agreed[known] = film.expressions[known].max(axis=1) > 1 / 2
    return data


def read(root: Path, crop: CropSpec) -> PreparedClips:
    """Draws all films; about a quarter of a second a frame on two busy cores."""
    from desktop_affect.training.render import HeadRenderer, portrait_names, random_look
    from desktop_affect.training.render.head import load_head

    names = load_head(root).expression_names
    skins = portrait_names(root)
    parts = []
    with HeadRenderer(PICTURE_PX, PICTURE_PX, focal_px=FOCAL_PX, shells=1, skin_px=512, data=root) as renderer:
        for split, count in FILMS.items():
            rng = np.random.default_rng((20, split))
            for _ in range(count):
                film = imagine(rng, random_look(rng, skins_of_split(skins, split)), names)
                parts.append(labelled(draw_film(renderer, film, names, crop), film, names, split))
    return film_clips(parts, STRIDE)


RENDERED = DataSet(
    "rendered", "See models/README.md for ICT-FaceKit and the Face Research Lab's portraits.",
    ("head/ict_facekit.npz", "faces/research_lab"), read,
)  # fmt: skip
