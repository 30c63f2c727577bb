"""Pictures into packets. Which encoders there are, and in which order they are tried, stands in `encoders`.

JPEG is always there: it costs 2 ms for a 720p picture, every picture can be shown without the others, and its licence
(libjpeg-turbo, BSD) asks for nothing. docs/film.md has the comparison.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Protocol, TypeAlias

from desktop_affect.core.errors import SessionError
from desktop_affect.core.types import RgbImage
from desktop_affect.session.matroska import Packet, Track
from desktop_affect.system.cv2_import import cv2

# Looked at side by side with the source on real faces: no block shows at 70, and 80 takes 40 % more room.
JPEG_QUALITY = 70


class FilmEncoder(Protocol):
    """Film's thread only. Every method but `close` may raise anything: the film goes on with the next encoder."""

    name: str
    """For people, in session.json."""

    def encode(self, picture: RgbImage, ticks: int) -> list[Packet]:
        """Take a picture in; the packets that are ready by now, in order."""
        ...

    def end_group(self) -> list[Packet]:
        """The packets of all pictures taken in so far. The next picture is a key picture."""
        ...

    def track(self) -> Track:
        """Known once there are packets."""
        ...

    def close(self) -> None:
        """Does not raise."""
        ...


MakeEncoder: TypeAlias = Callable[[int, int, Path], FilmEncoder]
"""From width and height in pixels, and the session's folder. May raise anything where it is not to be had."""


class JpegEncoder:
    """A film of JPEG pictures."""

    name = "JPEG (libjpeg-turbo)"

    def __init__(self, width_px: int, height_px: int, folder: Path) -> None:
        self._track = Track("V_MJPEG", width_px, height_px)

    def encode(self, picture: RgbImage, ticks: int) -> list[Packet]:
        bgr = cv2.cvtColor(picture, cv2.COLOR_RGB2BGR)
        done, data = cv2.imencode(".jpg", bgr, [cv2.IMWRITE_JPEG_QUALITY, JPEG_QUALITY])
        if not done:
            raise SessionError("The picture could not be stored.")
        return [Packet(ticks, data.tobytes(), key=True)]

    def end_group(self) -> list[Packet]:
        return []

    def track(self) -> Track:
        return self._track

    def close(self) -> None:
        """Nothing is held."""


def encoders(compact: bool = False) -> tuple[MakeEncoder, ...]:
    """The best one first; each stands in for the one before it."""
    if not compact:
        return (JpegEncoder,)
    from desktop_affect.sinks.system_encoder import SystemEncoder

    return (SystemEncoder, JpegEncoder)
