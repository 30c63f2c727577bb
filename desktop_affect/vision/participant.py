"""Who the participant is when several faces are there, and when a new one begins.

The nearest to the last place is kept; after an absence of `FORGET_S` the largest is taken. A new track begins whenever
it may be another person: after such an absence, or when the nearest face is too far from the last place.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from desktop_affect.core.types import Box

# Long enough for a hand before the face or a glance at the floor, shorter than changing seats takes.
FORGET_S = 1.0
# In 1/30 s a head moves less than a tenth of its width; half a width is somebody else, or a jump after a loss.
_JUMP = 0.5


@dataclass(frozen=True, slots=True)
class Chosen:
    """Which of the faces is the participant, and the number of their track."""

    index: int
    track: int


class Participant:
    """Remembers where the participant was last seen."""

    def __init__(self) -> None:
        self._box: Box | None = None
        self._seen_s = -math.inf
        self._track = 0

    def choose(self, t_s: float, boxes: Sequence[Box]) -> Chosen | None:
        """The participant among the faces of this frame."""
        if not boxes:
            return None
        known = self._box if 0 <= t_s - self._seen_s < FORGET_S else None
        if known is None:
            index = max(range(len(boxes)), key=lambda i: boxes[i].width * boxes[i].height)
        else:
            index = min(range(len(boxes)), key=lambda i: _distance(boxes[i], known))
        chosen = boxes[index]
        if known is None or _distance(chosen, known) > self._reach(t_s) * known.width:
            self._track += 1
        self._box, self._seen_s = chosen, t_s
        return Chosen(index, self._track)

    def _reach(self, t_s: float) -> float:
        """How many face widths the participant may have moved since; a dropped frame or a blink of the tracker is not
        another person."""
        return _JUMP + 2.0 * min(t_s - self._seen_s, FORGET_S)


def _distance(a: Box, b: Box) -> float:
    return math.hypot(a.left + a.width / 2 - b.left - b.width / 2, a.top + a.height / 2 - b.top - b.height / 2)
