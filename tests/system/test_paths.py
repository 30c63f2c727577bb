"""What travels with the program is found in every layout; the person's folders are named and not touched."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from desktop_affect.core.errors import AffectError
from desktop_affect.system import paths
from tests.shared_data import ROOT


def test_checkout_keeps_them_beside_the_package() -> None:
    assert paths.bundled("resources/demo/participant.mp4") == ROOT / "resources" / "demo" / "participant.mp4"
    assert paths.bundled("models") == ROOT / "models"


def test_wheel_keeps_them_inside_the_package(tmp_path: Path) -> None:
    package = tmp_path / "site-packages" / "desktop_affect"
    (package / "_bundle" / "resources").mkdir(parents=True)
    # Another package may have brought a top-level folder of the same name.
    (tmp_path / "site-packages" / "resources").mkdir()
    assert paths._bundle_root(package, None) == package / "_bundle"


def test_frozen_build_keeps_them_where_it_unpacks(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "frozen", True, raising=False)
    monkeypatch.setattr(sys, "_MEIPASS", str(tmp_path), raising=False)
    assert paths.bundled("models/x/model.toml") == tmp_path / "models" / "x" / "model.toml"


def test_unpacked_folder_alone_does_not_make_a_frozen_build(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "_MEIPASS", str(tmp_path), raising=False)
    assert paths.bundled("models") == ROOT / "models"


@pytest.mark.parametrize("relative", ["", "tests/conftest.py", "/etc/passwd", "resources/../tests", "../models"])
def test_nothing_else_is_bundled(relative: str) -> None:
    with pytest.raises(ValueError, match="does not lie in"):
        paths.bundled(relative)


def test_one_folder_can_hold_everything_and_asking_creates_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    home = tmp_path / "stick"
    monkeypatch.setenv(paths.HOME_VARIABLE, str(home))
    found = [
        paths.settings_file(), paths.user_models_dir(), paths.log_dir(), paths.cache_dir(), paths.sessions_dir()
    ]  # fmt: skip
    assert all(path.is_relative_to(home) for path in found)
    assert len(set(found)) == len(found)
    assert not home.exists()


def test_usual_folders_are_the_persons_own(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(paths.HOME_VARIABLE, raising=False)
    assert paths.settings_file().name == "settings.json"
    for path in (paths.settings_file(), paths.user_models_dir(), paths.log_dir(), paths.cache_dir()):
        assert path.is_absolute()
        assert "desktop-affect" in path.parts
    assert paths.sessions_dir().name == "Desktop Affect"


def test_chosen_sessions_folder_wins(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(paths.HOME_VARIABLE, str(tmp_path / "stick"))
    assert paths.sessions_dir(f" {tmp_path / 'study'} ") == tmp_path / "study"
    assert paths.sessions_dir("~/study") == Path.home() / "study"


def test_ensure_makes_the_folder_or_says_why_not(tmp_path: Path) -> None:
    assert paths.ensure_dir(tmp_path / "a" / "b").is_dir()
    assert paths.ensure_dir(tmp_path / "a" / "b").is_dir()
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(AffectError, match="cannot be made"):
        paths.ensure_dir(tmp_path / "file" / "inside")
