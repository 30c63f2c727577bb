"""Native libraries of others inside the packages' wheels: their own licences, and where their sources are.

The packages' texts hold their wordings; here is what notices and SBOM must be able to say of each by name. FFmpeg is
under the LGPL or the GPL as it was configured, whatever its files are called: its licence is read in the file itself.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from installer.component import UNKNOWN, Component, Text
from installer.packages import read


@dataclass(frozen=True, slots=True)
class _Known:
    pattern: re.Pattern[str]
    name: str
    licence: str
    home: str
    source: str = ""
    texts: tuple[str, ...] = ()
    version_of_package: bool = False
    many_versions: bool = False
    """Several files with a number each."""
    says_itself: bool = False
    """The licence stands in the file; `licence` is that of a file that is not here to be read."""


def _known(pattern: str, name: str, licence: str, home: str, **more: object) -> _Known:
    return _Known(re.compile(pattern, re.IGNORECASE), name, licence, home, **more)  # type: ignore[arg-type]


_GCC = "GPL-3.0-or-later WITH GCC-exception-3.1"

KNOWN = (
    _known(
        r"^(lib)?qt6|^qt[A-Z]\w+$|^libq\w+\.so|^q\w+\.dll|^lib(adwaita|bradient|xdg-shell|wl-shell|dmabuf|qt-plugin)",
        "Qt",
        "LGPL-3.0-only",
        "https://www.qt.io",
        source="https://download.qt.io/official_releases/qt/ (the folder of this version)",
        texts=("LGPL-3.0.txt", "GPL-3.0.txt"),
        version_of_package=True,
    ),
    _known(
        r"^lib(av(codec|format|util|device|filter)|swresample|swscale|postproc)[-.]|opencv_videoio_ffmpeg|"
        r"^(av(codec|format|util|device|filter)|swresample|swscale)-",
        "FFmpeg",
        "LGPL-2.1-or-later",
        "https://ffmpeg.org",
        source="https://ffmpeg.org/releases/ (the release with the library numbers in the files; 7.1.5 for macOS)",
        texts=("LGPL-2.1.txt",),
        many_versions=True,
        says_itself=True,
    ),
    _known(r"^lib(x264|x265|xvid)", "x264 and x265", "GPL-2.0-or-later", "https://www.videolan.org"),
    _known(r"^libavif", "libavif", "BSD-2-Clause", "https://github.com/AOMediaCodec/libavif", texts=("libavif.txt",)),
    _known(r"^libaom", "libaom", "BSD-2-Clause", "https://aomedia.googlesource.com/aom", texts=("libaom.txt",)),
    _known(r"^libvmaf", "libvmaf", "BSD-2-Clause-Patent", "https://github.com/Netflix/vmaf", texts=("libvmaf.txt",)),
    _known(r"^opencv_world3", "OpenCV 3", "BSD-3-Clause", "https://opencv.org", texts=("opencv-3.txt",)),
    _known(r"^libquadmath", "GCC quadmath library", "LGPL-2.1-or-later", "https://gcc.gnu.org", many_versions=True,
           source="https://gcc.gnu.org/releases.html", texts=("LGPL-2.1.txt",)),
    _known(r"^lib(gfortran|gcc_s|stdc\+\+|gomp)", "GCC runtime libraries", _GCC, "https://gcc.gnu.org",
           source="https://gcc.gnu.org/releases.html", many_versions=True),
    _known(r"^libicu|^icu\w*\.dll", "ICU", "Unicode-3.0", "https://icu.unicode.org"),
    _known(r"^lib(scipy_)?openblas", "OpenBLAS", "BSD-3-Clause", "https://www.openblas.net"),
    _known(r"^lib(crypto|ssl)[-.]", "OpenSSL", "OpenSSL OR Apache-2.0", "https://www.openssl.org", many_versions=True),
    _known(r"^libvpx", "libvpx", "BSD-3-Clause", "https://www.webmproject.org"),
    _known(r"^libpng", "libpng", "libpng-2.0", "http://www.libpng.org"),
    _known(r"^libtbb|^tbb", "oneTBB", "Apache-2.0", "https://github.com/uxlfoundation/oneTBB", many_versions=True),
    _known(r"^libhwloc|^hwloc", "hwloc", "BSD-3-Clause", "https://www.open-mpi.org/projects/hwloc"),
    _known(r"^lib(EGL|GLES\w*|GLdispatch)-", "libglvnd", "MIT", "https://gitlab.freedesktop.org/glvnd/libglvnd",
           many_versions=True),
    _known(r"^(msvcp|vcruntime|concrt|ucrtbase|vcomp)\d*", "Microsoft Visual C++ runtime",
           "LicenseRef-Microsoft-VC-Runtime", "https://visualstudio.microsoft.com/license-terms"),
)  # fmt: skip


def library_in(package: Component, file: str | Path) -> Component | None:
    """The library that this file of a package is; None for the package's own files."""
    path = Path(file)
    if path.name.endswith((".py", ".pyc", ".pyd", ".abi3.so")):
        return None
    for known in KNOWN:
        if known.pattern.search(path.name):
            return Component(
                name=known.name,
                version=_version_of(known, package, path.name),
                kind="library",
                licence=_licence_of(known, path),
                home=known.home,
                texts=(*_texts(known), *_configuration(known, path)),
                source=known.source,
                inside=package.name,
            )
    return _stranger(package, path)


