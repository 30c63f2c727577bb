"""A change of theme: the main window first, every other window in turns of its own, none painted by half."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEvent
from PySide6.QtGui import QPaintEvent
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot
from shiboken6 import isValid

from desktop_affect.ui.dressing import Dressing, Themed, ThemedDialog, windows_of
from desktop_affect.ui.in_turns import InTurns
from desktop_affect.ui.review import ReviewWindow
from desktop_affect.ui.rooms import Rooms
from desktop_affect.ui.theme import DARK, LIGHT, style_sheet
from desktop_affect.ui.window import MainWindow
from tests.ui.conftest import MakeWindow
from tests.ui.scripted import ScriptedBackend


def light(widget: QWidget) -> bool:
    return worn(widget).styleSheet() == style_sheet(LIGHT)


def worn(widget: QWidget) -> QWidget:
    """In two windows every part wears the sheet."""
    if isinstance(widget, ReviewWindow):
        return widget.browser.search
    return widget.head if isinstance(widget, Rooms) else widget


def with_everything_open(window: MainWindow, review: Callable[[], ReviewWindow]) -> list[QWidget]:
    review()
    window.show_second()
    window.show_help()
    window.show_alerts()
    window.show_about()
    window.films.show()
    window.dialogs.open_settings()
    window.dialogs.new_session()
    return [child for child in windows_of(window) if isinstance(child, Themed)]


def the_window() -> MainWindow:
    (window,) = (top for top in QApplication.topLevelWidgets() if isinstance(top, MainWindow) and top.isVisible())
    return window


def test_a_theme_reaches_every_open_window_one_after_the_other(
    review: Callable[[], ReviewWindow], qapp: QApplication
) -> None:
    review()
    window = the_window()
    window.set_theme(DARK)
    window.dressing.finish()
    others = with_everything_open(window, review)
    assert len(others) == 8
    window._timer.stop()
    window.set_theme(LIGHT)
    assert not window.updatesEnabled(), "its frame would be painted over all that is in it"
    window.dressing.step()
    assert light(window.rooms), "the window in which it was asked for"
    assert not window.rooms.updatesEnabled(), "not painted before all of it is done"
    assert not any(map(light, others))
    assert not any(other.updatesEnabled() for other in others), "as they were until it is their turn"
    seen = []
    while window.dressing.step():
        seen.append(sum(map(light, others)))
        assert all(light(other) for other in others if other.updatesEnabled())
        assert window.rooms.updatesEnabled() or not seen[-1], "nothing else before it"
    assert sorted({*seen}) == list(range(9)), "one at a time"
    assert all(other.updatesEnabled() for other in (window, *others))
    assert qapp.styleSheet() == "", "one sheet for everything would be put on by everything at once"


def test_the_timer_of_the_main_window_does_it(review: Callable[[], ReviewWindow], qtbot: QtBot) -> None:
    opened = review()
    the_window().set_theme(LIGHT)
    qtbot.waitUntil(lambda: light(opened) and opened.updatesEnabled())


def test_the_newest_theme_counts(make_window: MakeWindow) -> None:
    window = make_window(ScriptedBackend())
    window._timer.stop()
    window.set_theme(DARK)
    window.dressing.finish()
    window.show_help()
    window.show_second()
    window.set_theme(LIGHT)
    window.dressing.step()
    window.set_theme(DARK)
    window.dressing.finish()
    for other in (window.rooms, window.side.help, window.side.second):
        assert other is not None
        assert worn(other).styleSheet() == style_sheet(DARK)
        assert other.updatesEnabled()


def test_a_window_of_sessions_that_is_closed_meanwhile_is_left_alone(review: Callable[[], ReviewWindow]) -> None:
    opened = review()
    window = the_window()
    window.set_theme(LIGHT)  # is on its way when the window is closed
    opened.close()
    going = opened.findChildren(InTurns)[-1]
    going._turns.step()
    QApplication.sendPostedEvents(opened.browser, QEvent.Type.DeferredDelete)
    assert not isValid(opened.browser), "its pages go before it"
    window.dressing.finish()
    window.set_theme(DARK)
    window.dressing.finish()


def test_a_window_that_goes_meanwhile_is_left_out(qtbot: QtBot) -> None:
    first, second = ThemedDialog(), ThemedDialog()
    qtbot.addWidget(second)
    dressing = Dressing()
    dressing.begin(LIGHT, [first, second])
    first.deleteLater()
    QApplication.sendPostedEvents(first, 52)  # QEvent.DeferredDelete
    dressing.finish()
    assert light(second)


def test_a_window_that_comes_while_a_theme_changes_is_painted_afterwards(qtbot: QtBot) -> None:
    class Seen(QWidget):
        times = 0

        def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802  Qt's name
            self.times += 1

    dialog, dressing = ThemedDialog(), Dressing()
    qtbot.addWidget(dialog)
    inside = Seen(dialog)
    inside.resize(100, 100)
    dialog.resize(200, 200)
    dialog.show()
    dressing.begin(LIGHT, [dialog])
    qtbot.wait(50)
    assert inside.times == 0
    dressing.finish()
    for _ in range(3):
        before = inside.times
        inside.update()
        qtbot.waitUntil(lambda before=before: inside.times > before)  # type: ignore[misc]
