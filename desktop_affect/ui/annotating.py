"""The annotations of the session that is shown, with undo and redo. What is on the screen changes at once; the file is
written by a worker, and what could not be written is taken back and told. No Qt."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from desktop_affect.core.errors import AffectError
from desktop_affect.session.annotations import Annotation, put, read_annotations, remove
from desktop_affect.ui.jobs import Jobs

# Nobody undoes more; the oldest go, the file keeps everything that was ever written.
_MOST_UNDO = 200


@dataclass(frozen=True, slots=True)
class Change:
    """None before: it is new; None after: it goes."""

    before: Annotation | None
    after: Annotation | None

    @property
    def back(self) -> Change:
        return Change(self.after, self.before)


class Annotating:
    """`changed` is called with what stands now, `failed` with the words when it could not be saved."""

    def __init__(
        self,
        session: Path,
        annotations: tuple[Annotation, ...],
        jobs: Jobs,
        changed: Callable[[tuple[Annotation, ...]], None],
        failed: Callable[[AffectError], None],
    ) -> None:
        self._session = session
        self._standing = {found.id: found for found in annotations}
        self._jobs = jobs
        self._changed = changed
        self._failed = failed
        self._undo: list[Change] = []
        self._redo: list[Change] = []

    @property
    def annotations(self) -> tuple[Annotation, ...]:
        """In order of time."""
        return tuple(sorted(self._standing.values(), key=lambda found: (found.begin_s, found.wall_utc, found.id)))

    def add(self, annotation: Annotation) -> None:
        self._do(Change(None, annotation))

    def edit(self, before: Annotation, after: Annotation) -> None:
        """A new version under the same id."""
        if before != after:
            self._do(Change(before, after))

    def remove(self, annotation: Annotation) -> None:
        self._do(Change(annotation, None))

    def undo(self) -> bool:
        """False when there is nothing to take back."""
        return self._move(self._undo, self._redo)

    def redo(self) -> bool:
        return self._move(self._redo, self._undo)

    @property
    def categories(self) -> dict[str, int]:
        """Those in use, each with the style it was last given."""
        return {found.category: found.style for found in self.annotations if found.category}

    def _do(self, change: Change) -> None:
        self._undo.append(change)
        del self._undo[:-_MOST_UNDO]
        self._redo.clear()
        self._apply(change)

    def _move(self, source: list[Change], target: list[Change]) -> bool:
        if not source:
            return False
        change = source.pop().back
        target.append(change)
        self._apply(change)
        return True

    def _apply(self, change: Change) -> None:
        if change.before is not None:
            self._standing.pop(change.before.id, None)
        if change.after is not None:
            self._standing[change.after.id] = change.after
        self._changed(self.annotations)
        self._jobs.run("Saving the annotation", lambda tell: self._write(change), lambda nothing: None, self._sorry)

    def _write(self, change: Change) -> None:
        if change.after is not None:
            put(self._session, change.after)
        elif change.before is not None:
            remove(self._session, change.before)

    def _sorry(self, error: AffectError) -> None:
        """What stands is what the file holds; steps that were built on the lost one are gone."""
        self._undo.clear()
        self._redo.clear()
        self._failed(error)
        session = self._session
        self._jobs.run("Reading the annotations", lambda tell: read_annotations(session), self._restore, self._failed)

    def _restore(self, annotations: tuple[Annotation, ...]) -> None:
        self._standing = {found.id: found for found in annotations}
        self._changed(self.annotations)
