"""Opening and leaving the window as the command line does."""

from __future__ import annotations

import base64
import gc
import os
import signal
import sys
from collections.abc import Iterator

import pytest
from PySide6.QtCore import QEvent, QObject, QRect, Qt
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from desktop_affect.core.errors import AffectError
from desktop_affect.ui.app import WindowOptions, run_window
from desktop_affect.ui.theme import Look, chosen_theme
from desktop_affect.ui.window import MainWindow
from tests.ui.scripted import ScriptedBackend


@pytest.fixture
def plain_app(qapp: QApplication) -> Iterator[QApplication]:
    """Afterwards the application is as it was, and no window is left."""
    yield qapp
    for widget in qapp.topLevelWidgets():
        if isinstance(widget, MainWindow):
            widget.deleteLater()
    gc.unfreeze()


def the_window(app: QApplication) -> MainWindow:
    return next(widget for widget in app.topLevelWidgets() if isinstance(widget, MainWindow) and widget.isVisible())


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="other systems always have a display")
def test_without_a_display_there_is_a_sentence_and_no_abort(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"):
        monkeypatch.delenv(name, raising=False)
    with pytest.raises(AffectError, match="no display"):
        run_window(ScriptedBackend(), WindowOptions())


def test_it_starts_the_source_and_tells_when_it_is_ready(plain_app: QApplication) -> None:
    backend, ready = ScriptedBackend(), []

    def on_ready() -> None:
        ready.append(True)
        the_window(plain_app).force_close()

    assert run_window(backend, WindowOptions(source="demo", on_ready=on_ready)) == 0
    assert backend.built == ["demo"]
    assert ready == [True]
    assert backend.runs[0].engine.finished.is_set()


def test_it_quits_by_itself_after_a_time(plain_app: QApplication) -> None:
    backend = ScriptedBackend()
    assert run_window(backend, WindowOptions(source="", quit_after_s=0.1)) == 0
    assert backend.built == []


def test_a_polite_kill_closes_it(plain_app: QApplication, qtbot: QtBot) -> None:
    backend = ScriptedBackend()
    before = signal.getsignal(signal.SIGTERM)
    options = WindowOptions(source="demo", on_ready=lambda: os.kill(os.getpid(), signal.SIGTERM))
    assert run_window(backend, options) == 0
    assert backend.runs[0].engine.finished.is_set()
    assert signal.getsignal(signal.SIGTERM) is before


class KilledWhilePainting(QObject):
    """Kills politely in the middle of the first painting of what it is installed on."""

    def __init__(self, window: MainWindow) -> None:
        super().__init__()
        self._window = window
        self.stayed: list[bool] = []

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802  Qt's name
        if event.type() is QEvent.Type.Paint and not self.stayed:
            signal.raise_signal(signal.SIGTERM)
            self.stayed.append(self._window.isVisible())
        return False


def test_a_polite_kill_lets_a_painting_end_first(plain_app: QApplication) -> None:
    killers = []

    def watch() -> None:
        window = the_window(plain_app)
        killers.append(KilledWhilePainting(window))
        window.rooms.foot.installEventFilter(killers[0])
        window.rooms.foot.update()

    assert run_window(ScriptedBackend(), WindowOptions(source="demo", on_ready=watch)) == 0
    assert killers[0].stayed == [True], "what it is painted on would go with it"


def test_the_window_follows_the_system_between_dark_and_light(plain_app: QApplication) -> None:
    seen: list[str] = []

    def change() -> None:
        plain_app.styleHints().colorSchemeChanged.emit(Qt.ColorScheme.Light)
        window = the_window(plain_app)
        seen.append(window.theme.ground)
        window.force_close()

    assert run_window(ScriptedBackend(), WindowOptions(on_ready=change)) == 0
    assert seen == [chosen_theme(Look.SYSTEM).ground]


def test_it_is_ready_too_where_the_picture_was_put_away(plain_app: QApplication) -> None:
    """As on a second start, on a screen on which the picture has no room beside the curves."""
    backend, ready = ScriptedBackend(), []
    backend.kept = {"desk": {"wanted": ["faces"]}}

    def on_ready() -> None:
        window = the_window(plain_app)
        ready.append(window.rooms.picture.isVisible())
        window.force_close()

    assert run_window(backend, WindowOptions(source="demo", on_ready=on_ready)) == 0
    assert ready == [False]


@pytest.mark.parametrize("kept", [None, QRect(0, 0, 1280, 800), QRect(1500, 700, 1280, 800), QRect(-900, 40, 600, 500)])
def test_it_opens_on_the_screen_there_is(plain_app: QApplication, kept: QRect | None) -> None:
    """Whatever the screen was when it was closed: this one is as small as one gets."""
    backend, seen = ScriptedBackend(), []
    if kept is not None:
        other = QWidget()
        other.setGeometry(kept)
        backend.kept = {"geometry": base64.b64encode(other.saveGeometry().data()).decode("ascii")}

    def on_shown() -> None:
        window = the_window(plain_app)
        seen.append((window.geometry(), window.screen().availableGeometry()))
        window.force_close()

    assert run_window(backend, WindowOptions(source="", on_shown=on_shown)) == 0
    ((place, screen),) = seen
    edge = 4  # of a window's frame, which nobody knows before it is there
    assert screen.adjusted(-edge, -edge, edge, edge).contains(place), f"{place} on {screen}"


def test_what_is_loaded_for_good_is_not_looked_through_again_and_again(plain_app: QApplication, qtbot: QtBot) -> None:
    """Python's collector would hold the window up for as long as two or three frames last."""
    gc.unfreeze()
    frozen: list[int] = []

    def on_ready() -> None:
        qtbot.waitUntil(lambda: gc.get_freeze_count() > 10_000)
        frozen.append(gc.get_freeze_count())
        the_window(plain_app).force_close()

    assert run_window(ScriptedBackend(), WindowOptions(source="demo", on_ready=on_ready)) == 0
    assert frozen
