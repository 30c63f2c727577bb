"""The few elements of Matroska that a film of one track needs, as bytes: written by appending, whole at every moment.

Why not a library's muxer: PyAV's wheels link GPL encoders, and OpenCV's writer takes no capture times, holds clusters
back for five seconds and says nothing of a full disk (docs/film.md). What is needed here are a dozen elements of
RFC 9559. Tests read the result back with FFmpeg.

    EBML header | Segment: room for the index's place | info with room for the duration | track | Cluster ... | Cues

While it is recorded, the segment's size is unknown (as in a live stream) and both rooms are Void elements: a film that
was cut off plays as it is. Closing appends the Cues and fills the rooms; nothing moves.
"""

from __future__ import annotations

import struct
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import IntEnum

TICK_S = 1e-4
"""Times are counted in tenths of a millisecond: finer than a camera, and a cluster may span 3.2 s."""
_TICK_NS = 100_000
MOST_TICKS = 32767
"""A block's time counts from its cluster's in 16 bits."""


class Id(IntEnum):
    """Element ids of RFC 9559."""

    EBML = 0x1A45DFA3
    EBML_VERSION = 0x4286
    EBML_READ_VERSION = 0x42F7
    EBML_MAX_ID = 0x42F2
    EBML_MAX_SIZE = 0x42F3
    DOC_TYPE = 0x4282
    DOC_TYPE_VERSION = 0x4287
    DOC_TYPE_READ_VERSION = 0x4285
    SEGMENT = 0x18538067
    SEEK_HEAD = 0x114D9B74
    SEEK = 0x4DBB
    SEEK_ID = 0x53AB
    SEEK_POSITION = 0x53AC
    VOID = 0xEC
    INFO = 0x1549A966
    TIMESTAMP_SCALE = 0x2AD7B1
    DURATION = 0x4489
    MUXING_APP = 0x4D80
    WRITING_APP = 0x5741
    TRACKS = 0x1654AE6B
    TRACK_ENTRY = 0xAE
    TRACK_NUMBER = 0xD7
    TRACK_UID = 0x73C5
    TRACK_TYPE = 0x83
    FLAG_LACING = 0x9C
    CODEC_ID = 0x86
    CODEC_PRIVATE = 0x63A2
    VIDEO = 0xE0
    PIXEL_WIDTH = 0xB0
    PIXEL_HEIGHT = 0xBA
    CLUSTER = 0x1F43B675
    TIMESTAMP = 0xE7
    SIMPLE_BLOCK = 0xA3
    CUES = 0x1C53BB6B
    CUE_POINT = 0xBB
    CUE_TIME = 0xB3
    CUE_TRACK_POSITIONS = 0xB7
    CUE_TRACK = 0xF7
    CUE_CLUSTER_POSITION = 0xF1


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


_UNKNOWN_SIZE = b"\x01" + b"\xff" * 7
_SEEK_ROOM = 40
_DURATION_ROOM = 11
_SIZE_AT = 4
"""Of the segment, counted from its id."""


def number_bytes(value: int) -> bytes:
    """An unsigned integer as an element holds it."""
    return value.to_bytes(max(1, (value.bit_length() + 7) // 8), "big")


def element(name: int, *content: bytes) -> bytes:
    """An element of known size."""
    data = b"".join(content)
    return number_bytes(name) + _size(len(data)) + data


def _size(value: int) -> bytes:
    length = next(length for length in range(1, 9) if value < (1 << (7 * length)) - 1)
    return (value | 1 << (7 * length)).to_bytes(length, "big")


def _number(name: int, value: int) -> bytes:
    return element(name, number_bytes(value))


def _text(name: int, value: str) -> bytes:
    return element(name, value.encode("utf-8"))


def void(total: int) -> bytes:
    """Room of exactly so many bytes (2 to 128)."""
    return bytes([Id.VOID, 0x80 | (total - 2)]) + bytes(total - 2)


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
    start = element(
        Id.EBML,
        _number(Id.EBML_VERSION, 1),
        _number(Id.EBML_READ_VERSION, 1),
        _number(Id.EBML_MAX_ID, 4),
        _number(Id.EBML_MAX_SIZE, 8),
        _text(Id.DOC_TYPE, "matroska"),
        _number(Id.DOC_TYPE_VERSION, 4),
        _number(Id.DOC_TYPE_READ_VERSION, 2),
    )
    start += number_bytes(Id.SEGMENT) + _UNKNOWN_SIZE
    room = void(_DURATION_ROOM)
    info = element(
        Id.INFO,
        _number(Id.TIMESTAMP_SCALE, _TICK_NS),
        _text(Id.MUXING_APP, writer),
        _text(Id.WRITING_APP, writer),
        room,
    )
    before_tracks = start + void(_SEEK_ROOM) + info
    return Layout(before_tracks + _tracks(track), len(start), len(before_tracks) - len(room))


def _tracks(track: Track) -> bytes:
    video = element(Id.VIDEO, _number(Id.PIXEL_WIDTH, track.width_px), _number(Id.PIXEL_HEIGHT, track.height_px))
    entry = element(
        Id.TRACK_ENTRY,
        _number(Id.TRACK_NUMBER, 1),
        _number(Id.TRACK_UID, 1),
        _number(Id.TRACK_TYPE, 1),
        _number(Id.FLAG_LACING, 0),
        _text(Id.CODEC_ID, track.codec),
        element(Id.CODEC_PRIVATE, track.private) if track.private else b"",
        video,
    )
    return element(Id.TRACKS, entry)


def cluster(packets: Sequence[Packet]) -> bytes:
    """Pictures of at most `MOST_TICKS`, the first one a key picture."""
    base = packets[0].ticks
    return element(Id.CLUSTER, _number(Id.TIMESTAMP, base), *(_block(packet, base) for packet in packets))


def _block(packet: Packet, base: int) -> bytes:
    return element(
        Id.SIMPLE_BLOCK, struct.pack(">BhB", 0x81, packet.ticks - base, 0x80 if packet.key else 0), packet.data
    )


def cues(places: Iterable[tuple[int, int]]) -> bytes:
    """The index: ticks and position (from `segment_at`) of every cluster."""
    return element(Id.CUES, *(_cue(ticks, position) for ticks, position in places))


def _cue(ticks: int, position: int) -> bytes:
    place = element(Id.CUE_TRACK_POSITIONS, _number(Id.CUE_TRACK, 1), _number(Id.CUE_CLUSTER_POSITION, position))
    return element(Id.CUE_POINT, _number(Id.CUE_TIME, ticks), place)


def closing_patches(at: Layout, cues_at: int, end: int, duration_ticks: int) -> tuple[tuple[int, bytes], ...]:
    """What fills the rooms, as places and bytes: in this order, each leaves a film that plays.

    `cues_at` and `end` are places in the file: where the Cues begin, and where the file ends.
    """
    seek = element(
        Id.SEEK_HEAD,
        element(
            Id.SEEK, element(Id.SEEK_ID, number_bytes(Id.CUES)), _number(Id.SEEK_POSITION, cues_at - at.segment_at)
        ),
    )
    duration = element(Id.DURATION, struct.pack(">d", float(duration_ticks)))
    size = (1 << 56 | end - at.segment_at).to_bytes(8, "big")
    return (
        (at.seek_at, seek + void(_SEEK_ROOM - len(seek))),
        (at.duration_at, duration),
        (at.segment_at - len(size), size),
    )
