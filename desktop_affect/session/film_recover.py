"""Gives a film that was cut off its index and its duration, without encoding anything anew.

A film whose last group is whole is completed where it is: the index is appended, and the rooms in its head are filled.
One with a torn end is copied up to its last whole picture; the copy is read back before it takes the film's place, so
the only copy is never at risk. Where there is no room for that, the film is left as it is: it plays, without an index.
"""

from __future__ import annotations

import logging
import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import BinaryIO

from desktop_affect.session import format as fmt
from desktop_affect.session.film_reader import film_parts, read_dropped
from desktop_affect.session.header import Document
from desktop_affect.session.matroska import Layout, Packet, closing_patches, cluster, cues
from desktop_affect.session.matroska_index import FilmIndex, packets_in, read_index, read_packets
from desktop_affect.system.store import sync_folder

log = logging.getLogger(__name__)

_COPY_BYTES = 1 << 20
_SPARE_BYTES = 200_000_000


def recover_film(session: Path, free_bytes: Callable[[Path], int] | None = None) -> tuple[str, ...]:
    """What was done, in words; nothing for a film that is whole. Raises OSError; may be done again, also after it was
    itself cut short."""
    free = free_bytes or (lambda place: shutil.disk_usage(place).free)
    return tuple(words for part in film_parts(session) if (words := _repair(part, free)))


def _repair(path: Path, free_bytes: Callable[[Path], int]) -> str:
    with path.open("rb") as file:
        index = read_index(file)
    if index is None or index.track.codec == "":
        return ""  # cut off before its first picture: there is nothing to find
    if index.whole_end < index.size:
        if free_bytes(path.parent) < index.size + _SPARE_BYTES:
            return f"left {path.name} without an index, because there is no room for a copy; it plays"
        return _copy(path, index)
    if index.stated:
        return ""
    _complete(path, index)
    return f"gave {path.name} its index"


def _complete(path: Path, index: FilmIndex) -> None:
    """The index behind the last cluster, then the rooms in the head."""
    cues_at = index.whole_end if index.cues_at is None else index.cues_at
    with path.open("r+b") as file:
        if index.cues_at is None:
            file.seek(cues_at)
            file.write(_cues(index))
            _settle(file)
        end = os.fstat(file.fileno()).st_size
        rooms = Layout(b"", index.segment_at, index.duration_at or 0)
        for at, patch in closing_patches(rooms, cues_at, end, _last_ticks(file, index)):
            file.seek(at)
            file.write(patch)
            _settle(file)


def _cues(index: FilmIndex) -> bytes:
    return cues((place.ticks, place.at - index.segment_at) for place in index.clusters)


def _last_ticks(file: BinaryIO, index: FilmIndex) -> int:
    return read_packets(file, index.clusters[-1])[-1].ticks if index.clusters else 0


def _settle(file: BinaryIO) -> None:
    file.flush()
    os.fsync(file.fileno())


def _copy(path: Path, index: FilmIndex) -> str:
    copy = path.with_name(f".{path.name}.repair")
    with path.open("rb") as source, copy.open("wb") as target:
        _copy_bytes(source, target, index.cues_at or index.whole_end)
        rest = _torn_pictures(source, index)
        if rest:
            target.write(cluster(rest))
        _settle(target)
    with copy.open("rb") as file:
        copied = read_index(file)
    if copied is None or len(copied.clusters) != len(index.clusters) + bool(rest) or copied.whole_end != copied.size:
        raise OSError(f"the copy of {path.name} is not whole")
    _complete(copy, copied)
    os.replace(copy, path)
    sync_folder(path.parent)
    return f"copied {path.name} up to its last whole picture and gave it its index"


def _copy_bytes(source: BinaryIO, target: BinaryIO, count: int) -> None:
    source.seek(0)
    while count > 0 and (block := source.read(min(_COPY_BYTES, count))):
        target.write(block)
        count -= len(block)


def _torn_pictures(source: BinaryIO, index: FilmIndex) -> list[Packet]:
    """The whole pictures in a cluster that is not there whole."""
    if index.torn_cluster is None:
        return []
    source.seek(index.torn_cluster.content)
    packets = packets_in(source.read(index.torn_cluster.size), index.torn_cluster.ticks)
    return packets if packets and packets[0].key else []


def film_facts(session: Path) -> Document:
    """What session.json tells of a film, but for what only the recording knew. Reads the whole film."""
    found = [(path, index) for path, index in _indexes(film_parts(session)) if index.clusters]
    ticks = [_ticks(path, index) for path, index in found]
    tick_s = found[0][1].tick_s if found else 0.0
    return {
        "files": [path.name for path, _ in found],
        "codecs": [index.track.codec for _, index in found],
        "width_px": found[0][1].track.width_px if found else None,
        "height_px": found[0][1].track.height_px if found else None,
        "frames": sum(map(len, ticks)),
        "dropped": len(read_dropped(session / fmt.DROPPED_FILE)),
        "first_s": round(ticks[0][0] * tick_s, 4) if ticks else None,
        "last_s": round(ticks[-1][-1] * tick_s, 4) if ticks else None,
        "size_bytes": sum(path.stat().st_size for path, _ in found),
    }


def _indexes(parts: list[Path]) -> Iterator[tuple[Path, FilmIndex]]:
    for path in parts:
        with path.open("rb") as file:
            index = read_index(file)
        if index is not None:
            yield path, index


def _ticks(path: Path, index: FilmIndex) -> list[int]:
    with path.open("rb") as file:
        return [packet.ticks for place in index.clusters for packet in read_packets(file, place)]
