"""The settings on disk: round trip, damage, and a folder that cannot be written."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from desktop_affect.core import settings
from desktop_affect.core.errors import AffectError
from desktop_affect.core.settings import RENAMED, SCHEMA_VERSION
from desktop_affect.core.settings_table import SETTINGS_TABLE, default_settings
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


VERSIONS = Path(__file__).resolve().parent / "versions"


def test_every_version_of_the_settings_there_ever_was_is_kept_here() -> None:
    """`versions/settings-vN.json` is as version N wrote it, and is never made anew."""
    assert set(RENAMED) == set(range(1, SCHEMA_VERSION + 1))
    assert {path.name for path in VERSIONS.iterdir()} == {f"settings-v{number}.json" for number in RENAMED}


@pytest.mark.parametrize("number", sorted(RENAMED))
def test_an_upgrade_keeps_every_setting(number: int) -> None:
    path = VERSIONS / f"settings-v{number}.json"
    loaded = load_settings(path)
    assert loaded.problems == ()
    written = json.loads(path.read_text(encoding="utf-8"))["values"]
    kept = {RENAMED[number].get(key, key): value for key, value in written.items()}
    assert {key: loaded.settings[key] for key in kept} == kept
    assert len(kept) > 30


def test_renamed_keys_are_followed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settings, "RENAMED", {1: {"camera.speed": "camera.fps"}})
    loaded = settings.from_document(SETTINGS_TABLE, {"schema": 1, "values": {"camera.speed": 60.0}})
    assert loaded.problems == ()
    assert loaded.settings["camera.fps"] == 60.0


@pytest.mark.parametrize("text", ["{ damaged", '{"schema": 99, "values": {"of.tomorrow": 1}}'])
def test_saving_over_what_could_not_be_read_whole_keeps_a_copy(tmp_path: Path, text: str) -> None:
    path = tmp_path / "settings.json"
    path.write_text(text, encoding="utf-8")
    save_settings(default_settings(), path)
    save_settings(default_settings(), path)
    assert [kept.read_text(encoding="utf-8") for kept in tmp_path.glob("settings-kept-*.json")] == [text]
    assert load_settings(path).problems == ()
