"""Finds the cells in the lines of a table; what stands in them is read when it is asked for.

Only whole lines come in. One with another number of cells, or with a quote that nothing closes, is no row (a drive that
lost power may leave such): it is left out and counted. No cell holds a line break: samples.csv has none.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from desktop_affect.session.numerals import MARGIN, Bytes, Places, numbers

Texts: TypeAlias = NDArray[np.object_]

_COMMA, _QUOTE, _LINE_FEED = b',"\n'
_NOWHERE: Places = np.zeros(0, dtype=np.intp)


class Cells:
    """The rows of some lines; their columns are numbered from 0."""

    def __init__(self, lines: bytes, columns: int) -> None:
        self._lines = bytes(MARGIN) + lines
        ends = _ends(self._lines)
        if ends is None:
            self._lines = bytes(MARGIN) + _without_open_quotes(lines)
            ends = _ends(self._lines)
        self._text: Bytes = np.frombuffer(self._lines, np.uint8)
        self._begin, self._end = _rows(self._text, ends if ends is not None else _NOWHERE, columns)
        self.bad_rows = np.count_nonzero(np.frombuffer(lines, np.uint8) == _LINE_FEED) - self.rows

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


def _ends(lines: bytes) -> Places | None:
    """Of all cells; None where a quote stays open at the end of its line."""
    text = np.frombuffer(lines, np.uint8)
    ends = np.flatnonzero((text == _COMMA) | (text == _LINE_FEED))
    if _QUOTE not in lines:
        return np.asarray(ends)
    quotes, line_ends = np.flatnonzero(text == _QUOTE), np.flatnonzero(text == _LINE_FEED)
    opening, closing = quotes[0::2], quotes[1::2]
    if len(opening) > len(closing) or (line_ends.searchsorted(opening) != line_ends.searchsorted(closing)).any():
        return None
    return _unquoted(ends, opening, closing)


def _unquoted(ends: Places, opening: Places, closing: Places) -> Places:
    """Without the commas inside quotes."""
    first, behind = ends.searchsorted(opening), ends.searchsorted(closing)
    kept = np.ones(len(ends), dtype=bool)
    for step in range(int((behind - first).max(initial=0))):
        inside = first + step
        kept[inside[inside < behind]] = False
    return np.asarray(ends[kept])


def _rows(text: Bytes, ends: Places, columns: int) -> tuple[Places, NDArray[Any]]:
    """Where each row begins, and where each of its cells ends."""
    lines = np.count_nonzero(text == _LINE_FEED)
    last = ends[columns - 1 :: columns]
    if len(ends) == lines * columns and (text[last] == _LINE_FEED).all():  # the rule; the exception takes longer
        return _behind(last), ends.reshape(-1, columns)
    last = np.flatnonzero(text[ends] == _LINE_FEED)
    good = np.diff(last, prepend=-1) == columns
    return _behind(ends[last])[good], ends[last[good][:, None] + np.arange(1 - columns, 1)]


def _behind(line_ends: Places) -> Places:
    """Where the lines begin that end there."""
    return np.concatenate(([MARGIN], line_ends + 1))[:-1]


def _decoded(cell: bytes) -> str:
    text = cell.decode("utf-8", "replace").replace("\0", "\ufffd")
    return text[1:-1].replace('""', '"') if text.startswith('"') else text
