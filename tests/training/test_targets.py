"""What the networks learn: coordinates, action units of blendshapes, ranks."""

from __future__ import annotations

import numpy as np
import pytest

from desktop_affect.core.types import ACTION_UNITS, EXPRESSIONS
from desktop_affect.training import targets

NAMES = sorted({name for group in targets.BLENDSHAPES_OF.values() for name in group} | {
    f"{name}{side}" for name in ("mouthLowerDown", "mouthUpperUp", "mouthClose", "eyeBlink", "eyeWide", "cheekPuff",
    "mouthDimple", "mouthFunnel", "mouthPucker", "mouthShrugLower", "mouthShrugUpper", "mouthStretch", "noseSneer")
    for side in (("",) if name in ("mouthClose", "cheekPuff", "mouthFunnel", "mouthPucker", "mouthShrugLower",
    "mouthShrugUpper") else ("Left", "Right"))
})  # fmt: skip


def scores(**values: float) -> np.ndarray[tuple[int, ...], np.dtype[np.float32]]:
    row = np.zeros((1, len(NAMES)), np.float32)
    for name, value in values.items():
        row[0, NAMES.index(name)] = value
    return row


def unit(row: np.ndarray[tuple[int, ...], np.dtype[np.float32]], name: str) -> float:
    return float(targets.exact_action_units(row, NAMES)[0, ACTION_UNITS.index(name)])


def test_one_sided_vote_takes_that_categorys_coordinates() -> None:
    votes = np.eye(len(EXPRESSIONS), dtype=np.float32)
    found = targets.coordinates_of(votes)
    assert found[EXPRESSIONS.index("happiness")] == pytest.approx([0.81, 0.51])
    assert found[EXPRESSIONS.index("neutral")] == pytest.approx([0.0, 0.0])
    assert found[EXPRESSIONS.index("sadness")] == pytest.approx([-0.63, -0.27])


def test_split_votes_lie_between() -> None:
    half = np.zeros((1, 8), np.float32)
    half[0, [0, 1]] = 0.5
    assert targets.coordinates_of(half)[0] == pytest.approx([0.405, 0.255])


def test_a_smile_is_the_mean_of_both_sides() -> None:
    assert unit(scores(mouthSmileLeft=0.8, mouthSmileRight=0.4), "AU12") == pytest.approx(0.6)


def test_lips_part_when_the_jaw_drops_unless_they_stay_shut() -> None:
    assert unit(scores(jawOpen=0.3), "AU25") == pytest.approx(0.6)
    assert unit(scores(jawOpen=0.3, mouthClose=0.6), "AU25") == pytest.approx(0.0)
    assert unit(scores(jawOpen=0.3), "AU26") == pytest.approx(0.3)


def test_ranks_keep_the_order_and_leave_most_faces_low() -> None:
    values = np.array([0.01, 0.02, np.nan, 0.03, 0.9, 0.05], np.float32)
    found = targets.ranked(values)
    assert np.isnan(found[2])
    known = found[~np.isnan(found)]
    assert (known.argsort() == values[~np.isnan(values)].argsort()).all()
    assert known.min() == 0.0
    assert known.max() == 1.0
    assert np.median(known) < 0.2


def test_auxiliary_targets_do_not_change_in_a_mirror() -> None:
    left = targets.symmetric(scores(mouthSmileLeft=0.8, browDownRight=0.2), NAMES)
    right = targets.symmetric(scores(mouthSmileRight=0.8, browDownLeft=0.2), NAMES)
    assert left.shape == (1, len(targets.SYMMETRIC_BLENDSHAPES))
    assert np.array_equal(left, right)
