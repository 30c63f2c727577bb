"""A film of one track as Matroska, in bytes: written by appending, whole at every moment.

The elements are those of the library `ebmlite` and its schema of Matroska (ids, sizes, kinds of values); here stands
which of them a film has, and in which order they reach the disk. Libraries that decide that as well take no capture
times, say nothing of a full disk or bring GPL encoders along (docs/film.md). Tests read the result back with FFmpeg.

    EBML header | Segment: room for the index's place | info with room for the duration | track | Cluster ... | Cues

While it is recorded, the segment's size is unknown (as in a live stream) and both rooms are Void elements: a film that
was cut off plays as it is. Closing appends the Cues and fills the rooms; nothing moves.
"""

from __future__ import annotations

import struct
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

TICK_S = 1e-4
"""Times are counted in tenths of a millisecond: finer than a camera, and a cluster may span 3.2 s."""
_TICK_NS = 100_000
MOST_TICKS = 32767
"""A block's time counts from its cluster's in 16 bits."""


@cache
def schema() -> Any:
    """Matroska's, by name. Read with the first film: whoever keeps none does not wait for it."""
    from ebmlite import loadSchema, schemata

    # By its full path: a file of that name in the working folder would come first.
    return loadSchema(Path(schemata.__file__).resolve().with_name("matroska.xml"))


@dataclass(frozen=True, slots=True)
class Track:
    """What a player must know before the first picture."""

    codec: str
    """Matroska's name: `V_MJPEG`, `V_MPEG4/ISO/ASP`, ..."""
    width_px: int
    height_px: int
    private: bytes = b""
    """The codec's own header, where it has one."""


@dataclass(frozen=True, slots=True)
class Packet:
    """One encoded picture."""

    ticks: int
    """Its time on the film's clock."""
    data: bytes
    key: bool
    """Can be shown without the ones before it."""


_SEEK_ROOM = 40
_DURATION_ROOM = 11
_SIZE_BYTES = 8
_UNKNOWN = (1 << 7 * _SIZE_BYTES) - 1
"""All bits set: how a size says that nobody knows it yet."""


def element(name: str, value: object, length: int | None = None) -> bytes:
    """An element by Matroska's name for it; a master's value is a mapping."""
    return bytes(schema()[name].encode(value, length=length))


def _head(name: str, size: int, size_bytes: int | None = None) -> bytes:
    """An element's id and size, for what the library does not put together: rooms, and sizes that are told later."""
    from ebmlite.encoding import encodeId, encodeSize

    return bytes(encodeId(schema()[name].id) + encodeSize(size, size_bytes))


def _void(total: int) -> bytes:
    """Room of exactly so many bytes (2 to 128)."""
    return element("Void", b"", total - 2)


@dataclass(frozen=True, slots=True)
class Layout:
    """The head of a film, and where in it the rooms are that closing fills."""

    head: bytes
    segment_at: int
    """Where the segment's content begins; Matroska counts positions from here."""
    duration_at: int

    @property
    def seek_at(self) -> int:
        return self.segment_at


def layout(track: Track, writer: str) -> Layout:
    """Everything before the first cluster."""
    ebml = {
        "EBMLVersion": 1,
        "EBMLReadVersion": 1,
        "EBMLMaxIDLength": 4,
        "EBMLMaxSizeLength": 8,
        "DocType": "matroska",
        "DocTypeVersion": 4,
        "DocTypeReadVersion": 2,
    }
    start = element("EBML", ebml) + _head("Segment", _UNKNOWN, _SIZE_BYTES)
    told = {"TimecodeScale": _TICK_NS, "MuxingApp": writer, "WritingApp": writer}
    info = b"".join(element(name, value) for name, value in told.items()) + _void(_DURATION_ROOM)
    before_tracks = start + _void(_SEEK_ROOM) + _head("Info", len(info)) + info
    return Layout(before_tracks + _tracks(track), len(start), len(before_tracks) - _DURATION_ROOM)


def _tracks(track: Track) -> bytes:
    entry = {
        "TrackNumber": 1,
        "TrackUID": 1,
        "TrackType": 1,
        "FlagLacing": 0,
        "CodecID": track.codec,
        **({"CodecPrivate": track.private} if track.private else {}),
        "Video": {"PixelWidth": track.width_px, "PixelHeight": track.height_px},
    }
    return element("Tracks", {"TrackEntry": entry})


def cluster(packets: Sequence[Packet]) -> bytes:
    """Pictures of at most `MOST_TICKS`, the first one a key picture."""
    base = packets[0].ticks
    return element("Cluster", {"Timecode": base, "SimpleBlock": [_block(packet, base) for packet in packets]})


def _block(packet: Packet, base: int) -> bytes:
    return struct.pack(">BhB", 0x81, packet.ticks - base, 0x80 if packet.key else 0) + packet.data


def cues(places: Iterable[tuple[int, int]]) -> bytes:
    """The index: ticks and position (from `segment_at`) of every cluster."""
    points = [
        {"CueTime": ticks, "CueTrackPositions": {"CueTrack": 1, "CueClusterPosition": position}}
        for ticks, position in places
    ]
    return element("Cues", {"CuePoint": points})


def closing_patches(at: Layout, cues_at: int, end: int, duration_ticks: int) -> tuple[tuple[int, bytes], ...]:
    """What fills the rooms, as places and bytes: in this order, each leaves a film that plays.

    `cues_at` and `end` are places in the file: where the Cues begin, and where the file ends.
    """
    place = {"SeekID": schema()["Cues"].id.to_bytes(4, "big"), "SeekPosition": cues_at - at.segment_at}
    seek = element("SeekHead", {"Seek": place})
    return (
        (at.seek_at, seek + _void(_SEEK_ROOM - len(seek))),
        (at.duration_at, element("Duration", float(duration_ticks), 8)),
        (at.segment_at - _SIZE_BYTES, _head("Segment", end - at.segment_at, _SIZE_BYTES)[-_SIZE_BYTES:]),
    )
