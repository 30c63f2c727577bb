"""The main window over the real engine and scripted parts."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel
from pytestqt.qtbot import QtBot

from desktop_affect.core.errors import SourceError
from desktop_affect.core.types import Alert, AlertPhase, Marker
from desktop_affect.session.plan import SessionPlan
from desktop_affect.ui.control import Phase
from desktop_affect.ui.desk import Place
from desktop_affect.ui.marking import NOT_MARKED
from desktop_affect.ui.preflight import Surroundings
from desktop_affect.ui.theme import LIGHT
from desktop_affect.ui.words import WELCOME, Offer
from tests.fakes import ScriptedModel
from tests.ui.conftest import PATIENCE_MS, MakeWindow
from tests.ui.scripted import FailingSource, PacedSource, ScriptedBackend, StuckSource


def first_day() -> ScriptedBackend:
    backend = ScriptedBackend()
    backend.kept = {}
    return backend


def test_the_first_page_welcomes_and_has_one_button(make_window: MakeWindow) -> None:
    window = make_window(first_day())
    window.tick()
    assert window.rooms.empty.title.text() == WELCOME.title
    assert window.rooms.empty.button.text() == Offer.START_DEMO.value


def test_one_click_starts_the_demo_and_the_picture_appears(make_window: MakeWindow, qtbot: QtBot) -> None:
    backend = first_day()
    window = make_window(backend)
    painted: list[bool] = []
    window.on_painted = lambda: painted.append(True)
    window.rooms.empty.button.click()
    qtbot.waitUntil(lambda: bool(painted))
    assert backend.built == ["demo"]
    assert window.rooms.empty.isHidden()
    qtbot.waitUntil(lambda: "analysed" in window.rooms.foot.text())
    assert window.rooms.start_button.text() == "Stop"


def test_later_the_source_of_the_last_time_is_chosen_and_waits(make_window: MakeWindow) -> None:
    backend = ScriptedBackend()
    backend.kept = {"source": "camera:b"}
    window = make_window(backend)
    window.tick()
    assert window.rooms.chooser.source == "camera:b"
    assert (window.rooms.empty.title.text(), window.rooms.empty.button.text()) == ("Nothing is running", "Start")
    assert backend.built == []


def test_the_window_looks_as_it_was_left(make_window: MakeWindow, qtbot: QtBot) -> None:
    backend = ScriptedBackend()
    window = make_window(backend)
    window.rooms.seen.layer_chips["Mesh"].click()
    window.rooms.seen.hide_face.click()
    window.rooms.curves.affect.spans.choose(3)
    window.rooms.desk.want(Place.CIRCUMPLEX, False)
    window.close()
    qtbot.waitUntil(lambda: window.control.closed)
    again = make_window(backend)
    assert not again.rooms.seen.layer_chips["Mesh"].isChecked()
    assert again.rooms.picture.hidden_face
    assert again.rooms.curves.span_s == 1800.0
    assert again.rooms.desk.wanted == {Place.PICTURE, Place.FACES}


def test_a_state_that_makes_no_sense_is_passed_over(make_window: MakeWindow) -> None:
    backend = ScriptedBackend()
    backend.kept = {"geometry": "§", "desk": {"docks": 3, "arranged": True}, "off": [1], "span": 99, "source": 5}
    window = make_window(backend)
    assert window.rooms.curves.span_s == 60.0
    assert window.control.source == ""


def test_what_is_being_prepared_can_be_cancelled(make_window: MakeWindow, qtbot: QtBot) -> None:
    backend = ScriptedBackend()
    backend.may_build.clear()
    window = make_window(backend)
    window.start("demo")
    qtbot.waitUntil(lambda: window.rooms.empty.button.text() == Offer.CANCEL.value)
    qtbot.waitUntil(backend.building.is_set)
    window.rooms.empty.button.click()
    qtbot.waitUntil(lambda: window.rooms.empty.title.text() == "Cancelling")
    backend.may_build.set()
    qtbot.waitUntil(lambda: window.control.phase is Phase.IDLE)
    assert backend.runs[0].engine.finished.is_set()
    assert window.rooms.picture.painted_seq == -1


def test_another_choice_gives_up_what_is_being_prepared(make_window: MakeWindow, qtbot: QtBot) -> None:
    backend = ScriptedBackend()
    backend.may_build.clear()
    window = make_window(backend)
    for source in ("camera:a", "film.mp4", "camera:b"):
        window.start(source)
        qtbot.waitUntil(backend.building.is_set)
    backend.may_build.set()
    qtbot.waitUntil(lambda: window.rooms.picture.painted_seq >= 0)
    assert backend.built == ["camera:a", "camera:b"]


def test_opening_can_be_cancelled(make_window: MakeWindow, qtbot: QtBot) -> None:
    stuck = StuckSource()
    window = make_window(ScriptedBackend(lambda: stuck))
    window.start("camera:a")
    qtbot.waitUntil(stuck.opening.is_set)
    qtbot.waitUntil(lambda: window.rooms.empty.button.text() == Offer.CANCEL.value)
    stuck.go_on.set()
    window.rooms.empty.button.click()
    qtbot.waitUntil(lambda: window.control.phase is Phase.IDLE)


def test_another_source_is_not_started_over_a_recording(make_window: MakeWindow, qtbot: QtBot) -> None:
    backend = ScriptedBackend()
    window = make_window(backend)
    window.start("demo")
    window.record(SessionPlan(Path("sessions")))
    qtbot.waitUntil(lambda: window.control.session is not None)
    window.confirm = lambda title, text: False
    window.start("camera:a")
    assert window.control.session is not None
    window.confirm = lambda title, text: True
    window.start("camera:a")
    qtbot.waitUntil(lambda: backend.built == ["demo", "camera:a"])
    assert backend.runs[0].recordings_stopped == 1


def test_a_marker_that_nobody_takes_is_told(make_window: MakeWindow) -> None:
    window = make_window(ScriptedBackend())
    window.rooms.markers.marked.emit("stimulus", "marker")
    assert window.rooms.markers.last.text() == NOT_MARKED


def test_stop_ends_the_run_and_start_begins_it_again(make_window: MakeWindow, qtbot: QtBot) -> None:
    backend = ScriptedBackend()
    window = make_window(backend)
    window.start("camera:a")
    qtbot.waitUntil(lambda: window.rooms.picture.painted_seq >= 0)
    window.rooms.start_button.click()
    qtbot.waitUntil(lambda: window.control.phase is Phase.IDLE)
    qtbot.waitUntil(lambda: window.rooms.start_button.text() == "Start")
    window.rooms.start_button.click()
    qtbot.waitUntil(lambda: backend.built == ["camera:a", "camera:a"])
    qtbot.waitUntil(lambda: window.control.phase is Phase.RUNNING)


def test_the_window_answers_while_a_source_is_stuck_in_open(make_window: MakeWindow, qtbot: QtBot) -> None:
    stuck = StuckSource()
    window = make_window(ScriptedBackend(lambda: stuck))
    window.start("camera:a")
    qtbot.waitUntil(stuck.opening.is_set)
    ticks = window.ticks
    qtbot.waitUntil(lambda: window.ticks > ticks + 5)
    assert window.rooms.empty.title.text() == "Opening the source"
    window.close()
    assert window.isHidden()
    assert not stuck.go_on.is_set()


@pytest.mark.expected_log
def test_a_source_that_never_opens_does_not_keep_the_window_from_closing(make_window: MakeWindow, qtbot: QtBot) -> None:
    stuck = StuckSource()
    window = make_window(ScriptedBackend(lambda: stuck))
    window.start("camera:a")
    qtbot.waitUntil(stuck.opening.is_set)
    with qtbot.waitSignal(window.gone, timeout=PATIENCE_MS):
        window.close()
    assert window.control.closed


@pytest.mark.expected_log
def test_a_source_that_cannot_be_opened_is_told_with_advice(make_window: MakeWindow, qtbot: QtBot) -> None:
    error = SourceError("No camera is connected.", advice="Plug one in.", detail="none listed")
    window = make_window(ScriptedBackend(lambda: FailingSource(error)))
    window.start("camera")
    empty = window.rooms.empty
    qtbot.waitUntil(lambda: empty.button.text() == Offer.TRY_AGAIN.value)
    assert (empty.title.text(), empty.advice.text()) == ("No camera is connected.", "Plug one in.")
    qtbot.waitUntil(empty.copy.isVisible)
    empty.copy.click()
    assert "none listed" in QApplication.clipboard().text()
    assert empty.copy.text() == "Copied ✓"
    assert window.rooms.notices.notices() == [], "once is enough"


@pytest.mark.expected_log
def test_who_has_put_the_picture_away_is_told_in_its_strip(make_window: MakeWindow, qtbot: QtBot) -> None:
    error = SourceError("No camera is connected.", advice="Plug one in.", detail="none listed")
    window = make_window(ScriptedBackend(lambda: FailingSource(error)))
    window.rooms.desk.want(Place.PICTURE, False)
    window.start("camera")
    strip = window.rooms.strip
    qtbot.waitUntil(lambda: strip.isVisible() and strip.button.text() == Offer.TRY_AGAIN.value)
    assert (strip.title.text(), strip.advice.text()) == ("No camera is connected.", "Plug one in.")
    assert strip.copy.isVisible()
    assert window.rooms.notices.notices() == []
    window.rooms.desk.want(Place.PICTURE, True)
    qtbot.waitUntil(window.rooms.empty.copy.isVisible)
    assert window.rooms.empty.title.text() == "No camera is connected."


@pytest.mark.expected_log
def test_a_build_that_breaks_is_a_notice_and_the_window_lives(make_window: MakeWindow, qtbot: QtBot) -> None:
    backend = ScriptedBackend()
    backend.failure = RuntimeError("no such symbol")
    window = make_window(backend)
    window.start("demo")
    qtbot.waitUntil(lambda: len(window.rooms.notices.notices()) == 1)
    assert "no such symbol" in window.rooms.notices.notices()[0].fault.detail
    backend.failure = None
    window.start("demo")
    qtbot.waitUntil(lambda: window.rooms.picture.painted_seq >= 0)


def test_a_film_that_ends_stops_by_itself(make_window: MakeWindow, qtbot: QtBot) -> None:
    window = make_window(ScriptedBackend(lambda: PacedSource(frames=5)))
    window.start("film.mp4")
    qtbot.waitUntil(lambda: window.control.status().analysed == 5)
    qtbot.waitUntil(lambda: window.control.phase is Phase.IDLE)
    qtbot.waitUntil(lambda: window.rooms.empty.title.text() == "Stopped")


def test_cameras_are_offered_by_name(make_window: MakeWindow, qtbot: QtBot) -> None:
    window = make_window(ScriptedBackend())
    window.start("camera:b")
    qtbot.waitUntil(lambda: window.rooms.chooser.findText("Desk camera") >= 0)
    assert window.rooms.chooser.currentText() == "Ceiling camera"


def test_closing_ends_every_thread(make_window: MakeWindow, qtbot: QtBot) -> None:
    window = make_window(ScriptedBackend())
    window.start("demo")
    qtbot.waitUntil(lambda: window.rooms.picture.painted_seq >= 0)
    with qtbot.waitSignal(window.gone, timeout=PATIENCE_MS):
        window.close()
    assert window.isHidden()
    assert window.control.closed


def test_markers_are_published_with_their_time(make_window: MakeWindow, qtbot: QtBot) -> None:
    window = make_window(ScriptedBackend())
    window.start("demo")
    qtbot.waitUntil(lambda: window.rooms.picture.painted_seq >= 0)
    qtbot.waitUntil(window.rooms.markers.buttons[1].isEnabled)
    window.rooms.markers.buttons[1].click()
    qtbot.waitUntil(lambda: window.rooms.curves.affect.plot.marks() != [])
    assert window.rooms.curves.affect.plot.marks()[0][1] == "stimulus"
    assert "stimulus" in window.rooms.markers.last.text()


def test_a_note_is_set_at_the_time_when_it_was_begun(make_window: MakeWindow, qtbot: QtBot) -> None:
    window = make_window(ScriptedBackend())
    window.start("demo")
    qtbot.waitUntil(lambda: window.rooms.picture.painted_seq >= 0)
    qtbot.waitUntil(window.rooms.markers.note.isEnabled)
    note = window.rooms.markers.note
    for send_again in (False, True):
        before_s = window.control.now_s()
        QTest.keyClick(note, Qt.Key.Key_A)
        begun_s = window.control.now_s()
        qtbot.wait(120)
        QTest.keyClick(note, Qt.Key.Key_B)
        QTest.keyClick(note, Qt.Key.Key_Return)
        count = 2 if send_again else 1
        qtbot.waitUntil(lambda count=count: len(window.control.history.events_after(0)) == count)  # type: ignore[misc]
        marker = window.control.history.events_after(0)[-1][1]
        assert isinstance(marker, Marker)
        assert (marker.text, marker.kind) == ("ab", "note")
        assert before_s <= marker.t_s <= begun_s


def test_while_recording_nothing_can_be_changed_by_accident(make_window: MakeWindow, qtbot: QtBot) -> None:
    backend = ScriptedBackend()
    window = make_window(backend)
    window.start("demo")
    qtbot.waitUntil(window.rooms.session_bar.button.isEnabled)
    window.record(SessionPlan(Path("sessions"), "Interview", "P07"))
    qtbot.waitUntil(lambda: "REC" in window.rooms.session_bar.badge.text())
    assert not window.rooms.start_button.isEnabled()
    assert not window.rooms.chooser.isEnabled()
    assert window.focusWidget() is window.rooms.picture  # and not on the button that stops
    assert window.windowTitle() == "● REC   Interview   ·   participant P07   ·   Desktop Affect"
    asked: list[str] = []

    def refuse(title: str, text: str) -> bool:
        asked.append(title)
        return False

    window.confirm = refuse
    window.close()
    assert window.isVisible()
    assert asked == ["A session is being recorded."]
    window.rooms.session_bar.button.click()
    qtbot.waitUntil(lambda: backend.runs[0].recordings_stopped == 1)
    qtbot.waitUntil(lambda: window.rooms.session_bar.badge.text() == "not recording")
    qtbot.waitUntil(window.rooms.start_button.isEnabled)
    assert window.windowTitle() == "Desktop Affect"


def test_the_clock_of_a_recording_begins_with_its_first_picture(make_window: MakeWindow, qtbot: QtBot) -> None:
    backend = ScriptedBackend(StuckSource)
    window = make_window(backend)
    window.start("camera:a")
    window.record(SessionPlan(Path("sessions")))
    badge = window.rooms.session_bar.badge
    qtbot.waitUntil(lambda: "REC 00" in badge.text())
    window.control.recording_since_s -= 500.0  # it has been opening for long
    window.display.show_numbers(None, window.control.status())
    assert "REC 00:00:00" in badge.text()


def test_stopping_the_application_finishes_the_recording(make_window: MakeWindow, qtbot: QtBot) -> None:
    backend = ScriptedBackend()
    window = make_window(backend)
    window.start("demo")
    window.record(SessionPlan(Path("sessions")))
    qtbot.waitUntil(lambda: window.control.session is not None)
    with qtbot.waitSignal(window.gone, timeout=PATIENCE_MS):
        window.force_close()
    assert backend.runs[0].recordings_stopped == 1


def test_settings_take_effect_at_once(make_window: MakeWindow, qtbot: QtBot) -> None:
    backend = ScriptedBackend()
    window = make_window(backend)
    window.use_settings(
        backend.settings.with_changes({"window.look": "light", "window.mirrored": False, "markers.f5": "pause"})
    )
    assert window.theme is LIGHT
    assert not window.rooms.picture.mirrored
    assert list(window.rooms.markers.buttons) == [1, 2, 3, 5]
    qtbot.waitUntil(lambda: backend.settings.text("markers.f5") == "pause")


def test_changes_that_wait_for_the_next_start_are_told(make_window: MakeWindow, qtbot: QtBot) -> None:
    backend = ScriptedBackend()
    window = make_window(backend)
    change = backend.settings.with_changes({"model.device": "cpu", "window.look": "dark"})
    window.use_settings(change)
    assert window.rooms.notices.notices() == []
    window.start("demo")
    qtbot.waitUntil(lambda: window.rooms.picture.painted_seq >= 0)
    window.use_settings(change.with_changes({"camera.fps": 15.0, "camera.width_px": 640, "camera.height_px": 480}))
    qtbot.waitUntil(lambda: len(window.rooms.notices.notices()) == 1)
    notice = window.rooms.notices.notices()[0]
    assert notice.fault.message == "At the next start: Picture width, Picture height and 1 more."


@pytest.mark.qt_log_ignore("This plugin does not support grabbing the keyboard")
def test_another_camera_is_taken_while_it_runs(make_window: MakeWindow, qtbot: QtBot) -> None:
    """The list opens at once; cameras that are found while it lies open join it."""
    backend = ScriptedBackend()
    window = make_window(backend)
    chooser = window.rooms.chooser
    window.start("camera:a")
    qtbot.waitUntil(lambda: window.rooms.picture.painted_seq >= 0)
    qtbot.waitUntil(lambda: chooser.findText("Ceiling camera") >= 0)
    chooser.set_cameras(())
    chooser.showPopup()
    qtbot.waitUntil(lambda: chooser.findText("Ceiling camera") >= 0)
    assert chooser.view().isVisible()
    chooser.hidePopup()
    chooser.setCurrentIndex(chooser.findText("Ceiling camera"))
    chooser.activated.emit(chooser.currentIndex())
    qtbot.waitUntil(lambda: backend.built == ["camera:a", "camera:b"])
    qtbot.waitUntil(lambda: window.control.phase is Phase.RUNNING)


def test_an_alert_is_seen_counted_and_acknowledged(make_window: MakeWindow, qtbot: QtBot) -> None:
    window = make_window(ScriptedBackend())
    window.start("demo")
    qtbot.waitUntil(lambda: window.rooms.picture.painted_seq >= 0)
    now_s = window.control.now_s()
    window.control.publish(Alert(1, AlertPhase.BEGAN, "hesitancy", now_s, now_s, float("nan"), 0.7, 0.6, ("why",)))
    qtbot.waitUntil(window.rooms.alert_banner.isVisible)
    assert window.rooms.alert_button.text() == "1 alert: 0:00  hesitancy"
    assert window.rooms.foot.isVisible()
    window.resize(800, 700)
    qtbot.waitUntil(window.rooms.foot.isHidden)  # the alert needs its room there
    assert window.rooms.alert_banner.isVisible()
    window.rooms.alert_banner.button.click()
    assert window.rooms.alert_banner.isHidden()
    window.start("demo")
    qtbot.waitUntil(lambda: window.rooms.alert_button.text() == "No alerts")


def test_the_face_can_be_hidden_while_analysis_goes_on(make_window: MakeWindow, qtbot: QtBot) -> None:
    window = make_window(ScriptedBackend())
    window.start("demo")
    qtbot.waitUntil(lambda: window.rooms.picture.painted_seq >= 0)
    window.rooms.seen.hide_face.click()
    painted = window.rooms.picture.painted_seq
    qtbot.waitUntil(lambda: window.rooms.picture.painted_seq > painted)
    middle = window.rooms.picture.rect().center()
    assert window.rooms.picture.grab().toImage().pixelColor(middle).name() == window.theme.raised


def test_a_calibration_is_begun_shown_and_cancelled(make_window: MakeWindow, qtbot: QtBot) -> None:
    window = make_window(ScriptedBackend(model=ScriptedModel()))
    bar = window.rooms.calibration
    assert not bar.button.isEnabled()
    window.start("demo")
    qtbot.waitUntil(bar.button.isEnabled)
    bar.button.click()
    qtbot.waitUntil(lambda: bar.words.text() == "Calibrating 40%")
    bar.button.click()
    qtbot.waitUntil(lambda: bar.words.text() == "")


def test_the_preflight_follows_while_the_dialog_is_open(make_window: MakeWindow, qtbot: QtBot) -> None:
    window = make_window(ScriptedBackend(model=ScriptedModel()))
    window.start("demo")
    qtbot.waitUntil(window.rooms.session_bar.button.isEnabled)
    window.rooms.session_bar.button.click()
    dialog = window.dialogs.session
    assert dialog is not None

    def told() -> str:
        return " ".join(label.text() for label in dialog.checks.findChildren(QLabel) if label.isVisible())

    qtbot.waitUntil(lambda: "41 GB free" in told())
    window.control.surroundings = Surroundings(free_gb=0.3)
    qtbot.waitUntil(lambda: "✕ stop" in told() and "Only 0.3 GB free" in told())
    dialog.reject()


@pytest.mark.parametrize("name", ["session", "settings"])
def test_asked_for_twice_at_once_a_dialog_comes_once(make_window: MakeWindow, qtbot: QtBot, name: str) -> None:
    """It is made in one turn and comes in a later one; a double-click falls in between."""
    window = make_window(ScriptedBackend())
    dialogs = window.dialogs
    ask = {"session": dialogs.new_session, "settings": dialogs.open_settings}[name]
    ask()
    first = getattr(dialogs, name)
    ask()
    assert getattr(dialogs, name) is first
    qtbot.waitUntil(first.isVisible)
    assert first.isModal()
    first.reject()
    assert getattr(dialogs, name) is None
