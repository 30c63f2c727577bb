"""Any moment of a film, for looking through it: forwards it is read on, elsewhere it is sought.

A seek of OpenCV is a guess by the film's mean rate, so every frame's own time is looked at: whoever landed too late
goes further back, and then reads up to the moment that was asked for.
"""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any

from desktop_affect.core.types import RgbImage
from desktop_affect.sources.film import opened

# Reading on costs 2 ms a frame at 720p, a seek as much as reading half a second to two (the distance of key frames).
_READ_ON_S = 1.0
_BACK_S = (0.0, 1.0, 5.0, 30.0, math.inf)
_UNSTATED_FPS = 25.0
# Behind a seek in an MPEG stream pictures are broken and their times wrong: these are read from the beginning.
_STREAMS = (".ts", ".mts", ".m2ts")


class FilmAt:
    """One thread. Raises SourceError in words when the film cannot be opened."""

    def __init__(self, path: Path) -> None:
        from desktop_affect.system.cv2_import import cv2

        self._path = path
        self._capture: Any = opened(path)
        fps = float(self._capture.get(cv2.CAP_PROP_FPS))
        self._fps = fps if 0.1 <= fps <= 1000.0 else _UNSTATED_FPS
        self._time_s = -math.inf
        self._picture: RgbImage | None = None

    def at(self, time_s: float) -> RgbImage | None:
        """The frame of this presentation time, or the next one after it; behind the end, and where the film breaks
        off, None."""
        half_s = 0.5 / self._fps
        if self._picture is not None and abs(time_s - self._time_s) <= half_s:
            return self._picture
        if not 0 < time_s - self._time_s <= _READ_ON_S:
            self._seek(time_s, half_s)
        while self._time_s < time_s - half_s:
            if not self._grab():
                return None
        return self._take()

    def close(self) -> None:
        self._capture.release()

    def _seek(self, time_s: float, half_s: float) -> None:
        """To a frame at or before that time, if there is one."""
        from desktop_affect.system.cv2_import import cv2

        if self._path.suffix.lower() in _STREAMS:
            self._capture.release()
            self._capture = opened(self._path)
            self._grab()
            return
        for back_s in _BACK_S:
            frame = max(round((time_s - back_s) * self._fps), 0) if math.isfinite(back_s) else 0
            self._capture.set(cv2.CAP_PROP_POS_FRAMES, frame)
            if self._grab() and self._time_s <= time_s + half_s:
                return

    def _grab(self) -> bool:
        from desktop_affect.system.cv2_import import cv2

        if not self._capture.grab():
            self._time_s, self._picture = math.inf, None
            return False
        self._time_s = float(self._capture.get(cv2.CAP_PROP_POS_MSEC)) / 1000.0
        return True

    def _take(self) -> RgbImage | None:
        from desktop_affect.system.cv2_import import cv2

        decoded, bgr = self._capture.retrieve()
        if not decoded:
            return None
        self._picture = cv2.cvtColor(bgr, cv2.COLOR_BGR2RGB).astype("uint8", copy=False)
        self._picture.flags.writeable = False
        return self._picture
