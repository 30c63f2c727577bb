"""Brings files to the disk on a thread of its own, so that a slow disk does not keep rows from the operating system.

A disk that is busy with other programs can take seconds for one sync. Meanwhile the recorder goes on handing rows to
the operating system, where they survive the death of this process; only a power cut could cost them.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Protocol

from desktop_affect.core.ports import Clock


class Sync(Protocol):
    """How a recording brings its files to the disk. Recorder's thread only."""

    def __call__(self, work: Callable[[], None]) -> None:
        """Do the work, now or soon. Raises the OSError of this work, or of the one before."""
        ...

    def take_time_s(self) -> float:
        """How long the slowest work took since this was last asked; 0 when none ended."""
        ...


class AtOnce:
    """On the calling thread."""

    def __call__(self, work: Callable[[], None]) -> None:
        work()

    def take_time_s(self) -> float:
        return 0.0


class BackgroundSync:
    """One work at a time. Overflow rule: what comes while one is going on is left out, because the next one that is
    taken brings everything to the disk anyway."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._condition = threading.Condition()
        self._work: Callable[[], None] | None = None
        self._error: OSError | None = None
        self._slowest_s = 0.0
        self._closed = False
        self._thread = threading.Thread(target=self._run, name="desktop-affect-sync", daemon=True)
        self._thread.start()

    def __call__(self, work: Callable[[], None]) -> None:
        with self._condition:
            error, self._error = self._error, None
            if error is not None:
                raise error
            if self._work is None:
                self._work = work
                self._condition.notify()

    def take_time_s(self) -> float:
        with self._condition:
            slowest_s, self._slowest_s = self._slowest_s, 0.0
            return slowest_s

    def close(self) -> None:
        """No more work; what is going on ends by itself. Does not wait: whoever finishes the files syncs them."""
        with self._condition:
            self._closed = True
            self._condition.notify()

    def _run(self) -> None:
        while (work := self._next()) is not None:
            began_s = self._clock.now_s()
            error = _error_of(work)
            with self._condition:
                self._error = error
                self._slowest_s = max(self._slowest_s, self._clock.now_s() - began_s)
                self._work = None

    def _next(self) -> Callable[[], None] | None:
        with self._condition:
            self._condition.wait_for(lambda: self._work is not None or self._closed)
            return None if self._closed else self._work


def _error_of(work: Callable[[], None]) -> OSError | None:
    try:
        work()
    except OSError as error:
        return error
    return None
