"""The docks: they fold away where there is no room, keep what a person made of them, and can be set back."""

from __future__ import annotations

import json

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QWidget
from pytestqt.qtbot import QtBot

from desktop_affect.ui.desk import LOW_PX, NARROW_PX, Desk, Place, folded
from desktop_affect.ui.panel import Panel
from desktop_affect.ui.rooms import Rooms
from desktop_affect.ui.theme import DARK

# What is left for the desk in a window of 1280 × 800.
ROOMY = (1248, 674)


@pytest.fixture
def desk(qtbot: QtBot) -> Desk:
    return made_desk(qtbot)


def made_desk(qtbot: QtBot) -> Desk:
    middle = QWidget()
    middle.setMinimumSize(200, 200)
    panels = {place: Panel(place.value) for place in Place}
    for panel in panels.values():
        panel.add(QLabel("x"), 1)
    desk = Desk(middle, panels)
    qtbot.addWidget(desk)
    desk.resize(*ROOMY)
    desk.show()
    qtbot.waitExposed(desk)
    return desk


def seen(desk: Desk) -> set[Place]:
    return {place for place, dock in desk.docks.items() if dock.isVisible()}


@pytest.mark.parametrize(
    ("size", "away"),
    [
        (ROOMY, set()),
        ((NARROW_PX - 1, 700), {Place.PICTURE, Place.CIRCUMPLEX}),
        ((1200, LOW_PX - 1), {Place.FACES, Place.CIRCUMPLEX}),
        ((600, 300), set(Place)),
    ],
)
def test_the_smallest_window_that_shows_all(size: tuple[int, int], away: set[Place]) -> None:
    assert folded(*size) == away


def test_docks_fold_away_and_come_back(desk: Desk) -> None:
    assert seen(desk) == set(Place)
    desk.resize(700, 400)
    assert seen(desk) == set()
    desk.resize(*ROOMY)
    assert seen(desk) == set(Place)


def test_what_a_person_put_away_stays_away(desk: Desk) -> None:
    desk.want(Place.FACES, False)
    desk.resize(700, 400)
    desk.resize(*ROOMY)
    assert seen(desk) == {Place.PICTURE, Place.CIRCUMPLEX}


def test_who_asks_for_a_dock_gets_it_room_or_not(desk: Desk) -> None:
    desk.resize(700, 400)
    desk.want(Place.PICTURE, True)
    assert seen(desk) == {Place.PICTURE}


def test_the_menu_switches_docks_and_tells_which_are_wanted(desk: Desk) -> None:
    action = desk.switches[Place.PICTURE]
    action.trigger()
    assert seen(desk) == {Place.CIRCUMPLEX, Place.FACES}
    assert [switch.isChecked() for switch in desk.switches.values()] == [False, True, True]
    desk.createPopupMenu().actions()[-1].trigger()
    assert seen(desk) == set(Place)
    assert action.isChecked()


def test_a_double_click_on_the_title_floats_a_dock_and_brings_it_back(desk: Desk) -> None:
    dock = desk.docks[Place.CIRCUMPLEX]
    title = dock.titleBarWidget()
    for floating in (True, False):
        QTest.mouseDClick(title, Qt.MouseButton.LeftButton, pos=title.rect().center())
        assert dock.isFloating() is floating
    assert desk.arranged_by_person
    dock.setFloating(True)
    desk.reset()
    assert not dock.isFloating()


def test_a_dock_that_was_moved_is_there_again_at_the_next_start(desk: Desk, qtbot: QtBot) -> None:
    desk.addDockWidget(Qt.DockWidgetArea.RightDockWidgetArea, desk.docks[Place.PICTURE])
    desk.arranged_by_person = True
    desk.want(Place.FACES, False)
    kept = json.loads(json.dumps(desk.keep()))
    again = made_desk(qtbot)
    again.take_up(kept)
    assert again.dockWidgetArea(again.docks[Place.PICTURE]) is Qt.DockWidgetArea.RightDockWidgetArea
    assert seen(again) == {Place.PICTURE, Place.CIRCUMPLEX}
    again.reset()
    assert again.dockWidgetArea(again.docks[Place.PICTURE]) is Qt.DockWidgetArea.LeftDockWidgetArea
    assert seen(again) == set(Place)
    assert not again.arranged_by_person


