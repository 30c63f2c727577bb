"""What annotations look like: six hues that are not those of the signals, each with a pattern of its own, so that they
can be told apart without colour too."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QBrush, QColor, QIcon, QPainter, QPen, QPixmap

from desktop_affect.session.annotations import STYLES
from desktop_affect.ui.theme import Theme

NAMES = ("teal, plain", "yellow, rising", "pink, falling", "green, upright", "grey, level", "cyan, crossed")
_DARK = ("#5fd0b8", "#e6c34a", "#f48fb1", "#a5d063", "#b7c4cc", "#7fdcec")
_LIGHT = ("#00766a", "#8a6a00", "#ad1457", "#4d7300", "#455a64", "#006b7a")
_PATTERNS = (
    Qt.BrushStyle.SolidPattern, Qt.BrushStyle.BDiagPattern, Qt.BrushStyle.FDiagPattern,
    Qt.BrushStyle.VerPattern, Qt.BrushStyle.HorPattern, Qt.BrushStyle.DiagCrossPattern,
)  # fmt: skip
_GROUND, _PATTERN = 0.10, 0.45


def colour(style: int, theme: Theme) -> QColor:
    return QColor((_DARK if theme.dark else _LIGHT)[style % STYLES])


def paint(painter: QPainter, place: QRectF, style: int, theme: Theme) -> None:
    """A range: a light ground, its pattern, and a firm edge on top."""
    hue = colour(style, theme)
    ground = QColor(hue)
    ground.setAlphaF(_GROUND)
    painter.fillRect(place, ground)
    pattern = _PATTERNS[style % STYLES]
    if pattern is not Qt.BrushStyle.SolidPattern:
        hatch = QColor(hue)
        hatch.setAlphaF(_PATTERN)
        painter.fillRect(
            QRectF(place.left(), place.top(), place.width(), min(12.0, place.height())), QBrush(hatch, pattern)
        )
    painter.fillRect(QRectF(place.left(), place.top(), place.width(), 3.0), hue)
    painter.setPen(QPen(hue, 1))
    painter.drawLine(place.topLeft(), place.bottomLeft())
    painter.drawLine(place.topRight(), place.bottomRight())


def icon(style: int, theme: Theme) -> QIcon:
    """A small sample of a style."""
    picture = QPixmap(QSize(32, 32))
    picture.setDevicePixelRatio(2.0)
    picture.fill(Qt.GlobalColor.transparent)
    painter = QPainter(picture)
    paint(painter, QRectF(1, 2, 14, 12), style, theme)
    painter.end()
    return QIcon(picture)
