"""The menu of the main window, with its keys. F1 to F12 are not among them: they belong to the markers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QMenu

if TYPE_CHECKING:
    from desktop_affect.ui.window import MainWindow


def fill_menu(window: MainWindow) -> None:
    menu = window.rooms.menu
    menu.addAction("Settings …", QKeySequence("Ctrl+,"), window.dialogs.open_settings)
    menu.addAction("Sessions …", QKeySequence("Ctrl+O"), window.show_sessions)
    menu.addAction("Films …", QKeySequence("Ctrl+Shift+O"), window.films.show)
    menu.addAction("Alerts …", QKeySequence("Ctrl+L"), window.show_alerts)
    view = menu.addMenu("View")
    _fill_view(window, view)
    menu.addSeparator()
    menu.addAction("What the signals mean", QKeySequence("Ctrl+H"), window.show_help)
    menu.addAction("About Desktop Affect", window.show_about)
    menu.addSeparator()
    menu.addAction("Quit", QKeySequence("Ctrl+Q"), window.close)
    window.addActions([*menu.actions(), *view.actions()])


def _fill_view(window: MainWindow, view: QMenu) -> None:
    view.addAction("Second window", QKeySequence("Ctrl+D"), window.show_second)
    view.addAction("Full screen", QKeySequence("Alt+Return"), window.toggle_full_screen)
    view.addSeparator()
    view.addActions(list(window.rooms.desk.switches.values()))
    view.addAction("Reset layout", window.rooms.desk.reset)
