"""Memory of pictures is used again, but never while somebody holds a picture or a part of it."""

from __future__ import annotations

import numpy as np

from desktop_affect.sources.picture_pool import PicturePool

SHAPE = (4, 6, 3)


def test_what_nobody_holds_is_used_again() -> None:
    pool = PicturePool()
    places = set()
    for _ in range(20):
        picture = pool.take(SHAPE)
        picture.flags.writeable = False
        places.add(picture.ctypes.data)
        del picture
    assert len(places) == 1


def test_what_somebody_holds_is_left_alone() -> None:
    pool = PicturePool()
    whole = pool.take(SHAPE)
    part = pool.take(SHAPE)[1:2]
    whole[:], part[:] = 1, 2
    for _ in range(20):
        pool.take(SHAPE)[:] = 9
    assert (whole == 1).all()
    assert (part == 2).all()


def test_more_than_it_keeps_and_other_sizes_are_fresh() -> None:
    pool = PicturePool()
    held = [pool.take(SHAPE) for _ in range(30)]
    assert len({picture.ctypes.data for picture in held}) == 30
    assert pool.take((2, 2, 3)).shape == (2, 2, 3)
    assert all(picture.dtype == np.uint8 for picture in held)
