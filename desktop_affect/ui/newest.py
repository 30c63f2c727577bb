"""A thread that answers questions, and of those that pile up only the newest: for what takes longer than a frame and is
only for looking at."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from dataclasses import dataclass
from typing import Generic, TypeVar

from desktop_affect.core.errors import AffectError
from desktop_affect.ui.jobs import broken

log = logging.getLogger(__name__)

Question = TypeVar("Question")
Answer = TypeVar("Answer")


class Newest(Generic[Question, Answer]):
    """`ask` and `take` are for the GUI thread and return at once.

    The question is a slot of one: a newer one replaces what was not begun, uncounted.
    """

    def __init__(self, name: str, answer: Callable[[Question], Answer], end: Callable[[], None] | None = None) -> None:
        """`answer` raises nothing; it and, at last, `end` are called on the thread."""
        self._answer, self._end = answer, end
        self._changed = threading.Condition()
        self._question: Question | None = None
        self._found: Answer | None = None
        self._busy = False
        self._closed = False
        # A daemon: a file on a drive that hangs must not keep the application from closing.
        self._worker = threading.Thread(target=self._loop, name=f"desktop-affect-{name}", daemon=True)
        self._worker.start()

    def ask(self, question: Question) -> None:
        with self._changed:
            self._question = question
            self._changed.notify()

    def take(self) -> Answer | None:
        """What was found since the last time."""
        with self._changed:
            found, self._found = self._found, None
        return found

    @property
    def over(self) -> bool:
        """Everything that was asked for was answered, and the answer taken."""
        with self._changed:
            return self._question is None and self._found is None and not self._busy

    def close(self) -> None:
        """The thread ends after the answer that it is at."""
        with self._changed:
            self._closed = True
            self._changed.notify()

    def _loop(self) -> None:
        try:
            while (question := self._next()) is not None:
                self._give(self._answer(question))
        finally:
            if self._end is not None:
                self._end()

    def _next(self) -> Question | None:
        """None when it is closed."""
        with self._changed:
            self._changed.wait_for(lambda: self._closed or self._question is not None)
            question, self._question = self._question, None
            self._busy = True
        return None if self._closed else question

    def _give(self, found: Answer) -> None:
        with self._changed:
            self._found, self._busy = found, False


@dataclass(frozen=True, slots=True)
class Outcome(Generic[Answer]):
    """What was found; or why nothing could be."""

    found: Answer | None
    problem: AffectError | None = None


class Reading(Newest[Question, Outcome[Answer]]):
    """The same for what may go wrong: `read` may raise."""

    def __init__(self, name: str, read: Callable[[Question], Answer]) -> None:
        self._read = read
        super().__init__(name, self._outcome)

    def _outcome(self, question: Question) -> Outcome[Answer]:
        try:
            return Outcome(self._read(question))
        except AffectError as error:
            log.info("nothing was read: %s %s", error.message, error.detail)
            return Outcome(None, error)
        except Exception as error:
            log.exception("nothing was read")
            return Outcome(None, broken(error))
