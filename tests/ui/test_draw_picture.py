"""Colours are right on the screen, whichever way round a picture lies in memory."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtGui import QColor, QImage, QPainter
from pytestqt.qtbot import QtBot

from desktop_affect.core.colour_order import turned
from desktop_affect.ui.picture import draw_picture, fit


@pytest.mark.parametrize("as_decoded", [False, True])
def test_the_left_half_is_orange_and_the_right_half_blue(qtbot: QtBot, as_decoded: bool) -> None:
    pixels = np.zeros((20, 40, 3), np.uint8)
    pixels[:, :20], pixels[:, 20:] = (250, 120, 10), (10, 20, 240)
    if as_decoded:
        pixels = turned(np.ascontiguousarray(turned(pixels)))
    image = QImage(80, 40, QImage.Format.Format_RGB32)
    painter = QPainter(image)
    draw_picture(painter, pixels, fit(80, 40, 40, 20, mirrored=False))
    painter.end()
    assert QColor(image.pixel(10, 20)).getRgb() == (250, 120, 10, 255)
    assert QColor(image.pixel(70, 20)).getRgb() == (10, 20, 240, 255)
