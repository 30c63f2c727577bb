"""One pass through a film file: pictures in RGB with the times that the container gives them.

OpenCV's FFmpeg reads it, because it is here already (it comes with the tracker) and its `CAP_PROP_POS_MSEC` after a
`grab` is the frame's own presentation time, counted from the first: held against ffprobe it is exact to 1 µs on
variable-rate MP4, Matroska, MPEG-TS, on B-frames, edit lists and offsets. PyAV would be a second FFmpeg of 30 MB whose
wheels bundle GPL encoders.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from desktop_affect.core.colour_order import turned
from desktop_affect.core.errors import SourceError
from desktop_affect.core.types import RgbImage
from desktop_affect.sources.containers import damage, is_text
from desktop_affect.sources.film_times import FilmTimes
from desktop_affect.sources.picture_pool import PicturePool

log = logging.getLogger(__name__)

# FFmpeg's own assumption for streams that state no rate.
_UNSTATED_FPS = 25.0
_FPS_BOUNDS = (0.1, 1000.0)
_MOST_FRAMES = 10**9


@dataclass(frozen=True, slots=True)
class FilmFacts:
    """What the container says."""

    width_px: int
    height_px: int
    nominal_fps: float
    frame_count: int
    """0 when it does not say; Matroska's is an estimate from duration and rate."""


@dataclass(frozen=True, slots=True)
class FilmFrame:
    """One picture and when it is shown, in seconds from the film's first frame."""

    pixels: RgbImage
    time_s: float


class Film:
    """Opened by its constructor, which raises SourceError; read to the end by one thread, then closed."""

    def __init__(self, path: Path, *, as_decoded: bool = False) -> None:
        """`as_decoded`: leave colours in memory as the decoder gives them (core/colour_order.py)."""
        self._path = path
        self._as_decoded = as_decoded
        self._capture = opened(path)
        self.facts = self._read_facts()
        self._times = FilmTimes(1.0 / self.facts.nominal_fps)
        self._pool = PicturePool()
        self._bgr: RgbImage | None = None
        """The decoder's picture, where nobody else sees it."""
        self._any = False
        """A picture was decoded."""

    @property
    def end_s(self) -> float:
        """When it ends, as far as it was read."""
        return self._times.end_s

    def next(self) -> FilmFrame | None:
        """The next picture; None at the end. Raises SourceError where a damaged file breaks off."""
        from desktop_affect.system.cv2_import import cv2

        while self._capture.grab():
            time_s = self._times.place(self._capture.get(cv2.CAP_PROP_POS_MSEC) / 1000.0)
            # Into memory that was used before: fresh pages for 3 MB cost as much as decoding them.
            decoded, bgr = self._capture.retrieve(self._memory())
            if decoded:
                self._any = True
                return FilmFrame(self._finish(bgr), time_s)
        self._check_end()
        return None

    def close(self) -> None:
        if self._times.mended:
            log.info("%s: %d presentation times were mended", self._path, self._times.mended)
        self._capture.release()

    def _read_facts(self) -> FilmFacts:
        from desktop_affect.system.cv2_import import cv2

        fps = float(self._capture.get(cv2.CAP_PROP_FPS))
        count = self._capture.get(cv2.CAP_PROP_FRAME_COUNT)
        return FilmFacts(
            width_px=int(self._capture.get(cv2.CAP_PROP_FRAME_WIDTH)),
            height_px=int(self._capture.get(cv2.CAP_PROP_FRAME_HEIGHT)),
            nominal_fps=fps if _FPS_BOUNDS[0] <= fps <= _FPS_BOUNDS[1] else _UNSTATED_FPS,
            frame_count=int(count) if 0 < count < _MOST_FRAMES else 0,
        )

    def _memory(self) -> RgbImage | None:
        """What the decoder may write to; it takes other memory where the size does not fit."""
        return self._pool.take((self.facts.height_px, self.facts.width_px, 3)) if self._as_decoded else self._bgr

    def _finish(self, bgr: RgbImage) -> RgbImage:
        """RGB, of the announced size even where a film changes size half-way, and never written again."""
        from desktop_affect.system.cv2_import import cv2

        size = (self.facts.width_px, self.facts.height_px)
        if (bgr.shape[1], bgr.shape[0]) != size:
            bgr = cv2.resize(bgr, size, interpolation=cv2.INTER_AREA).astype("uint8", copy=False)
        if self._as_decoded:
            bgr.flags.writeable = False
            return turned(bgr)
        self._bgr = bgr
        pixels = self._pool.take(bgr.shape)
        cv2.cvtColor(bgr, cv2.COLOR_BGR2RGB, dst=pixels)
        pixels.flags.writeable = False
        return pixels

    def _check_end(self) -> None:
        missing = damage(self._path)
        if missing:
            raise SourceError(
                f"“{self._path.name}” is damaged after {self._times.end_s:.1f} s. {missing}",
                advice="Copy the film again from where it was recorded; what was read so far is good.",
                detail=str(self._path),
            )
        if not self._any:
            raise _nothing_decoded(self._path, self.facts, self._capture)


