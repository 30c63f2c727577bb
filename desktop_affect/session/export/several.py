"""Several sessions in several formats: what goes where, one outcome a file, and no trouble stops the others."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeAlias

from desktop_affect.core.errors import AffectError, SessionError
from desktop_affect.session.aggregate import COLUMNS
from desktop_affect.session.conditions import Conditions
from desktop_affect.session.export.exporter import OWN_FOLDER, export_session, file_name, free_name
from desktop_affect.session.export.options import ExportOptions, Format, Progress, Smoothing
from desktop_affect.session.format import SAMPLE_NAMES
from desktop_affect.session.reader import Session, read_session

Watch: TypeAlias = Callable[[int, Path, Format | None], Progress]
"""Called with the number of a session (from 0) and the session, before it is read (None) and before each file with its
format. What it returns is told how far that is, in bytes that were read or in rows that were written; whatever it
raises, other than an AffectError, ends it all."""

CONDITIONS = "conditions"


@dataclass(frozen=True, slots=True)
class Outcome:
    """Either the file that was written, or why it was not."""

    session: Path
    """Or the folder above all of them."""
    what: str = ""
    """The format, `conditions`, or nothing when the session could not be read at all."""
    path: Path | None = None
    problem: AffectError | None = None


@dataclass(slots=True)
class Several:
    """What to do with each session. `output`: one folder for all; None for “exports” inside each session's own."""

    looks: Sequence[Format]
    options: ExportOptions
    output: Path | None = None
    _taken: set[str] = field(default_factory=set)
    _conditions: Conditions | None = None

    def run(self, folders: Sequence[Path], watch: Watch) -> Iterator[Outcome]:
        """One after the other; then, where there are several, their aggregates together by condition."""
        for number, folder in enumerate(folders):
            yield from self._session(number, folder, watch)
        if Format.AGGREGATES in self.looks and len(folders) > 1 and self._conditions is not None:
            yield self._together(self._conditions, folders)

    def _session(self, number: int, folder: Path, watch: Watch) -> Iterator[Outcome]:
        try:
            session = read_session(folder, watch(number, folder, None), wanted=self._wanted)
        except SessionError as error:
            yield Outcome(folder, problem=error)
            return
        for look in self.looks:
            outcome = self._written(session, look, watch(number, session.path, look))
            if look is Format.AGGREGATES and outcome.problem is None:
                self._conditions = self._conditions or Conditions(self.options)
                self._conditions.add(session)
            yield outcome

    @property
    def _wanted(self) -> Sequence[str]:
        """What is read at once: nearly every format prints every column, and a second look at the table costs as much
        as the first."""
        plain = self.options.smoothing is Smoothing.LIVE and not self.options.baseline
        return COLUMNS if plain and set(self.looks) == {Format.AGGREGATES} else SAMPLE_NAMES

    def _written(self, session: Session, look: Format, progress: Progress) -> Outcome:
        name = file_name(session, look, self.options)
        into = self.output or session.path / OWN_FOLDER
        path = into / (free_name(name, self._taken) if self.output else name)
        try:
            export_session(session, look, self.options, path, progress)
        except AffectError as error:
            return Outcome(session.path, look.value, problem=error)
        return Outcome(session.path, look.value, path)

    def _together(self, conditions: Conditions, folders: Sequence[Path]) -> Outcome:
        """What could not be read was told already."""
        above = Path(os.path.commonpath([folder.absolute() for folder in folders]))
        try:
            return Outcome(above, CONDITIONS, conditions.write(self.output or above / OWN_FOLDER))
        except SessionError as error:
            return Outcome(above, CONDITIONS, problem=error)
