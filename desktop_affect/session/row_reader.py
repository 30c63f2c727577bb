"""samples.csv, some columns at a time: a dozen columns of eight hours are read in about a second, all of them in a few.

The table is read in pieces, and each piece is parsed on one of a few threads (numpy lets them run side by side). What
was there when the table was opened is what there is: rows that a recording appends meanwhile are not seen.
"""

from __future__ import annotations

import os
from bisect import bisect_right
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, TypeAlias, TypeVar

import numpy as np

from desktop_affect.session.format import SAMPLES_FILE
from desktop_affect.session.table import KIND, Array, Block, parse

# Two thousand rows. With fewer the threads spend their time on handing the interpreter to each other, with more they
# wait for the memory.
_PIECE_BYTES = 1 << 21

# Who looks at one row looks at its neighbours next: so many before and behind it are parsed with it, in 3 ms.
_BEFORE, _BEHIND = 64, 192

# No header line is longer; a first line that is has lost its end.
_MOST_HEADER_BYTES = 1 << 16

_LINE_FEED = ord("\n")

# Beyond four they wait for the memory.
_THREADS = min(4, os.cpu_count() or 1)

Progress: TypeAlias = Callable[[int, int], None]
"""Told bytes done and bytes in all, on the caller's thread; whatever it raises ends the reading."""

Columns: TypeAlias = dict[str, Array]
_T = TypeVar("_T")
_R = TypeVar("_R")


def untold(done: int, total: int) -> None:
    """For those who do not want to know."""


@dataclass(frozen=True, slots=True)
class Piece:
    """Neighbouring lines of the table."""

    begin: int
    end: int
    """Bytes from the beginning of the file."""
    first: int
    """Number of its first row."""
    rows: int
    bad_rows: int


@dataclass(frozen=True, slots=True)
class Rows:
    """Where the rows of a table lie. No file is kept open: it may be handed to other threads and processes."""

    path: Path
    names: tuple[str, ...] = ()
    """As they are called today."""
    pieces: tuple[Piece, ...] = ()
    torn_bytes: int = 0
    """Behind the last whole line."""

    @property
    def count(self) -> int:
        return self.pieces[-1].first + self.pieces[-1].rows if self.pieces else 0

    @property
    def bad_rows(self) -> int:
        return sum(piece.bad_rows for piece in self.pieces)

    def columns(self, wanted: Sequence[str], progress: Progress = untold) -> Columns:
        """Read these. Raises OSError, also where the table was changed since it was opened."""
        columns: Columns = {name: np.empty(self.count, KIND[name]) for name in wanted}

        def take(found: tuple[Piece, Block]) -> None:
            piece, block = found
            for name, column in columns.items():
                column[piece.first : piece.first + piece.rows] = block.columns[name]
            progress(piece.end, self.pieces[-1].end)

        if self.pieces:
            with self.path.open("rb") as file:
                _in_order(_again(file, self.pieces), lambda item: (item[0], self._parsed(*item, wanted)), take)
        return {name: _finished(name, column) for name, column in columns.items()}

    def around(self, number: int) -> tuple[int, Columns]:
        """All columns of a row and some of its neighbours, and the number of the first of them. Raises IndexError,
        OSError."""
        if not 0 <= number < self.count:
            raise IndexError(number)
        piece = self.pieces[bisect_right(self.pieces, number, key=lambda piece: piece.first) - 1]
        with self.path.open("rb") as file:
            (near,) = (_near(*item, number) for item in _again(file, (piece,)))
        return near[0].first, dict(self._parsed(*near, tuple(KIND)).columns)

    def _parsed(self, piece: Piece, lines: bytes, wanted: Sequence[str]) -> Block:
        block = parse(lines, self.names, wanted)
        if block.rows != piece.rows:
            raise OSError(f"{self.path} was changed while it was open")
        return block


def open_rows(
    folder: Path, renamed: Mapping[str, str], wanted: Sequence[str], progress: Progress = untold
) -> tuple[Rows, Columns]:
    """Find the rows, and read some columns on the way. `renamed`: columns that the file's version calls otherwise.

    Without a table there are none. Raises OSError.
    """
    path = folder / SAMPLES_FILE
    parts: dict[str, list[Array]] = {name: [np.zeros(0, KIND[name])] for name in wanted}
    try:
        file = path.open("rb")
    except FileNotFoundError:
        return Rows(path), _joined(parts)
    with file:
        first = file.readline(_MOST_HEADER_BYTES)
        if not first.endswith(b"\n"):
            return Rows(path, torn_bytes=len(first)), _joined(parts)
        names = tuple(renamed.get(name, name) for name in first.decode("utf-8", "replace").strip().split(","))
        size, pieces = os.fstat(file.fileno()).st_size, [Piece(0, len(first), 0, 0, 0)]

        def take(found: tuple[int, Block]) -> None:
            before, (length, block) = pieces[-1], found
            for name, column in block.columns.items():
                parts[name].append(column)
            pieces.append(
                Piece(before.end, before.end + length, before.first + before.rows, block.rows, block.bad_rows)
            )
            progress(min(pieces[-1].end, size), size)

        _in_order(_whole_lines(file), lambda lines: (len(lines), parse(lines, names, wanted)), take)
        torn_bytes = file.tell() - pieces[-1].end
    return Rows(path, names, tuple(pieces[1:]), torn_bytes), _joined(parts)


def _whole_lines(file: BinaryIO) -> Iterator[bytes]:
    """A piece at a time; what is torn at the end is left out."""
    begun: list[bytes] = []
    while data := file.read(_PIECE_BYTES):
        cut = data.rfind(b"\n") + 1
        if cut:
            yield b"".join((*begun, memoryview(data)[:cut]))
            begun = []
        begun.append(data[cut:])


def _again(file: BinaryIO, pieces: Iterable[Piece]) -> Iterator[tuple[Piece, bytes]]:
    for piece in pieces:
        file.seek(piece.begin)
        yield piece, file.read(piece.end - piece.begin)


def _near(piece: Piece, lines: bytes, number: int) -> tuple[Piece, bytes]:
    """The lines of these that are near a row; all of them where not every line is a row, for then none can be told by
    its place."""
    ends = np.flatnonzero(np.frombuffer(lines, np.uint8) == _LINE_FEED) + 1
    if piece.bad_rows or len(ends) != piece.rows:
        return piece, lines
    at = number - piece.first
    low, high = max(at - _BEFORE, 0), min(at + _BEHIND, piece.rows)
    begin, end = int(ends[low - 1]) if low else 0, int(ends[high - 1])
    return Piece(piece.begin + begin, piece.begin + end, piece.first + low, high - low, 0), lines[begin:end]


def _in_order(items: Iterable[_T], work: Callable[[_T], _R], take: Callable[[_R], None]) -> None:
    """The work on a few threads, its results in order on this one. At most two items a thread are in memory."""
    with ThreadPoolExecutor(_THREADS, "desktop-affect-rows") as threads:
        waiting: deque[Future[_R]] = deque()
        for item in items:
            waiting.append(threads.submit(work, item))
            if len(waiting) > 2 * _THREADS:
                take(waiting.popleft().result())
        for future in waiting:
            take(future.result())


def _joined(parts: Mapping[str, Sequence[Array]]) -> Columns:
    return {name: _finished(name, np.concatenate(arrays)) for name, arrays in parts.items()}


def _finished(name: str, column: Array) -> Array:
    whole: Array = column.astype(np.int64) if name == "seq" else column
    whole.flags.writeable = False
    return whole
