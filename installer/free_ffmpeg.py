"""On macOS: gives OpenCV the FFmpeg of Qt (LGPL) in the place of the one in its wheel, which is under the GPL.

The macOS wheels of OpenCV carry Homebrew's FFmpeg, configured with `--enable-gpl` (x264, x265), and some fifty
libraries that only it needs; no program under Apache-2.0 may ship those. The makers of Qt build the same major version
of FFmpeg under the LGPL, without any library beyond the system's, for PySide6's Addons. So `installer.environment` runs
this once, in the environment that a build is made in:

1. the five libraries of Qt come, byte for byte as they are, into the place of OpenCV's libraries;
2. the names of the libraries in `cv2.abi3.so` are pointed to them, and it is signed anew (ad hoc, as it was before);
3. whatever `cv2.abi3.so` reaches no more is deleted, so nothing can bring it into a build.

Every function that OpenCV takes from FFmpeg must be there, or this raises; `legal.py` reads the licence in the files.
"""

from __future__ import annotations

import re
import subprocess
import sys
import sysconfig
import tempfile
import zipfile
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

FFMPEG = ("avcodec", "avformat", "avutil", "swresample", "swscale")
_FFMPEG_FILE = re.compile(rf"lib({'|'.join(FFMPEG)})\.(\d+)\.[\d.]*dylib$")
_IN_WHEEL = re.compile(rf"PySide6/Qt/lib/(lib({'|'.join(FFMPEG)})\.\d+\.dylib)$")
_BESIDE = "@loader_path/"


class ExchangeError(Exception):
    """The two do not fit together any more: another version of OpenCV or of Qt."""


def main() -> int:
    cv2 = Path(sysconfig.get_path("platlib")) / "cv2"
    with tempfile.TemporaryDirectory() as place:
        exchange(cv2, download(Path(place)))
    extension = cv2 / "cv2.abi3.so"
    # Apple's processors run nothing whose signature does not fit its contents.
    subprocess.run(["codesign", "--force", "--sign", "-", str(extension)], check=True)
    # It loads, and FFmpeg reads films.
    film = Path(__file__).resolve().parent.parent / "resources" / "demo" / "participant.mp4"
    asked = "import cv2, sys; assert cv2.VideoCapture(sys.argv[1], cv2.CAP_FFMPEG).read()[0]"
    subprocess.run([sys.executable, "-c", asked, str(film)], check=True)
    return 0


def download(folder: Path) -> Path:
    """The wheel of PySide6's Addons in the version of the Essentials that are here."""
    from importlib.metadata import version

    wanted = f"PySide6-Addons=={version('PySide6-Essentials')}"
    command = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--only-binary=:all:"]
    subprocess.run([*command, "--dest", str(folder), wanted], check=True)
    return next(folder.glob("*.whl"))


def exchange(cv2: Path, wheel: Path) -> None:
    """Raises ExchangeError, before anything is deleted."""
    extension, libraries = cv2 / "cv2.abi3.so", cv2 / ".dylibs"
    with zipfile.ZipFile(wheel) as archive:
        brought = [libraries / name for name in _unpack(archive, libraries)]
    _point_to(extension, {path.name for path in brought})
    kept = reached(extension)
    if len(brought) != len(FFMPEG) or not set(brought) <= kept:
        raise ExchangeError(f"OpenCV loads {sorted(path.name for path in kept)}, Qt brought {brought}")
    _all_there(extension)
    for path in libraries.iterdir():
        if path not in kept:
            path.unlink()
    _record(cv2, [path.relative_to(cv2.parent).as_posix() for path in brought])


def _record(cv2: Path, brought: list[str]) -> None:
    """The list of OpenCV's files knows the new ones, so that they are traced back to it (`packages.py`)."""
    record = next(cv2.parent.glob("opencv_*.dist-info")) / "RECORD"
    record.write_text(record.read_text(encoding="utf-8") + "".join(f"{name},,\n" for name in brought), encoding="utf-8")


def _unpack(archive: zipfile.ZipFile, into: Path) -> Iterator[str]:
    for entry in archive.namelist():
        found = _IN_WHEEL.search(entry)
        if found is not None:
            (into / found[1]).write_bytes(archive.read(entry))
            yield found[1]


