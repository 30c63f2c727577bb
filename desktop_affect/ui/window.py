"""The main window: pulls the newest state on one timer and hands it to its parts."""

from __future__ import annotations

import time
from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QTimer, Signal
from PySide6.QtGui import QCloseEvent
from PySide6.QtWidgets import QApplication, QMainWindow

from desktop_affect.core.settings import Settings
from desktop_affect.core.types import Alert, AlertPhase, Event, Fault, Marker, Severity
from desktop_affect.session.plan import SessionPlan
from desktop_affect.system.clock_watch import ClockWatch
from desktop_affect.ui.alerts import AlertLog
from desktop_affect.ui.asking import ask
from desktop_affect.ui.batch_desk import BatchDesk
from desktop_affect.ui.control import Control, Phase
from desktop_affect.ui.dialogs import Dialogs
from desktop_affect.ui.display import Display
from desktop_affect.ui.dressing import Dressing, windows_of
from desktop_affect.ui.main_menu import fill_menu
from desktop_affect.ui.markers_bar import key_texts
from desktop_affect.ui.marking import Marking
from desktop_affect.ui.rooms import Rooms
from desktop_affect.ui.session_bar import NAME
from desktop_affect.ui.side_windows import SideWindows
from desktop_affect.ui.theme import Look, Theme, chosen_theme, palette_of
from desktop_affect.ui.watchdog import Watchdog
from desktop_affect.ui.window_state import state_of, take_up
from desktop_affect.ui.words import Offer, clock_label, waiting_note

if TYPE_CHECKING:
    from desktop_affect.ui.review import ReviewWindow

# More often than a camera gives pictures: at 33 ms one picture in fifty fell between two turns.
TICK_MS = 25
# Numbers that change faster than four times a second cannot be read; bars and the trail may be livelier.
NUMBERS_EVERY, BARS_EVERY, ROOM_EVERY = 10, 4, 400
# Engine, sinks and threads have deadlines of their own below this; after it the window goes regardless.
CLOSE_DEADLINE_S = 25.0

_STOP_AND_CLOSE = ("A session is being recorded.", "Stop recording and close?")
_STOP_AND_START = ("A session is being recorded.", "Stop recording and start another source?")


