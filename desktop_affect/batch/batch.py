"""The batch itself: gives jobs out, hears what became of them, and knows how far it is.

Runs on the thread that calls `run`; `add`, `leave`, `stop` and the counts may be used from any.
"""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable, Iterable
from typing import TypeAlias

from desktop_affect.batch.crew import Crew
from desktop_affect.batch.jobs import Job, Outcome, Progress

Listener: TypeAlias = Callable[[Progress | Outcome], None]

# How long a wish to stop may go unnoticed.
_LOOK_S = 0.2


def longest_first(jobs: Iterable[Job]) -> list[Job]:
    """So that nobody begins a long film when the others have nothing left to do; equals stay in their order."""
    return sorted(jobs, key=lambda job: -job.size_bytes)


class Batch:
    """WAITING jobs → given to the crew → outcome, each exactly once unless it was left."""

    def __init__(self, jobs: Iterable[Job] = (), stopping: threading.Event | None = None) -> None:
        """`stopping`: an event of somebody else's that stops it."""
        self._lock = threading.Lock()
        self._waiting = deque(jobs)
        self._going: dict[str, Job] = {}
        self._leaving: list[str] = []
        self._stopping = stopping or threading.Event()

    def add(self, jobs: Iterable[Job]) -> None:
        with self._lock:
            self._waiting.extend(jobs)

    def leave(self, folder: str) -> None:
        """Do not do this job, or stop doing it; nothing of it stays."""
        with self._lock:
            self._waiting = deque(job for job in self._waiting if job.folder != folder)
            if folder in self._going:
                self._leaving.append(folder)

    def stop(self) -> None:
        """Finished films stay finished, the others as if they had never been begun."""
        self._stopping.set()

    @property
    def stopped(self) -> bool:
        return self._stopping.is_set()

    def run(
        self, crew: Crew, listener: Listener, *, stay: bool = False, each_turn: Callable[[], None] = lambda: None
    ) -> None:
        """Until every job has its outcome (or, with `stay`, until `stop`). Closes the crew. Raises AffectError when
        nobody can work at all. `each_turn` is called several times a second."""
        try:
            while not self._stopping.is_set() and (stay or self._left()):
                each_turn()
                self._give(crew)
                for happening in crew.happened(_LOOK_S):
                    self._hear(happening, listener)
        finally:
            crew.close()

    def _left(self) -> bool:
        with self._lock:
            return bool(self._waiting or self._going)

    def _give(self, crew: Crew) -> None:
        with self._lock:
            leaving, self._leaving = self._leaving, []
            for folder in leaving:
                self._going.pop(folder, None)
                crew.leave(folder)
            while self._waiting and crew.room() > 0:
                job = self._waiting.popleft()
                self._going[job.folder] = job
                crew.give(job)

    def _hear(self, happening: Progress | Outcome, listener: Listener) -> None:
        with self._lock:
            known = happening.folder in self._going
            if isinstance(happening, Outcome):
                self._going.pop(happening.folder, None)
        if known:
            listener(happening)
