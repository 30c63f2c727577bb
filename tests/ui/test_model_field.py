"""Choosing a model: those that are there, one that is not, and a folder from elsewhere."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from desktop_affect.ui.model_field import OTHER_FOLDER, ModelField
from desktop_affect.ui.settings_dialog import SettingsDialog
from desktop_affect.ui.window import MainWindow
from tests.ui.conftest import MakeWindow
from tests.ui.scripted import ScriptedBackend


@pytest.fixture
def opened(make_window: MakeWindow, qtbot: QtBot) -> Callable[[], tuple[MainWindow, SettingsDialog, ModelField]]:
    def open_it() -> tuple[MainWindow, SettingsDialog, ModelField]:
        window = make_window(ScriptedBackend())
        window.dialogs.open_settings()
        (dialog,) = window.findChildren(SettingsDialog)
        field = dialog.rows["model.name"].field
        assert isinstance(field, ModelField)
        qtbot.waitUntil(lambda: field.findData("mixer") >= 0)
        return window, dialog, field

    return open_it


def choose(field: ModelField, words: str) -> None:
    number = field.findText(words)
    field.setCurrentIndex(number)
    field.activated.emit(number)


def test_the_models_there_are_can_be_chosen(
    opened: Callable[[], tuple[MainWindow, SettingsDialog, ModelField]],
) -> None:
    window, dialog, field = opened()
    texts = [field.itemText(number) for number in range(field.count())]
    assert texts == ["automatic", "mixer", "torn (broken)", "", OTHER_FOLDER]
    torn = field.model().index(2, 0)
    assert not torn.flags() & torn.flags().ItemIsEnabled
    assert field.name == "automatic"
    choose(field, "mixer")
    dialog.accept()
    assert window.settings.text("model.name") == "mixer"


def test_a_model_that_is_not_there_stays_chosen_and_says_so(
    opened: Callable[[], tuple[MainWindow, SettingsDialog, ModelField]],
) -> None:
    _, dialog, field = opened()
    dialog.rows["model.name"].show_value("gone")
    assert field.currentText() == "gone (not installed)"
    assert dialog.chosen().text("model.name") == "gone"


def test_a_folder_from_elsewhere_is_added_or_told_why_not(
    opened: Callable[[], tuple[MainWindow, SettingsDialog, ModelField]], tmp_path: Path, qtbot: QtBot
) -> None:
    _, dialog, field = opened()
    folder = tmp_path / "mine"
    field.choose_folder = lambda: str(folder)
    choose(field, OTHER_FOLDER)
    qtbot.waitUntil(lambda: "is no model. Choose another folder." in dialog.problem.text())
    assert (field.name, field.currentText()) == ("automatic", "automatic")
    folder.mkdir()
    choose(field, OTHER_FOLDER)
    qtbot.waitUntil(lambda: field.currentText() == "mine")
    assert dialog.problem.text() == "“mine” was added to your models."
    field.choose_folder = lambda: ""
    choose(field, OTHER_FOLDER)
    assert field.name == "mine"
