"""Pieces in turns of Qt's event loop."""

from __future__ import annotations

import time
from functools import partial

from PySide6.QtCore import QObject, QTimer
from PySide6.QtWidgets import QDialog
from pytestqt.qtbot import QtBot
from shiboken6 import isValid

from desktop_affect.ui.in_turns import EveryTurn, InTurns
from desktop_affect.ui.showing import on_its_way, open_next_turn


def test_one_piece_every_turn_and_then_rest(qtbot: QtBot) -> None:
    owner = QObject()
    done: list[int] = []
    turns = InTurns(owner)
    turns.begin(*(partial(done.append, number) for number in range(3)))
    assert done == [], "whoever began it goes on first"
    qtbot.waitUntil(lambda: turns.over and not turns._every_turn.active)
    assert done == [0, 1, 2]


def test_who_asks_for_the_whole_gets_it_at_once(qtbot: QtBot) -> None:
    owner = QObject()
    done: list[int] = []
    turns = InTurns(owner)
    turns.begin(*(partial(done.append, number) for number in range(3)))
    turns.finish()
    assert done == [0, 1, 2]
    assert not turns._every_turn.active


def test_a_window_s_own_timer_comes_first_when_something_took_long(qtbot: QtBot) -> None:
    """Whether the pieces wait already, or one of them is what took long."""
    owner, left = QObject(), [2]
    order: list[str] = []
    own = QTimer(owner)
    own.timeout.connect(lambda: order.append("own"))

    def piece() -> bool:
        order.append("piece")
        left[0] -= 1
        time.sleep(0.03)
        return left[0] > 0

    turns = EveryTurn(owner, piece)

    def begin() -> None:
        own.start(10)
        turns.begin()
        time.sleep(0.03)

    QTimer.singleShot(0, owner, begin)
    qtbot.waitUntil(lambda: left[0] == 0)
    own.stop()
    changes = [now for before, now in zip(["", *order], order, strict=False) if now != before]
    assert changes[:4] == ["own", "piece", "own", "piece"]


def test_a_dialog_comes_a_turn_later_and_is_on_its_way_until_then(qtbot: QtBot) -> None:
    dialog = QDialog()
    qtbot.addWidget(dialog)
    coming = open_next_turn(dialog)
    assert not dialog.isVisible()
    assert on_its_way(coming)
    qtbot.waitUntil(dialog.isVisible)
    assert not on_its_way(coming)
    assert not on_its_way(None)


def test_a_dialog_that_is_over_before_it_came_does_not_come(qtbot: QtBot) -> None:
    dialog = QDialog()
    qtbot.addWidget(dialog)
    coming = open_next_turn(dialog)
    dialog.reject()
    assert not on_its_way(coming)
    qtbot.wait(50)
    assert not dialog.isVisible()


def test_a_dialog_that_is_gone_is_not_on_its_way(qtbot: QtBot) -> None:
    dialog = QDialog()
    coming = open_next_turn(dialog)
    dialog.deleteLater()
    qtbot.waitUntil(lambda: not isValid(dialog))
    assert not on_its_way(coming)
