"""Rendered films for the mixers alone: what the films of `rendered` show, of many more people, and cheaper to draw.

A backbone that has learned from films knows them by heart, and mixers that learn from what it knows by heart trust it
too far. These films it never sees. They are drawn as the stills are; every film has chances of its own, so that several
processes can draw some each, and more of them leave the others as they are.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from desktop_affect.core.types import CropSpec
from desktop_affect.training.clips import PreparedClips
from desktop_affect.training.datasets import rendered
from desktop_affect.training.datasets.base import film_clips
from desktop_affect.training.datasets.rendered import STRIDE, Film, labelled, skins_of_split
from desktop_affect.training.datasets.rendered_stills import data_set_of, draw, look_of, renderer_of
from desktop_affect.training.prepared import TRAIN, Prepared

if TYPE_CHECKING:
    from desktop_affect.training.render import HeadRenderer

log = logging.getLogger(__name__)

FILMS = 3000
SEED = 24


def film_of(number: int, skins: tuple[str, ...], names: tuple[str, ...]) -> Film:
    """One of them."""
    rng = np.random.default_rng((SEED, number))
    return rendered.imagine(rng, look_of(rng, skins), names)


def frame_of(film: Film, at: int) -> Film:
    """A film of one frame of a film."""
    return Film(film.look, film.weights[at][None], film.expressions[at][None], [film.poses[at]], [film.gazes[at]])


def draw_film(renderer: HeadRenderer, film: Film, names: tuple[str, ...], crop: CropSpec) -> NDArray[np.uint8]:
    """The canvases of its frames."""
    return np.stack([draw(renderer, frame_of(film, at), names, crop) for at in range(len(film.weights))])


def films(root: Path, crop: CropSpec, numbers: Iterable[int]) -> list[Prepared]:
    """The films of these numbers; a film takes about a second of processor time."""
    from desktop_affect.training.render import portrait_names
    from desktop_affect.training.render.head import load_head

    names, skins = load_head(root).expression_names, skins_of_split(portrait_names(root), TRAIN)
    made = []
    with renderer_of(root) as renderer:
        for number in numbers:
            film = film_of(number, skins, names)
            made.append(labelled(draw_film(renderer, film, names, crop), film, names, TRAIN))
            if len(made) % 100 == 0:
                log.info("drew %d films", len(made))
    return made


def read(root: Path, crop: CropSpec) -> PreparedClips:
    """All of them."""
    return film_clips(films(root, crop, range(FILMS)), STRIDE)


RENDERED_FILMS = data_set_of("rendered_films", read)
