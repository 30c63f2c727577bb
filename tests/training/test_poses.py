"""Rendered stills: what the heads do, where they look, and that parts and splits share nothing. Nothing is drawn."""

from __future__ import annotations

import numpy as np
import pytest

pytest.importorskip("torch", reason="the workshop needs the extra `train`")

from desktop_affect.core.types import ACTION_UNITS, EXPRESSIONS
from desktop_affect.training.datasets import poses, rendered, rendered_films, rendered_stills
from desktop_affect.training.datasets.performances import PROTOTYPES, SINGLE
from desktop_affect.training.datasets.registry import DATA_SETS
from desktop_affect.training.prepared import TEST, TRAIN, VALIDATION
from desktop_affect.training.targets import exact_action_units

UNSIDED = ("jawOpen", "mouthClose", "mouthFunnel", "mouthPucker", "mouthRollLower", "mouthRollUpper",
           "mouthShrugLower", "mouthShrugUpper", "cheekPuff")  # fmt: skip
SIDED = tuple(sorted({*SINGLE, "eyeBlink", "mouthDimple"} - set(UNSIDED)))
NAMES = (*UNSIDED, *(f"{name}_{side}" for name in SIDED for side in "LR"))


def struck(count: int) -> tuple[np.ndarray, np.ndarray]:  # type: ignore[type-arg]
    rng = np.random.default_rng(4)
    weights, expressions = zip(*(poses.strike(rng, NAMES) for _ in range(count)), strict=True)
    return np.stack(weights), np.stack(expressions)


def units(weights: np.ndarray) -> dict[str, np.ndarray]:  # type: ignore[type-arg]
    scores, columns = rendered.blendshape_scores(weights, NAMES)
    found = exact_action_units(scores, columns)
    return {unit: found[:, i] for i, unit in enumerate(ACTION_UNITS)}


def test_weights_stay_in_bounds_and_expressions_are_shares_or_unknown() -> None:
    weights, expressions = struck(400)
    assert weights.min() >= 0
    assert weights.max() <= 1
    known = np.isfinite(expressions).all(axis=1)
    assert 0.2 < known.mean() < 0.8
    assert np.isnan(expressions[~known]).all()
    assert expressions[known].sum(axis=1) == pytest.approx(np.ones(known.sum()), abs=1e-5)
    assert expressions.shape[1] == len(EXPRESSIONS)


def test_every_unit_comes_weak_and_strong() -> None:
    found = units(struck(3000)[0])
    for unit, values in found.items():
        weak, strong = (values > 0.05) & (values < 0.3), values >= 0.5
        assert weak.mean() > 0.02, unit
        assert strong.mean() > 0.008, unit
        assert (values < 0.05).mean() > 0.3, unit


def test_smiles_come_with_closed_lips_and_under_lowered_brows() -> None:
    found = units(struck(3000)[0])
    smiling = (found["AU12"] > 0.15) & (found["AU12"] < 0.5)
    assert (smiling & (found["AU25"] < 0.05)).mean() > 0.03
    assert (smiling & (found["AU04"] > 0.3)).mean() > 0.02


def test_some_movements_belong_to_one_side() -> None:
    weights, _ = struck(1500)
    left = weights[:, [NAMES.index(f"{name}_L") for name in SIDED]]
    right = weights[:, [NAMES.index(f"{name}_R") for name in SIDED]]
    moved = np.maximum(left, right) > 0.1
    uneven = np.abs(left - right) > 0.5 * np.maximum(left, right)
    assert 0.01 < uneven[moved].mean() < 0.15
    assert abs(float((left - right)[moved].mean())) < 0.02


def test_the_same_still_is_imagined_again() -> None:
    pytest.importorskip("moderngl", reason="looks come with the renderer")
    pair = [rendered_stills.imagine(np.random.default_rng(3), ("canada_001",), NAMES, poses.strike) for _ in range(2)]
    assert pair[0].look == pair[1].look
    assert np.array_equal(pair[0].weights, pair[1].weights)
    assert pair[0].poses == pair[1].poses


def test_stills_are_drawn_for_every_split_and_known_by_name() -> None:
    assert set(rendered_stills.STILLS) == {TRAIN, VALIDATION, TEST}
    assert DATA_SETS["rendered_stills"] is rendered_stills.RENDERED_STILLS
    assert DATA_SETS["rendered_rest"] is rendered_stills.RENDERED_REST
    assert DATA_SETS["rendered_moments"] is rendered_stills.RENDERED_MOMENTS
    assert TEST not in rendered_stills.MOMENTS, "the films are the test"


def test_moments_are_single_frames_of_every_performance() -> None:
    rng = np.random.default_rng(6)
    weights, expressions = zip(*(rendered_stills.moment(rng, NAMES) for _ in range(600)), strict=True)
    meant = np.stack(expressions)
    assert 0.1 < np.isnan(meant[:, 0]).mean() < 0.5, "random movements mean nothing"
    assert set(np.nan_to_num(meant).argmax(axis=1)) == {EXPRESSIONS.index(n) for n in ("neutral", *PROTOTYPES)}
    strongest = np.stack(weights).max(axis=1)
    assert (strongest < 0.2).mean() > 0.1, "before and after the event a face rests"
    assert (strongest > 0.5).mean() > 0.3


def test_a_face_at_rest_is_neutral_and_hardly_moves() -> None:
    rng = np.random.default_rng(5)
    weights, expressions = zip(*(poses.rest(rng, NAMES) for _ in range(400)), strict=True)
    found = units(np.stack(weights))
    assert max(values.max() for values in found.values()) < 0.35, "a lean of all to one side doubles that side"
    assert np.mean([values.mean() for values in found.values()]) < 0.02
    still = np.stack(weights).max(axis=1) == 0
    assert 0.3 < still.mean() < 0.8, "some move faintly or blink"
    assert (np.stack(expressions)[:, EXPRESSIONS.index("neutral")] == 1).all()


def test_every_film_for_the_mixers_has_chances_of_its_own() -> None:
    pytest.importorskip("moderngl", reason="looks come with the renderer")
    one, again, other = (rendered_films.film_of(number, ("canada_001",), NAMES) for number in (7, 7, 8))
    assert np.array_equal(one.weights, again.weights)
    assert one.look == again.look
    assert one.look.identity != other.look.identity
    assert DATA_SETS["rendered_films"] is rendered_films.RENDERED_FILMS
    still = rendered_films.frame_of(one, 3)
    assert np.array_equal(still.weights, one.weights[3:4])
    assert still.poses == [one.poses[3]]