def _nothing_decoded(path: Path, facts: FilmFacts, capture: Any) -> SourceError:
    """FFmpeg knows the format and gives no picture: there is none, or its codec is missing (AV1, mostly)."""
    from desktop_affect.system.cv2_import import cv2

    code = int(capture.get(cv2.CAP_PROP_FOURCC)).to_bytes(4, "little", signed=False)
    codec = code.decode("ascii", "replace").strip("\0 ")
    if facts.frame_count == 0 or not codec.isprintable():
        return SourceError(f"“{path.name}” holds no picture.", advice="Choose another film.", detail=str(path))
    advice = "Convert it to H.264 first, for instance: ffmpeg -i FILM -c:v libx264 -crf 16 NEW.mp4"
    message = f"“{path.name}” holds pictures that cannot be decoded here (codec {codec})."
    return SourceError(message, advice=advice, detail=str(path))


def opened(path: Path) -> Any:
    """A capture of cv2 with the first picture known to be there. Raises SourceError in words."""
    from desktop_affect.system.cv2_import import cv2

    _check_file(path)
    capture = _open(path)
    # Off in this build unless asked for; phones turn the picture by a flag.
    capture.set(cv2.CAP_PROP_ORIENTATION_AUTO, 1)
    return capture


def _check_file(path: Path) -> None:
    try:
        empty = path.stat().st_size == 0
        text = not empty and is_text(path)
    except FileNotFoundError as error:
        raise SourceError(f"There is no film “{path}”.", advice="Check the path.", detail=str(error)) from error
    except OSError as error:
        advice = "Choose a film file that you may read."
        raise SourceError(f"“{path}” cannot be read.", advice=advice, detail=str(error)) from error
    if empty:
        raise SourceError(f"“{path.name}” is empty (0 bytes).", advice="Copy the film again.", detail=str(path))
    if text:
        raise SourceError(f"“{path.name}” is a text, not a film.", advice="Choose a film file.", detail=str(path))


def _open(path: Path) -> Any:
    """The capture, with the first picture known to be there; cv2 has no useful types for it."""
    from desktop_affect.system.cv2_import import cv2

    # The absolute path cannot be mistaken for one of FFmpeg's protocols. One decoding thread: it does 720p at over
    # 500 frames a second, and the other core belongs to the networks or to the next film of a batch.
    capture = cv2.VideoCapture(str(path.resolve()), cv2.CAP_FFMPEG, [cv2.CAP_PROP_N_THREADS, 1])
    if capture.isOpened() and capture.get(cv2.CAP_PROP_FRAME_WIDTH) > 0:
        return capture
    capture.release()
    missing = damage(path)
    if missing:
        advice = "Copy the film again, or repair it with a tool for films."
        raise SourceError(f"“{path.name}” is damaged. {missing}", advice=advice, detail=str(path))
    raise SourceError(
        f"“{path.name}” holds no picture that can be read.",
        advice="Choose a film with a picture (H.264 in MP4 or Matroska is read everywhere); sound alone is not enough.",
        detail=str(path),
    )
