"""Notices a camera that delivers pictures but no news: the identical one again and again."""

from __future__ import annotations

import numpy as np

from desktop_affect.core.types import RgbImage

# A sensor's noise changes some bytes in every picture, so bytes that stay the same for this long mean that the driver
# repeats its buffer. Long enough for a camera that pauses while it sets its exposure.
FROZEN_AFTER_S = 2.0
_REPEATS = 5
# Looked at first, every 16th pixel both ways: 1/256 of the work, and a live picture differs there already.
_STRIDE = 16
# A closed shutter or a covered lens gives one even colour, and that for ever; it is a picture of darkness, not a fault.
_EVEN_LEVELS = 4


class PictureWatch:
    """Feed every delivered picture."""

    def __init__(self) -> None:
        self._last: RgbImage | None = None
        self._since_s = 0.0
        self._repeats = 0

    def frozen(self, pixels: RgbImage, t_s: float) -> bool:
        """True from the moment on when the same picture has come for `FROZEN_AFTER_S`, several times."""
        if not self._same(pixels) or _even(pixels):
            self._last, self._since_s, self._repeats = pixels, t_s, 0
            return False
        self._repeats += 1
        return self._repeats >= _REPEATS and t_s - self._since_s >= FROZEN_AFTER_S

    def _same(self, pixels: RgbImage) -> bool:
        last = self._last
        if last is None or last.shape != pixels.shape:
            return False
        sparse = slice(None, None, _STRIDE)
        return np.array_equal(last[sparse, sparse], pixels[sparse, sparse]) and np.array_equal(last, pixels)


def _even(pixels: RgbImage) -> bool:
    sparse = pixels[::_STRIDE, ::_STRIDE]
    spread = sparse.max(axis=(0, 1)).astype(int) - sparse.min(axis=(0, 1))
    return bool(spread.max() <= _EVEN_LEVELS)
