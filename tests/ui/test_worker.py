"""The window's worker: one step after the other, and none that breaks takes the others with it."""

from __future__ import annotations

import threading
from collections.abc import Iterator

import pytest

from desktop_affect.core.errors import AffectError
from desktop_affect.ui.worker import Worker

PATIENCE_S = 20.0


class Owner:
    """Keeps what it is told."""

    def __init__(self) -> None:
        self.failed: list[tuple[str, str, str]] = []
        self.steps = 0
        self.gone = threading.Event()
        self.worker = Worker(lambda *fault: self.failed.append(fault), self._count, self.gone.set)

    def _count(self) -> None:
        self.steps += 1

    def finish(self) -> None:
        self.worker.end()
        assert self.gone.wait(PATIENCE_S)


@pytest.fixture
def owner() -> Iterator[Owner]:
    made = Owner()
    yield made
    made.finish()
    made.worker._thread.join(PATIENCE_S)
    assert not made.worker.alive


def test_steps_come_one_after_the_other(owner: Owner) -> None:
    done: list[int] = []
    for number in range(20):
        owner.worker.put(lambda n=number: done.append(n))  # type: ignore[misc]
    owner.finish()
    assert done == list(range(20))
    assert owner.steps == 20


@pytest.mark.expected_log
def test_what_breaks_is_told_and_the_next_step_goes_on(owner: Owner) -> None:
    def known() -> None:
        raise AffectError("It is gone.", advice="Put it back.", detail="/there")

    def unknown() -> None:
        raise ValueError("out of range")

    owner.worker.put(known)
    owner.worker.put(unknown)
    assert owner.worker.submit(lambda: 7).result(PATIENCE_S) == 7
    (first, second) = owner.failed
    assert first == ("It is gone.", "Put it back.", "/there")
    assert second[2] == "ValueError: out of range"
    owner.finish()
    assert owner.steps == 3


def test_who_asked_alone_hears_that_it_failed(owner: Owner) -> None:
    def broken() -> None:
        raise OSError("no such drive")

    with pytest.raises(OSError, match="no such drive"):
        owner.worker.submit(broken).result(PATIENCE_S)
    assert owner.failed == []
