"""Plots that are painted one a turn, and shown from a picture meanwhile."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator

import pytest
from PySide6.QtCore import QCoreApplication, QEvent, QObject
from PySide6.QtGui import QColor, QImage
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot
from shiboken6 import delete

from desktop_affect.ui.curves import Curves
from desktop_affect.ui.paint_turns import Errand, PaintTurns, paint_turns
from desktop_affect.ui.theme import DARK, LIGHT
from desktop_affect.ui.time_plot import TimePlot
from tests.ui.samples import history


class Plot(QObject):
    """Counts how often it was painted."""

    def __init__(self) -> None:
        super().__init__()
        self.painted = 0

    def refresh(self) -> None:
        self.painted += 1


@pytest.fixture
def turns(qapp: QApplication) -> Iterator[PaintTurns]:
    made = PaintTurns(qapp)
    yield made
    delete(made)


def test_one_plot_is_painted_in_a_turn_and_each_once(turns: PaintTurns) -> None:
    plots = (Plot(), Plot())
    for plot in (*plots, *plots):
        turns.add(plot)
    turns.step()
    assert [plot.painted for plot in plots] == [1, 0]
    turns.step()
    assert [plot.painted for plot in plots] == [1, 1]
    assert turns.over


def test_a_plot_that_has_gone_costs_nobody_a_turn(turns: PaintTurns) -> None:
    gone, there = Plot(), Plot()
    turns.add(gone)
    turns.add(there)
    delete(gone)
    turns.step()
    assert there.painted == 1


def test_an_errand_is_done_once_in_a_turn_of_its_own_or_before_it_by_who_cannot_wait(qtbot: QtBot) -> None:
    owner, done = QObject(), list[str]()
    first, second = Errand(owner, lambda: done.append("first")), Errand(owner, lambda: done.append("second"))
    for errand in (first, second, first):
        errand.want()
    assert (first.waits, done) == (True, [])
    paint_turns().step()
    assert (first.waits, second.waits, done) == (False, True, ["first"])
    second.refresh()
    paint_turns().step()
    assert done == ["first", "second"]
    first.want()
    delete(owner)
    paint_turns().step()
    assert done == ["first", "second"], "it ends with its owner"


def test_the_application_has_one(qapp: QApplication) -> None:
    assert paint_turns() is paint_turns()


@pytest.fixture
def curves(qtbot: QtBot) -> Curves:
    made = Curves(DARK)
    qtbot.addWidget(made)
    made.resize(760, 480)
    made.show()
    qtbot.waitExposed(made)
    made.set_history(history(20.0))
    made.redraw(120.0)
    settle(qtbot, made)
    return made


def settle(qtbot: QtBot, curves: Curves) -> None:
    """Until every plot is shown as it is."""
    qtbot.waitUntil(lambda: paint_turns().over and not any(plot._stale for plot in curves.plots))


@pytest.fixture
def paintings(monkeypatch: pytest.MonkeyPatch) -> list[TimePlot]:
    """Every plot that is painted, in their order."""
    done: list[TimePlot] = []
    keep: Callable[[TimePlot], None] = TimePlot._keep

    def keep_and_note(plot: TimePlot) -> None:
        done.append(plot)
        keep(plot)

    monkeypatch.setattr(TimePlot, "_keep", keep_and_note)
    return done


def picture(plot: TimePlot) -> QImage:
    return QImage(plot.viewport().grab().toImage())


def test_plots_that_come_into_view_together_are_painted_one_a_turn(
    curves: Curves, qtbot: QtBot, paintings: list[TimePlot]
) -> None:
    """And are empty ground until then: Qt would paint them all in one turn."""
    curves.hide()
    curves.set_theme(LIGHT)
    curves.redraw(121.0)
    curves.show()
    ground = QColor(LIGHT.surface)
    assert paintings == []
    for plot in curves.plots:
        seen = picture(plot)
        assert {seen.pixelColor(x, y).name() for x in (50, 200, 400) for y in (20, 40, 60)} == {ground.name()}
    settle(qtbot, curves)
    assert sorted(map(id, paintings)) == sorted(map(id, curves.plots))


def test_a_plot_that_had_no_room_in_its_turn_is_painted_when_it_has(qtbot: QtBot) -> None:
    plot = TimePlot(DARK, 0.0, 1.0)
    qtbot.addWidget(plot)
    plot.setMinimumSize(0, 0)
    plot.resize(0, 0)
    plot.show()
    qtbot.waitUntil(lambda: paint_turns().over)
    plot.resize(300, 200)
    qtbot.waitUntil(lambda: plot.paintings > 0)


def test_a_crosshair_paints_no_plot_and_is_seen_at_its_time(
    curves: Curves, qtbot: QtBot, paintings: list[TimePlot]
) -> None:
    plot = curves.affect.plot
    before = picture(plot)
    curves.affect.plot.hovered.emit(10.0)
    QCoreApplication.processEvents()
    after = picture(plot)
    left, right = columns_that_differ(before, after)
    box = plot.getPlotItem().vb.sceneBoundingRect()
    low, high = plot.shown_range()
    x = box.left() + (10.0 - low) / (high - low) * box.width()
    assert right - left <= 2
    assert left == pytest.approx(x, abs=2)
    curves.affect.plot.hovered.emit(math.nan)
    assert picture(plot) == before
    settle(qtbot, curves)
    assert paintings == []


def columns_that_differ(one: QImage, other: QImage) -> tuple[int, int]:
    """The first and the last one."""
    found = [
        x for x in range(one.width()) if any(one.pixel(x, y) != other.pixel(x, y) for y in range(0, one.height(), 3))
    ]
    return found[0], found[-1]


def test_a_resize_paints_every_plot_once_and_shows_the_old_picture_until_then(
    curves: Curves, qtbot: QtBot, paintings: list[TimePlot]
) -> None:
    plot, before = curves.affect.plot, curves.affect.plot._kept
    assert before is not None
    curves.resize(900, 560)
    QApplication.sendPostedEvents(curves, QEvent.Type.LayoutRequest)
    assert picture(plot).size() == plot.viewport().size()
    assert plot._kept is before
    assert lively(picture(plot))
    assert plot.range.width() < plot.width(), "what is in it is laid out when it is painted"
    settle(qtbot, curves)
    qtbot.wait(20)  # whatever Qt and the axes think of afterwards
    assert plot.range.width() == plot.width()
    assert [paintings.count(plot) for plot in curves.plots] == [1, 1]


def lively(image: QImage) -> bool:
    """Something of both curves is in it, up to the last column of the plot."""
    colours = {QColor(DARK.valence).rgb(), QColor(DARK.arousal).rgb()}
    right = range(image.width() * 9 // 10, image.width())
    return any(image.pixel(x, y) in colours for x in right for y in range(image.height()))


def test_new_data_paint_every_plot_once(curves: Curves, qtbot: QtBot, paintings: list[TimePlot]) -> None:
    assert curves.redraw(121.0)
    settle(qtbot, curves)
    qtbot.wait(20)
    assert [paintings.count(plot) for plot in curves.plots] == [1, 1]


def test_another_theme_is_painted_before_it_is_shown(curves: Curves, paintings: list[TimePlot]) -> None:
    curves.setUpdatesEnabled(False)
    curves.set_theme(LIGHT)
    for plot in curves.plots:
        plot.refresh()
    assert [paintings.count(plot) for plot in curves.plots] == [1, 1]
    curves.setUpdatesEnabled(True)
    image = picture(curves.affect.plot)
    assert image.pixelColor(image.width() - 1, image.height() - 1) == QColor(LIGHT.surface)


def test_what_changes_out_of_sight_is_not_painted_and_not_shown_as_it_was(
    curves: Curves, qtbot: QtBot, paintings: list[TimePlot]
) -> None:
    curves.hide()
    curves.set_theme(LIGHT)
    curves.resize(900, 560)
    QCoreApplication.processEvents()
    assert paintings == []
    curves.show()
    assert curves.affect.plot.range.width() == curves.affect.plot.width()
    image = picture(curves.affect.plot)
    assert image.pixelColor(image.width() - 1, image.height() - 1) == QColor(LIGHT.surface)
    settle(qtbot, curves)
