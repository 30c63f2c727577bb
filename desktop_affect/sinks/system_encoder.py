"""The encoder that comes with the operating system: a quarter of JPEG's room, in hardware where the system has it.

Windows' Media Foundation and macOS' AVFoundation bring a licensed H.264 encoder; on Linux FFmpeg's MPEG-4 (LGPL, its
patents are over) stands in. OpenCV drives all three, but writes whole files with times of its own. So each group of
pictures becomes a small file in the session's folder, of which the packets are taken over with the true times; then
the file is removed. An encoder is believed only when a test group comes back as it was, in time.
"""

from __future__ import annotations

import sys
import time
from pathlib import Path
from typing import Any

import numpy as np

from desktop_affect.core.errors import SessionError
from desktop_affect.core.types import RgbImage
from desktop_affect.session.film_decoder import Decoder
from desktop_affect.session.format import GROUP_FILE
from desktop_affect.session.matroska import Packet, Track
from desktop_affect.session.mp4 import Mp4Film, read_mp4
from desktop_affect.system.cv2_import import cv2

# What OpenCV writes into the file; the true times come from the frames.
_NOMINAL_FPS = 30.0
_TEST_PICTURES = 12
# 12 pictures last 0.4 s; whoever needs longer than half of it for opening, encoding and closing is too slow.
TEST_DEADLINE_S = 0.2
_TEST_ERROR = 20.0
"""Mean error that a decoded test picture may have, of 255; a picture that is shifted or has wrong colours has more."""


class SystemEncoder:
    """A `FilmEncoder`. Raises SessionError where the system's encoder is not to be had, or not to be believed."""

    def __init__(self, width_px: int, height_px: int, folder: Path, platform: str = sys.platform) -> None:
        self.name, self._backend, self._fourcc = _encoder_of(platform)
        self._size = (width_px, height_px)
        self._file = folder / GROUP_FILE
        self._writer: Any = None
        self._ticks: list[int] = []
        self._track: Track | None = None
        self._test()

    def encode(self, picture: RgbImage, ticks: int) -> list[Packet]:
        if self._writer is None:
            self._writer = self._opened()
        self._writer.write(cv2.cvtColor(picture, cv2.COLOR_RGB2BGR))
        self._ticks.append(ticks)
        return []

    def end_group(self) -> list[Packet]:
        ticks, self._ticks = self._ticks, []
        if not ticks:
            return []
        made = self._taken()
        if len(made.packets) != len(ticks) or not made.keys[0]:
            raise SessionError(f"{self.name} made {len(made.packets)} pictures of {len(ticks)}.")
        if self._track not in (None, made.track):
            raise SessionError(f"{self.name} changed its settings.")
        self._track = made.track
        triples = zip(ticks, made.packets, made.keys, strict=True)
        return [Packet(at, data, key) for at, data, key in triples]

    def track(self) -> Track:
        if self._track is None:
            raise AssertionError("nothing was encoded yet")
        return self._track

    def close(self) -> None:
        if self._writer is not None:
            self._writer.release()
            self._writer = None
        self._file.unlink(missing_ok=True)

    def _opened(self) -> Any:
        self._file.unlink(missing_ok=True)
        fourcc = cv2.VideoWriter.fourcc(*self._fourcc)
        wanted = [cv2.VIDEOWRITER_PROP_HW_ACCELERATION, cv2.VIDEO_ACCELERATION_ANY]
        params = wanted if self._backend == cv2.CAP_MSMF else []
        writer = cv2.VideoWriter(str(self._file), self._backend, fourcc, _NOMINAL_FPS, self._size, params)
        if not writer.isOpened():
            raise SessionError(f"{self.name} is not to be had.")
        return writer

    def _taken(self) -> Mp4Film:
        self._writer.release()
        self._writer = None
        made = read_mp4(self._file.read_bytes())
        self._file.unlink()
        return made

    def _test(self) -> None:
        """A moving pattern: what comes back must be all there, look the same, and be done in time."""
        pictures = [_pattern(number, *self._size) for number in range(_TEST_PICTURES)]
        self._opened().release()  # the first time a system loads what it needs
        began_s = time.monotonic()
        for number, picture in enumerate(pictures):
            self.encode(picture, number)
        packets = self.end_group()
        took_s = time.monotonic() - began_s
        decoder = Decoder()
        shown = [decoder.picture(self.track(), packets, number) for number in range(_TEST_PICTURES)]
        decoder.close()
        for wanted, found in zip(pictures, shown, strict=True):
            if found is None or float(np.mean(cv2.mean(cv2.absdiff(wanted, found))[:3])) > _TEST_ERROR:
                raise SessionError(f"{self.name} does not give back what it was given.")
        if took_s > TEST_DEADLINE_S:
            raise SessionError(f"{self.name} needed {took_s:.2f} s for {_TEST_PICTURES} pictures.")


def _encoder_of(platform: str) -> tuple[str, int, str]:
    """Name, OpenCV's way to it, its code."""
    if platform == "win32":
        return "H.264 (Media Foundation)", cv2.CAP_MSMF, "H264"
    if platform == "darwin":
        return "H.264 (AVFoundation)", cv2.CAP_AVFOUNDATION, "avc1"
    return "MPEG-4 (FFmpeg)", cv2.CAP_FFMPEG, "mp4v"


def _pattern(number: int, width_px: int, height_px: int) -> RgbImage:
    """Slow colours that move a little: easy for any encoder, wrong at once when rows, colours or order are mixed up."""
    across = np.linspace(0, 2 * np.pi, 64) + number * 0.2
    down = np.linspace(0, np.pi, 36)[:, None]
    bands = [127 + 100 * np.sin(across + shift) * np.cos(down + shift) for shift in (0.0, 1.0, 2.5)]
    small = np.stack(bands, axis=2).astype(np.uint8)  # scaled up by OpenCV, beside which the analysis can go on
    picture: RgbImage = cv2.resize(small, (width_px, height_px), interpolation=cv2.INTER_LINEAR).astype(np.uint8)
    return picture
