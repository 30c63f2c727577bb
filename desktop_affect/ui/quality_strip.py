"""Under the picture: can the data be believed, and if not, why; where the head and the eyes point."""

from __future__ import annotations

import math

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QLabel, QSizePolicy, QWidget

from desktop_affect.core.types import Face, Quality, Sample
from desktop_affect.signals.quality import NAMED_BELOW, REASONS
from desktop_affect.ui.elided import ElidedLabel
from desktop_affect.ui.theme import GRID_PX, Theme

_CELLS, _CELL_PX = 5, 14
# A look this far from the camera's axis is called by its side; the eyes wander by less while looking at a screen.
_CENTRE_DEG = 8.0
_LONGEST_GAZE = "gaze down right"


class QualityMeter(QWidget):
    """Five cells, filled by the score."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._score = math.nan
        self._cell_px = _CELL_PX
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        return QSize(_CELLS * self._cell_px, self._cell_px)

    def set_cell(self, size_px: int) -> None:
        """A cell with the gap behind it; as high as it is wide."""
        self._cell_px = size_px
        self.updateGeometry()

    def set_theme(self, theme: Theme) -> None:
        self._theme = theme
        self.update()

    def show_score(self, score: float) -> None:
        self._score = score
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        filled = round(self._score * _CELLS) if math.isfinite(self._score) else 0
        on = self._theme.accent if filled >= 3 else self._theme.amber
        for cell in range(_CELLS):
            painter.setBrush(QColor(on if cell < filled else self._theme.line))
            size = self._cell_px
            painter.drawRoundedRect(QRectF(cell * size, 0, size * 5 / 7, size), 2, 2)


class QualityStrip(QWidget):
    """Numbers change four times a second, when the window says so."""

    def __init__(self, theme: Theme, *, one_row: bool = False) -> None:
        """`one_row` where it is wide rather than high."""
        super().__init__()
        self.meter = QualityMeter(theme)
        self.word = QLabel()
        # They give way where there is little room: words that come and go must not push the rest of the window about.
        self.reasons, self.head, self.eyes = ElidedLabel(), ElidedLabel(), ElidedLabel()
        self.word.setProperty("role", "title")
        for label in (self.reasons, self.head, self.eyes):
            label.setProperty("role", "muted")
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(GRID_PX)
        grid.setVerticalSpacing(GRID_PX // 2)
        first = QHBoxLayout()
        first.setSpacing(GRID_PX)
        for widget in (QLabel("Quality"), self.meter, self.word):
            first.addWidget(widget)
        first.addStretch(1)
        right = Qt.AlignmentFlag.AlignRight
        grid.addLayout(first, 0, 0)
        if one_row:
            grid.setHorizontalSpacing(GRID_PX * 2)
            for column, label in enumerate((self.reasons, self.head, self.eyes), 1):
                grid.addWidget(label, 0, column)
            grid.setColumnStretch(1, 1)
            self.eyes.setMinimumWidth(self.eyes.fontMetrics().horizontalAdvance(_LONGEST_GAZE))
            self.eyes.setAlignment(right | Qt.AlignmentFlag.AlignVCenter)
        else:
            grid.addWidget(self.head, 0, 1, right)
            grid.addWidget(self.reasons, 1, 0)
            grid.addWidget(self.eyes, 1, 1, right)
            grid.setColumnStretch(0, 1)
        self.show_sample(None)

    def set_theme(self, theme: Theme) -> None:
        self.meter.set_theme(theme)

    def show_sample(self, sample: Sample | None) -> None:
        face = sample.face if sample else None
        quality = sample.quality if sample else None
        self.meter.show_score(quality.score if quality and face else math.nan)
        self.word.setText(quality_word(sample))
        self.reasons.setText(reasons_text(quality) or fine_text(face) if quality and face else "")
        self.reasons.setToolTip(reasons_and_advice(quality) if quality and face else "")
        self.head.setText(head_text(face))
        self.eyes.setText(gaze_text(face))


def quality_word(sample: Sample | None) -> str:
    """One word for how far the data may be believed."""
    if sample is None:
        return "–"
    if sample.face is None:
        return "no face in view"
    score = sample.quality.score
    if math.isnan(score):
        return "face found"
    return "good" if score >= NAMED_BELOW else "fair" if sample.quality.usable else "poor"


def reasons_text(quality: Quality) -> str:
    """The worst reason in words."""
    return next((_in_words(reason)[0] for reason in quality.reasons), "")


def fine_text(face: Face) -> str:
    """What was looked at and found well."""
    return "face ✓   light ✓" if math.isfinite(face.light.brightness) else "face ✓"


def reasons_and_advice(quality: Quality) -> str:
    """Every reason, with what helps."""
    return "\n".join(". ".join(filter(None, _in_words(reason))) for reason in quality.reasons)


def _in_words(reason: str) -> tuple[str, str]:
    return REASONS.get(reason, (reason.replace("_", " "), ""))


def head_text(face: Face | None) -> str:
    if face is None or math.isnan(face.pose.yaw_deg):
        return ""
    pose = face.pose
    return f"turn {_degrees(pose.yaw_deg)}   nod {_degrees(pose.pitch_deg)}   tilt {_degrees(pose.roll_deg)}"


def gaze_text(face: Face | None) -> str:
    """Where the eyes go, from the participant's own side."""
    if face is None or math.isnan(face.eyes.gaze_yaw_deg):
        return ""
    if face.eyes.blink:
        return "eyes closed"
    across, up = face.eyes.gaze_yaw_deg, face.eyes.gaze_pitch_deg
    words = []
    if abs(up) > _CENTRE_DEG:
        words.append("up" if up > 0 else "down")
    if abs(across) > _CENTRE_DEG:
        words.append("left" if across > 0 else "right")
    return f"gaze {' '.join(words) or 'centre'}"


def _degrees(value: float) -> str:
    whole = round(value)
    return f"{whole:+d}°".replace("-", "−") if whole else "0°"
