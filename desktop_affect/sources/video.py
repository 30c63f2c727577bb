"""A film file as a source: as fast as it is taken (offline analysis), or paced like a camera (live)."""

from __future__ import annotations

import threading
from pathlib import Path

from desktop_affect.core.ports import Clock
from desktop_affect.core.types import Frame, SourceInfo, SourceKind
from desktop_affect.sources.film import Film, FilmFrame

# How long `interrupt` may go unnoticed while a paced film waits for its next frame.
_NAP_S = 0.05


class VideoSource:
    """Frames with the film's own presentation times.

    Paced: a frame is delivered when the clock reaches `start + time`, and that is its `t_s`, also when it comes late;
    whoever is behind drops frames in the hand-over. Unpaced: `t_s` is the presentation time. A loop adds whole
    durations, so that `t_s` and `seq` go on growing while `media_t_s` begins again.
    """

    def __init__(self, path: Path, *, clock: Clock, paced: bool = False, loop: bool = False) -> None:
        self._path = path
        self._clock = clock
        self._paced = paced
        self._loop = loop
        self._interrupted = threading.Event()
        self._film: Film | None = None
        self._seq = 0
        self._begin_s: float | None = None
        """What is added to the film's times: the start on the clock and the rounds before."""

    def open(self) -> SourceInfo:
        self._film = self._open()
        self._seq = 0
        self._begin_s = None
        facts = self._film.facts
        return SourceInfo(
            kind=SourceKind.VIDEO,
            name=self._path.name,
            stable_id=str(self._path.resolve()),
            width_px=facts.width_px,
            height_px=facts.height_px,
            nominal_fps=facts.nominal_fps,
            live=self._paced,
            frame_count=0 if self._loop else facts.frame_count,
        )

    def _open(self) -> Film:
        return Film(self._path, as_decoded=True)

    def read(self) -> Frame | None:
        if self._film is None:
            raise RuntimeError("read before open")
        if self._interrupted.is_set():
            return None
        shown = self._film.next() or self._next_round()
        if shown is None:
            return None
        if self._begin_s is None:  # the first frame is due now, however long ago the film was opened
            self._begin_s = self._clock.now_s() - shown.time_s if self._paced else 0.0
        frame = Frame(self._seq, self._begin_s + shown.time_s, shown.pixels, shown.time_s)
        self._seq += 1
        return frame if self._wait_for(frame) else None

    def close(self) -> None:
        if self._film is not None:
            self._film.close()
            self._film = None
        self._interrupted.clear()

    def interrupt(self) -> None:
        self._interrupted.set()

    def _next_round(self) -> FilmFrame | None:
        """The first frame again; None where the film is not looped."""
        if not self._loop or self._film is None or self._begin_s is None:
            return None
        self._begin_s += self._film.end_s
        self._film.close()
        # Opened anew, not sought: after a seek OpenCV reports wrong times, and opening takes a few milliseconds.
        self._film = self._open()
        return self._film.next()

    def _wait_for(self, frame: Frame) -> bool:
        """True when the frame's moment has come, False when somebody interrupted."""
        while self._paced and (now_s := self._clock.now_s()) < frame.t_s:
            if self._interrupted.is_set():
                return False
            self._clock.wait_until_s(min(frame.t_s, now_s + _NAP_S))
        return True
