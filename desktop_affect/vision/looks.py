"""When the detector shall look for faces that are not followed yet: it costs half as much as following one."""

from __future__ import annotations

import math

# Somebody who enters the picture is counted before they have sat down.
LOOK_S = 0.25


class Looks:
    """While nobody is followed, when somebody was lost, and every `LOOK_S`."""

    def __init__(self) -> None:
        self._seen = 0
        self._lost = False
        self._last_s = -math.inf

    def due(self, t_s: float) -> bool:
        """Whether to look at the picture of this moment; times that go back begin anew."""
        due = not self._seen or self._lost or not 0 <= t_s - self._last_s < LOOK_S
        if due:
            self._last_s = t_s
        return due

    def saw(self, faces: int) -> None:
        """How many faces that picture showed."""
        self._lost, self._seen = faces < self._seen, faces
