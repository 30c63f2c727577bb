"""Notices when the window's own thread was busy for too long: it measures how late its timer fires.

A late timer has two causes that ask for different remedies: the window itself was at work, or other programs held the
processor. The thread's own processor time tells them apart.
"""

from __future__ import annotations

import logging
from collections import deque

log = logging.getLogger(__name__)

# Fingers and eyes notice more than this.
BLOCKED_MS = 50.0
_KEPT = 2400  # a minute of ticks
# From this share of the pause on, the pause was the window's own doing.
_OWN_SHARE = 0.5


class Watchdog:
    """Fed by the window's timer. `worst_ms` is over about the last minute."""

    def __init__(self, interval_ms: float) -> None:
        self._interval_ms = interval_ms
        self._late_ms: deque[float] = deque(maxlen=_KEPT)
        self._last: tuple[float, float] | None = None
        self.blocked = 0
        """How often it was over the limit since the start, whoever was to blame."""
        self.own = 0
        """How often of these the window itself was at work."""

    def tick(self, now_s: float, processor_s: float) -> None:
        """The time, and the processor time that this thread has used so far."""
        last, self._last = self._last, (now_s, processor_s)
        if last is None:
            return
        pause_ms, worked_ms = (now_s - last[0]) * 1e3, (processor_s - last[1]) * 1e3
        late_ms = max(pause_ms - self._interval_ms, 0.0)
        self._late_ms.append(late_ms)
        if late_ms > BLOCKED_MS:
            self.blocked += 1
            self.own += worked_ms >= pause_ms * _OWN_SHARE
            log.info("the window was busy for %.0f ms, at work itself for %.0f ms of them", late_ms, worked_ms)

    @property
    def words(self) -> str:
        """For the tooltip of the status line."""
        return (
            f"Longest pause of the window in the last minute: {self.worst_ms:.0f} ms.\n"
            f"Over {BLOCKED_MS:.0f} ms since the start: {self.blocked}, {self.own} of them the window's own work, the "
            "rest other programs'."
        )

    @property
    def worst_ms(self) -> float:
        return max(self._late_ms, default=0.0)
