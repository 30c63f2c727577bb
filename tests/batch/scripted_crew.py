"""A crew that does what a test says."""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable
from pathlib import Path

from desktop_affect.batch.crew import Happening
from desktop_affect.batch.figures import Figures
from desktop_affect.batch.jobs import Job, Outcome, Problem, Progress, Recipe, State


class ScriptedCrew:
    """Works on one job until `finish` or `fail`."""

    def __init__(self, recipe: Recipe, root: Path) -> None:
        self.root = root
        self.jobs: list[Job] = []
        self.left: list[str] = []
        self.closed = threading.Event()
        self._happened: queue.SimpleQueue[Happening] = queue.SimpleQueue()

    def room(self) -> int:
        return 1 - len(self.jobs)

    def give(self, job: Job) -> None:
        self.jobs.append(job)
        self._happened.put(Progress(job.folder, 15, 0.5))

    def happened(self, timeout_s: float) -> list[Happening]:
        try:
            return [self._happened.get(timeout=min(timeout_s, 0.01))]
        except queue.Empty:
            return []

    def leave(self, folder: str) -> None:
        self.left.append(folder)
        self.jobs = [job for job in self.jobs if job.folder != folder]

    def close(self) -> None:
        self.closed.set()

    def finish(self) -> None:
        figures = {**dict.fromkeys(Figures().row(), 0.0), "frames": 30, "face_share": 0.9}
        self._end(lambda job: Outcome(str(job.path), "film", job.folder, State.DONE, figures=figures))

    def fail(self) -> None:
        problem = Problem("It is empty.", "Copy it again.")
        self._end(lambda job: Outcome(str(job.path), "film", job.folder, State.FAILED, problem))

    def _end(self, outcome_of: Callable[[Job], Outcome]) -> None:
        self._happened.put(outcome_of(self.jobs.pop()))
