"""Where the data for training and testing lie, if this machine has them; they are never part of the project."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
SHARED_DATA = Path(os.environ.get("DESKTOP_AFFECT_DATA", ROOT.parent / "shared" / "data"))


def shared(relative: str) -> Path:
    """The path of a shared file; skips the calling test, with the reason, where it is absent."""
    path = SHARED_DATA / relative
    if not path.exists():
        pytest.skip(f"needs {relative} of the data folder, which is not part of the project")
    return path
