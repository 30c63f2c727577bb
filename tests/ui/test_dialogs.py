"""The session dialog, the preflight, the settings, the look."""

from __future__ import annotations

import json
import math
from concurrent.futures import Future
from dataclasses import replace
from html import escape
from pathlib import Path

import pytest
from PySide6.QtWidgets import QCheckBox, QLabel, QSpinBox
from pytestqt.qtbot import QtBot

from desktop_affect.core.settings import Settings
from desktop_affect.core.settings_table import default_settings
from desktop_affect.core.types import Box, EngineState, Sample, SourceInfo, SourceKind, Status
from desktop_affect.core.types import Light as FaceLight
from desktop_affect.session.plan import Consent, FilmConsent, SessionPlan
from desktop_affect.signals.catalogue import SIGNALS
from desktop_affect.sinks.film_recorder import FilmStatus
from desktop_affect.sinks.film_words import FilmState
from desktop_affect.sinks.recording import RecorderState
from desktop_affect.ui.checks_panel import ChecksPanel
from desktop_affect.ui.help import HelpDialog, page
from desktop_affect.ui.preflight import Item, Light, Permissions, Stream, Surroundings, preflight
from desktop_affect.ui.session_bar import SessionBar, badge_words, session_words, size_words
from desktop_affect.ui.session_dialog import SessionDialog
from desktop_affect.ui.settings_dialog import SettingsDialog
from desktop_affect.ui.surroundings import folder_problem, free_gb
from desktop_affect.ui.theme import DARK
from tests.fakes import INFO, face
from tests.ui.samples import model, no_face, sample
from tests.ui.scripted import ScriptedRecording

RUNNING = Status(EngineState.RUNNING, INFO, model("valence_arousal"), fps_in=30.0, fps_analysed=29.5)
ROOMY = Surroundings(free_gb=40.0)
REFUSED = Surroundings(permissions=Permissions(camera="Allow it."))


def lights(status: Status, seen: Sample | None = None, around: Surroundings = ROOMY) -> dict[str, Light]:
    big = replace(sample(1.0), face=replace(face(), box=Box(0, 0, 200, 260), light=FaceLight(0.5, 0.2, 100)))
    return {item.what: item.light for item in preflight(status, seen or big, around)}


def test_all_is_green_when_all_is_well() -> None:
    streams = (Stream("LSL", True, "two programs listen"),)
    told = lights(RUNNING, around=replace(ROOMY, streams=streams))
    assert set(told.values()) == {Light.GREEN}
    assert {"30 pictures a second", "test on CPU", "40 GB free", "LSL: two programs listen"} <= set(told)


@pytest.mark.parametrize(
    ("status", "around", "what", "light"),
    [
        (Status(), ROOMY, "No pictures arrive", Light.RED),
        (
            Status(),
            Surroundings(permissions=Permissions(camera="Allow it.")),
            "The system refuses the camera",
            Light.RED,
        ),
        (replace(RUNNING, fps_in=9.0), ROOMY, "Only 9 pictures a second", Light.AMBER),
        (replace(RUNNING, fps_analysed=12.0), ROOMY, "Only 12 a second are looked at", Light.AMBER),
        (replace(RUNNING, model=None), ROOMY, "No model: only the face is recorded", Light.AMBER),
        (RUNNING, Surroundings(free_gb=2.0), "Only 2.0 GB free", Light.AMBER),
        (RUNNING, Surroundings(free_gb=0.5), "Only 0.5 GB free", Light.RED),
        (
            RUNNING,
            Surroundings(permissions=Permissions(folder="Choose another.")),
            "The sessions folder cannot be written",
            Light.RED,
        ),
        (RUNNING, Surroundings(streams=(Stream("LSL", False, "no library"),)), "LSL does not work", Light.AMBER),
    ],
)
def test_what_is_wrong_is_told_with_its_light_and_what_to_do(
    status: Status, around: Surroundings, what: str, light: Light
) -> None:
    assert lights(status, around=around)[what] is light
    assert all(item.advice for item in preflight(status, None, around) if item.light is not Light.GREEN)


