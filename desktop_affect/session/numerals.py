"""Decimal numbers in text to numbers, many thousand at a time: what `float` says, in a tenth of its time.

A number as the tables hold it (`%.9g`, `%.6f`) is at most sixteen bytes long. They are loaded as two integers of eight
bytes each, the point is moved out of them, and all eight digits of an integer are put together at once. What comes out
is a whole number under 2^53 and a power of ten, both exact; so their quotient is the very number that `float` gives.
Exponents, spaces and everything else that is not digits and a point are left to `float` itself.
"""

from __future__ import annotations

from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

Bytes: TypeAlias = NDArray[np.uint8]
Places: TypeAlias = NDArray[np.intp]
Words: TypeAlias = NDArray[np.uint64]
"""Eight characters each, the first one in the lowest byte."""

LOADED = 16
"""So many bytes, up to its end, are loaded with every number."""

_ALL = (1 << 64) - 1
_MINUS = ord("-")


def _each(byte: int) -> np.uint64:
    """That byte eight times."""
    return np.uint64(byte * 0x0101010101010101)


def _kept(count: int) -> int:
    """A mask of the last so many characters of eight."""
    return _ALL & ~((1 << 8 * (8 - min(max(count, 0), 8))) - 1)


# By the length of a number: which characters of the last eight, and of the eight before them, belong to it.
_LAST = np.array([_kept(length) for length in range(LOADED + 1)], dtype=np.uint64)
_FIRST = np.array([_kept(length - 8) for length in range(LOADED + 1)], dtype=np.uint64)
_POWERS = 10.0 ** np.arange(LOADED)

_ZERO, _POINT = _each(ord("0")), _each(ord("0") ^ ord("."))
_ONE, _HIGH, _TO_HIGH = _each(0x01), _each(0x80), _each(0x80 - 10)
_LONE_NINE = np.uint64(9 << 56)
_BIT, _SEVEN, _BYTE, _TWO_BYTES, _FOUR_BYTES, _SEVEN_BYTES = (np.uint64(bits) for bits in (1, 7, 8, 16, 32, 56))
_TEN, _EIGHT_ZEROS = np.uint64(10), np.uint64(10**8)
_PAIRS = np.uint64(0xFF | 0xFF << 32)
_PAIRS_TIMES, _REST_TIMES = np.uint64(100 | 10**6 << 32), np.uint64(1 | 10**4 << 32)


def numbers(text: Bytes, begin: Places, end: Places) -> NDArray[np.float64]:
    """The numbers between these places. NaN for an empty one, and for what is no number."""
    if len(text) < LOADED:
        return np.array([_number(text[low:high].tobytes()) for low, high in zip(begin, end, strict=True)], np.float64)
    negative = text[begin] == _MINUS
    length = end - begin - negative
    words: NDArray[np.void] = np.ndarray(
        (len(text) - 7,), dtype="V8", buffer=text, strides=(1,)
    )  # one begins at every byte
    known = np.minimum(length, LOADED)
    first_begin = np.maximum(end - LOADED, 0)
    first = (words[first_begin].view("<u8") ^ _ZERO) & _FIRST[known]
    last = (words[first_begin + 8].view("<u8") ^ _ZERO) & _LAST[known]
    odd = (end < LOADED) | (length > LOADED) | (length == 1) & (last > _LONE_NINE)
    first, last, decimals = _without_point(first, last)
    odd |= (((first + _TO_HIGH) | first | (last + _TO_HIGH) | last) & _HIGH) != 0  # something that is no digit
    found = (_eight_digits(first) * _EIGHT_ZEROS + _eight_digits(last)).astype(np.float64) / _POWERS[decimals]
    np.negative(found, out=found, where=negative)
    found[length == 0] = np.nan
    for place in np.flatnonzero(odd):
        found[place] = _number(text[begin[place] : end[place]].tobytes())
    return found


def _without_point(first: Words, last: Words) -> tuple[Words, Words, Places]:
    """The sixteen characters moved together over their first point, and how many stand behind it."""
    in_first, in_last = _point(first), _point(last)
    from_first = in_first != 0
    from_last = (in_last != 0) & ~from_first
    closed = (_before(last, in_last) << _BYTE) | _behind(last, in_last) | (first >> _SEVEN_BYTES)
    moved = np.where(from_first, (_before(first, in_first) << _BYTE) | _behind(first, in_first), first)
    decimals = np.where(from_first, 15 - _byte(in_first), np.where(from_last, 7 - _byte(in_last), 0))
    return np.where(from_last, first << _BYTE, moved), np.where(from_last, closed, last), decimals


def _point(word: Words) -> Words:
    """The highest bit of the first byte that is a point; 0 without one."""
    other = word ^ _POINT
    zero = (other - _ONE) & ~other & _HIGH
    return zero & (~zero + _BIT)


def _before(word: Words, point: Words) -> Words:
    return word & ((point >> _SEVEN) - _BIT)


def _behind(word: Words, point: Words) -> Words:
    return word & ~((point << _BIT) - _BIT)


def _byte(point: Words) -> Places:
    """The number of the byte that the bit is in, from the exponent of its value; nonsense for 0."""
    return ((point.astype(np.float64).view(np.int64) >> 52) - 1023) >> 3


def _eight_digits(word: Words) -> Words:
    """The number that eight digits make: pairs, then fours, then all."""
    pairs = word * _TEN + (word >> _BYTE)
    return ((pairs & _PAIRS) * _PAIRS_TIMES + ((pairs >> _TWO_BYTES) & _PAIRS) * _REST_TIMES) >> _FOUR_BYTES


def _number(text: bytes) -> float:
    try:
        return float(text.replace(b'"', b""))
    except ValueError:
        return float("nan")
