"""One processor thread for torch: tiny networks only wait for each other on two busy cores."""

from __future__ import annotations

import sys

import pytest


@pytest.fixture(autouse=True)
def single_thread() -> None:
    """Does nothing where torch has not been imported."""
    torch = sys.modules.get("torch")
    if torch is not None:
        torch.set_num_threads(1)
