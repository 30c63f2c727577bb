"""Bars, circumplex, quality strip, alerts, markers: each alone, with synthetic samples."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDialogButtonBox, QProxyStyle, QStyle
from pytestqt.qtbot import QtBot

from desktop_affect.core.types import Alert, AlertPhase, Fault, Severity
from desktop_affect.signals.baseline import Baseline, Correction
from desktop_affect.signals.outputs import OUTPUTS
from desktop_affect.ui.alerts import AlertBanner, AlertLog, AlertTable, alerts_words
from desktop_affect.ui.bars import PEAK_HOLD_S, BarRow, Bars, PeakHold, placed
from desktop_affect.ui.button_box import ButtonBox
from desktop_affect.ui.circumplex import Circumplex
from desktop_affect.ui.elided import ElidedLabel
from desktop_affect.ui.faces_panel import NO_MODEL, NOTHING_YET, FacesPanel
from desktop_affect.ui.markers_bar import MarkersBar
from desktop_affect.ui.notices import READ_S, NoticeStack, details
from desktop_affect.ui.quality_strip import QualityStrip, gaze_text, head_text, quality_word
from desktop_affect.ui.theme import DARK
from desktop_affect.ui.words import clock_label, signed
from tests.ui.samples import model, no_face, posed, sample


def alert(number: int, phase: AlertPhase = AlertPhase.BEGAN, end_s: float = math.nan) -> Alert:
    return Alert(number, phase, "face_lost", 110.0, 111.0, end_s, 0.8, 0.6, ("nobody for 5 s",), True)


def fault(message: str = "The camera is busy.") -> Fault:
    return Fault(1.0, "camera", Severity.WARNING, message, "Close the other program.", "EBUSY")


def test_a_peak_is_held_and_then_sinks() -> None:
    hold = PeakHold()
    assert hold.feed("AU12", 0.8, 0.0) == 0.8
    assert hold.feed("AU12", 0.2, PEAK_HOLD_S) == 0.8
    assert 0.2 < hold.feed("AU12", 0.2, PEAK_HOLD_S + 0.5) < 0.8
    assert hold.feed("AU12", 0.2, 60.0) == 0.2
    assert math.isnan(hold.feed("AU12", math.nan, 61.0))


@pytest.mark.parametrize("rest", [0.0, 0.3, 0.9])
@pytest.mark.parametrize("raw", [0.0, 0.2, 0.35, 0.6, 1.0])
def test_a_corrected_value_is_drawn_where_the_model_saw_it(rest: float, raw: float) -> None:
    centre = {"AU12": rest}
    correct = Correction(Baseline("b", "m", 10.0, 300, centre, {}))
    vector = np.full(len(OUTPUTS), np.nan)
    vector[OUTPUTS.index("AU12")] = raw
    corrected = float(correct(vector)[OUTPUTS.index("AU12")])
    assert placed(corrected, rest) == pytest.approx(max(raw, rest))


@pytest.fixture
def faces(qtbot: QtBot) -> FacesPanel:
    panel = FacesPanel(DARK)
    qtbot.addWidget(panel)
    panel.show()
    qtbot.waitExposed(panel)
    return panel


def test_without_a_model_the_panel_says_so(faces: FacesPanel) -> None:
    assert faces.nothing.text() == NOTHING_YET
    faces.show_sample(sample(1.0), None, 1.0)
    assert faces.nothing.text() == NO_MODEL
    assert faces.nothing.isVisible()


def test_only_what_the_model_has_is_offered(faces: FacesPanel, qtbot: QtBot) -> None:
    faces.show_sample(sample(1.0), model("valence_arousal", "action_units"), 1.0)
    assert faces.pages[0].isVisible()
    assert not faces.chips.findChildren(type(faces.by_activity))[1].isVisible()
    faces.show_sample(sample(1.0), model("action_units", "expressions"), 1.0)
    faces.chips.choose(1)
    assert faces.pages[1].isVisible()
    assert faces.title.text() == "Expressions"


def test_bars_can_be_sorted_by_activity(faces: FacesPanel) -> None:
    au_model = model("action_units")
    faces.show_sample(sample(1.0), au_model, 1.0)
    assert faces.pages[0].order[0] == "AU01"
    faces.by_activity.click()
    faces.show_sample(sample(1.1), au_model, 1.1)
    values = sample(1.1).affect
    assert values is not None
    assert faces.pages[0].order[0] == max(values.action_units, key=lambda unit: values.action_units[unit])


def test_a_calibration_puts_the_notch_where_the_persons_neutral_lies(faces: FacesPanel) -> None:
    faces.show_sample(sample(1.0), model("action_units"), 1.0)
    before = faces.pages[0].grab().toImage()
    faces.set_baseline(Baseline("b", "m", 10.0, 300, {"AU12": 0.4, "mimicry_amusement": 0.2}, {}))
    assert faces.pages[0].grab().toImage() != before
    faces.set_baseline(None)
    assert faces.pages[0].grab().toImage() == before


def test_bars_paint_nobody_and_somebody_differently(faces: FacesPanel) -> None:
    au_model = model("action_units")
    faces.show_sample(no_face(1.0), au_model, 1.0)
    nobody = faces.pages[0].grab().toImage()
    faces.show_sample(sample(1.1), au_model, 1.1)
    assert faces.pages[0].grab().toImage() != nobody


def test_the_dot_of_the_circumplex_is_where_the_person_is(qtbot: QtBot) -> None:
    widget = Circumplex(DARK)
    qtbot.addWidget(widget)
    assert math.isnan(widget.now[0])
    widget.resize(240, 240)
    empty = widget.grab().toImage()
    trail = np.array([0.0, np.nan, 0.2, 0.5], dtype=np.float32)
    widget.show_trail(trail, -trail)
    assert widget.now == (0.5, -0.5)
    image = widget.grab().toImage()
    # 200 px across, centre at 120: 0.5 is 50 px to the right and 50 px down.
    assert image.pixelColor(170, 170).name() == DARK.text
    assert empty.pixelColor(170, 170).name() != DARK.text


@pytest.mark.parametrize(("score", "word"), [(0.9, "good"), (0.6, "fair"), (0.3, "poor"), (math.nan, "face found")])
def test_quality_is_one_word(score: float, word: str) -> None:
    assert quality_word(sample(1.0, score=score)) == word


def test_nobody_is_told_as_nobody(qtbot: QtBot) -> None:
    strip = QualityStrip(DARK)
    qtbot.addWidget(strip)
    strip.show_sample(no_face(1.0))
    assert strip.word.text() == "no face in view"
    assert strip.head.text() == ""


@pytest.mark.parametrize(
    ("gaze", "words"),
    [((0, 0), "gaze centre"), ((20, 0), "gaze left"), ((-20, -15), "gaze down right"), ((0, 15), "gaze up")],
)
def test_gaze_is_told_from_the_persons_own_side(gaze: tuple[float, float], words: str) -> None:
    assert gaze_text(posed(gaze_deg=gaze).face) == words


def test_closed_eyes_look_nowhere() -> None:
    assert gaze_text(posed(gaze_deg=(20, 0), blink=True).face) == "eyes closed"


def test_angles_have_signs_and_no_minus_zero() -> None:
    assert head_text(posed(yaw_deg=-12.4, pitch_deg=-0.2).face) == "turn −12°   nod 0°   tilt 0°"


def test_an_alert_is_open_until_it_ends_or_somebody_saw_it() -> None:
    log = AlertLog()
    states = []
    for news in (alert(1), None, alert(2), alert(2, AlertPhase.ENDED, 114.5)):
        if news is None:
            log.acknowledge()
        else:
            log.add(news)
        states.append(log.open is not None)
    assert states == [True, False, True, False]
    assert [a.number for a in log.all] == [2, 1]


def test_an_alert_is_told_with_time_and_reasons(qtbot: QtBot) -> None:
    banner = AlertBanner()
    qtbot.addWidget(banner)
    banner.show_alert(alert(1), begin_s=100.0, now_s=114.2)
    assert banner.text.text() == "! Face lost  4 s"
    assert banner.since.text() == "since 0:10, experimental"
    assert banner.reasons.text() == "nobody for 5 s"
    assert banner.toolTip() == "nobody for 5 s"
    with qtbot.waitSignal(banner.acknowledged):
        banner.button.click()


def test_no_head_of_the_table_of_alerts_is_cut_that_was_filled_before_it_was_shown(qtbot: QtBot) -> None:
    table, log = AlertTable(DARK), AlertLog()
    qtbot.addWidget(table)
    log.add(alert(1))
    table.look(log, 100.0)
    table.show()
    head = table.table.horizontalHeader()
    for column in range(head.count()):
        assert head.sectionSize(column) >= head.sectionSizeHint(column)


def test_the_table_of_alerts_keeps_up(qtbot: QtBot) -> None:
    table, log = AlertTable(DARK), AlertLog()
    qtbot.addWidget(table)
    table.show()
    table.look(log, 100.0)
    assert table.nothing.isVisible()
    log.add(alert(1))
    log.acknowledge()
    table.look(log, 100.0)
    assert [cell(table, column) for column in (0, 1, 3, 4)] == ["0:10", "Face lost (experimental)", "lasting", "✓"]
    log.add(alert(1, AlertPhase.ENDED, 114.5))
    log.add(alert(2))
    table.look(log, 100.0)
    assert not table.nothing.isVisible()
    assert (cell(table, 3, row=1), cell(table, 4, row=0)) == ("4.5 s", "–")


def cell(table: AlertTable, column: int, row: int = 0) -> str:
    item = table.table.item(row, column)
    assert item is not None
    return item.text()


def test_markers_by_button_key_and_note(qtbot: QtBot) -> None:
    bar = MarkersBar()
    qtbot.addWidget(bar)
    bar.set_texts({1: "stimulus", 4: "break"})
    bar.show()
    bar.activateWindow()
    qtbot.waitUntil(bar.isActiveWindow)
    sent: list[tuple[str, str]] = []
    bar.marked.connect(lambda text, kind: sent.append((text, kind)))
    bar.buttons[4].click()
    QTest.keyClick(bar, Qt.Key.Key_F1)
    bar.note.setText("  door opened ")
    QTest.keyClick(bar.note, Qt.Key.Key_Return)
    assert sent == [("break", "marker"), ("stimulus", "marker"), ("door opened", "note")]
    bar.set_running(False)
    assert not bar.buttons[1].isEnabled()


def test_twelve_markers_go_on_in_a_second_row_and_none_is_cut(qtbot: QtBot) -> None:
    bar = MarkersBar()
    qtbot.addWidget(bar)
    bar.set_texts({key: f"stimulus number {key}" for key in range(1, 13)})
    bar.resize(900, bar.heightForWidth(900))
    bar.show()
    qtbot.waitExposed(bar)
    assert bar.height() > 2 * bar.buttons[1].height()
    for button in bar.buttons.values():
        assert bar.rect().contains(button.geometry())
        assert button.width() >= button.sizeHint().width()
    bar.set_texts({1: "one"})
    assert bar.heightForWidth(900) < 2 * bar.buttons[1].sizeHint().height()


def test_a_label_gives_way_and_tells_the_whole_in_its_tooltip(qtbot: QtBot) -> None:
    label = ElidedLabel("participant P07 in a study with a long name")
    qtbot.addWidget(label)
    assert label.minimumSizeHint().width() == 0
    label.resize(60, 20)
    label.grab()
    assert label.toolTip() == label.text()


@pytest.mark.parametrize("on_screen", [False, True])
def test_notices_do_not_pile_up(qtbot: QtBot, on_screen: bool) -> None:
    """Nor when several come in one turn, as after a computer that stood still."""
    stack = NoticeStack()
    qtbot.addWidget(stack)
    stack.setVisible(on_screen)
    for message, where in (("one", "camera"), ("two", "camera"), ("three", "model"), ("four", "recorder")):
        stack.add(replace(fault(message), where=where))
    assert [notice.fault.message for notice in stack.notices()] == ["four", "three"]
    stack.add(replace(fault("five"), where="recorder"))
    assert [notice.fault.message for notice in stack.notices()] == ["five", "three"]
    stack.clear()
    assert stack.notices() == []


def test_a_note_goes_by_itself_and_a_warning_stays(qtbot: QtBot) -> None:
    stack = NoticeStack()
    qtbot.addWidget(stack)
    stack.add(fault("a warning"))
    stack.add(replace(fault("a note"), severity=Severity.NOTICE))
    for now_s in (100.0, 100.0 + READ_S):
        stack.expire(now_s)
        assert len(stack.notices()) == 2
    stack.expire(100.1 + READ_S)
    assert [notice.fault.message for notice in stack.notices()] == ["a warning"]


def test_details_hold_everything_somebody_needs_to_help() -> None:
    text = details(fault())
    for part in ("camera", "busy", "Close the other program", "EBUSY"):
        assert part in text


def test_the_button_names_the_newest_alert_and_is_short_where_it_must(qtbot: QtBot) -> None:
    log = AlertLog()
    assert alerts_words(log, 100.0) == "No alerts"
    log.add(replace(alert(1), rule="gaze_away_share above 0.5 for 10 s"))
    assert alerts_words(log, 100.0) == "1 alert: 0:10  gaze away share above 0…"
    assert alerts_words(log, 100.0, short=True) == "1 alert"


def test_a_long_confirmation_stays_in_the_row_of_the_markers(qtbot: QtBot) -> None:
    bar = MarkersBar()
    qtbot.addWidget(bar)
    bar.set_texts({1: "stimulus"})
    bar.resize(640, 40)
    bar.show()
    bar.confirm("a note of very many words " * 20, "0:10")
    assert bar.heightForWidth(640) == bar.last.minimumHeight()  # one row
    qtbot.waitUntil(lambda: 0 < bar.last.geometry().right() <= 640)


def test_nothing_confirmed_takes_no_row(qtbot: QtBot) -> None:
    bar = MarkersBar()
    qtbot.addWidget(bar)
    bar.set_texts({1: "stimulus"})
    shown = (bar.edit, bar.buttons[1])
    just = sum(widget.sizeHint().width() for widget in shown) + bar.note.minimumWidth() + 2 * 8
    assert bar.heightForWidth(just) == bar.heightForWidth(just + 400)


def test_details_are_copied_and_that_is_said(qtbot: QtBot) -> None:
    stack = NoticeStack()
    qtbot.addWidget(stack)
    stack.add(Fault(1.0, "camera", Severity.ERROR, "It broke.", "Mend it.", "EIO"))
    (notice,) = stack.notices()
    notice.copy_button.click()
    assert QGuiApplication.clipboard().text() == "Error in camera: It broke.\nMend it.\nEIO"
    assert notice.copy_button.text() == "Copied ✓"


@pytest.mark.parametrize(("value", "text"), [(0.424, "+0.42"), (-0.5, "−0.50"), (-0.001, "0.00"), (0.0, "0.00")])
def test_what_rounds_to_zero_has_no_sign(value: float, text: str) -> None:
    assert signed(value) == text


def test_where_it_is_wide_the_quality_stands_in_one_row(qtbot: QtBot) -> None:
    high, wide = QualityStrip(DARK), QualityStrip(DARK, one_row=True)
    for strip in (high, wide):
        qtbot.addWidget(strip)
        strip.show_sample(posed(gaze_deg=(20.0, 0.0)))
    assert wide.sizeHint().height() < high.sizeHint().height()
    assert (wide.eyes.text(), wide.reasons.text()) == ("gaze left", "face ✓   light ✓")


def test_a_light_for_presence_needs_a_threshold(qtbot: QtBot) -> None:
    bars = Bars([BarRow("joy", "joy", "")], DARK, "Expressions")
    qtbot.addWidget(bars)
    bars.show_values({"joy": 0.4}, {}, 1.0)
    without = bars.grab().toImage()
    bars.set_thresholds({"joy": math.nan})  # draws no line: only the light can differ
    assert bars.grab().toImage() != without


class WithIcons(QProxyStyle):
    """As on a desktop whose dialogs have icons on their buttons."""

    def styleHint(self, hint: QStyle.StyleHint, *others: Any) -> int:  # noqa: N802  Qt's name
        wanted = hint is QStyle.StyleHint.SH_DialogButtonBox_ButtonsHaveIcons
        return 1 if wanted else super().styleHint(hint, *others)


def test_buttons_of_dialogs_have_words_alone(qtbot: QtBot, qapp: QApplication) -> None:
    buttons = QDialogButtonBox.StandardButton.Ok | QDialogButtonBox.StandardButton.Cancel
    qapp.setStyle(WithIcons("Fusion"))
    theirs, ours = QDialogButtonBox(buttons), ButtonBox(buttons)
    for box in (theirs, ours):
        qtbot.addWidget(box)
    qapp.setStyle("Fusion")
    assert not any(button.icon().isNull() for button in theirs.buttons()), "else this proves nothing"
    assert all(button.icon().isNull() for button in ours.buttons())


@pytest.mark.parametrize(
    ("seconds", "words"), [(0, "0:00"), (760.4, "12:40"), (3601, "1:00:01"), (-2, "−0:02"), (-3601, "−1:00:01")]
)
def test_a_time_before_the_start_has_a_minus(seconds: float, words: str) -> None:
    """An alert may have begun before its session was recorded."""
    assert clock_label(seconds) == words
