"""Libraries that PyInstaller takes from the building system (Linux): the package that owns each, and its papers."""

from __future__ import annotations

import re
import shutil
import subprocess
from functools import cache
from pathlib import Path

from installer.component import Component

DOCUMENTS = Path("/usr/share/doc")
# The words of Debian's machine-readable copyright files → SPDX; what is not here stays as Debian calls it.
_SPDX = {
    "expat": "MIT", "mit": "MIT", "x11": "MIT", "bsd-2-clause": "BSD-2-Clause", "bsd-3-clause": "BSD-3-Clause",
    "lgpl-2": "LGPL-2.0-only", "lgpl-2+": "LGPL-2.0-or-later", "lgpl-2.1": "LGPL-2.1-only", "zlib": "Zlib",
    "lgpl-2.1+": "LGPL-2.1-or-later", "lgpl-3+": "LGPL-3.0-or-later", "apache-2.0": "Apache-2.0", "isc": "ISC",
}  # fmt: skip

# Debian's files list the licences of every file of a source package, tests and tools included; this is what the
# library itself is under, read in the copyright files by hand. Package name → SPDX.
LIBRARIES = {
    "libblkid1": "LGPL-2.1-or-later", "libbrotli1": "MIT", "libbsd0": "BSD-3-Clause", "libbz2-1.0": "bzip2-1.0.6",
    "libcap2": "BSD-3-Clause OR GPL-2.0-only", "libcom-err2": "MIT", "libdbus-1-3": "AFL-2.1 OR GPL-2.0-or-later",
    "libexpat1": "MIT", "libffi8": "MIT", "libfontconfig1": "MIT", "libfreetype6": "FTL OR GPL-2.0-only",
    "libgcrypt20": "LGPL-2.1-or-later", "libglib2.0-0": "LGPL-2.1-or-later", "libglib2.0-0t64": "LGPL-2.1-or-later",
    "libgpg-error0": "LGPL-2.1-or-later", "libgssapi-krb5-2": "MIT", "libk5crypto3": "MIT", "libkrb5-3": "MIT",
    "libkrb5support0": "MIT", "libkeyutils1": "LGPL-2.0-or-later", "liblz4-1": "BSD-2-Clause", "liblzma5": "0BSD",
    "libmd0": "BSD-3-Clause", "libmount1": "LGPL-2.1-or-later", "libncursesw6": "MIT", "libpcre2-8-0": "BSD-3-Clause",
    "libpng16-16": "libpng-2.0", "libpng16-16t64": "libpng-2.0", "libselinux1": "libselinux-1.0",
    "libsqlite3-0": "blessing", "libssl3": "Apache-2.0", "libssl3t64": "Apache-2.0", "libsystemd0": "LGPL-2.1-or-later",
    "libtinfo6": "MIT", "libuuid1": "BSD-3-Clause", "libwayland-client0": "MIT", "libwayland-cursor0": "MIT",
    "libwayland-egl1": "MIT", "libx11-6": "MIT", "libx11-xcb1": "MIT", "libxau6": "MIT", "libxcb-cursor0": "MIT",
    "libxcb-glx0": "MIT", "libxcb-icccm4": "MIT", "libxcb-image0": "MIT", "libxcb-keysyms1": "MIT",
    "libxcb-randr0": "MIT", "libxcb-render-util0": "MIT", "libxcb-render0": "MIT", "libxcb-shape0": "MIT",
    "libxcb-shm0": "MIT", "libxcb-sync1": "MIT", "libxcb-util1": "MIT", "libxcb-xfixes0": "MIT", "libxcb-xkb1": "MIT",
    "libxcb1": "MIT", "libxdmcp6": "MIT", "libxext6": "MIT", "libxkbcommon-x11-0": "MIT", "libxkbcommon0": "MIT",
    "libxrender1": "MIT", "libzstd1": "BSD-3-Clause OR GPL-2.0-only", "ocl-icd-libopencl1": "BSD-2-Clause",
    "zlib1g": "Zlib", "libjpeg62-turbo": "BSD-3-Clause",
}  # fmt: skip


@cache
def owner(path: Path) -> Component | None:
    """The installed package that brought this file; None where no package manager of ours knows it."""
    package = _debian_package(path)
    if package is None:
        return None
    name, version = package
    copyright_file = DOCUMENTS / name / "copyright"
    text = copyright_file.read_text(encoding="utf-8", errors="replace") if copyright_file.is_file() else ""
    return Component(
        name=name,
        version=version,
        kind="system",
        licence=LIBRARIES.get(name) or licences_named(text),
        texts=(("copyright", text),) if text else (),
        source=f"the source package of {name} {version} in the archive of the distribution",
    )


def _debian_package(path: Path) -> tuple[str, str] | None:
    if shutil.which("dpkg-query") is None:
        return None
    # Merged /usr: the file may be registered under either name.
    for candidate in (str(path), str(path).removeprefix("/usr")):
        found = subprocess.run(["dpkg-query", "-S", candidate], capture_output=True, text=True, check=False)
        if found.returncode == 0:
            name = found.stdout.partition(":")[0]
            asked = ["dpkg-query", "-W", "-f", "${Version}\n", name]
            version = subprocess.run(asked, capture_output=True, text=True, check=True).stdout
            return name, version.splitlines()[0]
    return None


def licences_named(text: str) -> str:
    """The licence of `Files: *` in a machine-readable copyright file; empty when the file is prose."""
    found = re.search(r"^Files:\s*\*\s*$.*?^License:\s*(\S+)", text, re.MULTILINE | re.DOTALL)
    return _SPDX.get(found[1].lower(), "") if found else ""
