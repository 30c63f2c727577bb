"""The main window: pulls the newest state on one timer and hands it to its parts."""

from __future__ import annotations

import math
import time
from collections.abc import Callable

from PySide6.QtCore import QTimer, Signal
from PySide6.QtGui import QCloseEvent, QResizeEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QMainWindow, QPushButton, QVBoxLayout, QWidget

from desktop_affect.core.types import Event, Fault, Preview, Status
from desktop_affect.ui.chooser import SourceChooser
from desktop_affect.ui.control import Control, Phase
from desktop_affect.ui.empty import EmptyPlace
from desktop_affect.ui.notices import NoticeStack
from desktop_affect.ui.picture import PictureView
from desktop_affect.ui.theme import GRID_PX, Theme
from desktop_affect.ui.watchdog import Watchdog
from desktop_affect.ui.words import Offer, emptiness, status_line, status_words

TICK_MS = 33
# Numbers that change faster cannot be read.
NUMBERS_EVERY = 8
# Engine, sinks and threads have deadlines of about seven seconds together; after this the window goes regardless.
CLOSE_DEADLINE_S = 15.0


class MainWindow(QMainWindow):
    """Closing hides it at once; `gone` is emitted when everything behind it has ended."""

    gone = Signal()

    def __init__(self, control: Control, theme: Theme) -> None:
        super().__init__()
        self.control = control
        self.theme = theme
        self.watchdog = Watchdog(TICK_MS)
        self.on_painted: Callable[[], None] | None = None
        """Called once, when the first estimate is on the screen."""
        self.ticks = 0
        self._closing_since_s: float | None = None
        self._waiting_since_s = time.monotonic()
        self.setWindowTitle("Desktop Affect")
        self.resize(1280, 800)
        self._build()
        self._timer = QTimer(self)
        self._timer.setInterval(TICK_MS)
        self._timer.timeout.connect(self.tick)
        self._timer.start()

    def _build(self) -> None:
        self.chooser = SourceChooser()
        self.start_button = QPushButton("Start")
        self.start_button.setProperty("role", "primary")
        self.state_label = QLabel()
        self.notices = NoticeStack()
        self.picture = PictureView(self.theme)
        self.empty = EmptyPlace(self.picture)
        self.foot = QLabel()
        self.foot.setProperty("role", "small")
        body = QWidget()
        column = QVBoxLayout(body)
        column.setContentsMargins(GRID_PX * 2, GRID_PX, GRID_PX * 2, GRID_PX)
        column.setSpacing(GRID_PX)
        column.addWidget(self._head())
        column.addWidget(self.notices)
        column.addWidget(self.picture, 1)
        column.addWidget(self.foot)
        self.setCentralWidget(body)
        self.chooser.chosen.connect(self.control.start)
        self.chooser.about_to_open.connect(self.control.look_for_cameras)
        self.start_button.clicked.connect(self._start_or_stop)
        self.empty.offered.connect(self._take_offer)

    def _head(self) -> QWidget:
        head = QFrame()
        row = QHBoxLayout(head)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(GRID_PX)
        for widget in (self.chooser, self.start_button, self.state_label):
            row.addWidget(widget)
        row.addStretch(1)
        return head

    def start(self, source: str) -> None:
        self.chooser.set_source(source)
        self.control.start(source)
        self.control.look_for_cameras()

    def tick(self) -> None:
        """Everything the window does by itself happens here, about 30 times a second."""
        self.watchdog.tick(time.monotonic())
        if self._closing_since_s is not None:
            self._look_whether_closed(self._closing_since_s)
            return
        preview, status = self.control.preview(), self.control.status()
        for event in self.control.take_events():
            self._on_event(event)
        self._show(preview, status)
        if self.ticks % NUMBERS_EVERY == 0:
            self._show_numbers(status)
        self.ticks += 1
        self._tell_painted()

    def _show(self, preview: Preview | None, status: Status) -> None:
        phase = self.control.phase
        if preview is not None or phase is Phase.BUILDING:
            self._waiting_since_s = time.monotonic()
        empty = emptiness(phase, status, preview, time.monotonic() - self._waiting_since_s)
        self.picture.show_preview(preview if empty is None else None)
        self.empty.say(empty)

    def _show_numbers(self, status: Status) -> None:
        phase = self.control.phase
        running = phase in (Phase.RUNNING, Phase.BUILDING)
        self.start_button.setText("Stop" if running else "Start")
        self.start_button.setEnabled(phase in (Phase.RUNNING, Phase.IDLE, Phase.BUILDING))
        self.state_label.setText(status_words(phase, status))
        self.foot.setText(status_line(phase, status, math.nan))
        self.foot.setToolTip(f"Longest pause of the window in the last minute: {self.watchdog.worst_ms:.0f} ms")
        self.chooser.set_cameras(self.control.cameras)

    def _on_event(self, event: Event) -> None:
        if isinstance(event, Fault):
            self.notices.add(event)

    def _tell_painted(self) -> None:
        if self.on_painted is not None and self.picture.painted_seq >= 0:
            told, self.on_painted = self.on_painted, None
            told()

    def _start_or_stop(self) -> None:
        if self.control.phase is Phase.IDLE:
            self.notices.clear()
            self.start(self.chooser.source)
        else:
            self.control.stop()

    def _take_offer(self, offer: Offer) -> None:
        self.notices.clear()
        self.start("demo" if offer is Offer.START_DEMO else self.chooser.source)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.empty.setGeometry(self.picture.rect())

    def closeEvent(self, event: QCloseEvent) -> None:
        """The window goes at once; what runs behind it ends within its deadlines."""
        if self._closing_since_s is None:
            self._closing_since_s = time.monotonic()
            self.control.close()
        event.accept()

    @property
    def ticking(self) -> bool:
        return self._timer.isActive()

    def force_close(self) -> None:
        """Close without a question, whatever is going on."""
        self.close()

    def _look_whether_closed(self, since_s: float) -> None:
        if self.control.closed or time.monotonic() - since_s > CLOSE_DEADLINE_S:
            self._timer.stop()
            self.gone.emit()
