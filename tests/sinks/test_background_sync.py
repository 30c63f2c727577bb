"""A slow disk holds up its own thread and nobody else; what went wrong there is told at the next call."""

from __future__ import annotations

import threading
from collections.abc import Iterator

import pytest

from desktop_affect.sinks.background_sync import AtOnce, BackgroundSync
from tests.fakes import FakeClock
from tests.sinks.disks import no_space

WAIT_S = 10.0


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


@pytest.fixture
def sync(clock: FakeClock) -> Iterator[BackgroundSync]:
    made = BackgroundSync(clock)
    yield made
    made.close()


def finish(sync: BackgroundSync) -> None:
    """Until the work before has ended: then, and only then, the next is taken."""
    done = threading.Event()
    for _ in range(1000):
        sync(done.set)
        if done.wait(0.01):
            return
    pytest.fail("the work never ended")


def test_only_one_work_at_a_time_and_the_caller_does_not_wait(sync: BackgroundSync, clock: FakeClock) -> None:
    begun, may_end, second = threading.Event(), threading.Event(), threading.Event()

    def slow() -> None:
        begun.set()
        may_end.wait(WAIT_S)
        clock.advance(7.0)

    sync(slow)
    assert begun.wait(WAIT_S)
    sync(second.set)
    may_end.set()
    finish(sync)
    assert not second.is_set()
    assert sync.take_time_s() == 7.0
    assert sync.take_time_s() == 0.0


def test_an_error_is_told_at_the_next_call(sync: BackgroundSync) -> None:
    failed = threading.Event()

    def fail() -> None:
        failed.set()
        raise no_space()

    sync(fail)
    assert failed.wait(WAIT_S)
    with pytest.raises(OSError, match="No space"):
        finish(sync)
    finish(sync)


def test_at_once_is_at_once() -> None:
    done = threading.Event()
    AtOnce()(done.set)
    assert done.is_set()
    assert AtOnce().take_time_s() == 0.0
