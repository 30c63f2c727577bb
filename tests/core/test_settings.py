"""The settings table drives defaults, checks and the file; a bad file never stops the application."""

from __future__ import annotations

import pytest

from desktop_affect.core.errors import SettingsError
from desktop_affect.core.settings import Setting, Settings, from_document, to_document
from desktop_affect.core.settings_table import SETTINGS_TABLE, default_settings

TABLE = (
    Setting("a.size", 3, "Size", "How large.", minimum=1, maximum=9),
    Setting("a.share", 0.5, "Share", "How much.", minimum=0, maximum=1),
    Setting("b.word", "red", "Word", "Which one.", choices=("red", "blue")),
    Setting("b.on", True, "On", "Whether."),
)


def test_defaults_and_typed_access() -> None:
    settings = Settings(TABLE)
    assert settings.whole("a.size") == 3
    assert settings.number("a.share") == 0.5
    assert settings.text("b.word") == "red"
    assert settings.yes("b.on")


def test_changes_make_a_new_object() -> None:
    settings = Settings(TABLE)
    assert settings.with_changes({"a.size": 5}).whole("a.size") == 5
    assert settings.whole("a.size") == 3


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("a.size", 10),
        ("a.size", 2.5),
        ("a.size", True),
        ("a.share", float("nan")),
        ("b.word", "green"),
        ("b.on", 1),
        ("c.x", 1),
    ],
)
def test_a_bad_value_is_refused_in_words(key: str, value: float | str | bool) -> None:
    with pytest.raises(SettingsError) as caught:
        Settings(TABLE).with_changes({key: value})
    assert caught.value.message


def test_a_whole_number_is_a_fine_fraction() -> None:
    assert Settings(TABLE).with_changes({"a.share": 1})["a.share"] == 1.0


def test_the_file_round_trips_and_holds_only_changes() -> None:
    settings = Settings(TABLE).with_changes({"a.size": 7})
    document = to_document(settings)
    assert document["values"] == {"a.size": 7}
    assert dict(from_document(TABLE, document).settings) == dict(settings)


def test_a_damaged_file_keeps_what_is_good_and_names_what_is_not() -> None:
    loaded = from_document(TABLE, {"schema": 1, "values": {"a.size": 99, "gone.key": 1, "b.word": "blue"}})
    assert loaded.settings.whole("a.size") == 3
    assert loaded.settings.text("b.word") == "blue"
    assert len(loaded.problems) == 2


def test_a_newer_file_is_said_to_be_newer() -> None:
    assert "newer" in from_document(TABLE, {"schema": 99}).problems[0]


def test_every_row_of_the_real_table_is_sound() -> None:
    settings = default_settings()
    assert len({row.key for row in SETTINGS_TABLE}) == len(SETTINGS_TABLE)
    for row in SETTINGS_TABLE:
        assert row.check(row.default) == settings[row.key]
        assert row.label
        assert row.help.endswith(".")
