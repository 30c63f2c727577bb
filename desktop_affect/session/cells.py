"""Finds the cells in the lines of a table; what stands in them is read when it is asked for.

Only whole lines come in. One with another number of cells, or with a quote that nothing closes, is no row (a drive that
lost power may leave such): it is left out and counted. No cell holds a line break: samples.csv has none.
"""

from __future__ import annotations

import threading
from collections.abc import Sequence
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from desktop_affect.session.numerals import Bytes, Places, numbers

Texts: TypeAlias = NDArray[np.object_]
Mask: TypeAlias = NDArray[np.bool_]

_COMMA, _QUOTE, _LINE_FEED = b',"\n'
_NOWHERE: Places = np.zeros(0, dtype=np.intp)


class Cells:
    """The rows of some lines; their columns are numbered from 0."""

    def __init__(self, lines: bytes, columns: int) -> None:
        self._lines = lines
        count, ends = _ends(self._lines)
        whole = count
        if ends is None:
            self._lines = _without_open_quotes(lines)
            whole, ends = _ends(self._lines)
        self._text: Bytes = np.frombuffer(self._lines, np.uint8)
        self._begin, self._end = _rows(self._text, ends if ends is not None else _NOWHERE, whole, columns)
        self.bad_rows = count - self.rows

    @property
    def rows(self) -> int:
        return len(self._begin)

    def numbers(self, columns: Sequence[int]) -> NDArray[np.float64]:
        """A line per column. NaN where a cell is empty or holds no number."""
        begin = np.concatenate([np.zeros(0, np.intp), *map(self._begin_of, columns)])
        return numbers(self._text, begin, self._end.T[list(columns)].ravel()).reshape(len(columns), self.rows)

    def texts(self, column: int) -> Texts:
        places = zip(self._begin_of(column).tolist(), self._end[:, column].tolist(), strict=True)
        cells = [self._lines[begin:end] for begin, end in places]
        known = {cell: _decoded(cell) for cell in set(cells)}
        found: Texts = np.empty(len(cells), dtype=object)
        found[:] = [known[cell] for cell in cells]
        return found

    def _begin_of(self, column: int) -> Places:
        found: Places = self._end[:, column - 1] + 1 if column else self._begin
        return found


def _without_open_quotes(lines: bytes) -> bytes:
    return b"".join(line + b"\n" for line in lines.split(b"\n")[:-1] if line.count(b'"') % 2 == 0)


class _Workspace(threading.local):
    """A byte for every byte of the text, twice, kept by each thread: fresh memory for every piece of a table would
    cost a fifth of the time."""

    _first = _second = np.zeros(0, dtype=bool)

    def masks(self, size: int) -> tuple[Mask, Mask]:
        """What stands in them is of the last caller."""
        if len(self._first) < size:
            self._first, self._second = np.empty(size, dtype=bool), np.empty(size, dtype=bool)
        return self._first[:size], self._second[:size]


_workspace = _Workspace()


def _ends(lines: bytes) -> tuple[int, Places | None]:
    """How many lines there are, and the ends of all cells; None where a quote stays open at the end of its line."""
    text = np.frombuffer(lines, np.uint8)
    is_end, is_line_end = _workspace.masks(len(text))
    np.equal(text, _LINE_FEED, out=is_line_end)
    np.logical_or(np.equal(text, _COMMA, out=is_end), is_line_end, out=is_end)
    count, ends = int(np.count_nonzero(is_line_end)), np.asarray(np.flatnonzero(is_end))
    if _QUOTE not in lines:
        return count, ends
    quotes, line_ends = np.flatnonzero(text == _QUOTE), np.flatnonzero(is_line_end)
    opening, closing = quotes[0::2], quotes[1::2]
    if len(opening) > len(closing) or (line_ends.searchsorted(opening) != line_ends.searchsorted(closing)).any():
        return count, None
    return count, _unquoted(ends, opening, closing)


def _unquoted(ends: Places, opening: Places, closing: Places) -> Places:
    """Without the commas inside quotes."""
    first, behind = ends.searchsorted(opening), ends.searchsorted(closing)
    kept = np.ones(len(ends), dtype=bool)
    for step in range(int((behind - first).max(initial=0))):
        inside = first + step
        kept[inside[inside < behind]] = False
    return np.asarray(ends[kept])


def _rows(text: Bytes, ends: Places, lines: int, columns: int) -> tuple[Places, NDArray[Any]]:
    """Where each row of so many lines begins, and where each of its cells ends."""
    last = ends[columns - 1 :: columns]
    if len(ends) == lines * columns and (text[last] == _LINE_FEED).all():  # the rule; the exception takes longer
        return _behind(last), ends.reshape(-1, columns)
    last = np.flatnonzero(text[ends] == _LINE_FEED)
    good = np.diff(last, prepend=-1) == columns
    return _behind(ends[last])[good], ends[last[good][:, None] + np.arange(1 - columns, 1)]


def _behind(line_ends: Places) -> Places:
    """Where the lines begin that end there."""
    return np.concatenate(([0], line_ends + 1))[:-1]


def _decoded(cell: bytes) -> str:
    text = cell.decode("utf-8", "replace").replace("\0", "\ufffd")
    return text[1:-1].replace('""', '"') if text.startswith('"') else text
