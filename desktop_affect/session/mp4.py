"""The packets of a short MP4 file, as the encoders of operating systems write it; only what those need.

Pictures that are stored in another order than they are shown are refused: our films have none.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass

from desktop_affect.session.matroska import Track

_CONTAINERS = (b"moov", b"trak", b"mdia", b"minf", b"stbl")
_ENTRY_BYTES = 78
"""A picture's sample entry before its own boxes."""


@dataclass(frozen=True, slots=True)
class Mp4Film:
    """One track's packets, in the order in which they are shown."""

    track: Track
    packets: tuple[bytes, ...]
    keys: tuple[bool, ...]


def read_mp4(data: bytes) -> Mp4Film:
    """Raises ValueError for a file that is not whole, or that holds something else."""
    try:
        return _read(data)
    except (struct.error, IndexError, KeyError) as error:
        raise ValueError(f"the MP4 file is not whole: {error!r}") from error


def _read(data: bytes) -> Mp4Film:
    boxes = dict(_leaves(data, 0, len(data)))
    track = _track(boxes[b"stsd"])
    sizes = _sizes(boxes[b"stsz"])
    if b"ctts" in boxes and len(set(_pairs(boxes[b"ctts"]))) > 1:
        raise ValueError("the pictures are stored out of order")
    places = list(_places(sizes, _chunk_offsets(boxes), _pairs_of_three(boxes[b"stsc"])))
    packets = tuple(data[at : at + size] for at, size in zip(places, sizes, strict=True))
    if any(len(packet) != size for packet, size in zip(packets, sizes, strict=True)):
        raise ValueError("the MP4 file is cut off")
    keys = set(_numbers(boxes[b"stss"])) if b"stss" in boxes else set(range(1, len(sizes) + 1))
    return Mp4Film(track, packets, tuple(number in keys for number in range(1, len(sizes) + 1)))


def _leaves(data: bytes, begin: int, end: int) -> Iterator[tuple[bytes, bytes]]:
    """Every box that is no container, with its content; of several tracks the last one."""
    for kind, at, stop in _boxes(data, begin, end):
        if kind in _CONTAINERS:
            yield from _leaves(data, at, stop)
        elif kind != b"mdat":
            yield kind, data[at:stop]


def _boxes(data: bytes, begin: int, end: int) -> Iterator[tuple[bytes, int, int]]:
    while begin + 8 <= end:
        size, kind = struct.unpack_from(">I4s", data, begin)
        head = 8
        if size == 1:
            (size,), head = struct.unpack_from(">Q", data, begin + 8), 16
        stop = end if size == 0 else begin + size
        if size != 0 and (size < head or stop > end):
            raise ValueError("the MP4 file is cut off")
        yield kind, begin + head, stop
        begin = stop


def _track(stsd: bytes) -> Track:
    kind, at, stop = next(_boxes(stsd, 8, len(stsd)))
    width_px, height_px = struct.unpack_from(">HH", stsd, at + 24)
    inside = {name: stsd[begin:end] for name, begin, end in _boxes(stsd, at + _ENTRY_BYTES, stop)}
    if kind in (b"avc1", b"avc3"):
        return Track("V_MPEG4/ISO/AVC", width_px, height_px, inside[b"avcC"])
    if kind == b"mp4v":
        return Track("V_MPEG4/ISO/ASP", width_px, height_px, _decoder_setup(inside[b"esds"]))
    raise ValueError(f"a film of kind {kind!r}")


def _decoder_setup(esds: bytes) -> bytes:
    """Descriptors in each other: 3 (stream) holds 4 (decoder), which holds 5 (its setup)."""
    at = 4
    for tag, skip in ((3, 3), (4, 13), (5, 0)):
        if esds[at] != tag:
            raise ValueError("no setup for the decoder")
        at += 1
        size = 0
        while True:
            size = size << 7 | esds[at] & 0x7F
            at += 1
            if not esds[at - 1] & 0x80:
                break
        at += skip
    return esds[at : at + size]


def _numbers(table: bytes) -> tuple[int, ...]:
    (count,) = struct.unpack_from(">I", table, 4)
    return struct.unpack_from(f">{count}I", table, 8)


def _sizes(stsz: bytes) -> tuple[int, ...]:
    same, count = struct.unpack_from(">II", stsz, 4)
    return (same,) * count if same else struct.unpack_from(f">{count}I", stsz, 12)


def _chunk_offsets(boxes: dict[bytes, bytes]) -> tuple[int, ...]:
    if b"stco" in boxes:
        return _numbers(boxes[b"stco"])
    (count,) = struct.unpack_from(">I", boxes[b"co64"], 4)
    return struct.unpack_from(f">{count}Q", boxes[b"co64"], 8)


def _pairs(ctts: bytes) -> list[int]:
    """The shifts between storing and showing."""
    (count,) = struct.unpack_from(">I", ctts, 4)
    return [struct.unpack_from(">i", ctts, 12 + 8 * number)[0] for number in range(count)]


def _pairs_of_three(stsc: bytes) -> list[tuple[int, int]]:
    """From which chunk on there are how many pictures in a chunk."""
    (count,) = struct.unpack_from(">I", stsc, 4)
    return [struct.unpack_from(">II", stsc, 8 + 12 * number) for number in range(count)]


def _places(sizes: tuple[int, ...], offsets: tuple[int, ...], runs: list[tuple[int, int]]) -> Iterator[int]:
    number = 0
    for chunk, begin in enumerate(offsets, 1):
        at = begin
        in_chunk = next(count for first, count in reversed(runs) if first <= chunk)
        for size in sizes[number : number + in_chunk]:
            yield at
            at += size
        number += in_chunk
