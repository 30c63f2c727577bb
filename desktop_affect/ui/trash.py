"""Sessions moved to the trash and taken back again, on a worker. No Qt."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from desktop_affect.session.library import Library
from desktop_affect.ui.jobs import Failed, Jobs


class Trash:
    """`changed` is called with what there is to take back, in words, or with nothing."""

    def __init__(self, jobs: Jobs, root: Callable[[], Path], changed: Callable[[str], None], failed: Failed) -> None:
        self._jobs, self._root, self._changed, self._failed = jobs, root, changed, failed
        self._trashed: list[Path] = []

    def put(self, sessions: Sequence[Path]) -> None:
        move = Library(self._root()).to_trash
        self._jobs.run("Moving to the trash", lambda tell: [move(one) for one in sessions], self._put, self._failed)

    def _put(self, trashed: list[Path]) -> None:
        self._trashed = trashed
        what = f"“{trashed[0].name}”" if len(trashed) == 1 else f"{len(trashed)} sessions"
        self._changed(f"{what} moved to the trash." if trashed else "")

    def take_back(self) -> None:
        """What was put there last."""
        move, trashed = Library(self._root()).from_trash, self._trashed
        self._jobs.run("Taking back", lambda tell: [move(one) for one in trashed], self._taken_back, self._failed)

    def _taken_back(self, sessions: list[Path]) -> None:
        self._trashed = []
        self._changed("")
