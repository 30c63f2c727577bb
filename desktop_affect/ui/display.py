"""Puts the newest state into the rooms: the picture at every tick, bars and numbers at the pace of the eye."""

from __future__ import annotations

import time

from PySide6.QtWidgets import QPushButton

from desktop_affect.core.types import Preview, Sample, Status
from desktop_affect.sinks.history import Channel
from desktop_affect.ui.alerts import AlertLog
from desktop_affect.ui.circumplex import TRAIL_POINTS, TRAIL_S
from desktop_affect.ui.control import Control, Phase
from desktop_affect.ui.rooms import Rooms
from desktop_affect.ui.words import Emptiness, emptiness, status_line, status_words


class Display:
    """Reads from the control, writes into the widgets; decides nothing."""

    def __init__(self, rooms: Rooms, control: Control) -> None:
        self._rooms = rooms
        self._control = control
        self._waiting_since_s = time.monotonic()
        self._numbers_shown = False

    @property
    def on_screen(self) -> bool:
        """Whether an estimate has reached the screen: in the picture, or in the numbers where that is put away."""
        picture = self._rooms.picture
        return picture.painted_seq >= 0 or (self._numbers_shown and not picture.isVisible())

    def show_picture(self, preview: Preview | None, status: Status) -> Emptiness | None:
        """The picture, or why there is none, which is returned; and the curves."""
        phase = self._control.phase
        if preview is not None or phase is Phase.BUILDING:
            self._waiting_since_s = time.monotonic()
        waited_s = time.monotonic() - self._waiting_since_s
        control = self._control
        empty = emptiness(phase, status, preview, waited_s, giving_up=control.giving_up, first=not control.source)
        self._rooms.picture.show_preview(preview if empty is None else None)
        self._rooms.empty.say(empty)
        if phase is Phase.RUNNING:
            self._rooms.curves.redraw(self._control.now_s())
        return empty

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
        self._rooms.curves.show_numbers(sample)
        self._rooms.curves.set_model(status.model, running=preview is not None)
        self._show_session(sample)
        self._show_calibration(status)

    def show_alerts(self, alerts: AlertLog) -> None:
        count = alerts.count
        self._rooms.alert_button.setText(f"{count} alert{'s' if count != 1 else ''}" if count else "No alerts")
        control = self._control
        self._rooms.alert_banner.show_alert(alerts.open, control.history.begin_s, control.now_s())

    def _show_state(self, status: Status) -> None:
        rooms, control = self._rooms, self._control
        recording = control.session is not None
        set_start_button(rooms.start_button, control.phase)
        can = control.phase in (Phase.RUNNING, Phase.IDLE, Phase.BUILDING) and not control.giving_up
        rooms.start_button.setEnabled(can and not recording)
        rooms.chooser.setEnabled(not recording)
        rooms.chooser.set_cameras(control.cameras)
        rooms.state.setText(status_words(control.phase, status))
        rooms.foot.setText(status_line(control.phase, status, control.surroundings.free_gb))
        rooms.markers.set_running(control.phase is Phase.RUNNING)

    def _show_session(self, sample: Sample | None) -> None:
        control = self._control
        since_s = control.now_s() - control.recording_since_s
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


def set_start_button(button: QPushButton, phase: Phase) -> None:
    """The one thing to do while nothing runs stands out; stopping does not."""
    text = {Phase.IDLE: "Start", Phase.BUILDING: "Cancel"}.get(phase, "Stop")
    if button.text() != text or not button.property("role"):
        button.setText(text)
        button.setProperty("role", "primary" if phase is Phase.IDLE else "plain")
        button.style().unpolish(button)
        button.style().polish(button)
