"""The buttons below a recorded session: play, step, jump, speed, how much is in view, and annotate."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QIcon, QPainter, QPixmap, QPolygonF
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QToolButton, QWidget

from desktop_affect.ui.combo import Combo
from desktop_affect.ui.panel import Chips
from desktop_affect.ui.theme import BODY_PT, GRID_PX, Theme, font

SPEEDS = (0.25, 0.5, 1.0, 2.0, 4.0, 8.0, 16.0)
SPANS_S: tuple[float | None, ...] = (10.0, 60.0, 300.0, 1800.0, None)
"""None: all of it."""
ROOMY_PX = 1112
"""From this width on everything has room."""
_SAME_S = 1e-3
SPAN_NAMES = ("10 s", "1 min", "5 min", "30 min", "All")


class Transport(QWidget):
    """Says what is wanted; the player does it."""

    play_toggled = Signal()
    stepped = Signal(int)
    """So many frames."""
    jumped = Signal(bool)
    """To the next moment (True) or to the one before."""
    span_chosen = Signal(int)
    """Of SPANS_S."""
    speed_chosen = Signal(float)
    event_wanted = Signal()
    in_wanted = Signal()
    out_wanted = Signal()

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._playing = False
        self.play = self._button("Play or pause", "Space", self._toggle_play)
        self.back = self._button("One frame back", "Left", lambda: self.stepped.emit(-1))
        self.forth = self._button("One frame on", "Right", lambda: self.stepped.emit(1))
        self.previous = self._button("Moment before", "P", lambda: self.jumped.emit(False))
        self.next = self._button("Next moment", "N", lambda: self.jumped.emit(True))
        self.time = QLabel()
        self.time.setFont(font(BODY_PT, bold=True))
        self.time.setMinimumWidth(self.time.fontMetrics().horizontalAdvance("0:00:00.00 of 0:00:00 "))
        self.speed = Combo()
        self.speed.setAccessibleName("Speed")
        self.speed.setToolTip("Speed")
        self.speed.setFixedWidth(88)
        for value in SPEEDS:
            self.speed.addItem(f"{value:g}×", value)
        self.speed.setCurrentIndex(SPEEDS.index(1.0))
        self.speed.activated.connect(lambda index: self.speed_chosen.emit(SPEEDS[index]))
        self.mark_button, self.in_button = QPushButton("M  Event"), QPushButton("I  In")
        self.out_button = QPushButton("O  Out")
        self.annotate = QLabel("Annotate")
        self.spans = Chips(SPAN_NAMES, "In view")
        self.spans.chosen.connect(self.span_chosen)
        self._lay_out()
        self.set_theme(theme)

    def _lay_out(self) -> None:
        for button, words, wanted in (
            (self.mark_button, "Annotate this moment (M)", self.event_wanted),
            (self.in_button, "A range begins here (I)", self.in_wanted),
            (self.out_button, "The range ends here (O)", self.out_wanted),
        ):
            button.setToolTip(words)
            button.setAccessibleName(words)
            button.clicked.connect(wanted)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(GRID_PX // 2)
        for widget in (self.previous, self.back, self.play, self.forth, self.next):
            row.addWidget(widget)
        row.addSpacing(GRID_PX)
        row.addWidget(self.time)
        row.addWidget(self.speed)
        row.addStretch(1)
        row.addWidget(self.annotate)
        for annotate in (self.mark_button, self.in_button, self.out_button):
            row.addWidget(annotate)
        row.addStretch(1)
        row.addWidget(self.spans)

    def set_theme(self, theme: Theme) -> None:
        self._theme = theme
        pictures = ((self.previous, "previous"), (self.back, "back"), (self.forth, "forth"), (self.next, "next"))
        for button, name in pictures:
            button.setIcon(icon(name, theme.text))
        self._show_play()

    def fit(self, width: int) -> None:
        """What has a key of its own gives way where there is little room."""
        for widget in (self.annotate, self.mark_button, self.in_button, self.out_button):
            widget.setVisible(width >= ROOMY_PX)

    def show_playing(self, playing: bool) -> None:
        self._playing = playing
        self._show_play()

    def show_span(self, span_s: float, whole_s: float) -> None:
        """Mark the one that is in view, if it is one of them."""
        number = next((n for n, span in enumerate(SPANS_S) if abs((span or whole_s) - span_s) < _SAME_S), None)
        if number is None:
            self.spans.choose_none()
        elif number != self.spans.chosen_number:
            self.spans.check(number)

    def show_time(self, words: str) -> None:
        if words != self.time.text():
            self.time.setText(words)

    def _toggle_play(self) -> None:
        self.play_toggled.emit()

    def _show_play(self) -> None:
        self.play.setIcon(icon("pause" if self._playing else "play", self._theme.text))

    def _button(self, words: str, key: str, pressed: Callable[[], None]) -> QToolButton:
        button = QToolButton()
        button.setAccessibleName(words)
        button.setToolTip(f"{words} ({key})")
        button.setIconSize(QSize(16, 16))
        button.clicked.connect(pressed)
        return button


def icon(name: str, colour: str) -> QIcon:
    """Drawn, so that it is sharp at every scale and needs no font."""
    picture = QPixmap(48, 48)
    picture.setDevicePixelRatio(3.0)
    picture.fill(Qt.GlobalColor.transparent)
    painter = QPainter(picture)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QColor(colour))
    if name in ("back", "previous"):
        painter.translate(16, 0)
        painter.scale(-1, 1)
    if name == "pause":
        painter.drawRect(QRectF(3, 2, 4, 12))
        painter.drawRect(QRectF(9, 2, 4, 12))
    elif name == "play":
        painter.drawPolygon(QPolygonF([QPointF(3, 1.5), QPointF(14, 8), QPointF(3, 14.5)]))
    else:
        _draw_step(painter, double=name in ("next", "previous"))
    painter.end()
    return QIcon(picture)


def _draw_step(painter: QPainter, double: bool) -> None:
    """A bar and a triangle for one frame; two triangles and a bar for the next moment."""
    if not double:
        painter.drawRect(QRectF(3, 3, 2, 10))
        painter.drawPolygon(QPolygonF([QPointF(7, 3), QPointF(13, 8), QPointF(7, 13)]))
        return
    painter.drawPolygon(QPolygonF([QPointF(1, 3), QPointF(7, 8), QPointF(1, 13)]))
    painter.drawPolygon(QPolygonF([QPointF(7, 3), QPointF(13, 8), QPointF(7, 13)]))
    painter.drawRect(QRectF(13, 3, 2, 10))


def precise(t_s: float) -> str:
    """`1:02:03.45`."""
    hundredths = round(max(t_s, 0.0) * 100)
    minutes, rest = divmod(hundredths, 6000)
    hours, minutes = divmod(minutes, 60)
    seconds = f"{rest // 100:02d}.{rest % 100:02d}"
    return f"{hours}:{minutes:02d}:{seconds}" if hours else f"{minutes}:{seconds}"
