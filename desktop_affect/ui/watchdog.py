"""Notices when the window's own thread was busy for too long: it measures how late its timer fires."""

from __future__ import annotations

import logging
from collections import deque

log = logging.getLogger(__name__)

# Fingers and eyes notice more than this.
BLOCKED_MS = 50.0
_KEPT = 1800  # a minute of ticks


class Watchdog:
    """Fed by the window's timer. `worst_ms` is over about the last minute."""

    def __init__(self, interval_ms: float) -> None:
        self._interval_ms = interval_ms
        self._late_ms: deque[float] = deque(maxlen=_KEPT)
        self._last_s: float | None = None
        self.blocked = 0
        """How often it was over the limit since the start."""

    def tick(self, now_s: float) -> None:
        last_s, self._last_s = self._last_s, now_s
        if last_s is None:
            return
        late_ms = max((now_s - last_s) * 1e3 - self._interval_ms, 0.0)
        self._late_ms.append(late_ms)
        if late_ms > BLOCKED_MS:
            self.blocked += 1
            log.info("the window was busy for %.0f ms", late_ms)

    @property
    def words(self) -> str:
        """For the tooltip of the status line."""
        return (
            f"Longest pause of the window in the last minute: {self.worst_ms:.0f} ms "
            f"({self.blocked} over {BLOCKED_MS:.0f} ms since the start)"
        )

    @property
    def worst_ms(self) -> float:
        return max(self._late_ms, default=0.0)