def test_a_folder_is_asked_whether_it_can_be_written(tmp_path: Path) -> None:
    assert folder_problem(tmp_path / "new" / "deeper") == ""
    file = tmp_path / "file"
    file.write_text("", encoding="utf-8")
    assert "Choose another folder" in folder_problem(file)
    assert math.isfinite(free_gb(tmp_path / "new"))


def test_the_panel_of_checks_is_shown_anew_with_the_worst_on_top(qtbot: QtBot) -> None:
    panel = ChecksPanel()
    qtbot.addWidget(panel)
    panel.show()
    panel.show_items([Item(Light.GREEN, "a"), Item(Light.AMBER, "b"), Item(Light.RED, "c", "do this")])
    assert shown_lines(panel) == ["✕ stop", "c", "do this", "! look", "b", "✓ ok", "a"]
    panel.show_items([Item(Light.GREEN, "a")])
    assert shown_lines(panel) == ["✓ ok", "a"]


def test_no_word_of_the_preflight_is_cut(qtbot: QtBot) -> None:
    panel = ChecksPanel()
    qtbot.addWidget(panel)
    panel.resize(232, 348)
    panel.show()
    short = Item(Light.GREEN, "30 pictures a second")
    panel.show_items([short, Item(Light.GREEN, "The face is well lit")])
    advice = (
        "Close other programs, or choose a smaller model: frames that are not looked at have rows without estimates."
    )
    panel.show_items([Item(Light.AMBER, "Only 23 a second are looked at", advice), short])
    qtbot.wait(50)
    for label in panel.findChildren(QLabel):
        if label.isVisible() and label.wordWrap():
            assert label.height() >= label.heightForWidth(label.width()), label.text()


def shown_lines(panel: ChecksPanel) -> list[str]:
    labels = [label for label in panel.findChildren(QLabel) if label.isVisible() and label is not panel.title]
    return [label.text() for label in sorted(labels, key=lambda label: (label.y(), label.x()))]


def test_the_demo_and_an_empty_chair_are_told() -> None:
    demo = replace(RUNNING, source=SourceInfo(SourceKind.DEMO, "Demo participant", "demo", 1280, 720, 30.0, True))
    told = lights(demo, no_face(1.0))
    assert told["The participant is the demo"] is Light.AMBER
    assert told["No face in view"] is Light.AMBER


def test_a_small_dark_face_and_company_are_told() -> None:
    poor = replace(face(), box=Box(0, 0, 50, 60), light=FaceLight(0.1, 0.2, 100), other_faces=1)
    told = lights(RUNNING, replace(sample(1.0), face=poor))
    assert {"The face is small (60 px)", "The face is dark", "More than one face in view"} <= set(told)


@pytest.fixture
def dialog(qtbot: QtBot) -> SessionDialog:
    before = SessionPlan(Path("sessions"), "Interview", "P06", "B")
    made = SessionDialog(Path("sessions"), before, preflight(RUNNING, None, Surroundings()), DARK)
    qtbot.addWidget(made)
    return made


def test_nothing_is_recorded_without_consent(dialog: SessionDialog) -> None:
    assert not dialog.record.isEnabled()
    dialog.agreed.click()
    assert dialog.record.isEnabled()


def test_the_plan_is_what_was_typed_and_the_participant_is_new(dialog: SessionDialog) -> None:
    assert dialog.participant.text() == ""
    dialog.participant.setText(" P07 ")
    dialog.note.setText("form A")
    plan = dialog.plan()
    assert (plan.study, plan.participant, plan.condition) == ("Interview", "P07", "B")
    assert plan.consent.film is FilmConsent.NONE
    assert plan.consent.note == "form A"
    assert plan.root == Path("sessions")


def test_a_film_is_kept_only_where_it_was_chosen_and_agreed_to(dialog: SessionDialog) -> None:
    dialog.agreed.click()
    dialog.film.setCurrentIndex(dialog.film.findData(FilmConsent.BLURRED))
    assert not dialog.record.isEnabled(), "what was agreed to was something else"
    assert "filmed" in dialog.agreed.text()
    assert "blurred" in dialog.stored.text()
    dialog.agreed.click()
    assert dialog.record.isEnabled()
    assert dialog.plan().consent.film is FilmConsent.BLURRED