def _point_to(extension: Path, brought: Iterable[str]) -> None:
    """libavcodec.61.19.100.dylib becomes libavcodec.61.dylib: Qt's libraries load each other by these names."""
    from macholib.MachO import MachO

    names = set(brought)

    def other(name: str) -> str | None:
        found = _FFMPEG_FILE.search(name)
        if found is None:
            return None
        short = f"lib{found[1]}.{found[2]}.dylib"
        if short not in names:
            raise ExchangeError(f"OpenCV wants {name}, Qt brought {sorted(names)}")
        return f"{_BESIDE}.dylibs/{short}"

    file = MachO(str(extension))
    # macholib asks for the file's own name first, which must stay.
    file.rewriteLoadCommands(lambda name: None if name == str(extension) else other(name))
    with extension.open("rb+") as stream:
        for header in file.headers:
            header.write(stream)


def reached(start: Path) -> set[Path]:
    """Every library of the wheel that is loaded with this file."""
    found: set[Path] = set()
    waiting = [start]
    while waiting:
        path = waiting.pop()
        for name in loads(path):
            target = (path.parent / name.removeprefix(_BESIDE)).resolve()
            if name.startswith(_BESIDE) and target not in found:
                if not target.is_file():
                    raise ExchangeError(f"{path.name} loads {name}, which is not there")
                found.add(target)
                waiting.append(target)
    return found


def loads(path: Path) -> list[str]:
    """The names of the libraries that a file loads itself, in their order (two slices of a file say the same)."""
    return list(dict.fromkeys(name for header in _headers(path) for name in _libraries(header)))


def _all_there(extension: Path) -> None:
    """macOS looks for a name only in the library that the linker found it in, so each is asked for its own."""
    for header in _headers(extension):
        for name, wanted in _taken(extension, header).items():
            if _FFMPEG_FILE.search(name.replace(".dylib", ".0.dylib")) is None:
                continue
            missing = wanted - _given(extension.parent / name.removeprefix(_BESIDE), header.header.cputype)
            if missing:
                raise ExchangeError(f"{name} of Qt lacks {sorted(missing)}")


def _headers(path: Path) -> list[Any]:
    from macholib.MachO import MachO

    return list(MachO(str(path)).headers)


def _libraries(header: Any) -> list[str]:
    return [name for _, _, name in header.walkRelocatables()]


def _taken(path: Path, header: Any) -> dict[str, set[bytes]]:
    """Library → the names that this file takes from it."""
    names, taken = _libraries(header), dict[str, set[bytes]]()
    for entry, symbol in _symbols(path, header):
        # The upper half of the description counts the libraries from one; 0 and the last ones are special.
        ordinal = (entry.n_desc >> 8) & 0xFF
        if _is_outside(entry) and 0 < ordinal <= len(names):
            taken.setdefault(names[ordinal - 1], set()).add(symbol)
    return taken


def _given(path: Path, processor: int) -> set[bytes]:
    """What a library offers to others, for one kind of processor."""
    header = next((header for header in _headers(path) if header.header.cputype == processor), None)
    if header is None:
        raise ExchangeError(f"{path.name} was not made for this processor")
    return {symbol for entry, symbol in _symbols(path, header) if _is_offered(entry)}


def _symbols(path: Path, header: Any) -> list[tuple[Any, bytes]]:
    from macholib.SymbolTable import SymbolTable

    return list(SymbolTable(header.parent, header, openfile=lambda _, mode: path.open(mode)).nlists)


# The bits of `n_type` in Apple's <mach-o/nlist.h>.
_STAB, _TYPE, _EXTERNAL = 0xE0, 0x0E, 0x01


def _is_outside(entry: Any) -> bool:
    return not entry.n_type & _STAB and bool(entry.n_type & _EXTERNAL) and not entry.n_type & _TYPE


def _is_offered(entry: Any) -> bool:
    return not entry.n_type & _STAB and bool(entry.n_type & _EXTERNAL) and bool(entry.n_type & _TYPE)


if __name__ == "__main__":
    sys.exit(main())
