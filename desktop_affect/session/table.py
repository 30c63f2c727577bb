"""Lines of samples.csv to columns of numbers, a block of rows at a time.

Only whole lines come in. A line that is not a row (a drive that lost power may leave zeros) is left out and counted.
"""

from __future__ import annotations

import csv
import zlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from desktop_affect.session.format import SAMPLE_COLUMNS, Kind

FloatArray: TypeAlias = NDArray[np.float64] | NDArray[np.float32]
Array: TypeAlias = NDArray[Any]

EXACT: tuple[str, ...] = tuple(c.name for c in SAMPLE_COLUMNS if c.kind in (Kind.COUNT, Kind.TIME))
"""Kept as float64: sequence numbers (whole up to 2^53) and times."""
NUMBERS: tuple[str, ...] = tuple(c.name for c in SAMPLE_COLUMNS if c.kind in (Kind.VALUE, Kind.FLAG))
"""Kept as float32, as the models gave them."""
TEXTS: tuple[str, ...] = tuple(c.name for c in SAMPLE_COLUMNS if c.kind is Kind.TEXT)


@dataclass(frozen=True, slots=True)
class Block:
    """Neighbouring rows as columns: `exact` and `numbers` hold a line per name of EXACT and NUMBERS."""

    rows: int
    bad_rows: int
    exact: NDArray[np.float64]
    numbers: NDArray[np.float32]
    codes: NDArray[np.uint16]
    """A line per name of TEXTS: which of its texts stands in each row."""
    texts: tuple[tuple[str, ...], ...]

    def column(self, name: str) -> Array:
        if name in _EXACT_AT:
            exact: Array = self.exact[_EXACT_AT[name]]
            return exact
        if name in _NUMBER_AT:
            numbers: Array = self.numbers[_NUMBER_AT[name]]
            return numbers
        place = _TEXT_AT[name]
        return decoded(self.texts[place], self.codes[place])


def decoded(texts: Sequence[str], codes: NDArray[np.uint16]) -> Array:
    """Texts as an array of objects."""
    column: Array = np.array(texts, dtype=object)[codes]
    return column


_EXACT_AT: Mapping[str, int] = {name: place for place, name in enumerate(EXACT)}
_NUMBER_AT: Mapping[str, int] = {name: place for place, name in enumerate(NUMBERS)}
_TEXT_AT: Mapping[str, int] = {name: place for place, name in enumerate(TEXTS)}

# Codes are 16 bits: a block never has more rows than that.
MOST_ROWS = 1 << 15


def parse(data: bytes, names: Sequence[str]) -> Block:
    """Whole lines, at most MOST_ROWS, of a table with these columns; a column it lacks is all empty."""
    rows = _split(data)
    good = [row for row in rows if len(row) == len(names)]
    try:
        return _block(good, names, len(rows) - len(good))
    except ValueError:
        readable = [row for row in good if _is_readable(row, names)]
        return _block(readable, names, len(rows) - len(readable))


def _split(data: bytes) -> list[list[str]]:
    lines = data.decode("utf-8", "replace").replace("\0", "\ufffd").split("\n")[:-1]
    if b'"' not in data:
        return [line.split(",") for line in lines]
    return [next(csv.reader([line]), []) for line in lines]


def _is_readable(row: list[str], names: Sequence[str]) -> bool:
    try:
        _block([row], names, 0)
    except ValueError:
        return False
    return True


def _block(rows: list[list[str]], names: Sequence[str], bad_rows: int) -> Block:
    cells = dict(zip(names, zip(*rows, strict=True), strict=True)) if rows else {}
    absent = ("",) * len(rows)
    coded = [_coded(cells.get(name, absent)) for name in TEXTS]
    return Block(
        rows=len(rows),
        bad_rows=bad_rows,
        exact=_matrix((cells.get(name, absent) for name in EXACT), len(rows), np.dtype(np.float64)),
        numbers=_matrix((cells.get(name, absent) for name in NUMBERS), len(rows), np.dtype(np.float32)),
        codes=np.array([codes for codes, _ in coded], dtype=np.uint16).reshape(len(TEXTS), len(rows)),
        texts=tuple(texts for _, texts in coded),
    )


def _matrix(columns: Iterable[Sequence[str]], rows: int, kind: np.dtype[Any]) -> Array:
    return np.array([_numbers(column) for column in columns], dtype=kind).reshape(-1, rows)


def _numbers(cells: Sequence[str]) -> list[float]:
    if not any(cells):
        return [np.nan] * len(cells)
    return [float(cell) if cell else np.nan for cell in cells]


def _coded(cells: Sequence[str]) -> tuple[list[int], tuple[str, ...]]:
    codes: dict[str, int] = {}
    return [codes.setdefault(cell, len(codes)) for cell in cells], tuple(codes)


def checksum(data: bytes) -> int:
    """What ties a cached block to its lines."""
    return zlib.crc32(data)
