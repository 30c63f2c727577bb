"""A second window: small and on top beside other programs, or full screen on another display.

It shows what one wants to see from the other end of the room: is it recording, is the data good, the three numbers, and
the picture, if it is wanted. It has nothing that could be changed by accident.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication, QKeyEvent, QKeySequence, QResizeEvent, QScreen, QShortcut
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from desktop_affect.core.types import Preview, Sample
from desktop_affect.ui.dressing import Piece
from desktop_affect.ui.panel import chip
from desktop_affect.ui.picture import PictureView
from desktop_affect.ui.quality_strip import QualityMeter, quality_word
from desktop_affect.ui.theme import BODY_PT, GRID_PX, LARGE_PT, Theme, points, wear
from desktop_affect.ui.words import Emptiness, signed

_NUMBERS = {"valence": "valence", "arousal": "arousal", "hesitancy": "hesitancy (experimental)"}
# Of the window's height; readable from two metres already in the smallest window.
_NUMBER_SHARE, _NAME_SHARE = 0.085, 0.03
# A cell of the quality meter, in pixels for a point of type.
_CELL_SHARE = 1.4


class SecondWindow(QWidget):
    """Fed by the main window's timer while it is visible."""

    def __init__(self, theme: Theme, owner: QWidget) -> None:
        super().__init__(owner, Qt.WindowType.Window)
        self.setWindowTitle("Desktop Affect, second window")
        self.setObjectName("second")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.resize(640, 360)
        self._theme, self._owner = theme, owner
        self.picture, self.meter = PictureView(theme), QualityMeter(theme)
        self.picture.setMinimumSize(120, 80)
        self.badge, self.quality, self.said = QLabel(), QLabel(), QLabel()
        self.said.setWordWrap(True)
        self.said.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.values = {name: QLabel("–") for name in _NUMBERS}
        self.names = {name: QLabel(words) for name, words in _NUMBERS.items()}
        self.with_picture = chip("Picture", "Show the picture in the second window", checked=True)
        self.on_top = chip("On top", "Keep the second window above other programs")
        self.full = chip("Full screen", "Second window full screen, on the other display if there is one")
        # What grows with the window must not keep it from shrinking.
        for label in (*self.values.values(), *self.names.values()):
            label.setMinimumSize(1, 1)
        for label in self.names.values():
            label.setWordWrap(True)
        self.setMinimumSize(600, 340)
        self._lay_out()
        self.with_picture.toggled.connect(self.picture.setVisible)
        self.on_top.toggled.connect(self._keep_on_top)
        self.full.toggled.connect(self._fill_screen)
        QShortcut(QKeySequence("Alt+Return"), self, self.full.toggle)
        QShortcut(QKeySequence("Ctrl+D"), self, self.close)  # as it was opened
        self.set_theme(theme)

    def _lay_out(self) -> None:
        head = QHBoxLayout()
        head.setSpacing(GRID_PX)
        for widget in (self.badge, self.meter, self.quality):
            head.addWidget(widget)
        head.insertSpacing(1, GRID_PX * 2)
        head.addStretch(1)
        for switch in (self.with_picture, self.on_top, self.full):
            head.addWidget(switch)
        numbers = QGridLayout()
        numbers.setVerticalSpacing(0)
        for row, name in enumerate(_NUMBERS):
            numbers.addWidget(self.names[name], 2 * row, 0)
            numbers.addWidget(self.values[name], 2 * row + 1, 0, Qt.AlignmentFlag.AlignTop)
            numbers.setRowStretch(2 * row + 1, 1)
        numbers.addWidget(self.said, 2 * len(_NUMBERS), 0)
        body = QHBoxLayout()
        body.setSpacing(GRID_PX * 3)
        body.addWidget(self.picture, 5)
        body.addLayout(numbers, 2)
        column = QVBoxLayout(self)
        column.setContentsMargins(*(GRID_PX * 2,) * 4)
        column.setSpacing(GRID_PX * 2)
        column.addLayout(head)
        column.addLayout(body, 1)

    def theme_turns(self, theme: Theme) -> Iterable[Piece]:
        return (lambda: self.set_theme(theme),)

    def set_theme(self, theme: Theme) -> None:
        wear(self, theme)
        self._theme = theme
        self.picture.set_theme(theme)
        self.meter.set_theme(theme)
        self._size_type()

    def show_picture(self, preview: Preview | None, empty: Emptiness | None) -> None:
        self.picture.show_preview(preview if empty is None else None)
        self.said.setText(empty.title if empty is not None else "")

    def show_numbers(self, sample: Sample | None, badge: str) -> None:
        affect = sample.affect if sample else None
        hesitancy = sample.cues.get("hesitancy", math.nan) if sample else math.nan
        self.values["valence"].setText(signed(affect.valence if affect else math.nan))
        self.values["arousal"].setText(signed(affect.arousal if affect else math.nan))
        self.values["hesitancy"].setText(f"{hesitancy:.2f}" if math.isfinite(hesitancy) else "–")
        self.badge.setText(badge)
        self.quality.setText(quality_word(sample))
        self.meter.show_score(sample.quality.score if sample and sample.face else math.nan)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._size_type()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Esc leaves the full screen, and then the window."""
        if event.key() == Qt.Key.Key_Escape:
            if self.full.isChecked():
                self.full.setChecked(False)
            else:
                self.close()
        else:
            super().keyPressEvent(event)

    def _size_type(self) -> None:
        number = max(points(round(self.height() * _NUMBER_SHARE)), LARGE_PT)
        name = max(points(round(self.height() * _NAME_SHARE)), BODY_PT)
        for key in _NUMBERS:
            colour = getattr(self._theme, key)
            self.values[key].setStyleSheet(f"color: {colour}; font-size: {number}pt; font-weight: 600;")
            self.names[key].setStyleSheet(f"color: {self._theme.muted}; font-size: {name}pt;")
        for label in (self.badge, self.quality):
            label.setStyleSheet(f"font-size: {name}pt; font-weight: 600;")
        self.meter.set_cell(round(name * _CELL_SHARE))

    def _keep_on_top(self, on: bool) -> None:
        self.setWindowFlag(Qt.WindowType.WindowStaysOnTopHint, on)
        self.show()  # Qt hides a window whose flags change

    def _fill_screen(self, on: bool) -> None:
        if not on:
            self.showNormal()
            return
        screen = other_screen(self._owner.screen(), QGuiApplication.screens())
        if screen is not self.screen():
            self.setGeometry(screen.availableGeometry())
        self.showFullScreen()


def other_screen(main: QScreen, screens: Sequence[QScreen]) -> QScreen:
    """A display on which the main window is not; its own where there is only one."""
    return next((screen for screen in screens if screen is not main), main)
