"""The plots: what they show, when they repaint, gaps, shading and lines."""

from __future__ import annotations

import math

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from desktop_affect.core.types import Alert, AlertPhase, Marker
from desktop_affect.sinks.history import Channel, History, Stretch
from desktop_affect.ui.curves import SPANS_S, Curves
from desktop_affect.ui.theme import DARK, LIGHT
from desktop_affect.ui.time_axis import TICK_STEPS_S, tick_step_s
from desktop_affect.ui.time_plot import doubt, told_apart
from tests.ui.samples import history, no_face, sample


@pytest.fixture
def curves(qtbot: QtBot) -> Curves:
    made = Curves(DARK)
    qtbot.addWidget(made)
    made.resize(760, 480)
    made.show()
    qtbot.waitExposed(made)
    return made


def shown(curves: Curves, channel: Channel) -> tuple[np.ndarray, np.ndarray]:  # type: ignore[type-arg]
    plot = curves.hesitancy.plot if channel is Channel.HESITANCY else curves.affect.plot
    t_s, values = plot.curve_data(channel)
    return t_s, values


def test_a_curve_shows_the_newest_in_seconds_since_the_start(curves: Curves) -> None:
    curves.set_history(history(20.0, begin_s=100.0))
    assert curves.redraw(120.0)
    t_s, values = shown(curves, Channel.VALENCE)
    assert t_s[0] == 0.0
    assert t_s[-1] == pytest.approx(20.0, abs=0.1)
    assert values[-1] == pytest.approx(math.sin(599 / 50), abs=1e-5)


def test_what_would_look_the_same_is_not_painted_again(curves: Curves) -> None:
    curves.set_history(history(20.0))
    assert curves.redraw(120.0)
    assert not curves.redraw(120.001)
    assert curves.redraw(121.0)


def test_before_the_first_sample_nothing_is_painted(curves: Curves) -> None:
    curves.set_history(History(10))
    assert not curves.redraw(1.0)


@pytest.mark.parametrize("number", range(len(SPANS_S)))
def test_every_span_is_shown_whole(curves: Curves, number: int) -> None:
    curves.set_history(history(30.0))
    curves.affect.spans.choose(number)
    curves.redraw(130.0)
    low, high = curves.affect.plot.shown_range()
    assert high - low == pytest.approx(SPANS_S[number])
    assert high == pytest.approx(30.0)


def test_a_lost_face_is_a_gap(curves: Curves) -> None:
    past = History(100)
    for t_s in (0.0, 0.1, 0.2):
        past.on_sample(sample(t_s) if t_s != 0.1 else no_face(t_s), None)
    curves.set_history(past)
    curves.redraw(0.3)
    assert np.isnan(shown(curves, Channel.VALENCE)[1]).tolist() == [False, True, False]


def test_a_gap_is_named_once_and_a_silence_of_the_camera_is_none(curves: Curves) -> None:
    past = History(100)
    for t_s in (100.0, 103.0):
        for step in range(30):
            past.on_sample(no_face(t_s + step / 30) if t_s == 100.0 else sample(t_s + step / 30), None)
    curves.set_history(past)
    curves.redraw(104.0)
    begins, ends = zip(*curves.affect.plot.words.gaps, strict=True)
    assert begins == (0.0,)
    assert ends[0] == pytest.approx(1.0, abs=0.6)
    assert curves.hesitancy.plot.words.gaps == []


def test_words_of_gaps_and_levels_are_drawn(curves: Curves, qtbot: QtBot) -> None:
    plot = curves.affect.plot
    before = plot.grab().toImage()
    plot.words.name_levels({0.5: "threshold 0.50"})
    qtbot.waitUntil(lambda: plot.grab().toImage() != before)


def test_pausing_the_view_holds_it_and_leaves_the_history_alone(curves: Curves) -> None:
    past = history(20.0)
    curves.set_history(past)
    curves.redraw(120.0)
    curves.affect.pause.click()
    past.on_sample(sample(121.0), None)
    assert not curves.redraw(125.0)
    assert curves.affect.time.text() == "view paused at 0:20"
    curves.affect.pause.click()
    assert curves.redraw(125.0)
    assert curves.affect.time.text() == ""


def test_where_it_is_low_the_switches_give_way_unless_the_view_is_paused(curves: Curves) -> None:
    below = curves.affect.below
    curves.resize(600, 240)
    assert below.isHidden()
    curves.resize(600, 480)
    assert not below.isHidden()
    curves.affect.pause.setChecked(True)
    curves.resize(600, 240)
    assert not below.isHidden()