def test_the_next_session_of_a_study_offers_the_same_film_and_asks_again(qtbot: QtBot) -> None:
    before = SessionPlan(Path("sessions"), "Interview", consent=Consent(FilmConsent.FACE))
    made = SessionDialog(Path("sessions"), before, (), DARK)
    qtbot.addWidget(made)
    assert made.plan().consent.film is FilmConsent.FACE
    assert not made.record.isEnabled()


def test_the_preflight_stands_in_the_dialog(dialog: SessionDialog) -> None:
    texts = [label.text() for label in dialog.findChildren(QLabel)]
    assert any("No face in view" in text for text in texts)


def test_recording_is_told_in_words_and_shape(qtbot: QtBot) -> None:
    bar = SessionBar(DARK)
    qtbot.addWidget(bar)
    assert bar.badge.text() == "not recording"
    assert not bar.button.isEnabled()
    plan = SessionPlan(Path("sessions"), "Interview", "P07", "B")
    bar.show_state(plan, ScriptedRecording(), 761.0, can_record=True)
    assert bar.badge.text() == "● REC 00:12:41 · 1.2 MB"
    assert session_words(plan) == "Interview   ·   participant P07   ·   condition B"
    with qtbot.waitSignal(bar.wants_stop):
        bar.button.click()


@pytest.mark.parametrize(
    ("state", "words"),
    [
        (RecorderState.OPENING, "REC begins"),
        (RecorderState.FAILED, "NOT RECORDING"),
        (RecorderState.WAITING, "waits for the disk"),
    ],
)
def test_a_recording_that_does_not_run_says_so(state: RecorderState, words: str) -> None:
    recording = ScriptedRecording()
    recording.state = state
    assert words in badge_words(recording, 1.0)


@pytest.mark.parametrize(
    ("state", "dropped", "words"),
    [
        (FilmState.RECORDING, 0, "● REC 00:00:01 · 3.2 MB · film"),
        (FilmState.RECORDING, 7, "● REC 00:00:01 · 3.2 MB · film lacks 7"),
        (FilmState.STOPPED, 90, "● REC 00:00:01 · 3.2 MB · film stopped"),
    ],
)
def test_a_film_is_told_where_the_recording_is(state: FilmState, dropped: int, words: str) -> None:
    recording = ScriptedRecording()
    recording.film = FilmStatus(FilmConsent.FACE, state, 100, dropped, 2_000_000)
    assert badge_words(recording, 1.0) == words


def test_lost_rows_are_never_hidden() -> None:
    recording = ScriptedRecording()
    recording.lost_rows = 12
    assert badge_words(recording, 1.0).endswith("12 lost")


@pytest.mark.parametrize(("size", "words"), [(900, "1 kB"), (3_400_000, "3.4 MB"), (2_500_000_000, "2.50 GB")])
def test_sizes(size: int, words: str) -> None:
    assert size_words(size) == words


@pytest.fixture
def settings(qtbot: QtBot) -> tuple[SettingsDialog, list[Settings]]:
    applied: list[Settings] = []
    made = SettingsDialog(default_settings(), applied.append, DARK)
    qtbot.addWidget(made)
    return made, applied


def test_every_row_of_the_table_has_a_field_that_reads_back(settings: tuple[SettingsDialog, list[Settings]]) -> None:
    dialog, _ = settings
    assert dict(dialog.chosen()) == dict(default_settings())


def test_a_change_is_applied_and_defaults_come_back(settings: tuple[SettingsDialog, list[Settings]]) -> None:
    dialog, applied = settings
    width, sound = dialog.rows["camera.width_px"].field, dialog.rows["window.alert_sound"].field
    assert isinstance(width, QSpinBox)
    assert isinstance(sound, QCheckBox)
    width.setValue(640)
    sound.setChecked(True)
    dialog.accept()
    assert applied[0].changed() == {"camera.width_px": 640, "window.alert_sound": True}
    dialog.reset()
    assert dialog.chosen().changed() == {}


