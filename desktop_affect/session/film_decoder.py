"""Packets of a film back into pictures, from memory: no copy of a participant's picture is left anywhere."""

from __future__ import annotations

import io
from typing import Any

import numpy as np
from numpy.typing import NDArray

from desktop_affect.core.types import RgbImage
from desktop_affect.session.matroska import Packet, Track, cluster, layout

MJPEG = "V_MJPEG"


class Decoder:
    """One cluster at a time. Walking forwards costs one picture each, a step back begins at the key picture again."""

    def __init__(self) -> None:
        self._capture: Any = None
        self._memory: io.BytesIO | None = None
        self._packets: list[Packet] | None = None
        self._next = 0
        self._picture: RgbImage | None = None

    def picture(self, track: Track, packets: list[Packet], number: int) -> RgbImage | None:
        """The picture of that number in the cluster, read-only; None when its bytes are damaged."""
        if track.codec == MJPEG:
            cv2 = _opencv()
            return _finished(cv2.imdecode(np.frombuffer(packets[number].data, np.uint8), cv2.IMREAD_COLOR))
        if packets is not self._packets or number < self._next - 1:
            self._begin(track, packets)
        while self._next <= number:
            there, bgr = self._capture.read()
            self._picture = _finished(bgr) if there else None
            self._next += 1
        return self._picture

    def _begin(self, track: Track, packets: list[Packet]) -> None:
        self.close()
        # Evenly spaced: the times are the reader's, and some codecs stumble over irregular ones.
        even = [Packet(place * 100, packet.data, packet.key) for place, packet in enumerate(packets)]
        self._memory = io.BytesIO(layout(track, "").head + cluster(even))
        # OpenCV lets go of the stream without Python's lock, so the last reference must be ours: `close` drops it.
        cv2 = _opencv()
        stream: Any = self._memory  # its type information knows no stream
        self._capture = cv2.VideoCapture(stream, cv2.CAP_FFMPEG, [cv2.CAP_PROP_N_THREADS, 1])
        self._packets = packets

    def close(self) -> None:
        if self._capture is not None:
            self._capture.release()
        self._capture, self._memory, self._packets, self._picture, self._next = None, None, None, None, 0


def _finished(bgr: NDArray[Any] | None) -> RgbImage | None:
    if bgr is None:
        return None
    cv2 = _opencv()
    pixels: RgbImage = cv2.cvtColor(bgr, cv2.COLOR_BGR2RGB).astype(np.uint8, copy=False)
    pixels.flags.writeable = False
    return pixels


def _opencv() -> Any:
    """Imported with the first picture: whoever lists sessions, or opens the window, reads no film and must not wait."""
    from desktop_affect.system.cv2_import import cv2

    return cv2
