"""Work of the window cut into pieces, one for each turn of its timer: what is drawn and asked for meanwhile need not
wait for all of it. No Qt."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable


class Turns:
    """GUI thread. What was begun anew replaces what was not finished."""

    def __init__(self) -> None:
        self._pieces: deque[Callable[[], object]] = deque()

    def begin(self, *pieces: Callable[[], object]) -> None:
        self._pieces = deque(pieces)

    def add(self, *pieces: Callable[[], object]) -> None:
        """After those that wait already."""
        self._pieces.extend(pieces)

    def step(self) -> bool:
        """Do the next piece; False when there was none."""
        if not self._pieces:
            return False
        self._pieces.popleft()()
        return True

    def finish(self) -> None:
        """All that is left, now."""
        while self.step():
            pass

    @property
    def over(self) -> bool:
        return not self._pieces
