"""Qt's event loop by hand, for the tools that measure a window."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TYPE_CHECKING

if TYPE_CHECKING:  # the processes that a measured window starts import the tools too, and need no Qt
    from PySide6.QtWidgets import QApplication


class HandTurned:
    """As the event loop does it: asleep until a timer of the window fires."""

    def __init__(self, app: QApplication) -> None:
        self._app = app

    def wait(self, seconds: float) -> None:
        until_s = time.perf_counter() + seconds
        while time.perf_counter() < until_s:
            self._turn()

    def wait_until(self, over: Callable[[], bool], most_s: float, what: str) -> None:
        """Raises TimeoutError with `what`."""
        until_s = time.perf_counter() + most_s
        while not over():
            self._turn()
            if time.perf_counter() > until_s:
                raise TimeoutError(what)

    def _turn(self) -> None:
        from PySide6.QtCore import QEventLoop

        self._app.processEvents(QEventLoop.ProcessEventsFlag.WaitForMoreEvents)
