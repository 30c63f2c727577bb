"""Finds its way in a Matroska file of one track, whole or cut off: the track, the clusters, the pictures in a cluster.

Only sizes are read to skip from cluster to cluster, so an hour of film is indexed in the time of some thousand short
reads. A cluster that is not there whole ends the film, as does anything that is no element.
"""

from __future__ import annotations

import io
import os
import struct
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, BinaryIO

from desktop_affect.session.matroska import Packet, Track, schema

_MOST_HEAD_BYTES = 1 << 20
_TOP = frozenset(("Tracks", "Info", "Cues", "SeekHead", "Void", "Tags"))
_HEADS = ("Tracks", "Info")
_DAMAGED = (TypeError, ValueError, KeyError, IndexError, struct.error)
"""What the library raises where a file ends, and where bytes are no element."""


@dataclass(frozen=True, slots=True)
class ClusterPlace:
    """A cluster that is there whole."""

    ticks: int
    """Of its first picture."""
    at: int
    content: int
    size: int


@dataclass(frozen=True, slots=True)
class FilmIndex:
    """What there is in a film's file."""

    track: Track
    tick_s: float
    segment_at: int
    duration_at: int | None
    """Of the duration, or of the room for it."""
    clusters: tuple[ClusterPlace, ...]
    torn_cluster: ClusterPlace | None
    """One that begins behind the last whole element, as far as it is there."""
    cues_at: int | None
    whole_end: int
    """Behind the last whole element; what follows is torn."""
    size: int
    """Of the file."""
    stated: bool
    """The file says how long it is: it was closed."""

    @property
    def head_end(self) -> int:
        """Where the first cluster begins, or would."""
        return self.clusters[0].at if self.clusters else self.whole_end


def read_index(file: BinaryIO) -> FilmIndex | None:
    """None where there is no film: not even the head is there whole. Raises OSError."""
    size = os.fstat(file.fileno()).st_size
    scan = _Scan(file, size)
    segment = scan.segment()
    if segment is None:
        return None
    segment_at, stated = segment
    scan.run(segment_at)
    if scan.track is None:
        return None
    return FilmIndex(
        scan.track,
        scan.tick_s,
        segment_at,
        scan.duration_at,
        tuple(scan.clusters),
        scan.torn,
        scan.cues_at,
        scan.end,
        size,
        stated,
    )


class _Scan:
    """One walk over the top of a segment."""

    def __init__(self, file: BinaryIO, size: int) -> None:
        self._file = file
        self._size = size
        self._segment = schema()["Segment"](file, 0, size, 0)
        self.track: Track | None = None
        self.tick_s = 1e-3
        self.duration_at: int | None = None
        self.clusters: list[ClusterPlace] = []
        self.torn: ClusterPlace | None = None
        self.cues_at: int | None = None
        self.end = 0

    def segment(self) -> tuple[int, bool] | None:
        """Where its content begins, and whether its size is told: looking for the end of a stream would read it all."""
        from ebmlite.decoding import readElementID, readElementSize

        head = _element(self._segment, 0)
        if head is None or head.name != "EBML" or _end(head) > self._size:
            return None
        self._file.seek(_end(head))
        read = _tried(lambda: (*readElementID(self._file), *readElementSize(self._file)))
        if read is None or read[0] != schema()["Segment"].id:
            return None
        _, id_bytes, told, size_bytes = read
        at = _end(head) + id_bytes + size_bytes
        return (at, told is not None) if at <= self._size else None

    def run(self, at: int) -> None:
        self.end = at
        while (found := _element(self._segment, at)) is not None and self._is_taken(found):
            at = self.end = _end(found)

    def _is_taken(self, found: Any) -> bool:
        try:
            return self._take(found)
        except _DAMAGED:
            return False

    def _take(self, found: Any) -> bool:
        """False for what has no place in a segment."""
        whole = _end(found) <= self._size
        if found.name == "Cluster":
            return self._take_cluster(found, whole)
        if not whole or found.name not in _TOP or (found.name in _HEADS and found.size > _MOST_HEAD_BYTES):
            return False
        if found.name == "Tracks":
            self.track = _track(found)
        elif found.name == "Info":
            self._take_info(found)
        elif found.name == "Cues":
            self.cues_at = found.offset
        return True

    def _take_cluster(self, found: Any, whole: bool) -> bool:
        first = _element(self._segment, found.payloadOffset)
        if first is None or first.name != "Timecode" or _end(first) > self._size:
            return False
        place = ClusterPlace(first.value, found.offset, found.payloadOffset, found.size)
        if whole:
            self.clusters.append(place)
        else:
            self.torn = place
        return whole

    def _take_info(self, info: Any) -> None:
        for child in _children(info):
            if child.name == "TimecodeScale":
                self.tick_s = child.value * 1e-9
            elif child.name in ("Duration", "Void"):
                self.duration_at = child.offset


def _end(found: Any) -> int:
    end: int = found.payloadOffset + found.size
    return end


def read_packets(file: BinaryIO, place: ClusterPlace) -> list[Packet]:
    """The pictures of a cluster."""
    file.seek(place.content)
    return packets_in(file.read(place.size), place.ticks)


def packets_in(content: bytes, base_ticks: int) -> list[Packet]:
    """The whole pictures in a cluster's content, which may be cut off."""
    cluster = schema()["Cluster"](io.BytesIO(content), 0, len(content), 0)
    packets = []
    for found in _children(cluster):
        if found.name == "SimpleBlock" and found.size > 4:
            _, relative, flags = struct.unpack_from(">BhB", content, found.payloadOffset)
            data = content[found.payloadOffset + 4 : _end(found)]
            packets.append(Packet(base_ticks + relative, data, bool(flags & 0x80)))
    return packets


def _element(master: Any, at: int) -> Any:
    """The one that begins there; None where there is none."""
    master.stream.seek(at)
    return _tried(lambda: master.parseElement(master.stream, nocache=True)[0])


def _tried(read: Callable[[], Any]) -> Any:
    """What the library read; None where it found no element. Raises OSError where the drive cannot be read."""
    try:
        return read()
    except _DAMAGED:
        return None
    except OSError as error:
        if error.errno is not None:
            raise
        return None  # the library's word for bytes that are no id


def _children(master: Any) -> Iterator[Any]:
    """Up to the first that is not there whole."""
    at, end = master.payloadOffset, _end(master)
    while at < end and (found := _element(master, at)) is not None and _end(found) <= end:
        yield found
        at = _end(found)


def _track(tracks: Any) -> Track | None:
    found: dict[str, Any] = {}
    for child in _descendants(tracks):
        found.setdefault(child.name, child)
    if "CodecID" not in found:
        return None
    codec, private = (found[name].getRawValue() if name in found else b"" for name in ("CodecID", "CodecPrivate"))
    width_px, height_px = (found[name].value if name in found else 0 for name in ("PixelWidth", "PixelHeight"))
    return Track(codec.decode("ascii", "replace"), width_px, height_px, bytes(private))


def _descendants(master: Any) -> Iterator[Any]:
    for child in _children(master):
        if child.name in ("TrackEntry", "Video"):
            yield from _descendants(child)
        else:
            yield child
