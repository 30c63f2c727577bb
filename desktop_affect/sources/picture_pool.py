"""Memory for pictures that is used again once nobody looks at it any more.

Fresh pages for every picture of a film cost a sixth of its decoding time. Whoever keeps a picture, or a part of one,
holds a reference, and then its memory is left alone: what was published is never written again.
"""

from __future__ import annotations

import sys

import numpy as np

from desktop_affect.core.slot import MOST_FRAMES
from desktop_affect.core.types import RgbImage

_MOST = 2 * MOST_FRAMES + 2
"""A handful waits, a handful is looked at, one is read, one is shown; for a camera hardly three are ever made. Overflow
rule: who needs more gets fresh memory."""

# The list, the loop's own name, and the call that asks.
_NOBODYS = 3


class PicturePool:
    """One thread."""

    def __init__(self) -> None:
        self._pictures: list[RgbImage] = []

    def take(self, shape: tuple[int, ...]) -> RgbImage:
        """Writeable memory that nobody else holds."""
        for picture in self._pictures:
            if picture.shape == shape and sys.getrefcount(picture) == _NOBODYS:
                picture.flags.writeable = True
                return picture
        fresh: RgbImage = np.empty(shape, np.uint8)
        if len(self._pictures) < _MOST:
            self._pictures.append(fresh)
        return fresh
