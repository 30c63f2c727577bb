"""Finds its way in a Matroska file of one track, whole or cut off: the track, the clusters, the pictures in a cluster.

Only sizes are read to skip from cluster to cluster, so an hour of film is indexed in the time of some thousand short
reads. A cluster that is not there whole ends the film, as does anything that is no element.
"""

from __future__ import annotations

import os
import struct
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO

from desktop_affect.session.matroska import Id, Packet, Track

_MOST_HEAD_BYTES = 1 << 20
_MASTERS = frozenset((Id.TRACKS, Id.TRACK_ENTRY, Id.VIDEO, Id.INFO))


@dataclass(frozen=True, slots=True)
class Element:
    """Where an element is. `size` is None where the file does not say (a stream)."""

    name: int
    at: int
    """Of its id."""
    content: int
    """Of its content."""
    size: int | None

    @property
    def end(self) -> int:
        return self.content + (self.size or 0)


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
    """None where there is no film: not even the head is there whole."""
    size = os.fstat(file.fileno()).st_size
    head = _element(file, 0)
    segment = None if head is None or head.name != Id.EBML or head.size is None else _element(file, head.end)
    if segment is None or segment.name != Id.SEGMENT:
        return None
    scan = _Scan(file, size)
    scan.run(segment.content)
    if scan.track is None:
        return None
    return FilmIndex(
        scan.track,
        scan.tick_s,
        segment.content,
        scan.duration_at,
        tuple(scan.clusters),
        scan.torn,
        scan.cues_at,
        scan.end,
        size,
        segment.size is not None,
    )


class _Scan:
    """One walk over the top of a segment."""

    def __init__(self, file: BinaryIO, size: int) -> None:
        self._file = file
        self._size = size
        self.track: Track | None = None
        self.tick_s = 1e-3
        self.duration_at: int | None = None
        self.clusters: list[ClusterPlace] = []
        self.torn: ClusterPlace | None = None
        self.cues_at: int | None = None
        self.end = 0

    def run(self, at: int) -> None:
        self.end = at
        while (found := _element(self._file, at)) is not None:
            if found.size is None or not self._take(found):
                return
            at = self.end = found.end

    def _take(self, found: Element) -> bool:
        """False for what has no place in a segment."""
        whole = found.end <= self._size
        if found.name == Id.CLUSTER:
            return self._take_cluster(found, whole)
        if not whole:
            return False
        if found.name == Id.TRACKS:
            self.track = _track(self._file, found)
        elif found.name == Id.INFO:
            self._take_info(found)
        elif found.name == Id.CUES:
            self.cues_at = found.at
        return found.name in (Id.TRACKS, Id.INFO, Id.CUES, Id.SEEK_HEAD, Id.VOID, _TAGS)

    def _take_cluster(self, found: Element, whole: bool) -> bool:
        first = _element(self._file, found.content)
        if first is None or first.name != Id.TIMESTAMP or first.size is None or first.end > self._size:
            return False
        ticks = int.from_bytes(_read(self._file, first.content, first.size), "big")
        place = ClusterPlace(ticks, found.at, found.content, found.end - found.content)
        if whole:
            self.clusters.append(place)
        else:
            self.torn = place
        return whole

    def _take_info(self, info: Element) -> None:
        for child in _children(self._file, info):
            if child.name == Id.TIMESTAMP_SCALE:
                self.tick_s = int.from_bytes(_read(self._file, child.content, child.size or 0), "big") * 1e-9
            elif child.name in (Id.DURATION, Id.VOID):
                self.duration_at = child.at


_TAGS = 0x1254C367


def read_packets(file: BinaryIO, place: ClusterPlace) -> list[Packet]:
    """The pictures of a cluster."""
    return packets_in(_read(file, place.content, place.size), place.ticks)


def packets_in(content: bytes, base_ticks: int) -> list[Packet]:
    """The whole pictures in a cluster's content, which may be cut off."""
    packets, at = [], 0
    while (found := _parse(content[at : at + 12], at)) is not None and found.size is not None:
        if found.end > len(content):
            break
        if found.name == Id.SIMPLE_BLOCK and found.size > 4:
            _, relative, flags = struct.unpack_from(">BhB", content, found.content)
            packets.append(Packet(base_ticks + relative, content[found.content + 4 : found.end], bool(flags & 0x80)))
        at = found.end
    return packets


def _track(file: BinaryIO, tracks: Element) -> Track | None:
    found: dict[int, bytes] = {}
    for child in _descendants(file, tracks):
        found.setdefault(child.name, _read(file, child.content, child.size or 0))
    if Id.CODEC_ID not in found:
        return None
    width_px, height_px = (int.from_bytes(found.get(name, b""), "big") for name in (Id.PIXEL_WIDTH, Id.PIXEL_HEIGHT))
    return Track(found[Id.CODEC_ID].decode("ascii", "replace"), width_px, height_px, found.get(Id.CODEC_PRIVATE, b""))


def _descendants(file: BinaryIO, parent: Element) -> Iterator[Element]:
    for child in _children(file, parent):
        if child.name in _MASTERS:
            yield from _descendants(file, child)
        else:
            yield child


def _children(file: BinaryIO, parent: Element) -> Iterator[Element]:
    if (parent.size or 0) > _MOST_HEAD_BYTES:
        return
    at = parent.content
    while at < parent.end and (child := _element(file, at)) is not None and child.size is not None:
        yield child
        at = child.end


def _read(file: BinaryIO, at: int, count: int) -> bytes:
    file.seek(at)
    return file.read(count)


def _element(file: BinaryIO, at: int) -> Element | None:
    return _parse(_read(file, at, 12), at)


def _parse(data: bytes, at: int) -> Element | None:
    """The element that begins there; None where there is none, or not all of its size."""
    id_length = _length(data, 4)
    if id_length is None:
        return None
    size_length = _length(data[id_length:], 8)
    if size_length is None or len(data) < id_length + size_length:
        return None
    name = int.from_bytes(data[:id_length], "big")
    raw = int.from_bytes(data[id_length : id_length + size_length], "big")
    value = raw & ((1 << 7 * size_length) - 1)
    unknown = value == (1 << 7 * size_length) - 1
    return Element(name, at, at + id_length + size_length, None if unknown else value)


def _length(data: bytes, most: int) -> int | None:
    """How many bytes a number has by the leading zeros of its first byte."""
    if not data or data[0] == 0:
        return None
    length = 9 - data[0].bit_length()
    return length if length <= most else None
