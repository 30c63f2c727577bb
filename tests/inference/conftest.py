"""Every test of this room has its own folders for caches and added models, and measures devices in no time."""

from __future__ import annotations

from pathlib import Path

import pytest

from desktop_affect.system.paths import HOME_VARIABLE


@pytest.fixture(autouse=True)
def _own_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(HOME_VARIABLE, str(tmp_path / "home"))
    monkeypatch.setattr("desktop_affect.inference.choice.BUDGET_S", 0.01)
