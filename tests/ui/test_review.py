"""The window of recorded sessions, on real recorded sessions: found, opened, looked through, annotated."""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QShortcut
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot
from shiboken6 import isValid

from desktop_affect.session import annotations as notes
from desktop_affect.session.format import SAMPLES_FILE
from desktop_affect.session.labels import read_labels
from desktop_affect.session.reader import read_header, read_session
from desktop_affect.ui.browser import NO_SESSIONS, NOTHING_FOUND
from desktop_affect.ui.paint_turns import paint_turns
from desktop_affect.ui.recording import Recording, curves
from desktop_affect.ui.recording_view import threshold_of
from desktop_affect.ui.theme import LIGHT
from tests.shared_data import ROOT
from tests.ui.conftest import MakeWindow
from tests.ui.reviewed import OpenReview, cut_off, names, press, record, shown
from tests.ui.scripted import ScriptedBackend


def test_without_sessions_the_place_says_how_to_get_one(review: OpenReview, qtbot: QtBot) -> None:
    opened = review()
    qtbot.waitUntil(lambda: opened.browser.empty_title.text() == NO_SESSIONS[0])
    with qtbot.waitSignal(opened.browser.main_wanted):
        opened.browser.empty_button.click()
    assert opened.browser.pages.currentIndex() == 1


def test_sessions_are_found_sorted_and_filtered(review: OpenReview, root: Path, qtbot: QtBot) -> None:
    for who, seconds in (("P07", 2.0), ("p10", 3.0), ("P09", 1.0)):
        record(root, who, seconds)
    opened = review()
    browser = opened.browser
    qtbot.waitUntil(lambda: len(names(opened)) == 3)
    browser.table.sortByColumn(4, Qt.SortOrder.DescendingOrder)
    assert names(opened) == ["p10", "P07", "P09"]
    browser.table.sortByColumn(1, Qt.SortOrder.AscendingOrder)
    assert names(opened) == ["P07", "P09", "p10"]
    assert browser.count.text().startswith("3 sessions, ")
    row = [browser.model.data(browser.model.index(0, column)) for column in range(4, 8)]
    assert row == ["0:02", "60", "100%", "1"]
    box = browser.search.filters["participant"]
    box.setCurrentIndex(box.findData("P09"))
    box.activated.emit(box.currentIndex())
    qtbot.waitUntil(lambda: names(opened) == ["P09"])
    browser.search.words.setText("nobody")
    qtbot.waitUntil(lambda: browser.empty_title.text() == NOTHING_FOUND[0])
    browser.empty_button.click()
    qtbot.waitUntil(lambda: len(names(opened)) == 3)
    assert browser.search.words.text() == ""


def test_tags_and_a_note_are_kept_with_the_session(review: OpenReview, root: Path, qtbot: QtBot) -> None:
    folder = record(root, seconds=1.0)
    opened = review()
    qtbot.waitUntil(lambda: len(names(opened)) == 1)
    opened.browser.choose([folder])
    details = opened.browser.details
    assert not details.save.isEnabled()
    details.tags.setText("pilot,  good  light")
    details.note.setPlainText("Window open")
    assert details.save.isEnabled()
    details.save.click()
    qtbot.waitUntil(lambda: opened.browser.model.rows[0].entry.labels.note == "Window open")
    assert read_labels(folder).tags == ("pilot", "good light")
    assert opened.browser.chosen_paths == [folder]
    assert opened.browser.search.filters["tag"].findData("pilot") > 0


def test_what_is_deleted_can_be_taken_back(review: OpenReview, root: Path, qtbot: QtBot) -> None:
    folder = record(root, seconds=1.0)
    opened = review()
    browser = opened.browser
    qtbot.waitUntil(lambda: len(names(opened)) == 1)
    browser.choose([folder])
    QTest.keyClick(browser.table, Qt.Key.Key_Delete)
    qtbot.waitUntil(lambda: names(opened) == [] and browser.undo.isVisible())
    assert not folder.exists()
    browser.undo.click()
    qtbot.waitUntil(lambda: names(opened) == ["P07"] and not browser.undo.isVisible())
    assert folder.exists()


