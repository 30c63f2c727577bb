"""One thread for the slow steps of a window, one after the other; what breaks in a step is told, and the next one goes
on. No Qt."""

from __future__ import annotations

import logging
import queue
import threading
from collections.abc import Callable
from concurrent.futures import Future
from typing import TypeVar

from desktop_affect.core.errors import AffectError

T = TypeVar("T")

log = logging.getLogger(__name__)


class Worker:
    """May be called from any thread. `failed` takes message, advice and detail, `after` follows every step, `ended` the
    last one; all three on the worker."""

    def __init__(
        self, failed: Callable[[str, str, str], None], after: Callable[[], None], ended: Callable[[], None]
    ) -> None:
        self._failed, self._after, self._ended = failed, after, ended
        # Without a limit: a person asks for a few steps a minute.
        self._steps: queue.SimpleQueue[Callable[[], None] | None] = queue.SimpleQueue()
        # A daemon: a driver that never lets go must not keep the application from closing.
        self._thread = threading.Thread(target=self._work, name="desktop-affect-control", daemon=True)
        self._thread.start()

    @property
    def alive(self) -> bool:
        return self._thread.is_alive()

    def put(self, step: Callable[[], None]) -> None:
        self._steps.put(step)

    def submit(self, work: Callable[[], T]) -> Future[T]:
        """The future tells how it went, to whoever asked alone."""
        future: Future[T] = Future()
        self._steps.put(lambda: _fulfil(future, work))
        return future

    def end(self) -> None:
        """After what was asked for already."""
        self._steps.put(None)

    def _work(self) -> None:
        while (step := self._steps.get()) is not None:
            try:
                step()
            except AffectError as error:
                self._failed(error.message, error.advice, error.detail)
            except Exception as error:
                log.exception("a step of the window's work broke")
                advice = "Try it again; if it stays, copy the details and report them."
                self._failed("Something inside the application broke.", advice, f"{type(error).__name__}: {error}")
            del step  # what it holds may be of a window, and must not go on this thread
            self._after()
        self._ended()


def _fulfil(future: Future[T], work: Callable[[], T]) -> None:
    try:
        future.set_result(work())
    except Exception as error:  # noqa: BLE001  whoever asked gets it
        log.info("asked for in vain: %r", error)
        future.set_exception(error)
