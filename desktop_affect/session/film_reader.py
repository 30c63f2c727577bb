"""The film of a session for whoever looks at it: the picture at a time, the stretches there are, the frames left out.

    film = FilmReader.open(session.path)      # None: the session keeps no picture
    pixels = film.frame_at(12.4)              # RGB, read-only; None where the film shows nothing
    film.spans, film.dropped, film.mode

Times are those of `t_s` in samples.csv. A film that was cut off, or is still being recorded, is as long as it was when
it was opened. A session's film may have several parts (`film.mkv`, `film_2.mkv` ...); nobody needs to know.
"""

from __future__ import annotations

import logging
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from desktop_affect.core.errors import SessionError
from desktop_affect.core.types import RgbImage
from desktop_affect.session import format as fmt
from desktop_affect.session.film_decoder import Decoder
from desktop_affect.session.matroska import Packet
from desktop_affect.session.matroska_index import ClusterPlace, FilmIndex, read_index, read_packets
from desktop_affect.session.plan import FilmConsent
from desktop_affect.session.reader import read_header

log = logging.getLogger(__name__)

HOLD_S = 1.0
"""A picture stands for the time behind it so long; after that the film shows nothing rather than something old."""


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch with pictures, none further apart than `HOLD_S`."""

    begin_s: float
    end_s: float


@dataclass(frozen=True, slots=True)
class DroppedFrame:
    """A frame that has a row but no picture."""

    seq: int
    t_s: float
    reason: str
    """`docs/format.md` has the list."""


@dataclass(frozen=True, slots=True)
class _Part:
    file: BinaryIO
    index: FilmIndex


@dataclass(frozen=True, slots=True)
class _Place:
    """A cluster in its part."""

    begin_s: float
    part: _Part
    cluster: ClusterPlace


class FilmReader:
    """Not for two threads at once. Keeps files open: close it, or use it as a context."""

    def __init__(self, mode: FilmConsent, parts: list[_Part], dropped: tuple[DroppedFrame, ...]) -> None:
        self.mode = mode
        """What of the picture was kept."""
        self.dropped = dropped
        self._parts = parts
        self._places = sorted(_places(parts), key=lambda place: place.begin_s)
        self._begins = [place.begin_s for place in self._places]
        self._decoder = Decoder()
        self._read: tuple[_Place, list[Packet]] | None = None
        self.spans = tuple(self._spans())

    @classmethod
    def open(cls, session: Path) -> FilmReader | None:
        """None when the session has no film. Raises SessionError in words when it cannot be read."""
        mode = FilmConsent(read_header(session).get("consent", {}).get("film", FilmConsent.NONE.value))
        parts: list[_Part] = []
        try:
            for path in film_parts(session):
                file = path.open("rb")
                index = read_index(file)
                if index is None or not index.clusters:
                    file.close()
                    continue
                parts.append(_Part(file, index))
            dropped = read_dropped(session / fmt.DROPPED_FILE)
        except OSError as error:
            for part in parts:
                part.file.close()
            raise SessionError(
                f"The film of “{session.name}” cannot be read.",
                advice="Check the drive and its permissions.",
                detail=str(error),
            ) from error
        return cls(mode, parts, dropped) if parts or dropped else None

    @property
    def size_px(self) -> tuple[int, int]:
        """Width and height; (0, 0) for a film without a picture."""
        if not self._parts:
            return (0, 0)
        track = self._parts[0].index.track
        return (track.width_px, track.height_px)

    def frame_at(self, t_s: float) -> RgbImage | None:
        """The newest picture that is not later than `t_s`, if it is not older than `HOLD_S`; read-only RGB."""
        found = self._find(t_s)
        if found is None:
            return None
        place, packets, number = found
        return self._decoder.picture(place.part.index.track, packets, number)

    def time_at(self, t_s: float) -> float | None:
        """When the picture that `frame_at` would show was taken."""
        found = self._find(t_s)
        return None if found is None else _seconds(found[0], found[1][found[2]])

    def times(self) -> list[float]:
        """Of every picture, in order. Reads the whole film."""
        return [_seconds(place, packet) for place in self._places for packet in self._packets(place)]

    def close(self) -> None:
        self._decoder.close()
        for part in self._parts:
            part.file.close()

    def __enter__(self) -> FilmReader:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _find(self, t_s: float) -> tuple[_Place, list[Packet], int] | None:
        number = bisect_right(self._begins, t_s + _half_tick_s(self._places)) - 1
        if number < 0:
            return None
        place = self._places[number]
        packets = self._packets(place)
        times = [_seconds(place, packet) for packet in packets]
        found = bisect_right(times, t_s + _half_tick_s(self._places)) - 1
        return None if found < 0 or t_s - times[found] > HOLD_S else (place, packets, found)

    def _packets(self, place: _Place) -> list[Packet]:
        if self._read is None or self._read[0] is not place:
            self._read = (place, read_packets(place.part.file, place.cluster))
        return self._read[1]

    def _spans(self) -> Iterator[Span]:
        """Clusters follow each other within a second, so only where they do not the pictures must be looked at."""
        begin_s: float | None = None
        for number, place in enumerate(self._places):
            begin_s = place.begin_s if begin_s is None else begin_s
            next_s = self._begins[number + 1] if number + 1 < len(self._places) else float("inf")
            if next_s - place.begin_s <= HOLD_S:
                continue
            end_s = max((_seconds(place, packet) for packet in self._packets(place)), default=place.begin_s)
            if next_s - end_s > HOLD_S:
                yield Span(begin_s, end_s)
                begin_s = None


def film_parts(session: Path) -> list[Path]:
    """The files of a session's film, in order."""
    first = session / fmt.FILM_FILE
    numbered = [path for path in session.glob(f"{first.stem}_*{first.suffix}") if _number(path) > 1]
    return ([first] if first.exists() else []) + sorted(numbered, key=_number)


def part_name(number: int) -> str:
    """`film.mkv`, `film_2.mkv`, ..."""
    stem, _, suffix = fmt.FILM_FILE.rpartition(".")
    return fmt.FILM_FILE if number == 1 else f"{stem}_{number}.{suffix}"


def _number(path: Path) -> int:
    digits = path.stem.rpartition("_")[2]
    return int(digits) if digits.isdecimal() else 0


def read_dropped(path: Path) -> tuple[DroppedFrame, ...]:
    """The frames without a picture; a torn last line is left out. Raises OSError."""
    if not path.exists():
        return ()
    lines = path.read_bytes().split(b"\n")[1:-1]
    return tuple(frame for line in lines if (frame := _dropped(line.decode("utf-8", "replace"))) is not None)


def _dropped(line: str) -> DroppedFrame | None:
    try:
        seq, t_s, reason = line.split(",")
        return DroppedFrame(int(seq), float(t_s), reason)
    except ValueError:
        log.info("a line of the dropped frames is damaged: %r", line)
        return None


def _places(parts: list[_Part]) -> Iterator[_Place]:
    for part in parts:
        for cluster in part.index.clusters:
            yield _Place(cluster.ticks * part.index.tick_s, part, cluster)


def _seconds(place: _Place, packet: Packet) -> float:
    return packet.ticks * place.part.index.tick_s


def _half_tick_s(places: list[_Place]) -> float:
    """A row's time has more digits than the film's: the picture of the row is the one it was rounded to."""
    return places[0].part.index.tick_s * 0.51 if places else 0.0
