"""What the window remembers, on disk."""

from __future__ import annotations

from pathlib import Path

import pytest

from desktop_affect.ui.window_state import last_source, read_state, write_state


def test_what_was_written_is_read(tmp_path: Path) -> None:
    path = tmp_path / "new" / "window.json"
    assert read_state(path) == {}
    write_state(path, {"source": "demo"})
    assert read_state(path) == {"source": "demo"}


@pytest.mark.parametrize("text", ["{", "[1]", "\0"])
def test_an_unreadable_file_is_a_first_day(tmp_path: Path, text: str) -> None:
    path = tmp_path / "window.json"
    path.write_text(text, encoding="utf-8")
    assert last_source(read_state(path)) == ""


def test_a_folder_that_cannot_be_made_costs_only_the_layout(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")
    write_state(tmp_path / "file" / "window.json", {})
    assert read_state(tmp_path / "file" / "window.json") == {}
