"""One recorded session for all export tests."""

from __future__ import annotations

from pathlib import Path

import pytest

from desktop_affect.session.reader import Session
from tests.session.export.performed import performed


@pytest.fixture(scope="session")
def session(tmp_path_factory: pytest.TempPathFactory) -> Session:
    return performed(tmp_path_factory.mktemp("sessions") / "2026-11-21_10-15-00")


@pytest.fixture
def target(tmp_path: Path) -> Path:
    return tmp_path / "export"
