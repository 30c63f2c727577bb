"""Pieces in turns of Qt's event loop."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QObject
from pytestqt.qtbot import QtBot

from desktop_affect.ui.in_turns import InTurns


def test_one_piece_every_turn_and_then_rest(qtbot: QtBot) -> None:
    owner = QObject()
    done: list[int] = []
    turns = InTurns(owner)
    turns.begin(*(partial(done.append, number) for number in range(3)))
    assert done == [], "whoever began it goes on first"
    qtbot.waitUntil(lambda: turns.over and not turns._timer.isActive())
    assert done == [0, 1, 2]


def test_who_asks_for_the_whole_gets_it_at_once(qtbot: QtBot) -> None:
    owner = QObject()
    done: list[int] = []
    turns = InTurns(owner)
    turns.begin(*(partial(done.append, number) for number in range(3)))
    turns.finish()
    assert done == [0, 1, 2]
    assert not turns._timer.isActive()
