"""The landmarks of a mirrored picture are brought back to the picture."""

from __future__ import annotations

import numpy as np
import pytest

from desktop_affect.core.types import Points
from desktop_affect.vision import landmarks as lm
from desktop_affect.vision.crop import LEAN, alignment_points
from desktop_affect.vision.mediapipe_import import load
from desktop_affect.vision.mirror import PARTNERS, mirrored_back

WIDTH_PX = 640


@pytest.fixture
def points() -> Points:
    """Random, with eyes and mouth about where a face has them."""
    points = np.random.default_rng(4).uniform(200, 300, (lm.COUNT, 3)).astype(np.float32)
    for corners, x in ((lm.RIGHT_EYE, 220), (lm.LEFT_EYE, 280)):
        points[list(corners), :2] = (x, 230)
    return points


def test_partners_are_partners() -> None:
    np.testing.assert_array_equal(PARTNERS[PARTNERS], np.arange(lm.COUNT))
    assert tuple(PARTNERS[list(lm.RIGHT_EYE)]) == lm.LEFT_EYE
    assert PARTNERS[lm.RIGHT_IRIS] == lm.LEFT_IRIS


@pytest.mark.parametrize("name", ["FACEMESH_CONTOURS", "FACEMESH_IRISES"])
def test_the_mirror_of_every_contour_is_a_contour(name: str) -> None:
    lines = {frozenset(line) for line in getattr(load("mediapipe.python.solutions.face_mesh_connections"), name)}
    mirrored = {frozenset(int(PARTNERS[end]) for end in line) for line in lines}
    assert mirrored == lines


def test_a_point_lands_where_it_is_in_the_picture(points: Points) -> None:
    back = mirrored_back(points, WIDTH_PX)
    assert not back.flags.writeable
    nose, outer = 4, lm.LEFT_EYE[1]
    shift = 2 * LEAN * 60
    assert back[nose] == pytest.approx([WIDTH_PX - 1 - points[nose, 0] + shift, *points[nose, 1:]])
    assert back[outer] == pytest.approx(
        [WIDTH_PX - 1 - points[lm.RIGHT_EYE[1], 0] + shift, *points[lm.RIGHT_EYE[1], 1:]]
    )


def test_the_lean_stays_that_to_the_right(points: Points) -> None:
    """Points that lie too far right by the lean on both pictures come out too far right, not too far left."""
    true = points.copy()
    leaning, mirror = points.copy(), points[PARTNERS].copy()
    mirror[:, 0] = WIDTH_PX - 1 - mirror[:, 0]
    leaning[:, 0] += LEAN * 60
    mirror[:, 0] += LEAN * 60
    back = mirrored_back(mirror, WIDTH_PX)
    assert back == pytest.approx(leaning, abs=1e-3)
    assert (alignment_points(back) - alignment_points(true))[:, 0] == pytest.approx(LEAN * 60, abs=1e-3)
