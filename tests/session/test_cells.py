"""Rows and cells are found in whatever lines there are; what is no row is left out and counted."""

from __future__ import annotations

import csv
import io

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from desktop_affect.session.cells import Cells

quick = settings(max_examples=200, deadline=None)
cell_text = st.text(st.characters(codec="utf-8", exclude_characters="\0\r\n"), max_size=8)


def texts(cells: Cells, columns: int) -> list[list[str]]:
    by_column = [list(cells.texts(column)) for column in range(columns)]
    return [list(row) for row in zip(*by_column, strict=True)]


def printed(rows: list[list[str]]) -> bytes:
    file = io.StringIO(newline="")
    csv.writer(file, lineterminator="\n").writerows(rows)
    return file.getvalue().encode()


@quick
@given(rows=st.lists(st.lists(cell_text, min_size=3, max_size=3), max_size=8))
def test_what_a_csv_writer_wrote_is_found(rows: list[list[str]]) -> None:
    cells = Cells(printed(rows), 3)
    assert texts(cells, 3) == rows
    assert (cells.rows, cells.bad_rows) == (len(rows), 0)


@quick
@given(rows=st.lists(st.lists(cell_text, min_size=2, max_size=5), max_size=8))
def test_rows_of_another_length_are_left_out(rows: list[list[str]]) -> None:
    good = [row for row in rows if len(row) == 3]
    cells = Cells(printed(rows), 3)
    assert texts(cells, 3) == good
    assert cells.bad_rows == len(rows) - len(good)


@quick
@given(junk=st.lists(st.text(',"a\\ \0\r', max_size=12), max_size=8), where=st.integers(0, 8))
def test_junk_costs_no_good_row(junk: list[str], where: int) -> None:
    lines = [line for line in junk if line.count('"') % 2 or (line.count(",") > 6 and '"' not in line)]
    lines.insert(where, '1,"a, b",3')
    cells = Cells("".join(line + "\n" for line in lines).encode(), 3)
    assert texts(cells, 3) == [["1", "a, b", "3"]]
    assert cells.bad_rows == len(lines) - 1


@quick
@given(lines=st.binary(max_size=60).map(lambda data: data + b"\n"))
def test_any_bytes_are_looked_through(lines: bytes) -> None:
    cells = Cells(lines, 3)
    assert cells.rows + cells.bad_rows == lines.count(b"\n")
    assert len(texts(cells, 3)) == cells.rows
    assert cells.numbers([2, 0]).shape == (2, cells.rows)


def test_numbers_come_in_the_order_in_which_they_are_asked_for() -> None:
    cells = Cells(b"1,2,3\n4,5,6\n", 3)
    assert cells.numbers([2, 0]).tolist() == [[3, 6], [1, 4]]
    assert cells.numbers([]).shape == (0, 2)


@pytest.mark.parametrize("columns", [1, 3])
def test_without_lines_there_are_no_rows(columns: int) -> None:
    cells = Cells(b"", columns)
    assert (cells.rows, cells.bad_rows) == (0, 0)
    assert list(cells.texts(0)) == []


def test_a_table_of_one_column() -> None:
    assert texts(Cells(b"a\n\nb,\n", 1), 1) == [["a"], [""]]
