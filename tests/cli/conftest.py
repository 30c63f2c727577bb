"""Every command-line test has its own home, and leaves the process's log and hooks alone."""

from __future__ import annotations

from pathlib import Path

import pytest

from desktop_affect.system import crash, logs


@pytest.fixture(autouse=True)
def own_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DESKTOP_AFFECT_HOME", str(tmp_path))
    monkeypatch.setattr(logs, "set_up", lambda verbose: None)
    monkeypatch.setattr(crash, "watch", lambda: None)
