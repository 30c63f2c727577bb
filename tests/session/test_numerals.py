"""What the fast reader of numbers gives is what `float` gives, to the last bit."""

from __future__ import annotations

import math
import random

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from desktop_affect.session.numerals import LOADED, numbers

quick = settings(max_examples=200, deadline=None)


def read(cells: list[bytes]) -> list[float]:
    text = np.frombuffer(b"".join(cell + b"," for cell in cells), np.uint8)
    end = np.flatnonzero(text == ord(","))
    return list(numbers(text, np.concatenate([[0], end + 1])[: len(end)], end))


def expected(cell: bytes) -> float:
    try:
        return float(cell) if cell else math.nan
    except ValueError:
        return math.nan


def same(found: float, wanted: float) -> bool:
    if math.isnan(wanted):
        return math.isnan(found)
    return found == wanted and math.copysign(1, found) == math.copysign(1, wanted)


def check(cells: list[bytes]) -> None:
    found = zip(cells, read(cells), strict=True)
    different = [(cell, value) for cell, value in found if not same(value, expected(cell))]
    assert different == []


@quick
@given(values=st.lists(st.floats(allow_nan=False, width=32), max_size=20), digits=st.integers(1, 17))
def test_numbers_as_tables_print_them(values: list[float], digits: int) -> None:
    check([b"%.*g" % (digits, value) for value in values])
    check([b"%.6f" % value for value in values if abs(value) < 1e12])


@quick
@given(cells=st.lists(st.text("0123456789.-+e_ naif\u00ff\0", max_size=20).map(str.encode), max_size=20))
def test_whatever_else_a_cell_may_hold(cells: list[bytes]) -> None:
    check(cells)


@quick
@given(cells=st.lists(st.binary(max_size=18).map(lambda cell: cell.replace(b",", b"")), max_size=20))
def test_any_bytes(cells: list[bytes]) -> None:
    check([cell.replace(b'"', b"") for cell in cells])


def test_every_place_of_the_point_in_every_length() -> None:
    rng = random.Random(7)
    digits = ["".join(rng.choice("0123456789") for _ in range(length)) for length in range(19)]
    check([f"{sign}{d[:at]}.{d[at:]}".encode() for d in digits for at in range(len(d) + 1) for sign in ("", "-")])


@pytest.mark.parametrize(
    "cell", [b".", b"-", b"-.", b"1.2.3", b"1..", b"--1", b"1-1", b"0x10", b"1e", b"9999999999999999"]
)
def test_what_looks_like_a_number(cell: bytes) -> None:
    check([cell, b"1.5", cell])


def test_a_quoted_number_is_one() -> None:
    assert read([b'"-0.25"', b'""']) == pytest.approx([-0.25, math.nan], nan_ok=True)


def test_no_cells_are_no_numbers() -> None:
    nowhere = np.zeros(0, dtype=np.intp)
    assert len(numbers(np.zeros(LOADED, np.uint8), nowhere, nowhere)) == 0
