"""One session from beginning to end, through the real window, over the real tracker and model, on the demo."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from desktop_affect.core.settings import Value
from desktop_affect.core.settings_table import default_settings
from desktop_affect.session.format import HEADER_FILE
from desktop_affect.session.reader import Session, read_session
from desktop_affect.system import paths
from desktop_affect.ui.backend import RealBackend
from desktop_affect.ui.control import Control, Phase
from desktop_affect.ui.settings_dialog import SettingsDialog
from desktop_affect.ui.theme import DARK, LIGHT
from desktop_affect.ui.window import MainWindow
from tests.ui.conftest import PATIENCE_MS

pytestmark = [pytest.mark.timeout(300), pytest.mark.expected_log]

# Every part of a session within seconds: a short calibration, and an alert that comes while a face is in view.
QUICK: dict[str, Value] = {
    "baseline.length_s": 3.0,
    "alerts.rules": "face above 0.5 for 0.3 s",
    "hesitancy.alert": False,
}
MODEL = "mobilenetv4-mixer"


@pytest.fixture
def qtbot(qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> QtBot:
    """The real tracker and model take a second to start, and half a minute on a machine with other work."""
    monkeypatch.setattr(qtbot, "waitUntil", partial(qtbot.waitUntil, timeout=90_000))
    return qtbot


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv(paths.HOME_VARIABLE, str(tmp_path))
    return tmp_path


@pytest.fixture
def window(home: Path, qtbot: QtBot, qapp: QApplication) -> Iterator[MainWindow]:
    copy = paths.user_models_dir() / "copy"
    shutil.copytree(paths.bundled(f"models/{MODEL}"), copy)
    manifest = copy / "model.toml"
    manifest.write_text(manifest.read_text("utf-8").replace(f'name = "{MODEL}"', 'name = "copy"', 1), "utf-8")
    settings = default_settings().with_changes({**QUICK, "recording.folder": str(home), "model.name": "copy"})
    made = MainWindow(Control(RealBackend(settings)), DARK)
    made.show()
    qtbot.waitExposed(made)
    yield made
    made.force_close()
    qtbot.waitUntil(lambda: made.control.closed and not made.ticking, timeout=PATIENCE_MS)
    made.deleteLater()


def recorded(window: MainWindow, home: Path, qtbot: QtBot) -> Session:
    """What is on disk once the recording is closed."""
    qtbot.waitUntil(lambda: window.control.session is None)
    (folder,) = {path.parent for path in home.rglob(HEADER_FILE)}
    return read_session(folder)


def begin_recording(window: MainWindow, qtbot: QtBot) -> None:
    qtbot.waitUntil(window.rooms.session_bar.button.isEnabled)
    window.rooms.session_bar.button.click()
    dialog = window.dialogs.session
    assert dialog is not None
    dialog.study.setText("Interview")
    dialog.participant.setText("P07")
    dialog.agreed.click()
    dialog.record.click()
    qtbot.waitUntil(lambda: window.rooms.session_bar.badge.text().startswith("● REC 00"))


def press(window: MainWindow, key: Qt.Key, qtbot: QtBot) -> None:
    """Keys go to the active window, and after a dialog that takes a moment."""
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow)
    QTest.keyClick(window, key)


def test_a_session_from_the_first_page_to_the_export(window: MainWindow, home: Path, qtbot: QtBot) -> None:
    rooms = window.rooms
    qtbot.waitUntil(lambda: rooms.empty.button.text() == "Start the demo")
    rooms.empty.button.click()
    qtbot.waitUntil(lambda: rooms.curves.affect.valence.text not in ("–", ""))
    rooms.calibration.button.click()
    qtbot.waitUntil(lambda: rooms.calibration.words.text() == "✓ calibrated")
    begin_recording(window, qtbot)

    press(window, Qt.Key.Key_F1, qtbot)
    qtbot.waitUntil(lambda: "stimulus" in rooms.markers.last.text())
    rooms.markers.note.setText("door opened")
    QTest.keyClick(rooms.markers.note, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: "door opened" in rooms.markers.last.text())
    qtbot.waitUntil(lambda: "1 alert" in rooms.alert_button.text())
    rooms.alert_banner.button.click()
    window.show_alerts()
    assert window.side.alerts is not None
    assert window.side.alerts.table.rowCount() == 1

    # The files of the model go while it runs: told, and every row goes on having its estimate.
    shutil.rmtree(paths.user_models_dir() / "copy")
    window.control.look_around()
    qtbot.waitUntil(lambda: any("gone" in notice.fault.message for notice in rooms.notices.notices()))
    seen = window.control.status().analysed
    qtbot.waitUntil(lambda: window.control.status().analysed > seen + 10)

    rooms.session_bar.button.click()
    session = recorded(window, home, qtbot)
    assert [marker.text for marker in session.markers] == ["stimulus", "door opened"]
    assert "model" in [event.get("where") for event in session.events]
    with_face = session["face"] == 1
    assert with_face.sum() > 5
    assert np.isfinite(session["valence"][with_face]).all()

    window.show_sessions()
    review = window.review
    assert review is not None
    review.open_session(session.path)
    qtbot.waitUntil(lambda: review.session is not None and review.pages.currentWidget() is review.player)
    review.head.export_button.click()
    assert review.export_desk.dialog is not None
    review.export_desk.dialog.go.click()
    qtbot.waitUntil(lambda: len(list(session.path.rglob("*.csv"))) > len(list(session.path.glob("*.csv"))))
    qtbot.waitUntil(lambda: any("written" in notice.fault.message for notice in review.notices.notices()))


def test_settings_themes_errors_and_closing_over_a_recording(window: MainWindow, home: Path, qtbot: QtBot) -> None:
    dialog = SettingsDialog(window.settings, window.use_settings, window.theme, window)
    dialog.rows["window.look"].show_value("light")
    dialog.rows["markers.f4"].show_value("pause")
    dialog.accept()
    assert window.theme is LIGHT
    qtbot.waitUntil(
        lambda: "pause" in paths.settings_file().read_text("utf-8") if paths.settings_file().exists() else False
    )

    window.start(str(home / "no-such-film.mp4"))
    qtbot.waitUntil(lambda: "no-such-film.mp4" in window.rooms.empty.title.text())
    assert window.rooms.empty.advice.text()

    window.start("demo")
    qtbot.waitUntil(lambda: window.rooms.picture.painted_seq >= 0 and window.control.phase is Phase.RUNNING)
    begin_recording(window, qtbot)
    press(window, Qt.Key.Key_F4, qtbot)
    qtbot.waitUntil(lambda: "pause" in window.rooms.markers.last.text())
    asked: list[str] = []

    def refuse(title: str, text: str) -> bool:
        asked.append(text)
        return False

    window.confirm = refuse
    window.close()
    assert asked == ["Stop recording and close?"]
    assert window.isVisible()
    window.confirm = lambda title, text: True
    with qtbot.waitSignal(window.gone, timeout=PATIENCE_MS):
        window.close()
    assert [marker.text for marker in recorded(window, home, qtbot).markers] == ["pause"]
