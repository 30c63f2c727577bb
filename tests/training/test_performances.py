"""Rendered films: whose skin they wear, what their labels say. Nothing is drawn here."""

from __future__ import annotations

import numpy as np
import pytest

pytest.importorskip("torch", reason="the workshop needs the extra `train`")

from desktop_affect.core.types import ACTION_UNITS
from desktop_affect.training.datasets import performances, rendered
from desktop_affect.training.prepared import TEST, TRAIN, VALIDATION
from desktop_affect.training.targets import exact_action_units, symmetric

SKINS = (*(f"canada_{n:03}f" for n in range(40)), "composite_f_multi", "composite_m_multi")
SIDED = [
    "browDown",
    "browInnerUp",
    "browOuterUp",
    "cheekPuff",
    "cheekSquint",
    "eyeBlink",
    "eyeSquint",
    "eyeWide",
    "mouthDimple",
    "mouthFrown",
    "mouthLowerDown",
    "mouthPress",
    "mouthSmile",
    "mouthStretch",
    "mouthUpperUp",
    "noseSneer",
]
UNSIDED = [
    "jawOpen",
    "mouthClose",
    "mouthFunnel",
    "mouthPucker",
    "mouthRollLower",
    "mouthRollUpper",
    "mouthShrugLower",
    "mouthShrugUpper",
]
SHAPES = (*(f"{name}{side}" for name in SIDED for side in ("_L", "_R")), *UNSIDED)


def weights(**values: float) -> np.ndarray[tuple[int, ...], np.dtype[np.float32]]:
    row = np.zeros((1, len(SHAPES)), np.float32)
    for name, value in values.items():
        row[0, SHAPES.index(name)] = value
    return row


def test_no_skin_is_worn_in_two_splits_and_no_composite_anywhere() -> None:
    worn = [set(rendered.skins_of_split(SKINS, split)) for split in (TRAIN, VALIDATION, TEST)]
    assert not worn[0] & worn[1]
    assert not worn[0] & worn[2]
    assert not worn[1] & worn[2]
    assert set().union(*worn) == {name for name in SKINS if name.startswith("canada")}


def test_the_heads_shapes_are_read_under_arkits_names() -> None:
    scores, names = rendered.blendshape_scores(weights(mouthSmile_L=0.8, mouthSmile_R=0.6, browInnerUp_L=0.4), SHAPES)
    units = dict(zip(ACTION_UNITS, exact_action_units(scores, names)[0].tolist(), strict=True))
    assert units["AU12"] == pytest.approx(0.7)
    # One shape in ARKit, two in ICT-FaceKit: half of the brow is half of the movement.
    assert units["AU01"] == pytest.approx(0.2)
    assert symmetric(scores, names).max() == pytest.approx(0.7)


def test_an_imagined_film_holds_together() -> None:
    from types import SimpleNamespace

    film = rendered.imagine(np.random.default_rng(2), SimpleNamespace(), (*SHAPES, "x_L"))  # type: ignore[arg-type]
    count = len(film.weights)
    assert len(film.poses) == len(film.gazes) == len(film.expressions) == count
    images = np.zeros((count, 160, 160), np.uint8)
    data = rendered.labelled(images, film, (*SHAPES, "x_L"), TEST)
    assert np.isfinite(data.action_units).all()
    known = np.isfinite(data.expressions[:, 0])
    assert (data.majority[known] >= 0).all()
    assert (data.majority[~known] == -1).all()


def test_no_lips_are_pressed_in_an_open_mouth() -> None:
    rng = np.random.default_rng(9)
    drawn = [set(performances.movements(rng, "random")) for _ in range(400)]
    assert not any(moves & performances.LIPS_SHUT and moves & performances.LIPS_APART for moves in drawn)
    assert sum(bool(moves & performances.LIPS_SHUT) for moves in drawn) > 60, "either kind is kept as often"
    assert sum(bool(moves & performances.LIPS_APART) for moves in drawn) > 60
