"""Long sessions: what the window holds in memory stands still. Eight hours are in `tools/soak_window.py`."""

from __future__ import annotations

from PySide6.QtCore import QAbstractAnimation, QObject
from pytestqt.qtbot import QtBot

from desktop_affect.sinks.history import Channel
from desktop_affect.ui.control import Phase
from tests.ui.conftest import MakeWindow
from tests.ui.replayed import ReplayedBackend, replay


def test_what_is_held_stands_still_once_the_half_hour_is_full(make_window: MakeWindow, qtbot: QtBot) -> None:
    backend = ReplayedBackend()
    window = make_window(backend)
    window.start("demo")
    qtbot.waitUntil(lambda: window.control.phase is Phase.RUNNING)
    assert backend.engine is not None
    window.rooms.curves.affect.spans.choose(3)
    held = []
    for _ in range(3):
        replay(window, backend.engine, seconds=1300, tick_every=50)
        # A notice that comes or goes moves for a moment, and an animation is an object, too.
        qtbot.waitUntil(lambda: not window.findChildren(QAbstractAnimation))
        scene = len(window.rooms.curves.affect.plot.scene().items())
        held.append((window.control.history.size_bytes, scene, len(window.findChildren(QObject))))
    assert held[1] == held[2]
    t_s, _ = window.rooms.curves.affect.plot.curve_data(Channel.VALENCE)
    assert t_s[-1] - t_s[0] > 1790
    assert len(window.alerts.all) == 33
