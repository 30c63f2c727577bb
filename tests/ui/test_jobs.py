"""Slow work: handed over on the asking thread, given up when asked, told when it breaks."""

from __future__ import annotations

import threading
import time
import weakref
from collections.abc import Iterator
from typing import Any

import pytest

from desktop_affect.core.errors import AffectError
from desktop_affect.system.side_process import Tell
from desktop_affect.ui.jobs import Job, Jobs


@pytest.fixture
def jobs() -> Iterator[Jobs]:
    made = Jobs("test")
    yield made
    made.close()


def wait(jobs: Jobs, job: Job[Any]) -> None:
    until_s = time.monotonic() + 20.0
    while not job.ended and time.monotonic() < until_s:
        time.sleep(0.005)
    jobs.look()


def test_the_result_comes_on_the_asking_thread_with_progress_before(jobs: Jobs) -> None:
    got: list[tuple[int, str]] = []
    go_on, told = threading.Event(), threading.Event()

    def work(tell: Tell) -> int:
        tell(1, 4)
        told.set()
        go_on.wait()
        return threading.get_ident()

    job = jobs.run("Reading", work, lambda ident: got.append((ident, threading.current_thread().name)), got.append)  # type: ignore[arg-type]
    assert told.wait(20.0)
    assert (job.share, jobs.current, got) == (0.25, job, [])
    go_on.set()
    wait(jobs, job)
    ((ident, handed_on),) = got
    assert ident != threading.get_ident()
    assert handed_on == threading.current_thread().name
    assert jobs.current is None


def test_what_was_given_up_is_not_handed_over(jobs: Jobs) -> None:
    outcomes: list[object] = []
    started = threading.Event()

    def endless(tell: Tell) -> None:
        started.set()
        while True:
            tell(0, 0)
            time.sleep(0.001)

    job = jobs.run("Endless", endless, outcomes.append, outcomes.append)
    assert started.wait(20.0)
    never = jobs.run("Never begun", lambda tell: outcomes.append("worked"), outcomes.append, outcomes.append)
    never.cancel()
    assert job.share is None
    job.cancel()
    wait(jobs, never)
    assert (outcomes, job.ended) == ([], True)


class Receiver:
    """Stands for a window: what it is told, it is told on its own thread, and there it must go too."""

    def __init__(self, taken_by: list[str]) -> None:
        weakref.finalize(self, lambda: taken_by.append(threading.current_thread().name))

    def take(self, outcome: object) -> None:
        pass


@pytest.mark.parametrize("given_up", [True, False])
def test_whoever_asked_is_not_held_by_the_worker(jobs: Jobs, given_up: bool) -> None:
    taken_by: list[str] = []
    go_on, begun = threading.Event(), threading.Event()

    def work(tell: Tell) -> None:
        begun.set()
        go_on.wait()

    receiver = Receiver(taken_by)
    job = jobs.run("Reading", work, receiver.take, receiver.take)
    del receiver
    assert begun.wait(20.0)
    if given_up:
        jobs.close()
        assert taken_by == ["MainThread"]
        go_on.set()
        return
    go_on.set()
    wait(jobs, job)
    del job
    assert taken_by == ["MainThread"]


def test_an_error_in_words_comes_as_it_is(jobs: Jobs) -> None:
    errors: list[AffectError] = []

    def work(tell: Tell) -> None:
        raise AffectError("The disk is full.", advice="Make room.")

    wait(jobs, jobs.run("Writing", work, lambda nothing: None, errors.append))
    assert [error.message for error in errors] == ["The disk is full."]


@pytest.mark.expected_log
def test_any_other_error_is_logged_and_told(jobs: Jobs, caplog: pytest.LogCaptureFixture) -> None:
    errors: list[AffectError] = []
    wait(jobs, jobs.run("Dividing", lambda tell: 1 / 0, lambda nothing: None, errors.append))
    assert "ZeroDivisionError" in errors[0].detail
    assert "Dividing broke" in caplog.text