def test_the_list_can_be_made_anew(review: OpenReview, root: Path, qtbot: QtBot) -> None:
    record(root, seconds=1.0)
    opened = review()
    qtbot.waitUntil(lambda: len(names(opened)) == 1)
    opened.browser.rebuild.click()
    qtbot.waitUntil(lambda: opened.jobs.current is None)
    assert names(opened) == ["P07"]


def test_a_session_is_opened_by_enter_and_left_by_escape(review: OpenReview, root: Path, qtbot: QtBot) -> None:
    folder = record(root, seconds=2.0)
    opened = review()
    qtbot.waitUntil(lambda: len(names(opened)) == 1)
    opened.browser.choose([folder])
    opened.browser.table.activated.emit(opened.browser.model.index(0, 0))
    qtbot.waitUntil(lambda: opened.pages.currentWidget() is opened.pages.made_player)
    assert opened.head.title.text() == "P07 · B · Interview"
    assert opened.head.state.text().endswith("0:02   60 rows")
    opened.show_browser()
    assert opened.pages.currentWidget() is opened.browser


def test_a_folder_that_is_no_session_is_told_with_details_to_copy(
    review: OpenReview, tmp_path: Path, qtbot: QtBot
) -> None:
    opened = review()
    opened.open_session(tmp_path)
    qtbot.waitUntil(lambda: bool(opened.notices.notices()))
    qtbot.waitUntil(lambda: len(opened.notices.notices()) == 1)
    (notice,) = opened.notices.notices()
    assert "is not a session" in notice.fault.message
    assert notice.fault.advice
    assert notice.fault.detail
    assert opened.session is None


def test_a_torn_session_is_mended_and_opens_with_a_note(review: OpenReview, root: Path, qtbot: QtBot) -> None:
    folder = record(root)
    cut_off(folder)
    opened = review()
    qtbot.waitUntil(lambda: len(names(opened)) == 1)
    assert opened.browser.model.rows[0].torn
    assert opened.browser.model.data(opened.browser.model.index(0, 9)) == "cut off"
    opened.open_session(folder)
    qtbot.waitUntil(lambda: opened.pages.currentWidget() is opened.pages.made_player)
    qtbot.waitUntil(lambda: len(opened.notices.notices()) == 1)
    (notice,) = opened.notices.notices()
    assert "cut off while it was recorded" in notice.fault.message
    assert "0:20 in 600 rows" in notice.fault.message
    assert "12 bytes" in notice.fault.detail
    assert read_header(folder)["state"] == "recovered"


