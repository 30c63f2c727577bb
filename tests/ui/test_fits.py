"""No text is cut: in the sizes of the screenshots, in every window, whatever a run has to say."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from PySide6.QtWidgets import QAbstractButton, QLabel, QWidget
from pytestqt.qtbot import QtBot

from desktop_affect.core.types import NAN, Alert, AlertPhase, Fault, Severity
from desktop_affect.session.plan import SessionPlan
from desktop_affect.ui.elided import ElidedLabel
from desktop_affect.ui.window import MainWindow
from tests.fakes import ScriptedModel
from tests.ui.conftest import MakeWindow
from tests.ui.scripted import ScriptedBackend


@pytest.fixture
def window(make_window: MakeWindow, qtbot: QtBot) -> MainWindow:
    """Recording, with an alert and a notice: all that can stand in it at once."""
    made = make_window(ScriptedBackend(model=ScriptedModel()))
    made.start("demo")
    qtbot.waitUntil(lambda: made.rooms.picture.painted_seq >= 0)
    made.record(
        SessionPlan(
            Path("sessions"), "Verhaltensbeobachtungsstudie Aufmerksamkeit", "Versuchsperson-07", "Kontrollgruppe"
        )
    )
    made.rooms.notices.add(Fault(1.0, "camera", Severity.WARNING, "The camera is busy.", "Close the other.", "EBUSY"))
    now_s = made.control.now_s()
    made.control.publish(
        Alert(1, AlertPhase.BEGAN, "face_lost", now_s, now_s, NAN, 0.7, 0.6, ("nobody for 5 s",), True)
    )
    qtbot.waitUntil(made.rooms.alert_banner.isVisible)
    qtbot.waitUntil(lambda: "REC 00" in made.rooms.session_bar.badge.text())
    return made


def cut(root: QWidget) -> list[str]:
    """Texts that have less room than they ask for; what gives way on purpose is left out."""
    found = []
    for widget in root.findChildren(QWidget):
        if isinstance(widget, ElidedLabel) or not isinstance(widget, QLabel | QAbstractButton):
            continue
        if not widget.isVisibleTo(root) or not widget.text() or (isinstance(widget, QLabel) and widget.wordWrap()):
            continue
        if widget.width() < widget.sizeHint().width() - 1 or widget.height() < widget.sizeHint().height() - 4:
            found.append(f"{widget.text()!r}: {widget.size()} of {widget.sizeHint()}")
    return found


def all_fits(root: QWidget, qtbot: QtBot) -> None:
    """Once the layout has followed the newest texts."""

    def check() -> None:
        assert cut(root) == []

    qtbot.waitUntil(check)


@pytest.mark.parametrize("size", [(1280, 800), (1920, 1080), (1366, 728), (1000, 600), (960, 560), (800, 800)])
def test_the_main_window(window: MainWindow, qtbot: QtBot, size: tuple[int, int]) -> None:
    window.resize(*size)
    all_fits(window, qtbot)
    assert window.size().toTuple() == size


def test_the_dialogs_and_the_second_window(window: MainWindow, qtbot: QtBot) -> None:
    window.show_second()
    second = window.side.second
    assert second is not None
    others = (window.dialogs.made_session_dialog(), window.dialogs.made_settings_dialog(), second)
    for other in others:
        other.show()
        all_fits(other, qtbot)


def test_the_second_window_shrinks_as_it_grew(window: MainWindow) -> None:
    window.show_second()
    second = window.side.second
    assert second is not None
    for size in ((1920, 1080), (640, 360)):
        second.resize(*size)
        assert second.size().toTuple() == size


_SCALED = """
from tests.ui.scripted import ScriptedBackend
from tests.ui.test_fits import cut
from desktop_affect.ui.app import WindowOptions, open_window

app, window = open_window(ScriptedBackend(), WindowOptions(source=""))
window.resize(1280, 800)
for _ in range(20):
    app.processEvents()
    window.tick()
picture = window.grab()
print(picture.width(), picture.devicePixelRatio(), window.rooms.curves.affect.plot.devicePixelRatioF(), cut(window))
window.force_close()
while not window.control.closed:
    app.processEvents()
"""


@pytest.mark.parametrize("factor", ["1.25", "3"])
def test_the_window_at_other_scales(factor: str) -> None:
    environment = {**os.environ, "QT_SCALE_FACTOR": factor}
    done = subprocess.run(
        [sys.executable, "-c", _SCALED], capture_output=True, text=True, timeout=100, check=False, env=environment
    )
    assert done.stdout.split() == [str(round(1280 * float(factor))), str(float(factor)), str(float(factor)), "[]"], (
        done.stdout + done.stderr
    )
