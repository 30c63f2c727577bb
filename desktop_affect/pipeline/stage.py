"""A stage is one thread with a name, a stop request and a deadline."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable

from desktop_affect.core.errors import AffectError
from desktop_affect.core.ports import Clock
from desktop_affect.core.types import Fault, Severity

log = logging.getLogger(__name__)


class Stage:
    """Runs `work` on its own thread; whatever ends it, `ended` is called once, on that thread.

    The thread is a daemon: a driver that never returns from a call must not keep the application from closing.
    """

    def __init__(
        self,
        name: str,
        clock: Clock,
        report: Callable[[Fault], None],
        ended: Callable[[AffectError | None], None],
    ) -> None:
        self.name = name
        self._clock = clock
        self._report = report
        self._ended = ended
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name=f"desktop-affect-{name}", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def request_stop(self) -> None:
        self._stopping.set()

    def join(self, deadline_s: float) -> bool:
        """True when the thread has ended (or never ran) within the deadline."""
        if self._thread.ident is None:
            return True
        self._thread.join(deadline_s)
        return not self._thread.is_alive()

    def work(self) -> None:
        """The stage's whole life; returns when it is done or `self._stopping` is set."""
        raise NotImplementedError

    def _run(self) -> None:
        failure: AffectError | None = None
        try:
            self.work()
        except Exception as error:  # noqa: BLE001  it is told in words and logged whole
            failure = failure_of(self.name, error)
        if failure is not None:
            self._report(fault_of(failure, self.name, Severity.ERROR, self._clock.now_s()))
        self._ended(failure)


def failure_of(name: str, error: Exception) -> AffectError:
    """What ended a stage, in the person's words."""
    if isinstance(error, AffectError):
        return error
    log.error("the %s stage broke", name, exc_info=error)
    return AffectError(
        f"The {name} part stopped because of an error in the application.",
        advice="Start again; if it happens again, please report it with the details.",
        detail=f"{type(error).__name__}: {error}",
    )


def fault_of(error: AffectError, where: str, severity: Severity, t_s: float) -> Fault:
    """An error in the person's words, on the one road to the person."""
    return Fault(t_s, where, severity, error.message, error.advice, error.detail)
