"""samples.csv, in blocks: those of the cache that are still true, and the rest parsed from the lines."""

from __future__ import annotations

import logging
import os
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import BinaryIO, TypeAlias

from desktop_affect.session import cache, table
from desktop_affect.session.cache import BLOCK_ROWS, CachedBlock
from desktop_affect.session.format import CACHE_FILE, SAMPLE_NAMES, SAMPLES_FILE
from desktop_affect.session.table import Block, checksum

log = logging.getLogger(__name__)

# A few hundred to two thousand rows, well under what a block can hold.
_CHUNK_BYTES = 1 << 18

# No header line is longer; a first line that is has lost its end.
_MOST_HEADER_BYTES = 1 << 16


@dataclass(frozen=True, slots=True)
class Rows:
    """What samples.csv holds."""

    blocks: tuple[Block | CachedBlock, ...] = ()
    torn_bytes: int = 0
    """Behind the last whole line."""


Progress: TypeAlias = Callable[[int, int], None]
"""Told bytes done and bytes in all, on the caller's thread; whatever it raises ends the reading."""


def untold(done: int, total: int) -> None:
    """For those who do not want to know."""


def read_rows(folder: Path, renamed: Mapping[str, str], progress: Progress = untold) -> Rows:
    """`renamed`: columns that the file's version calls otherwise. Without a table there are none. Raises OSError."""
    try:
        file = (folder / SAMPLES_FILE).open("rb")
    except FileNotFoundError:
        return Rows()
    with file:
        first = file.readline(_MOST_HEADER_BYTES)
        if not first.endswith(b"\n"):
            return Rows(torn_bytes=len(first))
        names = [renamed.get(name, name) for name in first.decode("utf-8", "replace").strip().split(",")]
        size = os.fstat(file.fileno()).st_size
        known = []
        for block in _still_true(file, len(first), cache.blocks(folder)):
            known.append(block)
            progress(min(block.end, size), size)
        file.seek(known[-1].end if known else len(first))
        parsed, torn_bytes = _parsed(file, names, lambda done: progress(min(done, size), size))
        return Rows((*known, *parsed), torn_bytes)


def _still_true(file: BinaryIO, begin: int, blocks: Iterable[CachedBlock]) -> Iterator[CachedBlock]:
    """The cached blocks whose lines are still there, byte for byte, one behind the other."""
    for block in blocks:
        file.seek(begin)
        if block.begin != begin or checksum(file.read(block.end - begin)) != block.checksum:
            return
        begin = block.end
        yield block


def _parsed(file: BinaryIO, names: list[str], told: Callable[[int], None]) -> tuple[list[Block], int]:
    blocks, tail = [], b""
    while chunk := file.read(_CHUNK_BYTES):
        data = tail + chunk
        cut = data.rfind(b"\n") + 1
        if cut:
            blocks.append(table.parse(data[:cut], names))
            told(file.tell())
        tail = data[cut:]
    return blocks, len(tail)


def complete_cache(folder: Path) -> int:
    """Bring the cache up to the last whole row of a table of our version; returns how many rows were added.

    Raises OSError. What is no longer true in the cache is replaced. A power cut may have left no table at all.
    """
    path = folder / CACHE_FILE
    if not (folder / SAMPLES_FILE).exists():
        return 0
    with (folder / SAMPLES_FILE).open("rb") as file:
        first = file.readline(_MOST_HEADER_BYTES)
        if first.decode("utf-8", "replace").strip().split(",") != list(SAMPLE_NAMES):
            return 0
        known = tuple(_still_true(file, len(first), cache.blocks(folder)))
        _keep(path, known)
        begin = known[-1].end if known else len(first)
        file.seek(begin)
        return _append_blocks(path, file, begin)


def _keep(path: Path, known: tuple[CachedBlock, ...]) -> None:
    if known:
        os.truncate(path, known[-1].file_end)
    else:
        path.unlink(missing_ok=True)


def _append_blocks(path: Path, file: BinaryIO, begin: int) -> int:
    rows = 0
    while lines := [line for line in islice(file, BLOCK_ROWS) if line.endswith(b"\n")]:
        data = b"".join(lines)
        block = table.parse(data, SAMPLE_NAMES)
        cache.append(path, cache.encode(block, begin, data))
        begin += len(data)
        rows += block.rows
    return rows