def test_the_crosshair_shows_the_values_at_its_time(curves: Curves) -> None:
    curves.set_history(history(20.0))
    curves.redraw(120.0)
    curves.affect.plot.hovered.emit(10.0)
    assert curves.affect.time.text() == "at 0:10"
    assert curves.affect.valence.text == f"{math.sin(300 / 50):+.2f}".replace("-", "−")
    curves.affect.plot.hovered.emit(math.nan)
    curves.show_numbers(sample(120.0, valence=0.4, arousal=-0.1))
    assert (curves.affect.valence.text, curves.affect.arousal.text) == ("+0.40", "−0.10")


def test_there_is_no_crosshair_before_the_start(curves: Curves) -> None:
    curves.set_history(history(20.0))
    curves.redraw(120.0)
    curves.affect.plot.hovered.emit(-0.5)
    assert curves.affect.time.text() == ""


def test_the_crosshair_goes_by_keyboard(curves: Curves) -> None:
    curves.set_history(history(20.0))
    curves.redraw(120.0)
    plot = curves.affect.plot
    QTest.keyClick(plot, Qt.Key.Key_Left, Qt.KeyboardModifier.ShiftModifier)
    assert curves.affect.time.text() == "at 0:14"
    QTest.keyClick(plot, Qt.Key.Key_Right, Qt.KeyboardModifier.ShiftModifier)
    QTest.keyClick(plot, Qt.Key.Key_Right)
    assert curves.affect.time.text() == "at 0:20"
    QTest.keyClick(plot, Qt.Key.Key_Escape)
    assert curves.affect.time.text() == ""


def test_numbers_of_nobody_are_dashes(curves: Curves) -> None:
    curves.show_numbers(no_face(1.0))
    assert (curves.affect.valence.text, curves.hesitancy.value.text) == ("–", "–")


def test_markers_and_alerts_become_lines_at_their_time(curves: Curves) -> None:
    curves.set_history(history(20.0, begin_s=100.0))
    curves.on_event(Marker(105.0, "stimulus"))
    curves.on_event(Alert(1, AlertPhase.BEGAN, "hesitancy", 110.0, 110.0, math.nan, 0.8, 0.6, (), True))
    assert curves.affect.plot.marks() == [(5.0, "stimulus")]
    assert curves.hesitancy.plot.marks() == [(5.0, ""), (10.0, "hesitancy")]
    curves.set_history(history(1.0))
    assert curves.affect.plot.marks() == []


@pytest.mark.parametrize("ratio", [1.0, 1.5, 3.0])
def test_curves_keep_their_thickness_at_every_scale(curves: Curves, ratio: float) -> None:
    plot = curves.affect.plot
    plot.set_pixel_ratio(ratio)
    assert plot.pen_of(Channel.VALENCE).widthF() == 2 * ratio
    assert plot.pen_of(Channel.RAW_VALENCE).widthF() == ratio


def test_a_theme_changes_while_curves_are_shown(curves: Curves) -> None:
    curves.set_history(history(5.0))
    curves.redraw(105.0)
    curves.set_theme(LIGHT)
    assert curves.redraw(105.0)


def test_doubt_is_full_without_a_face_and_none_where_nothing_is_known() -> None:
    values = np.full((len(Channel), 3), np.nan, dtype=np.float32)
    values[Channel.FACE] = (1, 0, 1)
    values[Channel.QUALITY] = (1.0, np.nan, 0.0)
    stretch = Stretch(np.array([0.0, 1.0, 2.0]), values)
    assert doubt(stretch, np.array([-1.0, 0.5, 1.5, 2.0, 3.0])).tolist() == [0, 0, 1, 1, 0]


@pytest.mark.parametrize("span_s", [*SPANS_S, 3600.0, 8 * 3600.0, 24 * 3600.0, 9 * 86_400.0])
@pytest.mark.parametrize("width_px", [200, 700, 1800])
def test_labels_of_the_time_axis_never_touch(span_s: float, width_px: float) -> None:
    step_s = tick_step_s(span_s, width_px)
    assert step_s / span_s * width_px >= 70
    assert step_s in TICK_STEPS_S or step_s % TICK_STEPS_S[-1] == 0


def test_a_strong_curve_has_a_point_a_pixel_and_does_not_shimmer() -> None:
    t_s = np.arange(0.0, 60.0, 1 / 30) + 0.001
    rows = told_apart(t_s, 0.1)
    assert len(rows) == 601  # the newest is always among them
    assert np.isin(t_s[rows][:-1], t_s[told_apart(t_s[:-1], 0.1)]).all()
    assert np.isin(t_s[rows][1:], t_s[7:][told_apart(t_s[7:], 0.1)]).sum() >= 597, "the same moments when it scrolls"


def test_minima_and_maxima_stay_together() -> None:
    pairs = np.repeat(np.arange(5.0), 2)
    assert told_apart(pairs, 10.0).tolist() == list(range(10))
    assert told_apart(np.empty(0), 1.0).tolist() == []
    assert told_apart(np.array([1.0]), 1.0).tolist() == [0]
