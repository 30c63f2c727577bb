"""ICU's package of data without most languages: still a package, and every item that stays is as it was."""

from __future__ import annotations

import struct
import sys
import sysconfig
from pathlib import Path

import pytest

from installer import small_icu

NAMES = (
    b"icudt73l/cnvalias.icu", b"icudt73l/de.res", b"icudt73l/en.res", b"icudt73l/ibm-1252_P100-2000.cnv",
    b"icudt73l/root.res", b"icudt73l/supplementalData.res", b"icudt73l/brkitr/char.brk",
    b"icudt73l/brkitr/thaidict.dict", b"icudt73l/coll/de.res", b"icudt73l/coll/root.res",
    b"icudt73l/coll/ucadata.icu", b"icudt73l/translit/root.res", b"icudt73l/zone/zh.res",
)  # fmt: skip
STAY = {0, 2, 4, 5, 6, 9, 10}


def package(named: dict[bytes, bytes]) -> bytes:
    """As ICU's own tools write it: header, table, names, items."""
    header = struct.pack("<HBBHHBBBB4s4s4s", 32, 0xDA, 0x27, 20, 0, 0, 0, 2, 0, b"CmnD", b"\1\0\0\0", b"\3\0\0\0")
    return header.ljust(32, b"\0") + small_icu._written(list(named.items()))


def test_languages_go_and_the_rest_stays_as_it_was() -> None:
    contents = {name: bytes([65 + count]) * (count + 5) for count, name in enumerate(NAMES)}
    small = small_icu.packed(b"\x7fELF" + bytes(60) + package(contents))
    assert small[:32] == package({})[:32]
    left = {name: item for name, item in small_icu.items(small[32:])}
    assert set(left) == {NAMES[index] for index in STAY}
    for name, item in left.items():
        assert item.rstrip(b"\0") == contents[name].rstrip(b"\0")
        assert small.index(contents[name]) % 16 == 0


def test_anything_else_is_refused() -> None:
    with pytest.raises(ValueError, match="no package of ICU data"):
        small_icu.packed(bytes(100) + struct.pack("<H", 24) + bytes(10) + b"CmnD" + bytes(40))


def test_of_qt_s_own_most_is_left_out_and_what_sorting_needs_stays() -> None:
    found = sorted(Path(sysconfig.get_path("platlib")).glob("PySide6/Qt/lib/libicudata.so.*"))
    if not sys.platform.startswith("linux") or not found:
        pytest.skip("Qt brings no ICU here")
    whole = found[0].read_bytes()
    small = small_icu.packed(whole)
    assert len(small) < 5e6 < len(whole) / 5
    names = {
        name.decode().partition("/")[2] for name, _ in small_icu.items(small[struct.unpack_from("<H", small)[0] :])
    }
    assert {"root.res", "res_index.res", "supplementalData.res", "coll/root.res", "coll/ucadata.icu"} <= names
    assert not any(name.endswith((".cnv", "/de.res", "/zh.res", ".dict")) for name in names)
