"""Pixels become exactly the numbers of the formula."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from desktop_affect.core.errors import ModelError
from desktop_affect.inference.manifest import InputSpec
from desktop_affect.inference.preprocess import Preprocessor

MEAN, STD = (0.485, 0.456, 0.406), (0.229, 0.224, 0.225)


def picture(side: int = 32) -> NDArray[Any]:
    return np.random.default_rng(0).integers(0, 256, (side, side, 3), dtype=np.uint8)


def test_rgb() -> None:
    pixels = picture()
    tensor = Preprocessor(InputSpec(32, False, MEAN, STD))(pixels)
    expected = ((pixels / 255.0 - MEAN) / STD).transpose(2, 0, 1)[None]
    assert tensor.shape == (1, 3, 32, 32)
    assert tensor.dtype == np.float32
    assert tensor.flags.c_contiguous
    np.testing.assert_allclose(tensor, expected, atol=1e-6)


def test_luminance_is_the_y_of_bt601_in_all_channels() -> None:
    pixels = picture()
    tensor = Preprocessor(InputSpec(32, True, MEAN, STD))(pixels)
    luminance = pixels @ np.array([0.299, 0.587, 0.114])
    for channel in range(3):
        grey = (tensor[0, channel] * STD[channel] + MEAN[channel]) * 255
        np.testing.assert_allclose(grey, luminance, atol=0.51 + 1e-4)  # rounded to whole grey levels


def test_luminance_in_one_channel_is_the_first_of_three() -> None:
    pixels = picture()
    three = Preprocessor(InputSpec(32, True, MEAN, STD))(pixels)
    one = Preprocessor(InputSpec(32, True, MEAN, STD, planes=1))(pixels)
    assert one.shape == (1, 1, 32, 32)
    np.testing.assert_array_equal(one[0, 0], three[0, 0])


def test_read_only_pixels_and_the_same_buffer_every_time() -> None:
    pixels = picture()
    pixels.flags.writeable = False
    prepare = Preprocessor(InputSpec(32, False, MEAN, STD))
    first = prepare(pixels)
    assert prepare(np.zeros_like(pixels)) is first
    assert first[0, 0, 0, 0] == np.float32(-MEAN[0] / STD[0])


@pytest.mark.parametrize("shape", [(31, 32, 3), (32, 32), (32, 32, 4)])
def test_another_shape_is_refused(shape: tuple[int, ...]) -> None:
    with pytest.raises(ModelError, match="does not have the size"):
        Preprocessor(InputSpec(32, False, MEAN, STD))(np.zeros(shape, np.uint8))