def _stranger(package: Component, path: Path) -> Component | None:
    """What auditwheel, delocate or delvewheel copied into a wheel from its maker's machine is never the package's own:
    a library there that nobody named above must not pass under the package's licence."""
    folder = path.parent.name
    if folder != ".dylibs" and not folder.endswith(".libs"):
        return None
    return Component(name=path.name, version="", kind="library", licence=UNKNOWN, inside=package.name)


_SAID = {
    b"LGPL version 2.1 or later": "LGPL-2.1-or-later",
    b"LGPL version 3 or later": "LGPL-3.0-or-later",
    b"GPL version 2 or later": "GPL-2.0-or-later",
    b"GPL version 3 or later": "GPL-3.0-or-later",
}


def _licence_of(known: _Known, path: Path) -> str:
    if not known.says_itself or not path.is_file():
        return known.licence
    return ffmpeg_licence(path.read_bytes())


def _configuration(known: _Known, path: Path) -> Iterator[Text]:
    """How FFmpeg was built: who replaces it under the LGPL wants to know."""
    if known.says_itself and path.is_file():
        found = re.search(rb"\0(--[a-z][ -~]*--(?:enable|disable)-[ -~]+)\0", path.read_bytes())
        if found is not None:
            yield "configured with", found[1].decode("ascii")


def ffmpeg_licence(content: bytes) -> str:
    """Every library of FFmpeg holds `libavcodec license: LGPL version 2.1 or later` or the like; one file may hold
    several libraries. UNKNOWN when it says nothing, or something else (“nonfree and unredistributable”)."""
    said = set(re.findall(rb"lib(?:av|sw|postproc)\w* license: ([ -~]+)", content))
    if not said or not said <= set(_SAID):
        return UNKNOWN
    return " AND ".join(sorted(_SAID[words] for words in said))


def _version_of(known: _Known, package: Component, file: str) -> str:
    if known.version_of_package:
        return package.version
    return "" if known.many_versions else _version(file)


def _texts(known: _Known) -> tuple[Text, ...]:
    return tuple(read(name) for name in known.texts)


def _version(file: str) -> str:
    """What the file's name says: libavcodec-76c43bf0.so.59.37.100 is 59.37.100; empty when it says nothing."""
    found = re.search(r"\.so\.([\d.]+\d|\d+)$", file) or re.search(r"[-_](\d[\d.]*\d)\.(?:dylib|dll)$", file)
    return found[1] if found else ""