def test_search_leaves_what_fits(settings: tuple[SettingsDialog, list[Settings]]) -> None:
    dialog, _ = settings
    dialog.search.setText("picture width")
    assert not dialog.rows["camera.width_px"].isHidden()
    assert dialog.rows["model.device"].isHidden()


def test_settings_travel_as_a_file(settings: tuple[SettingsDialog, list[Settings]], tmp_path: Path) -> None:
    dialog, _ = settings
    path = tmp_path / "settings.json"
    dialog.rows["markers.f1"].show_value("door")
    dialog.write_file(path)
    assert str(path) in dialog.problem.text()
    dialog.reset()
    dialog.read_file(path)
    assert dialog.chosen().text("markers.f1") == "door"
    path.write_text(json.dumps({"values": {"camera.fps": 9000}}), encoding="utf-8")
    dialog.read_file(path)
    assert "9000" in dialog.problem.text()


@pytest.mark.parametrize("text", ['{"schema": 1, "val', "[1, 2]", '{"name": "a package"}', "\xff"])
def test_a_file_of_something_else_changes_nothing(
    settings: tuple[SettingsDialog, list[Settings]], tmp_path: Path, text: str
) -> None:
    dialog, _ = settings
    path = tmp_path / "other.json"
    path.write_text(text, encoding="latin-1")
    dialog.rows["markers.f1"].show_value("door")
    dialog.read_file(path)
    assert dialog.chosen().text("markers.f1") == "door"
    assert dialog.problem.text() == "other.json is not a file of settings, or it is damaged. Nothing was changed."
    dialog.read_file(tmp_path / "nowhere.json")
    assert "No such file" in dialog.problem.text()


def test_the_help_says_what_every_signal_means() -> None:
    whole = page(DARK, [])
    for signal in SIGNALS:
        assert escape(signal.meaning) in whole
    assert "not validated" in whole


def test_the_help_can_be_searched(qtbot: QtBot) -> None:
    dialog = HelpDialog(DARK)
    qtbot.addWidget(dialog)
    dialog.search.setText("lip corner puller")
    text = dialog.page.toPlainText()
    assert "AU12" in text
    assert "Valence" not in text
    dialog.search.setText("no such thing")
    assert dialog.page.toPlainText() == "Nothing here is called that."


def test_the_room_in_the_chosen_folder_is_told(qtbot: QtBot, tmp_path: Path) -> None:
    told = {Path("sessions"): 70.2, tmp_path: 3.04}

    def ask(folder: Path) -> Future[float]:
        answer: Future[float] = Future()
        answer.set_result(told[folder])
        return answer

    dialog = SessionDialog(Path("sessions"), None, (), DARK, room=ask)
    qtbot.addWidget(dialog)
    qtbot.waitUntil(lambda: dialog.where.room.text() == "70 GB free")
    dialog.where.use(tmp_path)
    qtbot.waitUntil(lambda: dialog.where.room.text() == "3.0 GB free")
    assert dialog.plan().root == tmp_path
    dialog.reject()


def test_the_dialog_grows_with_what_the_preflight_has_to_say(qtbot: QtBot) -> None:
    dialog = SessionDialog(Path("sessions"), None, (), DARK)
    qtbot.addWidget(dialog)
    dialog.show()
    qtbot.waitExposed(dialog)
    before = dialog.height()
    advice = "Close other programs, or choose a smaller model: frames that are not looked at have empty rows. " * 2
    dialog.checks.show_items([Item(Light.AMBER, f"Only {rate} a second", advice) for rate in range(6)])
    assert dialog.height() > before
    layout = dialog.layout()
    assert layout is not None
    assert dialog.height() >= layout.totalHeightForWidth(dialog.width())


@pytest.mark.parametrize(
    ("words", "key"),
    [("hotkeys", "markers.f1"), ("privacy", "recording.film_form"), ("theme", "window.look"), ("camera", "camera.fps")],
)
def test_search_finds_what_people_call_a_setting(qtbot: QtBot, words: str, key: str) -> None:
    dialog = SettingsDialog(default_settings(), lambda settings: None, DARK)
    qtbot.addWidget(dialog)
    dialog.search.setText(words)
    assert not dialog.rows[key].isHidden()
    assert dialog.rows["smoothing.beta"].isHidden()
