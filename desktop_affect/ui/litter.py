"""Python's collector of cycles, kept to the window's thread.

Left alone it runs on whichever thread happens to make one object too many, and takes away whatever nobody needs any
more. Among that are parts of closed windows, and Qt's objects may go only on the thread that they live on: taken away
by another one they may crash the application, at once or a little later.
"""

from __future__ import annotations

import gc
import time

from PySide6.QtCore import QObject, QTimer

_EVERY_MS = 100
# To look through everything takes longest, and little of what is old becomes litter.
_WHOLE_EVERY_S = 10.0
_WHOLE = 2


class Litter(QObject):
    """From its making on, for the whole process; ends with its owner."""

    def __init__(self, owner: QObject) -> None:
        super().__init__(owner)
        self._limits = gc.get_threshold()
        self._whole_s = time.monotonic()
        gc.disable()  # counting goes on
        self._timer = QTimer(self)
        self._timer.setInterval(_EVERY_MS)
        self._timer.timeout.connect(self.look)
        self._timer.start()

    def look(self) -> None:
        """Collect where Python would have."""
        generation = due(gc.get_count(), self._limits)
        now_s = time.monotonic()
        if generation == _WHOLE and now_s - self._whole_s < _WHOLE_EVERY_S:
            generation = _WHOLE - 1
        if generation == _WHOLE:
            self._whole_s = now_s
        if generation is not None:
            gc.collect(generation)


def due(counts: tuple[int, int, int], limits: tuple[int, int, int]) -> int | None:
    """The oldest generation that is to be collected; None where not even the youngest is."""
    if counts[0] <= limits[0]:
        return None
    return max(number for number in range(3) if number == 0 or counts[number] > limits[number])