class MainWindow(QMainWindow):
    """Closing hides it at once; `gone` is emitted when everything behind it has ended."""

    gone = Signal()

    def __init__(self, control: Control, theme: Theme) -> None:
        super().__init__()
        self.control = control
        self.theme = theme
        self._styled: Theme | None = None
        self.watchdog = Watchdog(TICK_MS)
        self.clock_watch = ClockWatch()
        self.wall_s: Callable[[], float] = time.time
        self.alerts = AlertLog()
        self.side = SideWindows(self)
        self.films = BatchDesk(self)
        self.dialogs = Dialogs(self)
        self.dressing = Dressing()
        self.on_painted: Callable[[], None] | None = None
        """Called once, when the first estimate is on the screen."""
        self.confirm: Callable[[str, str], bool] = self._ask
        self.ticks = 0
        self._closing_since_s: float | None = None
        self.setWindowTitle(NAME)
        self.rooms = Rooms(theme)
        self.display = Display(self.rooms, control)
        self.marking = Marking(self.rooms.markers, control)
        self.setCentralWidget(self.rooms)
        self.resize(1280, 800)
        self._connect()
        fill_menu(self)
        self._use(control.backend.settings)
        take_up(self, control.backend.window_state())
        self._timer = QTimer(self)
        self._timer.setInterval(TICK_MS)
        self._timer.timeout.connect(self.tick)
        self._timer.start()
        self.rooms.rest_keyboard()

    def _connect(self) -> None:
        rooms = self.rooms
        rooms.chooser.chosen.connect(self.start)
        rooms.chooser.about_to_open.connect(self.control.look_for_cameras)
        rooms.start_button.clicked.connect(self._start_or_stop)
        for offers in (rooms.empty, rooms.seen.note, rooms.strip):
            offers.offered.connect(self._take_offer)
        rooms.markers.texts_wanted.connect(lambda: self.dialogs.search_settings("marker"))
        rooms.faces.model_wanted.connect(lambda: self.dialogs.search_settings("model"))
        rooms.session_bar.wants_recording.connect(self.dialogs.new_session)
        rooms.session_bar.wants_stop.connect(self.control.stop_recording)
        rooms.calibration.wants_calibration.connect(self.control.calibrate)
        rooms.calibration.wants_cancel.connect(self.control.cancel_calibration)
        rooms.alert_banner.acknowledged.connect(self._acknowledge)
        rooms.alert_button.clicked.connect(self.show_alerts)
        rooms.seen.switched.connect(self._set_picture)

    # What the person does.

    def start(self, source: str) -> None:
        """Run this source in place of what runs; a recording is not ended without a question."""
        if self.control.session is not None and not self.confirm(*_STOP_AND_START):
            return
        self.rooms.chooser.set_source(source)
        self.control.start(source)
        self.control.look_for_cameras()
        self.control.look_around()

    def record(self, plan: SessionPlan) -> None:
        self.dialogs.last_plan = plan
        self.rooms.rest_keyboard()  # it would be on the button that stops: a stray key must not end a session
        self.control.record(plan)

    def use_settings(self, settings: Settings) -> None:
        """From now on, and in the person's file; what a run keeps until its end is told."""
        self.control.save_settings(settings)
        note = waiting_note(self.settings, settings, self.control.now_s())
        if note is not None and self.control.phase is not Phase.IDLE:
            self.rooms.notices.add(note)
        self._use(settings)

    def _use(self, settings: Settings) -> None:
        self.settings = settings
        self.rooms.markers.set_texts(key_texts(settings))
        self.rooms.curves.hesitancy.set_threshold(settings.number("hesitancy.threshold"))
        self.rooms.seen.mirror.setChecked(settings.yes("window.mirrored"))
        self._set_picture()
        self.set_theme(chosen_theme(Look(settings.text("window.look"))))

    def set_theme(self, theme: Theme) -> None:
        """This window first, then the others one after the other: each takes Qt as long as a few frames last."""
        if theme is self._styled:
            return
        self._styled = self.theme = theme
        # Before the palette, which would change them by half.
        self.dressing.begin(theme, (self.rooms, *windows_of(self)))
        QApplication.setPalette(palette_of(theme))
        if not self.isVisible():
            self.dressing.finish()

    def follow_system(self) -> None:
        """The desktop changed between dark and light."""
        self.set_theme(chosen_theme(Look(self.settings.text("window.look"))))

    def show_alerts(self) -> None:
        self.side.show_alerts(self.theme, self.alerts, self.control.history.begin_s)

    def show_second(self) -> None:
        self.side.show_second(self.theme, self.rooms.seen.apply)

    def show_help(self) -> None:
        self.side.show_help(self.theme, "")

    def show_about(self) -> None:
        self.side.show_about(self.theme)

    def show_sessions(self) -> None:
        """The recorded ones, in a window of their own."""
        self.side.show_sessions(self.control, self.theme)

    @property
    def review(self) -> ReviewWindow | None:
        """The window of recorded sessions that was opened last."""
        return self.side.review

    def toggle_full_screen(self) -> None:
        self.showNormal() if self.isFullScreen() else self.showFullScreen()

    def _acknowledge(self) -> None:
        self.alerts.acknowledge()
        self.rooms.alert_banner.hide()

    def _start_or_stop(self) -> None:
        if self.control.phase is Phase.IDLE:
            self.rooms.notices.clear()
            self.start(self.rooms.chooser.source)
        else:
            self.control.stop()

    def _take_offer(self, offer: Offer) -> None:
        if offer is Offer.CANCEL:
            self.control.stop()
        elif offer is Offer.HELP:
            self.side.show_help(self.theme, "face in view")
        else:
            self._start_offered(offer)

    def _start_offered(self, offer: Offer) -> None:
        self.rooms.notices.clear()
        self.start("demo" if offer is Offer.START_DEMO else self.rooms.chooser.source)

    def _set_picture(self) -> None:
        self.rooms.seen.apply(self.rooms.picture)
        self.side.apply(self.rooms.seen.apply)

    # What the timer does.

    def tick(self) -> None:
        """Everything the window does by itself happens here, about 40 times a second."""
        self.watchdog.tick(time.perf_counter(), time.thread_time())
        if self._closing_since_s is not None:
            self._look_whether_closed(self._closing_since_s)
            return
        preview, status = self.control.preview(), self.control.status()
        if self.rooms.curves.set_history(self.control.history):
            self.alerts = AlertLog()
        for event in self.control.take_events():
            self._on_event(event)
        empty = self.display.show_picture(preview, status)
        if empty is not None and empty.fault is not None:
            self.rooms.notices.withdraw(empty.fault)  # it stands where the picture would be, or in its strip
        self.side.show_picture(preview, empty)
        if self.ticks % BARS_EVERY == 0:
            self.display.show_bars(preview, status)
        if self.ticks % NUMBERS_EVERY == 0:
            self.display.show_numbers(preview, status)
            self.display.show_alerts(self.alerts)
            sample = preview.sample if preview and empty is None else None
            badge = self.rooms.session_bar.badge.text()
            self.side.look(self.alerts, self.control.history.begin_s, sample, badge)
            self._look_at_clocks()
            self.dialogs.look()
            self.rooms.notices.expire(time.monotonic())
            self.rooms.foot.setToolTip(f"{self.rooms.foot.text()}\n\n{self.watchdog.words}")
        if self.ticks % ROOM_EVERY == ROOM_EVERY - 1:
            self.control.look_around()
        self.films.look()
        self.dressing.work()
        self.ticks += 1
        self._tell_painted()

    def _look_at_clocks(self) -> None:
        if jump := self.clock_watch.look(time.perf_counter(), self.wall_s()):
            now_s = self.control.now_s()
            self.control.tell(Fault(now_s, "clock", Severity.WARNING, jump.message, jump.advice, jump.detail))

    def _on_event(self, event: Event) -> None:
        self.rooms.curves.on_event(event)
        if isinstance(event, Fault):
            self.rooms.notices.add(event)
            self.display.take_fault(event)
        elif isinstance(event, Marker):
            self.rooms.markers.confirm(event.text, clock_label(event.t_s - self.control.history.begin_s))
        elif isinstance(event, Alert):
            self.alerts.add(event)
            if event.phase is AlertPhase.BEGAN and self.settings.yes("window.alert_sound"):
                QApplication.beep()

    def _tell_painted(self) -> None:
        if self.on_painted is not None and self.display.on_screen:
            told, self.on_painted = self.on_painted, None
            told()

    # Coming and going.

    def closeEvent(self, event: QCloseEvent) -> None:
        """The window goes at once; what runs behind it ends within its deadlines."""
        if self._closing_since_s is None:
            recording = self.control.session is not None
            if recording and not self.confirm(*_STOP_AND_CLOSE):
                event.ignore()
                return
            self._closing_since_s = time.monotonic()
            self.control.submit(partial(self.control.backend.keep_window_state, state_of(self)))
            self.side.close()
            self.films.close()
            self.control.close()
        event.accept()

    def force_close(self) -> None:
        """Close without a question, whatever is going on."""
        self.confirm = lambda title, text: True
        self.close()

    @property
    def ticking(self) -> bool:
        return self._timer.isActive()

    def _ask(self, title: str, text: str) -> bool:
        return ask(self.rooms.head, title, text)

    def _look_whether_closed(self, since_s: float) -> None:
        if (
            self.control.closed and self.films.closed and self.side.closed
        ) or time.monotonic() - since_s > CLOSE_DEADLINE_S:
            self._timer.stop()
            self.gone.emit()
