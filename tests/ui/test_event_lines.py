"""The lines of markers and alerts leave the curves to be seen."""

from __future__ import annotations

from PySide6.QtCore import QRectF
from PySide6.QtGui import QImage, QPainter, QTransform
from PySide6.QtWidgets import QApplication

from desktop_affect.ui.event_lines import EventLines
from desktop_affect.ui.theme import DARK

WIDTH_PX, HEIGHT_PX = 240, 100


def painted_rows(marks: int) -> set[int]:
    """The rows of the picture in which a mark has left anything, of so many spread over it."""
    lines = EventLines(DARK)
    for number in range(marks):
        lines.add(float(number), "", "muted")
    image = QImage(WIDTH_PX, HEIGHT_PX, QImage.Format.Format_RGB32)
    image.fill(0)
    blank = image.pixel(0, 0)
    painter = QPainter(image)
    place = QRectF(0, 0, WIDTH_PX, HEIGHT_PX)
    lines.draw(painter, QRectF(0, 0, marks, 1), QTransform.fromScale(WIDTH_PX / marks, 1), place)
    painter.end()
    return {y for y in range(HEIGHT_PX) if any(image.pixel(x, y) != blank for x in range(WIDTH_PX))}


def test_crowded_marks_are_ticks_at_the_upper_edge(qapp: QApplication) -> None:
    assert max(painted_rows(marks=10)) > HEIGHT_PX * 0.9
    crowded = painted_rows(marks=120)
    assert crowded
    assert max(crowded) <= 10
