"""Puts the newest state into the rooms: the picture at every tick, bars and numbers at the pace of the eye."""

from __future__ import annotations

import math
import time

from PySide6.QtWidgets import QPushButton

from desktop_affect.core.types import Fault, Preview, Sample, Severity, Status
from desktop_affect.pipeline.capture import SOURCE
from desktop_affect.sinks.history import Channel
from desktop_affect.ui.alerts import AlertLog, alerts_words
from desktop_affect.ui.circumplex import TRAIL_POINTS, TRAIL_S
from desktop_affect.ui.control import Control, Phase
from desktop_affect.ui.rooms import Rooms
from desktop_affect.ui.session_bar import window_title
from desktop_affect.ui.theme import give_role
from desktop_affect.ui.words import NO_FACE, NO_FACE_AFTER_S, Emptiness, Offer, emptiness, status_line, status_words


class Display:
    """Reads from the control, writes into the widgets; decides nothing."""

    def __init__(self, rooms: Rooms, control: Control) -> None:
        self._rooms = rooms
        self._control = control
        self._waiting_since_s = time.monotonic()
        self._face_s = math.inf
        """When a face was seen last; nobody misses one before there was a picture."""
        self._numbers_shown = False
        self._loss: Fault | None = None

    @property
    def on_screen(self) -> bool:
        """Whether an estimate has reached the screen: in the picture, or in the numbers where that is put away."""
        picture = self._rooms.picture
        return picture.painted_seq >= 0 or (self._numbers_shown and not picture.isVisible())

    def take_fault(self, fault: Fault) -> None:
        """That the source is lost is told where its picture was; whatever else goes wrong meanwhile."""
        if fault.where == SOURCE and fault.severity is not Severity.NOTICE:
            self._loss = fault

    def show_picture(self, preview: Preview | None, status: Status) -> Emptiness | None:
        """The picture, or why there is none, which is returned; and the curves."""
        phase = self._control.phase
        if preview is not None or phase is Phase.BUILDING:
            self._waiting_since_s = time.monotonic()
        waited_s = time.monotonic() - self._waiting_since_s
        giving_up, first = self._control.giving_up, not self._control.source
        empty = emptiness(phase, status, preview, waited_s, giving_up=giving_up, first=first, loss=self._loss)
        self._rooms.picture.show_preview(preview if empty is None else None)
        rooms = self._rooms
        rooms.empty.say(empty)
        note = NO_FACE if empty is None and self._misses_face(preview) else None
        rooms.strip.say(empty or note)
        set_start_button(rooms.start_button, phase, offered=empty is not None and empty.offer is not Offer.NONE)
        rooms.seen.note.say(note)
        if phase is Phase.RUNNING:
            self._rooms.curves.redraw(self._control.now_s())
        return empty

    def _misses_face(self, preview: Preview | None) -> bool:
        now_s = time.monotonic()
        if preview is None or preview.sample.face is not None or math.isinf(self._face_s):
            self._face_s = now_s
        return now_s - self._face_s > NO_FACE_AFTER_S

    def show_bars(self, preview: Preview | None, status: Status) -> None:
        """Bars and the trail."""
        now_s = self._control.now_s()
        self._rooms.faces.show_sample(preview.sample if preview else None, status.model, now_s)
        if preview is not None:
            # Every second row of what was smoothed anyway.
            values = self._control.history.stretch(now_s - TRAIL_S, now_s, TRAIL_POINTS * 4).values[:, ::2]
            self._rooms.circumplex.show_trail(values[Channel.VALENCE], values[Channel.AROUSAL])

    def show_numbers(self, preview: Preview | None, status: Status) -> None:
        """Everything that is read rather than seen."""
        sample = preview.sample if preview else None
        self._numbers_shown |= sample is not None
        self._show_state(status)
        self._rooms.quality.show_sample(sample)
        self._rooms.strip.show_sample(sample)
        self._rooms.curves.show_numbers(sample)
        self._rooms.curves.set_model(status.model, running=preview is not None)
        self._show_session(sample)
        self._show_calibration(status)

    def show_alerts(self, alerts: AlertLog) -> None:
        control, rooms = self._control, self._rooms
        rooms.alert_button.setText(alerts_words(alerts, control.history.begin_s, short=rooms.head.narrow))
        rooms.alert_banner.show_alert(alerts.open, control.history.begin_s, control.now_s())
        rooms.foot.setVisible(alerts.open is None or not rooms.head.narrow)  # what lasts needs the whole row there

    def _show_state(self, status: Status) -> None:
        rooms, control = self._rooms, self._control
        recording = control.session is not None
        can = control.phase in (Phase.RUNNING, Phase.IDLE, Phase.BUILDING) and not control.giving_up
        rooms.start_button.setEnabled(can and not recording)
        rooms.chooser.setEnabled(not recording)
        rooms.chooser.set_cameras(control.cameras)
        rooms.state.setText(status_words(control.phase, status))
        rooms.foot.setText(status_line(control.phase, status, control.surroundings.free_gb))
        rooms.markers.set_running(control.phase is Phase.RUNNING)

    def _show_session(self, sample: Sample | None) -> None:
        control = self._control
        # What is asked for while the source still opens has nothing to record before the first picture.
        begin_s = control.history.begin_s
        since_s = 0.0 if math.isnan(begin_s) else control.now_s() - max(control.recording_since_s, begin_s)
        title = window_title(control.session)
        if title != self._rooms.window().windowTitle():
            self._rooms.window().setWindowTitle(title)
        can_record = control.phase is Phase.RUNNING and sample is not None
        self._rooms.session_bar.show_state(control.session, control.recording, since_s, can_record=can_record)

    def _show_calibration(self, status: Status) -> None:
        signals = self._control.signals
        self._rooms.faces.set_baseline(signals.baseline if signals else None)
        self._rooms.calibration.show_status(
            signals.calibration if signals else None,
            has_baseline=signals is not None and signals.baseline is not None,
            can_calibrate=signals is not None and status.model is not None,
            problem=signals.baseline_problem if signals else "",
        )


def set_start_button(button: QPushButton, phase: Phase, *, offered: bool) -> None:
    """The one thing to do while nothing runs stands out; stopping does not, and where the empty place offers it
    already (`offered`), once is enough."""
    button.setText({Phase.IDLE: "Start", Phase.BUILDING: "Cancel"}.get(phase, "Stop"))
    give_role(button, "primary" if phase is Phase.IDLE and not offered else "plain")
