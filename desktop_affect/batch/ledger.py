"""What is known of every film of an output folder: what is done, what is to do, and the tables at the end."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from desktop_affect.batch.finding import find_jobs, natural
from desktop_affect.batch.index_page import write_index
from desktop_affect.batch.jobs import Job, Outcome, Recipe, State
from desktop_affect.batch.results import Results, named
from desktop_affect.batch.resume import hold_against, put_away
from desktop_affect.batch.summary import write_summary
from desktop_affect.core.errors import SessionError


class Ledger:
    """Owns the output folder from `open` to `close`. One thread."""

    def __init__(self, root: Path, recipe: Recipe) -> None:
        self.root = root
        self.recipe = recipe
        self._results = Results(root)
        self._finished: dict[str, Outcome] = {}
        """By folder: of this call and of those before."""
        self._failed: list[Outcome] = []
        self._given: set[str] = set()
        """Names of folders of jobs that were planned."""
        self.skipped = 0
        """How many of the films asked for were done already."""

    def open(self, *, resume: bool) -> None:
        """Raises AffectError where the folder cannot be used."""
        self._finished = {record.folder: record for record in self._results.open(resume=resume)}

    def plan(self, paths: Sequence[str]) -> list[Job]:
        """The jobs that are left to do. Raises AffectError."""
        jobs = find_jobs(paths, self.root)
        resumed = hold_against(jobs, list(self._finished.values()), self.recipe)
        self._put_away(resumed.outdated)
        self._finished |= {record.folder: record for record in resumed.done}
        self.skipped += len(resumed.done)
        ready = [job for job in resumed.to_do if job.only_exports]
        fresh = named([job for job in resumed.to_do if not job.only_exports], self.root, self._given)
        self._given |= {job.folder for job in fresh}
        return [*ready, *fresh]

    def _put_away(self, outdated: Sequence[Outcome]) -> None:
        try:
            put_away(self.root, outdated)
        except OSError as error:
            raise SessionError(
                "An earlier analysis of a film that has changed cannot be put away.",
                advice="Close whatever has its files open.",
                detail=str(error),
            ) from error
        for record in outdated:
            self._finished.pop(record.folder, None)

    def hear(self, outcome: Outcome) -> None:
        if outcome.state is State.FAILED:
            self._failed.append(outcome)
        else:
            self._finished[outcome.folder] = outcome

    @property
    def outcomes(self) -> list[Outcome]:
        """Of the whole folder, in natural order of the films' names."""
        everything = [*self._finished.values(), *self._failed]
        return sorted(everything, key=lambda outcome: (natural(outcome.name), natural(outcome.path)))

    def write(self) -> list[Path]:
        """The tables over all films, as things stand. Raises SessionError in words."""
        outcomes = self.outcomes
        return [write_summary(self.root, outcomes), write_index(self.root, outcomes)]

    def close(self) -> None:
        """Safe to call twice."""
        self._results.close()
