"""What stands in a release's way is found and named; the whole run is `python -m tools.release --dry-run`."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest

import desktop_affect
from tools import release

CHANGES = """# Changelog

## Unreleased

- Something new.

## 1.2.0 - 2026-11-01

- Something older.
- And more.

## 1.1.0

"""


def test_sections_of_the_changelog() -> None:
    assert release.section(CHANGES, "1.2.0") == "- Something older.\n- And more."
    assert release.section(CHANGES, "Unreleased") == "- Something new."
    for silent in ("1.1.0", "0.9.0"):
        with pytest.raises(release.ReleaseError, match="says nothing"):
            release.section(CHANGES, silent)


def test_our_own_version_and_changelog_can_be_released(capsys: pytest.CaptureFixture[str]) -> None:
    release.check_version()
    assert desktop_affect.__version__ in capsys.readouterr().out


def test_another_tag_is_refused() -> None:
    with pytest.raises(release.ReleaseError, match="the tag is v99"):
        release.check_version("v99.0.0")


def test_versions_that_differ_are_named(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr(desktop_affect, "__version__", "9.9.9")
    assert release.main(["--check"]) == 1
    assert "desktop_affect/__init__.py says 9.9.9" in capsys.readouterr().err


def test_a_tree_with_changes_is_refused(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(release, "tree", lambda: " M README.md")
    with pytest.raises(release.ReleaseError, match="not committed"):
        release.release(tmp_path, dry=True)
    assert list(tmp_path.iterdir()) == []


def test_checksums_are_those_of_the_files(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "a.whl").write_bytes(b"abc")
    release.checksums(tmp_path)
    expected = f"{hashlib.sha256(b'abc').hexdigest()}  a.whl\n"
    assert (tmp_path / "SHA256SUMS").read_text(encoding="utf-8") == expected
    assert capsys.readouterr().out == expected
