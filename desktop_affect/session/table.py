"""Lines of samples.csv to columns: numbers and texts by the names that they have today."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from desktop_affect.session.cells import Cells
from desktop_affect.session.format import SAMPLE_COLUMNS, Kind

Array: TypeAlias = NDArray[Any]

KIND: Mapping[str, np.dtype[Any]] = {
    column.name: np.dtype(
        object if column.kind is Kind.TEXT else np.float64 if column.kind in (Kind.COUNT, Kind.TIME) else np.float32
    )
    for column in SAMPLE_COLUMNS
}
"""Sequence numbers (whole up to 2^53) and times as float64, values and flags as float32, as the models gave them."""

TEXTS = frozenset(column.name for column in SAMPLE_COLUMNS if column.kind is Kind.TEXT)

_EVERY_ROW_HAS = ("seq", "t_s")


@dataclass(frozen=True, slots=True)
class Block:
    """Neighbouring rows."""

    rows: int
    bad_rows: int
    """Lines that are no rows: they are left out."""
    columns: Mapping[str, Array]


def parse(lines: bytes, names: Sequence[str], wanted: Sequence[str]) -> Block:
    """The wanted columns of whole lines of a table with these columns; one that it lacks is all unknown.

    A line without a number for `seq` and `t_s` is no row.
    """
    cells = Cells(lines, len(names))
    found = _numbers(cells, names, [*_EVERY_ROW_HAS, *(name for name in wanted if name not in TEXTS)])
    found |= {name: _texts(cells, names, name) for name in wanted if name in TEXTS}
    good = np.isfinite(found["seq"]) & np.isfinite(found["t_s"])
    rows = int(good.sum())
    if rows < cells.rows:
        found = {name: values[good] for name, values in found.items()}
    return Block(rows, cells.bad_rows + cells.rows - rows, {name: found[name] for name in wanted})


def _numbers(cells: Cells, names: Sequence[str], wanted: Sequence[str]) -> dict[str, Array]:
    there = [name for name in dict.fromkeys(wanted) if name in names]
    values = cells.numbers([names.index(name) for name in there])
    found = {name: column.astype(KIND[name]) for name, column in zip(there, values, strict=True)}
    unknown = {name: np.full(cells.rows, np.nan, KIND[name]) for name in wanted if name not in names}
    return {**found, **unknown}


def _texts(cells: Cells, names: Sequence[str], name: str) -> Array:
    return cells.texts(names.index(name)) if name in names else np.full(cells.rows, "", dtype=object)
