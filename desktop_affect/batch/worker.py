"""A worker process: one job at a time from its pipe, progress and outcomes back.

It keeps its model from job to job. A message while it works means stop; so does a pipe that ends, because then the
process that owned the batch is gone.
"""

from __future__ import annotations

import logging
import os
import signal
from dataclasses import dataclass
from multiprocessing.connection import Connection
from pathlib import Path
from typing import NoReturn

from desktop_affect.batch.jobs import Job, Problem, Recipe
from desktop_affect.core.errors import AffectError
from desktop_affect.system.leaving import leave

log = logging.getLogger(__name__)

# Below what somebody does in the foreground, above what only fills idle time.
_NICE = 10


@dataclass(frozen=True, slots=True)
class Broken:
    """The worker cannot work at all."""

    problem: Problem


@dataclass(frozen=True, slots=True)
class Left:
    """A job was left as if it had never been begun."""


@dataclass(frozen=True, slots=True)
class Quit:
    """To the worker: stop what you do, and end."""


class _PipeStop:
    """Set as soon as anything comes through the pipe, or it ends."""

    def __init__(self, pipe: Connection) -> None:
        self._pipe = pipe
        self._set = False

    def is_set(self) -> bool:
        self._set = self._set or self._pipe.poll()
        return self._set


def work(pipe: Connection, recipe: Recipe, root: Path, gentle: bool, overlap: bool) -> NoReturn:
    """The process's whole life. A model that still compiles when somebody stops the batch is not waited for."""
    # Ctrl-C reaches every process of a terminal; the one that owns the batch decides what it means.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    logging.getLogger().addHandler(logging.NullHandler())  # what matters travels as an outcome
    if gentle and hasattr(os, "nice"):
        os.nice(_NICE)
    try:
        _work(pipe, recipe, root, overlap)
    except (EOFError, BrokenPipeError, ConnectionResetError):
        log.info("the batch is gone")
    leave(0)


def _work(pipe: Connection, recipe: Recipe, root: Path, overlap: bool) -> None:
    from desktop_affect.batch.analyst import Abandoned, Analyst

    try:
        analyst = Analyst(recipe, root, _PipeStop(pipe), overlap=overlap)
    except AffectError as error:
        pipe.send(Broken(Problem.of(error)))
        return
    try:
        while isinstance(job := pipe.recv(), Job):
            pipe.send(analyst.do(job, pipe.send))
    except Abandoned:
        pipe.send(Left())
    finally:
        analyst.close()
