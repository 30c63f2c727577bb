"""The settings on disk: round trip, damage, and a folder that cannot be written."""

from __future__ import annotations

from pathlib import Path

import pytest

from desktop_affect.core.errors import AffectError
from desktop_affect.core.settings_table import default_settings
from desktop_affect.system.settings_file import load_settings, save_settings


def test_what_is_saved_is_loaded(tmp_path: Path) -> None:
    path = tmp_path / "new folder" / "settings.json"
    changed = default_settings().with_changes({"camera.fps": 60.0})
    save_settings(changed, path)
    loaded = load_settings(path)
    assert dict(loaded.settings) == dict(changed)
    assert loaded.problems == ()


def test_no_file_is_the_defaults_without_a_word(tmp_path: Path) -> None:
    loaded = load_settings(tmp_path / "none.json")
    assert dict(loaded.settings) == dict(default_settings())
    assert loaded.problems == ()


@pytest.mark.parametrize("text", ["", "{", "[1, 2]", '"a"', "\x00\xff"])
def test_a_damaged_file_is_the_defaults_and_a_word(tmp_path: Path, text: str) -> None:
    path = tmp_path / "settings.json"
    path.write_text(text, encoding="utf-8")
    loaded = load_settings(path)
    assert dict(loaded.settings) == dict(default_settings())
    assert len(loaded.problems) == 1


def test_a_place_that_cannot_be_written_is_told_in_words(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")
    with pytest.raises(AffectError) as caught:
        save_settings(default_settings(), tmp_path / "file" / "settings.json")
    assert caught.value.advice
