"""Mach-O files of a few hundred bytes, for the tests: load commands and symbols, no code."""

from __future__ import annotations

import struct
from collections.abc import Mapping, Sequence

PROCESSORS = {"x86_64": (0x01000007, 3), "arm64": (0x0100000C, 0)}
_DYLIB, _BUNDLE = 6, 8
_LOAD, _IDENTITY, _SYMBOLS, _SEGMENT = 0xC, 0xD, 0x2, 0x19
_PAGE = 4096


def library(name: str, loads: Sequence[str] = (), *, offers: Sequence[str] = (), machine: str = "arm64") -> bytes:
    """A dynamic library that calls itself `name`."""
    symbols = [(symbol, 0x0F, 0) for symbol in offers]
    return _file(_DYLIB, [(_IDENTITY, name), *((_LOAD, other) for other in loads)], symbols, machine)


def extension(takes: Mapping[str, Sequence[str]], *, machine: str = "arm64") -> bytes:
    """A Python module that takes these names from these libraries."""
    symbols = [(symbol, 0x01, count << 8) for count, names in enumerate(takes.values(), 1) for symbol in names]
    return _file(_BUNDLE, [(_LOAD, name) for name in takes], symbols, machine)


def _file(kind: int, names: Sequence[tuple[int, str]], symbols: Sequence[tuple[str, int, int]], machine: str) -> bytes:
    """Header and commands fill the first page, so that names may be written anew; the symbols follow."""
    strings, entries = b"\0", b""
    for symbol, type_, description in symbols:
        entries += struct.pack("<IBBHQ", len(strings), type_, 1 if type_ & 0x0E else 0, description, 0)
        strings += symbol.encode() + b"\0"
    segment = struct.pack("<II16sQQQQiiII", _SEGMENT, 72, b"__LINKEDIT", _PAGE, _PAGE, _PAGE, _PAGE, 1, 1, 0, 0)
    table = struct.pack("<6I", _SYMBOLS, 24, _PAGE, len(symbols), _PAGE + len(entries), len(strings))
    commands = [segment, *(_names(command, name) for command, name in names), table]
    processor, variant = PROCESSORS[machine]
    size = sum(map(len, commands))
    header = struct.pack("<8I", 0xFEEDFACF, processor, variant, kind, len(commands), size, 0x85, 0)
    return (header + b"".join(commands)).ljust(_PAGE, b"\0") + entries + strings


def _names(command: int, name: str) -> bytes:
    words = name.encode() + b"\0"
    words += b"\0" * (-len(words) % 8)
    return struct.pack("<6I", command, 24 + len(words), 24, 2, 0x3D1364, 0x3D0000) + words
