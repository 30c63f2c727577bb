"""Films that wait to be analysed behind a window: added at any time, one after another, each with its state.

A thread of its own plans and listens; the work is done by one worker process that steps back behind what somebody does
in the foreground. No Qt here: whoever shows the queue asks for `rows` as often as it likes.
"""

from __future__ import annotations

import logging
import math
import threading
from collections import deque
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from enum import Enum
from pathlib import Path

from desktop_affect.batch.batch import Batch
from desktop_affect.batch.crew import Crew, LocalCrew
from desktop_affect.batch.jobs import Outcome, Problem, Progress, Recipe, State
from desktop_affect.batch.ledger import Ledger
from desktop_affect.batch.meter import Meter
from desktop_affect.batch.results import INDEX_FILE
from desktop_affect.core.errors import AffectError
from desktop_affect.core.settings import Settings
from desktop_affect.core.types import NAN
from desktop_affect.inference.pinned import choose_pin
from desktop_affect.system.clock import MonotonicClock

log = logging.getLogger(__name__)


class RowState(Enum):
    """WAITING → WORKING → DONE, PARTIAL or FAILED; CANCELLED from the first two."""

    WAITING = "waiting"
    WORKING = "working"
    DONE = "done"
    PARTIAL = "not whole"
    FAILED = "failed"
    CANCELLED = "cancelled"

    @property
    def over(self) -> bool:
        return self not in (RowState.WAITING, RowState.WORKING)


_STATES = {State.DONE: RowState.DONE, State.PARTIAL: RowState.PARTIAL, State.FAILED: RowState.FAILED}


@dataclass(frozen=True, slots=True)
class Row:
    """One film as the window shows it."""

    key: str
    name: str
    state: RowState = RowState.WAITING
    share: float = 0.0
    """0..1; NaN where the film does not say how long it is."""
    told: str = ""
    """What is wrong, or what was found, in words."""
    session: Path | None = None
    """Its session, when there is one."""


def hire_gently(recipe: Recipe, root: Path) -> Crew:
    return LocalCrew(1, recipe, root, gentle=True)


class FilmQueue:
    """Methods return at once and may be called from any thread."""

    def __init__(
        self, settings: Callable[[], Settings], root: Path, hire: Callable[[Recipe, Path], Crew] = hire_gently
    ) -> None:
        self.root = root
        """Where the sessions go; made when the first film is added."""
        self._settings = settings
        self._hire = hire
        self._lock = threading.Lock()
        self._rows: dict[str, Row] = {}
        self._dropped: deque[str] = deque()
        self._problem = ""
        self._batch = Batch()
        self._meter = Meter((), MonotonicClock())
        self._left: deque[str] = deque()
        """Jobs that were cancelled and still count."""
        self._left_s = NAN
        self._thread: threading.Thread | None = None

    def add(self, paths: Iterable[str]) -> None:
        """Films, pictures or folders."""
        self._dropped.extend(paths)
        if self._thread is None and not self._batch.stopped:
            self._thread = threading.Thread(target=self._work, name="desktop-affect-films", daemon=True)
            self._thread.start()

    @property
    def rows(self) -> tuple[Row, ...]:
        """In the order in which they were added."""
        with self._lock:
            return tuple(self._rows.values())

    @property
    def left_s(self) -> float:
        """Seconds until all are finished, as of the last news; NaN as long as it cannot be told."""
        return self._left_s

    @property
    def planning(self) -> bool:
        """What was added last is being looked through."""
        return bool(self._dropped)

    @property
    def problem(self) -> str:
        """Why what was added last could not be taken, in words."""
        return self._problem

    @property
    def index(self) -> Path:
        """The page over all films, once the first is finished."""
        return self.root / INDEX_FILE

    def cancel(self, key: str) -> None:
        """Nothing of this film stays."""
        with self._lock:
            row = self._rows.get(key)
            if row is None or row.state.over:
                return
            self._rows[key] = replace(row, state=RowState.CANCELLED, told="")
        self._left.append(key)
        self._batch.leave(key)

    def stop(self) -> None:
        """What is finished stays; `closed` tells when everything has ended. Nothing can be added any more."""
        self._batch.stop()

    @property
    def closed(self) -> bool:
        return self._thread is None or not self._thread.is_alive()

    # Below: the queue's own thread.

    def _work(self) -> None:
        try:
            ledger = Ledger(self.root, self._recipe())
            ledger.open(resume=True)
            try:
                self._run(ledger)
                ledger.write()
            finally:
                ledger.close()
        except AffectError as error:
            self._give_up(error.message, error.advice)
        except Exception:
            log.exception("the queue of films broke")
            self._give_up("The queue of films stopped because of an error in the application.", "Start it again.")

    def _recipe(self) -> Recipe:
        settings = self._settings()
        return Recipe(settings=settings.changed(), pin=choose_pin(settings))

    def _run(self, ledger: Ledger) -> None:
        def hear(happening: Progress | Outcome) -> None:
            self._forget_left()
            self._meter.hear(happening)
            self._left_s = self._meter.left_s
            if isinstance(happening, Progress):
                self._change(happening.folder, state=RowState.WORKING, share=happening.share)
                return
            ledger.hear(happening)
            self._show(happening)
            if all(row.state.over for row in self.rows):
                ledger.write()

        crew = self._hire(ledger.recipe, self.root)
        self._batch.run(crew, hear, stay=True, each_turn=lambda: self._plan(ledger))

    def _plan(self, ledger: Ledger) -> None:
        """What was dropped becomes rows and jobs."""
        self._forget_left()
        while self._dropped and not self._batch.stopped:
            try:
                jobs = ledger.plan([self._dropped[0]])
                self._problem = ""
            except AffectError as error:
                jobs, self._problem = [], f"{error.message} {error.advice}".strip()
            with self._lock:
                # A film that waits already is not done twice.
                going = {row.name for row in self._rows.values() if not row.state.over}
                jobs = [job for job in jobs if str(job.path) not in going]
                if not going:
                    self._meter = Meter((), MonotonicClock())  # the time in which nothing was to do does not count
                self._meter.add(jobs)
                self._rows |= {job.folder: Row(job.folder, str(job.path)) for job in jobs}
            self._batch.add(jobs)
            self._dropped.popleft()

    def _forget_left(self) -> None:
        while self._left:
            self._meter.forget(self._left.popleft())

    def _show(self, outcome: Outcome) -> None:
        session = self.root / outcome.folder if outcome.figures else None
        self._change(
            outcome.folder, state=_STATES[outcome.state], share=1.0, told=found_words(outcome), session=session
        )

    def _change(self, key: str, **changes: object) -> None:
        with self._lock:
            row = self._rows.get(key)
            if row is not None and row.state is not RowState.CANCELLED:
                self._rows[key] = replace(row, **changes)  # type: ignore[arg-type]

    def _give_up(self, message: str, advice: str) -> None:
        self._problem = f"{message} {advice}".strip()
        self._dropped.clear()
        with self._lock:
            left = {key: row for key, row in self._rows.items() if not row.state.over}
            self._rows |= {key: replace(row, state=RowState.FAILED, told=message) for key, row in left.items()}


def found_words(outcome: Outcome) -> str:
    """What came of a film, in a line."""
    trouble: Problem | None = outcome.trouble
    if trouble is not None:
        return f"{trouble.message} {trouble.advice}".strip()
    share = outcome.figures.get("face_share")
    face = "" if share is None or math.isnan(share) else f", face in view {share:.0%}"
    return f"{outcome.frames:,} frames{face}"
