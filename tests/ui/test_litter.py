"""The collector of cycles on the window's thread."""

from __future__ import annotations

import gc
import threading
import weakref

from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from desktop_affect.ui.litter import due


class Knot(QWidget):
    """Holds itself, and tells which thread took it away."""

    def __init__(self, taken_by: list[str]) -> None:
        super().__init__()
        self.itself = self
        weakref.finalize(self, lambda: taken_by.append(threading.current_thread().name))


def test_a_widget_is_taken_away_by_the_window_s_thread_whoever_makes_the_litter(qtbot: QtBot) -> None:
    taken_by: list[str] = []
    kept: list[list[int]] = []

    def make() -> None:
        """So many objects that the collector would run several times on this thread."""
        kept.extend([number] for number in range(20 * gc.get_threshold()[0]))

    assert not gc.isenabled()
    Knot(taken_by)
    worker = threading.Thread(target=make)
    worker.start()
    worker.join()
    assert taken_by == []
    qtbot.waitUntil(lambda: bool(taken_by))
    assert taken_by == ["MainThread"]


def test_the_oldest_generation_that_is_full_is_collected() -> None:
    limits = (700, 10, 10)
    assert due((700, 99, 99), limits) is None, "nothing new, nothing to be done"
    assert due((701, 10, 99), limits) == 2
    assert due((701, 11, 10), limits) == 1
    assert due((701, 0, 0), limits) == 0
