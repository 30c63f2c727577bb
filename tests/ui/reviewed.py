"""Recorded sessions in the review window, for its tests."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import numpy as np
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from desktop_affect.core.types import Alert, AlertPhase, Marker, RunStart, SourceInfo
from desktop_affect.session.format import HEADER_FILE, SAMPLES_FILE
from desktop_affect.session.journal import Journal
from desktop_affect.session.plan import SessionPlan
from desktop_affect.ui.review import ReviewWindow
from tests.fakes import INFO, clock_pair
from tests.session.recorded import QuickDisk
from tests.ui.samples import no_face, sample

OpenReview = Callable[[], ReviewWindow]


def record(
    root: Path, who: str = "P07", seconds: float = 20.0, marker_s: float = 5.0, source: SourceInfo = INFO
) -> Path:
    """By the real journal: a face, with a second without one from 10 s on, a marker and an alert."""
    folder = root / "Interview" / who / f"2026-11-25_10-00-{len(list(root.rglob(HEADER_FILE))):02d}"
    folder.mkdir(parents=True)
    plan, start = SessionPlan(root, "Interview", who, "B"), RunStart(clock_pair(), source, None, "test")
    journal = Journal(folder, plan, start, clock_pair(), QuickDisk())
    for i in range(int(seconds * 30)):
        t_s = 100.0 + i / 30
        journal.sample(no_face(t_s) if 300 <= i < 330 else sample(t_s, valence=i / 1000))
    journal.event(Marker(100.0 + marker_s, "stimulus"))
    journal.event(Alert(1, AlertPhase.BEGAN, "hesitancy", 112.0, 112.0, np.nan, 0.7, 0.6, ("lips",), True))
    journal.finish("stopped", clock_pair())
    journal.close()
    return folder


def cut_off(folder: Path) -> None:
    """As a crash leaves it: never closed, half a row at the end."""
    document = json.loads((folder / HEADER_FILE).read_text("utf-8"))
    document |= {"state": "recording", "end": None}
    (folder / HEADER_FILE).write_text(json.dumps(document), "utf-8")
    with (folder / SAMPLES_FILE).open("ab") as file:
        file.write(b"600,20.0,,fa")


def shown(review: OpenReview, folder: Path, qtbot: QtBot) -> ReviewWindow:
    """The window with this session in its player."""
    opened = review()
    opened.open_session(folder)
    qtbot.waitUntil(lambda: opened.session is not None and opened.pages.currentWidget() is opened.player)
    qtbot.waitUntil(lambda: opened.player.up_to_date)
    return opened


def press(
    window: ReviewWindow, qtbot: QtBot, key: Qt.Key, how: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier
) -> None:
    """A key in the player; a dialog that has just closed may have left another window active."""
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow)
    QTest.keyClick(window.player, key, how)


def names(window: ReviewWindow) -> list[str]:
    return [listed.entry.participant for listed in window.browser.model.rows]
