"""Rendered stills: every picture another identity, skin, light, view and mixture of movements.

The films of `rendered` show few heads doing few things; most of what the frame-level network learns about action units
it learns here. Skins and tests are split as there. `rendered_rest` holds faces that do nothing, or next to nothing:
they teach what a face at rest is, whatever its brows, lids and mouth corners look like. `rendered_moments` holds single
moments of performances: what the films show, of as many people as there are pictures.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from desktop_affect.core.types import CropSpec, HeadPose
from desktop_affect.training.clips import PreparedClips
from desktop_affect.training.datasets import rendered
from desktop_affect.training.datasets.base import DataSet, joined
from desktop_affect.training.datasets.performances import KINDS, perform
from desktop_affect.training.datasets.poses import rest, strike
from desktop_affect.training.datasets.rendered import Film, alignment_points, labelled, skins_of_split
from desktop_affect.training.prepared import TEST, TRAIN, VALIDATION, Prepared, canvas

if TYPE_CHECKING:
    from desktop_affect.training.render import HeadRenderer, Look

log = logging.getLogger(__name__)

Strike = Callable[[np.random.Generator, tuple[str, ...]], tuple[NDArray[np.float32], NDArray[np.float32]]]

STILLS = {VALIDATION: 400, TEST: 800, TRAIN: 24_000}
RESTING = {VALIDATION: 300, TRAIN: 4000}
MOMENTS = {VALIDATION: 400, TRAIN: 16_000}
REST_WEIGHT = 1.0
"""That nothing moves is known for certain; that it means neutral as well."""
PICTURE_PX = 256
FOCAL_PX = rendered.FOCAL_PX * PICTURE_PX / rendered.PICTURE_PX
CROP_PX = 160
"""The face is 190 px wide in the picture: cutting it out smooths the edges."""
ROOMS = 12
"""As many as the renderer keeps; painting one takes longer than drawing a head."""


def look_of(rng: np.random.Generator, skins: tuple[str, ...]) -> Look:
    """Somebody new in one of a few rooms."""
    from desktop_affect.training.render import random_look

    return replace(random_look(rng, skins), room=int(rng.integers(ROOMS)))


def view(rng: np.random.Generator) -> tuple[HeadPose, tuple[float, float]]:
    """Where the head is turned to, and the eyes."""
    pitch, yaw, roll = rng.normal(0, (9.0, 15.0, 6.0)).clip((-25, -38, -20), (25, 38, 20))
    gaze = rng.normal(0, (7.0, 5.0))
    pose = HeadPose(float(pitch), float(yaw), float(roll), 0.0, -15.0, float(rng.uniform(560, 680)))
    return pose, (float(gaze[0]), float(gaze[1]))


def imagine(rng: np.random.Generator, skins: tuple[str, ...], names: tuple[str, ...], struck: Strike) -> Film:
    """A film of one frame."""
    weights, expressions = struck(rng, names)
    pose, gaze = view(rng)
    return Film(look_of(rng, skins), weights[None], expressions[None], [pose], [gaze])


def draw(renderer: HeadRenderer, still: Film, names: tuple[str, ...], crop: CropSpec) -> NDArray[np.uint8]:
    """Its canvas."""
    weights = {name: float(value) for name, value in zip(names, still.weights[0], strict=True) if value > 0}
    pixels = renderer.render(still.look, weights, still.poses[0], still.gazes[0])
    posed = renderer.pose(still.look, weights, still.poses[0], still.gazes[0])
    return canvas(pixels, alignment_points(renderer, posed.vertices), crop, CROP_PX, mirror_px=PICTURE_PX // 8)


def read(root: Path, crop: CropSpec) -> Prepared:
    """Draws all stills; about a twentieth of a second of processor time each."""
    return drawn(root, crop, STILLS, strike, seed=21)


def read_rest(root: Path, crop: CropSpec) -> Prepared:
    """Draws the faces at rest."""
    data = drawn(root, crop, RESTING, rest, seed=22)
    data.weight[:] = REST_WEIGHT
    return data


def moment(rng: np.random.Generator, names: tuple[str, ...]) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """One frame of a performance, any of them as likely as the others."""
    weights, expressions = perform(rng, str(rng.choice(KINDS)), names)
    at = int(rng.integers(len(weights)))
    return weights[at], expressions[at]


def read_moments(root: Path, crop: CropSpec) -> Prepared:
    """Draws the moments of performances."""
    return drawn(root, crop, MOMENTS, moment, seed=23)


def renderer_of(root: Path) -> HeadRenderer:
    """Without smooth edges, which the smaller crop makes: five times as fast as that of the films in `rendered`."""
    from desktop_affect.training.render import HeadRenderer

    return HeadRenderer(PICTURE_PX, PICTURE_PX, focal_px=FOCAL_PX, shells=1, skin_px=512, samples=0, data=root)


def drawn(root: Path, crop: CropSpec, counts: Mapping[int, int], struck: Strike, seed: int) -> Prepared:
    """So many stills of each split."""
    from desktop_affect.training.render import portrait_names
    from desktop_affect.training.render.head import load_head

    names, every = load_head(root).expression_names, portrait_names(root)
    parts = []
    with renderer_of(root) as renderer:
        for split, count in counts.items():
            rng = np.random.default_rng((seed, split))
            for index in range(count):
                still = imagine(rng, skins_of_split(every, split), names, struck)
                parts.append(labelled(draw(renderer, still, names, crop)[None], still, names, split))
                if index % 1000 == 999:
                    log.info("drew %d of %d stills", index + 1, count)
    return joined(parts)


def data_set_of(name: str, how: Callable[[Path, CropSpec], Prepared | PreparedClips]) -> DataSet:
    """All need the same files."""
    return DataSet(
        name, "See models/README.md for ICT-FaceKit and the Face Research Lab's portraits.",
        ("head/ict_facekit.npz", "faces/research_lab"), how,
    )  # fmt: skip


RENDERED_STILLS = data_set_of("rendered_stills", read)
RENDERED_REST = data_set_of("rendered_rest", read_rest)
RENDERED_MOMENTS = data_set_of("rendered_moments", read_moments)
