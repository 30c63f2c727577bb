"""Native libraries of others inside the packages' wheels: their own licences, and where their sources are.

The packages' texts hold their wordings; here is what notices and SBOM must be able to say of each by name.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from installer.component import Component, Text
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
        source="https://ffmpeg.org/releases/ (the release with the library numbers in the files' names)",
        texts=("LGPL-2.1.txt",),
        many_versions=True,
    ),
    _known(r"^lib(x264|x265|xvid)", "x264 and x265", "GPL-2.0-or-later", "https://www.videolan.org"),
    _known(r"^libquadmath", "GCC quadmath library", "LGPL-2.1-or-later", "https://gcc.gnu.org", many_versions=True,
           source="https://gcc.gnu.org/releases.html", texts=("LGPL-2.1.txt",)),
    _known(r"^lib(gfortran|gcc_s|stdc\+\+|gomp)", "GCC runtime libraries", _GCC, "https://gcc.gnu.org",
           source="https://gcc.gnu.org/releases.html", many_versions=True),
    _known(r"^libicu|^icu\w*\.dll", "ICU", "Unicode-3.0", "https://icu.unicode.org"),
    _known(r"^libopenblas", "OpenBLAS", "BSD-3-Clause", "https://www.openblas.net"),
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


def library_in(package: Component, file: str) -> Component | None:
    """The library that this file of a package is; None for the package's own files."""
    for known in KNOWN:
        if known.pattern.search(file) and not file.endswith((".py", ".pyc", ".pyd", ".abi3.so")):
            return Component(
                name=known.name,
                version=_version_of(known, package, file),
                kind="library",
                licence=known.licence,
                home=known.home,
                texts=_texts(known),
                source=known.source,
                inside=package.name,
            )
    return None


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
