"""The worker processes of this machine: started when there is work, replaced when they die.

A worker that is killed costs its film one try; the second time the film is reported and the others go on. Workers are
started afresh (`spawn`) on every system: libraries with threads of their own do not survive a fork.
"""

from __future__ import annotations

import contextlib
import logging
import multiprocessing
import os
import shutil
import signal
import time
from collections import Counter, deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from multiprocessing.connection import Connection, wait
from multiprocessing.context import SpawnProcess
from pathlib import Path
from typing import Any, Protocol, TypeAlias

from desktop_affect.batch.jobs import Job, Outcome, Problem, Progress, Recipe, State
from desktop_affect.batch.results import UNFINISHED
from desktop_affect.batch.worker import Broken, Left, Quit, work
from desktop_affect.core.errors import AffectError
from desktop_affect.system.side_process import cause

log = logging.getLogger(__name__)

Happening: TypeAlias = Progress | Outcome

MOST_TRIES = 2
# Measured at 720p: the analysis fills one, decoding a third of another.
_CORES_AN_OVERLAPPING_JOB = 1.4
# A worker that is told to stop looks several times a second, and then closes its files.
_QUIT_S = 10.0


def cores() -> int:
    """How many this process may use: a job scheduler, or somebody, can have given it fewer than there are."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def overlaps(jobs: int, cores: int) -> bool:
    """Whether each of so many jobs should read its film on a thread of its own while it analyses: only where cores
    would be idle otherwise."""
    return jobs * _CORES_AN_OVERLAPPING_JOB <= cores


@contextlib.contextmanager
def _deaf_to_ctrl_c() -> Iterator[None]:
    """What is started meanwhile never hears Ctrl-C, not even before its first own line; we hear it right after.

    On Windows a worker is deaf only once it works."""
    if not hasattr(signal, "pthread_sigmask"):
        yield
        return
    from multiprocessing import resource_tracker

    resource_tracker.ensure_running()  # or the first start does it, and lets Ctrl-C in again
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


class Crew(Protocol):
    """Whoever does the jobs. One thread calls all methods."""

    def room(self) -> int:
        """How many more jobs it can take now."""
        ...

    def give(self, job: Job) -> None:
        """Only while there is room."""
        ...

    def happened(self, timeout_s: float) -> list[Happening]:
        """What happened meanwhile, waiting for something at most that long. Every job given has one outcome, in any
        order. Raises AffectError when nobody can work at all."""
        ...

    def leave(self, folder: str) -> None:
        """Drop the job of this folder, as if it had never been begun; it has no outcome."""
        ...

    def close(self) -> None:
        """Leave what is going on and end. Safe to call twice."""
        ...


@dataclass(slots=True)
class _Worker:
    process: SpawnProcess
    pipe: Connection
    job: Job | None = None
    leaving: bool = False


@dataclass(slots=True)
class LocalCrew:
    """See `Crew`."""

    count: int
    recipe: Recipe
    root: Path
    gentle: bool = False
    """Step back behind what somebody does in the foreground."""
    cores: int = field(default_factory=cores)
    _workers: list[_Worker] = field(default_factory=list)
    _again: deque[Job] = field(default_factory=deque)
    _tries: Counter[str] = field(default_factory=Counter)

    def room(self) -> int:
        busy = sum(worker.job is not None for worker in self._workers)
        return max(0, self.count - busy - len(self._again))

    def give(self, job: Job) -> None:
        worker = next((one for one in self._workers if one.job is None and not one.leaving), None) or self._hire()
        worker.job = job
        try:
            worker.pipe.send(job)
        except OSError:
            log.info("a worker died while it waited; `happened` sees to the job")

    def _hire(self) -> _Worker:
        context = multiprocessing.get_context("spawn")
        ours, theirs = context.Pipe()
        arguments = (theirs, self.recipe, self.root, self.gentle, overlaps(self.count, self.cores))
        process = context.Process(target=work, args=arguments, name="desktop-affect-worker", daemon=True)
        with _deaf_to_ctrl_c():
            process.start()
        theirs.close()
        worker = _Worker(process, ours)
        self._workers.append(worker)
        return worker

    def happened(self, timeout_s: float) -> list[Happening]:
        if not self._workers:
            time.sleep(timeout_s)
        found: list[Happening] = []
        pipes = {worker.pipe: worker for worker in self._workers}
        for pipe in wait(list(pipes), timeout_s):
            worker = pipes[pipe]  # type: ignore[index]  # what went in comes out
            try:
                found += self._heard(worker, worker.pipe.recv())
            except (EOFError, OSError):
                found += self._lost(worker)
        while self._again and sum(worker.job is not None for worker in self._workers) < self.count:
            self.give(self._again.popleft())
        return found

    def _heard(self, worker: _Worker, message: Any) -> Iterable[Happening]:
        if isinstance(message, Broken):
            problem = message.problem
            raise AffectError(problem.message, advice=problem.advice, detail=problem.detail)
        if isinstance(message, Left):
            self._bury(worker)
            return ()
        if isinstance(message, Outcome):
            worker.job = None
        return () if worker.leaving else (message,)

    def _lost(self, worker: _Worker) -> Iterable[Happening]:
        """A worker died, or has ended as it was told."""
        job, code = worker.job, self._bury(worker)
        if job is None or worker.leaving:
            return ()
        self._tries[job.folder] += 1
        log.warning("the worker of %s ended with %s", job.path, code)
        if self._tries[job.folder] < MOST_TRIES:
            self._again.append(job)
            return ()
        problem = Problem(
            f"The process that analysed it ended {MOST_TRIES} times in the middle of it ({cause(code)}).",
            "If it is the memory, use fewer --jobs. If it happens with this film alone, convert it and try again.",
        )
        return (Outcome(str(job.path), job.kind.value, job.folder, State.FAILED, problem),)

    def _bury(self, worker: _Worker) -> int | None:
        worker.pipe.close()
        worker.process.join(_QUIT_S)
        self._workers.remove(worker)
        return worker.process.exitcode

    def leave(self, folder: str) -> None:
        self._again = deque(job for job in self._again if job.folder != folder)
        for worker in self._workers:
            if worker.job is not None and worker.job.folder == folder:
                worker.leaving = True
                _tell_quit(worker)

    def close(self) -> None:
        for worker in self._workers:
            _tell_quit(worker)
        for worker in list(self._workers):
            worker.process.join(_QUIT_S)
            if worker.process.is_alive():
                log.warning("a worker did not stop in time")
                worker.process.kill()
            self._bury(worker)
        # Whoever was killed has left something there, and nobody else works there.
        shutil.rmtree(self.root / UNFINISHED, ignore_errors=True)


def _tell_quit(worker: _Worker) -> None:
    try:
        worker.pipe.send(Quit())
    except OSError:
        log.info("a worker was gone already")
