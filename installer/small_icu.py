"""On Linux: Qt's ICU with the data of English and of the root alone (28 MB less).

Qt takes languages, dates and numbers from tables of its own; of ICU it uses sorting and letter case, whose rules for
all languages without special ones are in the root. `installer.environment` runs this in the environment that a build is
made in; where there is no C compiler, everything stays as it is.
"""

from __future__ import annotations

import re
import shutil
import struct
import subprocess
import sys
import sysconfig
import tempfile
from collections.abc import Iterator
from pathlib import Path

_MAGIC = b"\xda\x27"
_FORMAT = b"CmnD"
_LINE = 16
"""Every item begins at a multiple of this."""

_LOCALE_FREE = re.compile(
    r"\.(icu|nrm)$|^(root|en|en_US|pool|res_index)\.res$|^[a-z]+[A-Z]\w*\.res$|^(metadata|plurals|units)\.res$"
)
"""Tables by their camelCase names (supplementalData), which no language has."""
_IN_FOLDERS = re.compile(
    r"^(root|en|en_US|pool|res_index|supplementalData)\.res$|^ucadata\.icu$|^(char|word|line|sent|title)\.brk$"
)


def main() -> int:
    if shutil.which("cc") is None:
        print("there is no C compiler (cc): ICU keeps the data of all languages", file=sys.stderr)
        return 0
    library = next(Path(sysconfig.get_path("platlib")).glob("PySide6/Qt/lib/libicudata.so.*"))
    with tempfile.TemporaryDirectory() as place:
        made = compiled(library, Path(place))
        shutil.copyfile(made, library)
    # Qt still sorts and changes case.
    asked = "from PySide6.QtCore import *; c = QCollator(QLocale('en_US')); c.setNumericMode(True); "
    asked += "assert c.compare('a2', 'a10') < 0 < c.compare('b', 'A') and QLocale('de_DE').toUpper('grüße') == 'GRÜSSE'"
    subprocess.run([sys.executable, "-c", asked], check=True)
    return 0


def compiled(library: Path, folder: Path) -> Path:
    """The same library with less in it."""
    symbol = f"icudt{library.suffix.removeprefix('.')}_dat"
    (folder / "icu.dat").write_bytes(packed(library.read_bytes()))
    (folder / "icu.s").write_text(
        f'.section .rodata\n.balign 16\n.globl {symbol}\n.type {symbol}, @object\n{symbol}: .incbin "icu.dat"\n'
        f'.size {symbol}, . - {symbol}\n.section .note.GNU-stack,"",@progbits\n'
    )
    made = folder / library.name
    command = ["cc", "-shared", "-nostdlib", f"-Wl,-soname,{library.name}", "-o", str(made), "icu.s"]
    subprocess.run(command, cwd=folder, check=True)
    return made


def packed(content: bytes) -> bytes:
    """The package of data inside a library, with what is wanted of it."""
    start = content.index(_FORMAT) - 12
    header = content[start : start + struct.unpack_from("<H", content, start)[0]]
    if header[2:4] != _MAGIC:
        raise ValueError("this is no package of ICU data")
    kept = [(name, item) for name, item in items(content[start + len(header) :]) if wanted(name.decode())]
    return header + _written(kept)


def items(body: bytes) -> Iterator[tuple[bytes, bytes]]:
    """Name and content; the table counts from its own beginning."""
    (count,) = struct.unpack_from("<I", body)
    table = [struct.unpack_from("<II", body, 4 + 8 * i) for i in range(count)]
    ends = [start for _, start in table[1:]] + [len(body)]
    for (name, start), end in zip(table, ends, strict=True):
        yield body[name : body.index(b"\0", name)], body[start:end]


def _written(kept: list[tuple[bytes, bytes]]) -> bytes:
    names = b"".join(name + b"\0" for name, _ in kept)
    at_name = 4 + 8 * len(kept)
    at_item = -(-(at_name + len(names)) // _LINE) * _LINE
    table, contents = struct.pack("<I", len(kept)), b""
    for name, item in kept:
        table += struct.pack("<II", at_name, at_item + len(contents))
        at_name += len(name) + 1
        contents += item + b"\0" * (-len(item) % _LINE)
    return (table + names).ljust(at_item, b"\0") + contents


def wanted(name: str) -> bool:
    """`icudt73l/coll/de.res`: German sorting is not."""
    _, _, inside = name.partition("/")
    folder, _, file = inside.rpartition("/")
    if not folder:
        return _LOCALE_FREE.search(file) is not None
    return folder != "translit" and _IN_FOLDERS.search(file) is not None


if __name__ == "__main__":
    sys.exit(main())
