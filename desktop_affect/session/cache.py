"""samples.cache: the rows of samples.csv as columns of numbers, so that eight hours open in a second.

It is made from the lines themselves and holds, for every block of rows, where its lines lie and their checksum. A block
counts only if samples.csv still has exactly those bytes there; so a cache that is torn, old, or belongs to an edited
table costs time and never truth. It may be deleted at any time.

    magic, then per block: u32 length of the head, head (JSON), exact (f64), numbers (f32), codes (u16); little-endian
"""

from __future__ import annotations

import hashlib
import json
import logging
import struct
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np

from desktop_affect.session import table
from desktop_affect.session.format import CACHE_FILE, SAMPLE_NAMES
from desktop_affect.session.table import EXACT, NUMBERS, TEXTS, Array, Block, checksum, decoded

log = logging.getLogger(__name__)

# 9 s at 30 fps: parsing that many takes the recorder's thread a few milliseconds, and a tail of fewer rows is read from
# the table in no time.
BLOCK_ROWS = 256

_MAGIC = b"DACACHE1" + hashlib.sha256(",".join((*EXACT, *NUMBERS, *TEXTS)).encode()).digest()[:8]
_HEAD = struct.Struct("<I")
_MOST_HEAD_BYTES = 1 << 24


@dataclass(frozen=True, slots=True)
class CachedBlock:
    """A block that lies in the file; columns are read when they are asked for."""

    path: Path
    offset: int
    rows: int
    bad_rows: int
    begin: int
    end: int
    checksum: int
    texts: tuple[tuple[str, ...], ...]

    @property
    def file_end(self) -> int:
        """Where the next block begins in the cache."""
        return self.offset + _body_bytes(self.rows)

    def read(self, file: BinaryIO, name: str) -> Array:
        """A column of the open cache file."""
        kind, place = _place(name, self.rows)
        file.seek(self.offset + place)
        values: Array = np.frombuffer(file.read(self.rows * kind.itemsize), dtype=kind)
        return decoded(self.texts[TEXTS.index(name)], values) if name in TEXTS else values

    def whole(self) -> Block:
        """All its columns, in one go. Raises OSError."""
        with self.path.open("rb") as file:
            file.seek(self.offset)
            body = file.read(_body_bytes(self.rows))
        exact = np.frombuffer(body, _F8, len(EXACT) * self.rows)
        numbers = np.frombuffer(body, _F4, len(NUMBERS) * self.rows, exact.nbytes)
        codes = np.frombuffer(body, _U2, len(TEXTS) * self.rows, exact.nbytes + numbers.nbytes)
        shaped = (exact.reshape(-1, self.rows), numbers.reshape(-1, self.rows), codes.reshape(-1, self.rows))
        return Block(self.rows, self.bad_rows, *shaped, self.texts)


_F8, _F4, _U2 = np.dtype("<f8"), np.dtype("<f4"), np.dtype("<u2")


def _place(name: str, rows: int) -> tuple[np.dtype[Any], int]:
    """How a column is stored, and where behind the head."""
    if name in EXACT:
        return _F8, EXACT.index(name) * rows * 8
    numbers = len(EXACT) * rows * 8
    if name in NUMBERS:
        return _F4, numbers + NUMBERS.index(name) * rows * 4
    return _U2, numbers + len(NUMBERS) * rows * 4 + TEXTS.index(name) * rows * 2


def _body_bytes(rows: int) -> int:
    return rows * (len(EXACT) * 8 + len(NUMBERS) * 4 + len(TEXTS) * 2)


def encode(block: Block, begin: int, data: bytes) -> bytes:
    """A block as the file holds it; `data` are its lines, which begin at that byte of samples.csv."""
    head = {
        "rows": block.rows,
        "bad_rows": block.bad_rows,
        "begin": begin,
        "end": begin + len(data),
        "checksum": checksum(data),
        "texts": block.texts,
    }
    packed = json.dumps(head).encode()
    body = (block.exact.astype(_F8), block.numbers.astype(_F4), block.codes.astype(_U2))
    return b"".join((_HEAD.pack(len(packed)), packed, *(matrix.tobytes() for matrix in body)))


def blocks(folder: Path) -> Iterator[CachedBlock]:
    """The whole blocks of a cache, unchecked; ends at the first that is torn."""
    path = folder / CACHE_FILE
    try:
        with path.open("rb") as file:
            size = path.stat().st_size
            if file.read(len(_MAGIC)) != _MAGIC:
                return
            while (block := _next_block(path, file, size)) is not None:
                yield block
                file.seek(block.file_end)
    except FileNotFoundError:
        return
    except (OSError, ValueError, KeyError, TypeError) as error:
        log.info("%s is left out: %s", path, error)


def _next_block(path: Path, file: BinaryIO, size: int) -> CachedBlock | None:
    length = file.read(_HEAD.size)
    if len(length) < _HEAD.size:
        return None
    (count,) = _HEAD.unpack(length)
    if count > _MOST_HEAD_BYTES:
        return None
    head = json.loads(file.read(count))
    offset, texts = file.tell(), tuple(tuple(map(str, texts)) for texts in head["texts"])
    if offset + _body_bytes(head["rows"]) > size:
        return None
    return CachedBlock(
        path, offset, head["rows"], head["bad_rows"], head["begin"], head["end"], head["checksum"], texts
    )


class CacheWriter:
    """Fills the cache while samples.csv is written. Any trouble ends the cache, never the recording."""

    def __init__(self, folder: Path, begin: int) -> None:
        self._path = folder / CACHE_FILE
        self._begin = begin
        self._lines: list[str] = []
        self._broken = False

    def add(self, line: str) -> None:
        """A line that was appended to samples.csv."""
        if not self._broken:
            self._lines.append(line)

    def flush(self) -> None:
        """Write the blocks that are full."""
        while len(self._lines) >= BLOCK_ROWS:
            lines, self._lines = self._lines[:BLOCK_ROWS], self._lines[BLOCK_ROWS:]
            self._write(lines)

    def _write(self, lines: list[str]) -> None:
        data = "".join(lines).encode("utf-8", "backslashreplace")
        try:
            append(self._path, encode(table.parse(data, SAMPLE_NAMES), self._begin, data))
        except OSError as error:
            log.info("%s is no longer kept up: %s", self._path, error)
            self._broken = True
            self._lines = []
        self._begin += len(data)


def append(path: Path, block: bytes) -> None:
    """Add an encoded block; an empty file gets its magic first."""
    with path.open("ab") as file:
        file.write(block if file.tell() else _MAGIC + block)