def test_a_torn_session_that_cannot_be_mended_is_shown_as_it_is(
    review: OpenReview, root: Path, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = record(root, seconds=2.0)
    cut_off(folder)

    def refuse(*_: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr("desktop_affect.session.recover.os.truncate", refuse)
    opened = shown(review, folder, qtbot)
    qtbot.waitUntil(lambda: len(opened.notices.notices()) == 1)
    (notice,) = opened.notices.notices()
    assert "could not be repaired" in notice.fault.message
    assert opened.session is not None
    assert opened.session.rows == 60


def test_everything_is_in_step_with_the_cursor(review: OpenReview, root: Path, qtbot: QtBot) -> None:
    opened = shown(review, record(root), qtbot)
    player = opened.player
    player.seek(5.0)
    qtbot.waitUntil(lambda: player.up_to_date)
    assert player.view.affect.valence.text == "+0.15"
    assert player.view.affect.time.text() == "at 0:05"
    assert player.circumplex.now == pytest.approx((0.15, 0.1))
    assert player.transport.time.text() == "0:05.00 of 0:19.97"
    assert player.view.signals.legends[0].text() == "AU12 lip corner puller  0.60"
    assert player.quality.word.text() == "good"
    player.seek(10.5)
    qtbot.waitUntil(lambda: player.up_to_date)
    assert player.view.affect.valence.text == "–"
    assert "only numbers were recorded" in player.picture.words.text()


def test_a_zoom_is_put_into_one_plot_a_turn(review: OpenReview, root: Path, qtbot: QtBot) -> None:
    opened = shown(review, record(root), qtbot)
    player = opened.player
    qtbot.waitUntil(lambda: paint_turns().over)
    opened._timer.stop()
    before = [plot.shown_range() for plot in player.view.plots]
    player.playback_zoom(2, 10.0)
    player.tick()
    for moved in range(3):
        ranges = [plot.shown_range() for plot in player.view.plots]
        assert [now != then for now, then in zip(ranges, before, strict=True)] == [n < moved for n in range(3)]
        paint_turns().step()
    assert player.view.up_to_date


def test_a_table_that_has_gone_is_told_and_the_curves_stay(review: OpenReview, root: Path, qtbot: QtBot) -> None:
    """As on a stick that was pulled out."""
    folder = record(root)
    opened = shown(review, folder, qtbot)
    (folder / SAMPLES_FILE).rename(root / "elsewhere")
    opened.player.seek(15.0)
    qtbot.waitUntil(lambda: bool(opened.notices.notices()))
    assert folder.name in opened.notices.notices()[0].fault.message
    assert opened.player.view.affect.valence.text == "+0.45"


def test_keys_step_jump_and_play(review: OpenReview, root: Path, qtbot: QtBot) -> None:
    opened = shown(review, record(root), qtbot)
    player, play = opened.player, opened.player.playback

    press(opened, qtbot, Qt.Key.Key_N)
    assert play.cursor_s == pytest.approx(5.0)
    press(opened, qtbot, Qt.Key.Key_N)
    assert play.cursor_s == pytest.approx(12.0)
    press(opened, qtbot, Qt.Key.Key_P)
    assert play.cursor_s == pytest.approx(5.0)
    press(opened, qtbot, Qt.Key.Key_Right)
    assert play.cursor_s == pytest.approx(5.0 + 1 / 30, abs=1e-4)
    press(opened, qtbot, Qt.Key.Key_Left, Qt.KeyboardModifier.ShiftModifier)
    assert play.cursor_s == pytest.approx(4.0 + 1 / 30, abs=1e-4)
    press(opened, qtbot, Qt.Key.Key_End)
    assert play.cursor_s == play.end_s
    press(opened, qtbot, Qt.Key.Key_Home)
    assert play.cursor_s == play.begin_s
    player.transport.speed_chosen.emit(16.0)
    press(opened, qtbot, Qt.Key.Key_Space)
    assert play.playing
    qtbot.waitUntil(lambda: play.cursor_s == play.end_s)
    assert not play.playing


def test_pressing_on_a_curve_seeks_and_the_wheel_zooms(review: OpenReview, root: Path, qtbot: QtBot) -> None:
    opened = shown(review, record(root), qtbot)
    player = opened.player
    plot = player.view.affect.plot
    box = plot.getPlotItem().vb.sceneBoundingRect()
    QTest.mouseClick(
        plot.viewport(), Qt.MouseButton.LeftButton, pos=QPoint(int(box.center().x()), int(box.center().y()))
    )
    assert player.playback.cursor_s == pytest.approx(10.0, abs=0.2)
    player.view.zoomed.emit(2, 10.0)
    qtbot.waitUntil(lambda: player.up_to_date)
    low_s, high_s = plot.shown_range()
    assert high_s - low_s == pytest.approx(19.967 / 1.5**2, abs=0.05)
    assert player.transport.spans.chosen_number == -1
    player.transport.spans.choose(4)
    qtbot.waitUntil(lambda: player.up_to_date)
    assert player.playback.span_s == pytest.approx(19.967, abs=0.01)
    player.overview.sought.emit(player.overview.time_at(player.overview.x_of(3.0)))
    assert player.playback.cursor_s == pytest.approx(3.0, abs=0.05)


def test_other_signals_can_be_chosen(review: OpenReview, root: Path, qtbot: QtBot) -> None:
    opened = shown(review, record(root), qtbot)
    panel = opened.player.view.signals
    panel.actions_by_name["hesitancy"].trigger()
    assert panel.names == ("AU04", "quality", "hesitancy")
    qtbot.waitUntil(lambda: panel.legends[2].text().endswith("0.30"))
    recording = opened.player.recording
    assert recording is not None
    assert recording.curves.names == panel.names


def test_an_event_and_a_range_are_annotated_edited_and_undone(review: OpenReview, root: Path, qtbot: QtBot) -> None:
    folder = record(root)
    before = (folder / SAMPLES_FILE).read_bytes()
    opened = shown(review, folder, qtbot)
    player, desk = opened.player, opened.player.desk
    player.seek(3.0)
    press(opened, qtbot, Qt.Key.Key_M)
    assert desk.editor is not None
    desk.editor.text.setText("looks up")
    desk.editor.category.setCurrentText("gaze")
    desk.editor.style_box.setCurrentIndex(3)
    desk.editor.accept()
    player.seek(6.0)
    press(opened, qtbot, Qt.Key.Key_I)
    player.seek(8.0)
    press(opened, qtbot, Qt.Key.Key_O)
    desk.editor.text.setText("away")
    desk.editor.category.setCurrentText("gaze")
    assert desk.editor.style_box.currentIndex() == 3
    desk.editor.accept()
    qtbot.waitUntil(lambda: len(notes.read_annotations(folder)) == 2)
    event, stretch = notes.read_annotations(folder)
    assert (event.begin_s, event.is_range, event.label, event.style) == (3.0, False, "gaze: looks up", 3)
    assert (stretch.begin_s, stretch.end_s, stretch.author) == (6.0, 8.0, notes.author())
    assert [line.text for line in player.moments.shown] == ["gaze: looks up", "stimulus", "gaze: away", "hesitancy"]
    player.moments.edit_wanted.emit(stretch)
    desk.editor.end.setValue(9.5)
    desk.editor.accept()
    player.moments.remove_wanted.emit(event)
    qtbot.waitUntil(lambda: [found.end_s for found in notes.read_annotations(folder)] == [9.5])
    press(opened, qtbot, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    press(opened, qtbot, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(lambda: [found.end_s for found in notes.read_annotations(folder)][1:] == [8.0])
    press(opened, qtbot, Qt.Key.Key_Y, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(lambda: [found.end_s for found in notes.read_annotations(folder)][1:] == [9.5])
    assert (folder / SAMPLES_FILE).read_bytes() == before


def test_an_annotation_that_cannot_be_saved_is_taken_back_and_told(
    review: OpenReview, root: Path, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = record(root, seconds=2.0)
    opened = shown(review, folder, qtbot)
    notes.put(folder, notes.made(0.5, text="kept"))
    annotating = opened.player.desk.annotating
    assert annotating is not None

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(notes, "_write", full)
    annotating.add(notes.made(1.0, text="lost"))
    assert len(annotating.annotations) == 1
    qtbot.waitUntil(lambda: [found.text for found in annotating.annotations] == ["kept"])
    qtbot.waitUntil(lambda: bool(opened.notices.notices()))
    assert opened.notices.notices()[0].fault.message == "The annotation could not be saved: No space left on device."
    assert not annotating.undo()


def test_moments_are_filtered_and_double_click_jumps(review: OpenReview, root: Path, qtbot: QtBot) -> None:
    folder = record(root)
    notes.put(folder, notes.made(7.0, 9.0, "smile", "face"))
    opened = shown(review, folder, qtbot)
    moments = opened.player.moments
    assert [line.text for line in moments.shown] == ["stimulus", "face: smile", "hesitancy"]
    moments.kinds.choose(2)
    assert [line.length for line in moments.shown] == ["to the end"]
    moments.kinds.choose(0)
    moments.filter.setText("SMI")
    moments.table.cellDoubleClicked.emit(0, 0)
    assert opened.player.playback.cursor_s == 7.0
    moments.table.setCurrentCell(0, 0)
    assert moments.edit_button.isEnabled()


def test_it_follows_the_theme_and_has_names_for_those_who_listen(review: OpenReview, root: Path, qtbot: QtBot) -> None:
    opened = shown(review, record(root, seconds=2.0), qtbot)
    opened.set_theme(LIGHT)
    opened.player.tick()
    player = opened.player
    for widget in (player.overview, player.picture, player.circumplex, *player.view.plots, player.moments.table):
        assert widget.accessibleName()
    for button in (player.transport.play, player.transport.next, player.transport.mark_button):
        assert button.accessibleName()
        assert button.toolTip()


def test_in_a_small_window_the_picture_and_the_curves_stay(review: OpenReview, root: Path, qtbot: QtBot) -> None:
    opened = shown(review, record(root, seconds=2.0), qtbot)
    player = opened.player
    assert player.faces.isVisible()
    opened.resize(960, 540)
    qtbot.waitUntil(lambda: not player.faces.isVisible())
    assert (opened.width(), opened.height()) == (960, 540)
    assert player.picture.isVisible()
    assert all(plot.isVisible() for plot in player.view.plots)
    player.tick()
    assert player.view.signals.legends[0].text() == "AU12  0.60"
    opened.resize(1280, 800)
    qtbot.waitUntil(player.faces.isVisible)
    assert player.transport.mark_button.isVisible()


def test_asked_for_again_it_comes_to_the_front(review: OpenReview, root: Path, qtbot: QtBot) -> None:
    opened = shown(review, record(root, seconds=1.0), qtbot)
    assert review() is opened
    assert opened.session is not None
    opened.close()
    assert review() is not opened


def test_closed_before_it_was_there_it_does_not_come(make_window: MakeWindow, root: Path, qtbot: QtBot) -> None:
    """It is made in one turn and shown in a later one."""
    window = make_window(ScriptedBackend())
    window.show_sessions()
    first = window.review
    assert first is not None
    assert not isValid(first) or not first.isVisible()
    window.show_sessions()
    assert window.review is first, "it comes already"
    first.close()
    qtbot.wait(50)
    assert not isValid(first) or not first.isVisible()
    qtbot.waitUntil(lambda: first.closed)


def test_closing_ends_every_worker(review: OpenReview, root: Path, qtbot: QtBot) -> None:
    opened = shown(review, record(root, seconds=2.0), qtbot)
    opened.close()
    assert not opened.isVisible()


def test_a_long_opening_can_be_given_up(
    review: OpenReview, root: Path, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = record(root, seconds=1.0)

    def endless(folder: Path, tell: Callable[[int, int], None], wanted: object) -> None:
        while True:
            tell(1, 2)
            time.sleep(0.005)

    monkeypatch.setattr("desktop_affect.ui.review_open.read_session", endless)
    opened = review()
    opened.open_session(folder)
    qtbot.waitUntil(lambda: opened.progress.isVisible() and opened.progress.bar.value() > 0)
    assert opened.progress.words.text() == f"Opening {folder.name} …"
    opened.progress.cancel.click()
    qtbot.waitUntil(lambda: not opened.progress.isVisible())
    assert opened.session is None
    assert opened.notices.notices() == []


def test_the_page_knows_every_key_of_the_player(review: OpenReview, root: Path, qtbot: QtBot) -> None:
    opened = shown(review, record(root, seconds=1.0), qtbot)
    page = (ROOT / "docs" / "review.md").read_text("utf-8")
    table = page.split("| key |")[1].split("\n\n")[0]
    keys = [shortcut.key().toString() for shortcut in opened.player.findChildren(QShortcut)]
    assert sorted(set(keys)) == sorted(re.findall(r"`([^`]+)`", table))


def test_the_threshold_is_that_of_the_recording(tmp_path: Path) -> None:
    session = read_session(record(tmp_path, seconds=1.0))
    assert threshold_of(Recording(session, curves(session, ()))) == 0.55
    session.header["settings"] = {"schema": 1, "values": {"hesitancy.threshold": 0.7}}
    assert threshold_of(Recording(session, curves(session, ()))) == 0.7
