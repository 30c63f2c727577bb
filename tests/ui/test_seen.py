"""What is said about the picture: its switches, a face that is missing, and the same where the picture has no room."""

from __future__ import annotations

import pytest
from pytestqt.qtbot import QtBot

from desktop_affect.core.types import Sample
from desktop_affect.ui.overlay import Layers
from desktop_affect.ui.seen_panel import SeenPanel
from desktop_affect.ui.seen_strip import SeenStrip
from desktop_affect.ui.theme import DARK
from desktop_affect.ui.words import NO_FACE, WELCOME, Offer
from tests.fakes import ScriptedModel
from tests.ui.conftest import MakeWindow
from tests.ui.samples import no_face, sample
from tests.ui.scripted import ScriptedBackend

NOTHING = Layers(mesh=False, box=False, pose=False, gaze=False)


@pytest.fixture
def seen(qtbot: QtBot) -> SeenPanel:
    panel = SeenPanel(DARK)
    qtbot.addWidget(panel)
    return panel


def test_off_draws_nothing_and_gives_back_what_was_drawn(seen: SeenPanel, qtbot: QtBot) -> None:
    seen.layer_chips["Pose"].click()
    before = seen.layers
    with qtbot.waitSignal(seen.switched):
        seen.nothing.click()
    assert seen.layers == NOTHING
    seen.nothing.click()
    assert seen.layers == before


def test_any_layer_ends_off_and_the_last_that_goes_is_off(seen: SeenPanel) -> None:
    seen.nothing.click()
    seen.layer_chips["Mesh"].click()
    assert not seen.nothing.isChecked()
    assert seen.layers == Layers(mesh=True, box=False, pose=False, gaze=False)
    seen.layer_chips["Mesh"].click()
    assert seen.nothing.isChecked()
    assert seen.layers == NOTHING


def test_off_after_everything_was_switched_off_one_by_one_brings_something_back(seen: SeenPanel) -> None:
    for layer in seen.layer_chips.values():
        layer.click()
    seen.nothing.click()
    assert seen.layers != NOTHING


@pytest.fixture
def strip(qtbot: QtBot) -> SeenStrip:
    made = SeenStrip(DARK)
    qtbot.addWidget(made)
    made.show()
    return made


def test_the_strip_says_why_there_is_no_picture_and_offers_the_same(strip: SeenStrip, qtbot: QtBot) -> None:
    strip.say(WELCOME)
    assert (strip.title.text(), strip.button.text()) == (WELCOME.title, Offer.START_DEMO.value)
    assert not strip.quality.isVisible()
    with qtbot.waitSignal(strip.offered) as offered:
        strip.button.click()
    assert offered.args == [Offer.START_DEMO]


@pytest.mark.parametrize(("shown", "word"), [(sample(1.0), "good"), (no_face(1.0), "no face in view")])
def test_else_it_says_how_far_the_data_can_be_believed(strip: SeenStrip, shown: Sample, word: str) -> None:
    strip.say(None)
    strip.show_sample(shown)
    assert strip.quality.isVisible()
    assert strip.quality.word.text() == word
    assert not strip.title.isVisible()


def test_in_a_narrow_window_the_first_page_is_still_there(make_window: MakeWindow, qtbot: QtBot) -> None:
    backend = ScriptedBackend(model=ScriptedModel())
    backend.kept = {}
    window = make_window(backend)
    strip = window.rooms.strip
    window.resize(800, 800)
    qtbot.waitUntil(strip.isVisible)
    qtbot.waitUntil(lambda: strip.title.text() == WELCOME.title)
    strip.button.click()
    qtbot.waitUntil(lambda: strip.quality.isVisible() and strip.quality.word.text() == "face found")
    assert backend.built == ["demo"]
    window.resize(1280, 800)
    qtbot.waitUntil(strip.isHidden)


def test_a_face_that_stays_away_is_told_over_the_picture_with_help(
    make_window: MakeWindow, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    window = make_window(ScriptedBackend())
    window.start("demo")
    note = window.rooms.seen.note
    qtbot.waitUntil(lambda: window.rooms.picture.painted_seq >= 0)
    assert note.isHidden()
    now_s = [1000.0]
    monkeypatch.setattr("desktop_affect.ui.display.time.monotonic", lambda: now_s[0])
    window.display.show_picture(window.control.preview(), window.control.status())
    preview = window.control.preview()
    assert preview is not None
    gone = type(preview)(preview.frame, no_face(1.0))
    for now_s[0], hidden in ((1001.0, True), (1003.0, False)):
        window.display.show_picture(gone, window.control.status())
        assert note.isHidden() is hidden
    assert note.text.text() == NO_FACE.title
    assert window.rooms.strip.button.text() == Offer.HELP.value  # where the picture has no room
    note.button.click()
    assert window.side.help is not None
    assert "lit from the front" in window.side.help.page.toPlainText()
    window.display.show_picture(preview, window.control.status())
    assert note.isHidden()


def test_without_a_model_one_button_leads_to_the_choice_of_one(make_window: MakeWindow, qtbot: QtBot) -> None:
    window = make_window(ScriptedBackend())
    window.start("demo")
    qtbot.waitUntil(window.rooms.faces.choose_model.isVisible)
    window.rooms.faces.choose_model.click()
    dialog = window.dialogs.settings
    assert dialog is not None
    qtbot.waitUntil(dialog.rows["model.name"].isVisible)
    assert not dialog.rows["window.look"].isVisible()
    dialog.reject()
