"""Columns to lines of text, fast: a million cells a second and more, with nothing but the standard library.

A block of rows is printed with one `%` per row. "nan" then becomes an empty cell in one sweep over the block; texts
that hold these letters themselves are kept apart from it by a mark that no text can contain.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, TextIO, TypeAlias

import numpy as np
from numpy.typing import NDArray

from desktop_affect.session.export.options import Progress
from desktop_affect.session.rows import text_cell

Array: TypeAlias = NDArray[Any]

BLOCK_ROWS = 4096
_GUARD = "\x00"
_GUARDED = f"n{_GUARD}an"

VALUE = "%.9g"
"""Nine significant digits, so that a float32 is read back as it was."""
COUNT = "%d"
TIME = "%.6f"
FLAG = "%.0f"
TEXT = "%s"


@dataclass(frozen=True, slots=True, eq=False)
class Cells:
    """A column and how its cells are printed."""

    name: str
    values: Array
    template: str = VALUE


def empty(name: str, rows: int) -> Cells:
    """A column of which nothing is known."""
    return Cells(name, np.broadcast_to(np.float32(np.nan), rows))


def write_table(
    file: TextIO, columns: Sequence[Cells], separator: str, progress: Progress, lead: Iterable[str] = ()
) -> None:
    """The leading lines, the names, then a line per row. Raises OSError."""
    file.writelines(line + "\n" for line in lead)
    file.write(separator.join(column.name for column in columns) + "\n")
    rows = len(columns[0].values)
    done = 0
    for block in blocks(columns, separator):
        file.write(block)
        done = min(done + BLOCK_ROWS, rows)
        progress(done, rows)


def blocks(columns: Sequence[Cells], separator: str) -> Iterator[str]:
    """The lines, a block at a time. A cell of which nothing is known is wholly empty, also where ", " separates."""
    known = [column for column in columns if _is_known(column)]
    line = separator.join(column.template if column in known else "nan" for column in columns) + "\n"
    printable = [_printable(column, separator) for column in known]
    for begin in range(0, len(columns[0].values), BLOCK_ROWS):
        cells = [cells_of(begin) for cells_of in printable]
        text = "".join([line % row for row in zip(*cells, strict=True)])
        yield text.replace(f"{separator}nan", separator.rstrip(" ")).replace("nan", "").replace(_GUARD, "")


def _is_known(column: Cells) -> bool:
    """Whether any cell has to be printed: a head that the model lacks costs no time."""
    return column.template == TEXT or not np.isnan(column.values).all() or not len(column.values)


def _printable(column: Cells, separator: str) -> Callable[[int], list[Any]]:
    values = column.values
    if column.template == TEXT:
        known: dict[str, str] = {}
        return lambda begin: [
            known[text] if text in known else known.setdefault(text, _text(text, separator))
            for text in values[begin : begin + BLOCK_ROWS]
        ]
    return lambda begin: values[begin : begin + BLOCK_ROWS].tolist()


def _text(text: str, separator: str) -> str:
    cell = text_cell(text) if separator != "\t" else " ".join(text.split())
    return cell.replace("nan", _GUARDED)