@pytest.mark.parametrize("kept", [{}, {"docks": "§", "arranged": True}, {"docks": 7, "wanted": "x", "arranged": True}])
def test_a_kept_layout_that_makes_no_sense_changes_nothing(desk: Desk, kept: dict[str, object]) -> None:
    desk.take_up(kept)
    assert seen(desk) == set(Place)
    assert not desk.arranged_by_person


def test_pulling_at_the_gap_is_arranging(desk: Desk) -> None:
    gap = desk.docks[Place.PICTURE].geometry().bottomLeft()
    QTest.mouseClick(desk.docks[Place.PICTURE].widget(), Qt.MouseButton.LeftButton)
    assert not desk.arranged_by_person
    gap.setX(gap.x() + 40)
    gap.setY(gap.y() + 4)
    QTest.mouseClick(desk, Qt.MouseButton.LeftButton, pos=gap)
    assert desk.arranged_by_person


def test_a_new_size_is_laid_out_at_once(desk: Desk) -> None:
    """Nothing is painted where it does not stay: a window that is pulled larger would flicker, at twice the work."""
    desk.resize(1600, 900)
    at_once = [dock.geometry() for dock in desk.docks.values()]
    QApplication.processEvents()
    assert [dock.geometry() for dock in desk.docks.values()] == at_once
    assert at_once[0].width() == round(1600 * 5 / 13)


def test_docks_that_fold_and_a_head_that_breaks_are_laid_out_at_once(qtbot: QtBot) -> None:
    rooms = Rooms(DARK)
    qtbot.addWidget(rooms)
    rooms.resize(1280, 800)
    rooms.show()
    qtbot.waitExposed(rooms)
    qtbot.waitUntil(lambda: not rooms.desk._soon.isActive())
    for size in ((900, 620), (1280, 800), (1280, 600), (900, 800), (1600, 1000)):
        rooms.resize(*size)
        at_once = places(rooms)
        for _ in range(5):
            QApplication.processEvents()
        assert places(rooms) == at_once, size


def places(rooms: Rooms) -> list[tuple[bool, object]]:
    parts = (rooms.head, rooms.strip, rooms.curves, *rooms.desk.docks.values())
    return [(part.isVisible(), part.isVisible() and part.geometry()) for part in parts]


@pytest.mark.parametrize("size", [(1248, 674), (1888, 954), (1334, 642), (1248, 594)])
def test_the_real_panels_fit_where_they_are_shown(qtbot: QtBot, size: tuple[int, int]) -> None:
    """1280 × 800, 1920 × 1080, and the two usual laptops below: nothing is cut, the picture keeps its shape."""
    rooms = Rooms(DARK)
    qtbot.addWidget(rooms)
    rooms.resize(size[0] + 32, size[1] + 126)
    rooms.show()
    qtbot.waitExposed(rooms)
    picture, docks = rooms.picture, rooms.desk.docks
    # Before its first layout the picture's shape may be right in a dock that is still too narrow.
    qtbot.waitUntil(lambda: all(roomy(dock) for dock in docks.values()))
    qtbot.waitUntil(lambda: abs(picture.height() - picture.heightForWidth(picture.width())) <= 12)
    for place, dock in docks.items():
        assert dock.isVisible() == (place not in folded(rooms.desk.width(), rooms.desk.height()))
        assert roomy(dock), place


def roomy(dock: QWidget) -> bool:
    """It has what it needs, or is not there."""
    return not dock.isVisible() or dock.size() == dock.size().expandedTo(dock.minimumSizeHint())
