"""The net: a test that leaves a thread behind or logs something nobody expected fails."""

from __future__ import annotations

import logging
import os
import threading
import time
from collections.abc import Iterator

import hypothesis
import pytest

# A busy machine is no reason for a test to fail, so none is held to a time on the clock.
hypothesis.settings.register_profile("untimed", deadline=None)
hypothesis.settings.load_profile("untimed")

# Tests never need a screen; someone who wants to watch sets the variable first.
os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

_GRACE_S = 2.0


def _foreign(thread: threading.Thread) -> bool:
    """Threads of libraries that live as long as the process."""
    return thread.name.startswith(("pydevd", "asyncio_", "execnet", "MainThread"))


@pytest.fixture(autouse=True)
def no_thread_left_behind() -> Iterator[None]:
    """Every thread a test starts has ended when the test ends."""
    before = set(threading.enumerate())
    yield
    deadline_s = time.monotonic() + _GRACE_S
    left: list[threading.Thread] = []
    while time.monotonic() < deadline_s:
        left = [t for t in threading.enumerate() if t not in before and not _foreign(t)]
        if not left:
            return
        left[0].join(0.05)
    pytest.fail(f"threads still alive after the test: {[t.name for t in left]}")


@pytest.fixture(autouse=True)
def no_unexpected_log(request: pytest.FixtureRequest, caplog: pytest.LogCaptureFixture) -> Iterator[None]:
    """Nothing logs a warning or worse unless the test says so with the marker `expected_log`."""
    yield
    if request.node.get_closest_marker("expected_log"):
        return
    loud = [r for phase in ("setup", "call") for r in caplog.get_records(phase) if r.levelno >= logging.WARNING]
    if loud:
        pytest.fail("unexpected log: " + "; ".join(f"{r.name}: {r.getMessage()}" for r in loud))
