"""Slow work of a window off its thread: one after the other, with progress, and each can be given up.

The window's timer calls `look`, which hands over what is ready; so everything a person sees happens on its thread. Work
that computes for long is wrapped in `aside`, which does it in a process of its own: a thread would hold the interpreter
that the window needs too.
"""

from __future__ import annotations

import logging
import queue
import threading
from collections.abc import Callable, Sequence
from typing import Any, Generic, TypeAlias, TypeVar

from desktop_affect.core.errors import AffectError
from desktop_affect.system.side_process import Cancelled, Lost, SideProcess, Tell, unheard

T = TypeVar("T")
Failed: TypeAlias = Callable[[AffectError], None]

log = logging.getLogger(__name__)


class Job(Generic[T]):
    """One piece of work. Made by `Jobs.run`."""

    def __init__(self, title: str, work: Callable[[Tell], T], done: Callable[[T], None], failed: Failed) -> None:
        self.title = title
        """For the person, as “Reading P07”."""
        self._work, self._done, self._failed = work, done, failed
        self._cancelled = threading.Event()
        self._ended = threading.Event()
        self._progress = (0, 0)
        self._outcome: Callable[[], None] | None = None

    def cancel(self) -> None:
        """Neither `done` nor `failed` will be called."""
        self._cancelled.set()
        self._let_go()

    def _let_go(self) -> None:
        """Of whom it would be handed to: if the worker were the last to hold a window that has closed, it would be
        taken away on that thread, which Qt does not survive."""
        self._done, self._failed, self._outcome = _unwanted, _unwanted, None

    @property
    def cancelled(self) -> bool:
        return self._cancelled.is_set()

    @property
    def ended(self) -> bool:
        return self._ended.is_set()

    @property
    def share(self) -> float | None:
        """0..1; None while that cannot be told."""
        done, total = self._progress
        return min(done / total, 1.0) if total else None

    def tell(self, done: int, total: int) -> None:
        """Worker thread."""
        self._progress = (done, total)
        if self.cancelled:
            raise Cancelled

    def go(self) -> None:
        """Worker thread: does the work, keeps what comes out."""
        try:
            if not self.cancelled:
                result = self._work(self.tell)
                self._outcome = lambda: self._done(result)
        except Cancelled:
            log.info("given up: %s", self.title)
        except AffectError as error:
            log.info("%s: %s %s", self.title, error.message, error.detail)
            self._outcome = _with(self._failed, error)
        except Exception as error:
            log.exception("%s broke", self.title)
            self._outcome = _with(self._failed, broken(error))
        finally:
            self._ended.set()

    def hand_over(self) -> None:
        """GUI thread, once it has ended."""
        if self._outcome is not None and not self.cancelled:
            self._outcome()
        self._let_go()


def _unwanted(outcome: object) -> None:
    """Of what was given up."""


def _with(failed: Failed, error: AffectError) -> Callable[[], None]:
    return lambda: failed(error)


def broken(error: Exception) -> AffectError:
    return AffectError(
        "Something inside the application broke.",
        advice="Try it again; if it stays, copy the details and report them.",
        detail=f"{type(error).__name__}: {error}",
    )


class Jobs:
    """A queue and its worker, which is started with the first job. What waits in the queue is never dropped silently:
    a job that is not wanted any more is cancelled by whoever holds it, and `close` cancels them all."""

    def __init__(self, name: str, preload: Sequence[str] = ()) -> None:
        """`preload`: modules that its process loads before the first piece of work comes."""
        self._name = name
        self._queue: queue.SimpleQueue[Job[Any] | None] = queue.SimpleQueue()
        self._open: list[Job[Any]] = []
        self._worker: threading.Thread | None = None
        self._side = SideProcess(f"desktop-affect-{name}", preload)

    def aside(self, work: Callable[..., T], *arguments: object, lost: Lost = unheard) -> Callable[[Tell], T]:
        """For `run`: `work(*arguments, tell)` in a process of its own. `work` is a function of a module that loads no
        Qt; `lost` is told the number of a process that was killed at it, on the worker."""
        return lambda tell: self._side.do(work, *arguments, tell=tell, lost=lost)

    def warm_up(self) -> None:
        """Start that process now, so that the first piece of work need not wait for it."""
        self.run("Getting ready", lambda tell: self._side.start(), lambda nothing: None, lambda error: None)

    def run(self, title: str, work: Callable[[Tell], T], done: Callable[[T], None], failed: Failed) -> Job[T]:
        """`done` or `failed` is called by a later `look`. GUI thread."""
        job = Job(title, work, done, failed)
        self._open.append(job)
        if self._worker is None:
            # A daemon: a network drive that hangs must not keep the application from closing.
            self._worker = threading.Thread(target=self._loop, name=f"desktop-affect-{self._name}", daemon=True)
            self._worker.start()
        self._queue.put(job)
        return job

    @property
    def current(self) -> Job[Any] | None:
        """The oldest that is wanted and has not ended."""
        return next((job for job in self._open if not job.ended and not job.cancelled), None)

    def look(self) -> None:
        """Hand over what is ready. GUI thread."""
        ready = [job for job in self._open if job.ended]
        self._open = [job for job in self._open if job not in ready]
        for job in ready:
            job.hand_over()

    def close(self) -> None:
        """Give everything up; the worker ends as soon as the work notices. Nothing can be run afterwards."""
        for job in self._open:
            job.cancel()
        self._open.clear()
        self._queue.put(None)

    @property
    def closed(self) -> bool:
        """Nothing runs any more, here or in a process of its own."""
        return self._worker is None or not self._worker.is_alive()

    def _loop(self) -> None:
        try:
            while (job := self._queue.get()) is not None:
                job.go()
                del job  # not held until the next one comes
        finally:
            self._side.close()
