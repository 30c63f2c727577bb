"""Notices a jump of the clocks while the application runs: the computer slept, or somebody set its clock.

During sleep the monotonic clock stands still on Linux and macOS, so the time of day jumps ahead of it; on Windows it
goes on, so the application finds that nobody called it for a long time. Both are told here, from two readings.
"""

from __future__ import annotations

from dataclasses import dataclass

# The time of day is corrected by the network in steps of milliseconds; a summer-time change does not move UTC at all.
JUMP_S = 2.0
# Longer than any deadline of our own, and than a machine under full load has kept us waiting (10 s were seen).
STANDSTILL_S = 30.0


@dataclass(frozen=True, slots=True)
class Jump:
    """What was noticed."""

    message: str
    advice: str
    detail: str


_ADVICE = (
    "Times within a session stay right: they come from a clock that nobody can set. What happened during the jump was "
    "not seen."
)


class ClockWatch:
    """Feed it both clocks, at least every few seconds."""

    def __init__(self) -> None:
        self._last: tuple[float, float] | None = None

    def look(self, monotonic_s: float, wall_s: float) -> Jump | None:
        """None while both go on as they should."""
        last, self._last = self._last, (monotonic_s, wall_s)
        if last is None:
            return None
        went_on_s, wall_went_on_s = monotonic_s - last[0], wall_s - last[1]
        jump_s = wall_went_on_s - went_on_s
        detail = f"monotonic clock {went_on_s:+.3f} s, time of day {wall_went_on_s:+.3f} s"
        if went_on_s > STANDSTILL_S and abs(jump_s) <= JUMP_S:
            return Jump(f"The computer stood still for {_words(went_on_s)}.", _ADVICE, detail)
        if jump_s > JUMP_S:
            return Jump(f"The computer slept, or its clock was set ahead, by {_words(jump_s)}.", _ADVICE, detail)
        if jump_s < -JUMP_S:
            return Jump(f"The computer's clock was set back by {_words(-jump_s)}.", _ADVICE, detail)
        return None


def _words(seconds: float) -> str:
    if seconds < 120:
        return f"{seconds:.0f} s"
    return f"{seconds / 60:.0f} min" if seconds < 7200 else f"{seconds / 3600:.1f} h"
