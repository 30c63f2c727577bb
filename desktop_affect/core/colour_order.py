"""Which way round the colours of a picture lie in memory.

Whoever indexes `Frame.pixels` finds red, green, blue. Films and cameras show their pictures as views over the
decoder's memory, which is blue, green, red: turning 3 MB round costs as much as a fifth of decoding and throws the
networks out of the processor's cache, while the analysis looks at the face alone. What is heavy works on memory as it
lies (`as_stored`) and turns its small result, or asks for a copy (system/colours.py); everything else need not know.
"""

from __future__ import annotations

from desktop_affect.core.types import RgbImage


def is_turned(pixels: RgbImage) -> bool:
    """The memory behind this picture is blue, green, red. One without colours, as the workshop has them, is not."""
    return pixels.ndim == 3 and pixels.strides[2] < 0


def turned(pixels: RgbImage) -> RgbImage:
    """The same memory read the other way round."""
    return pixels[:, :, ::-1]


def as_stored(pixels: RgbImage) -> RgbImage:
    """The picture in the order of its memory, which OpenCV takes without a copy."""
    return turned(pixels) if is_turned(pixels) else pixels
