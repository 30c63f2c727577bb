"""On Linux: one OpenBLAS for NumPy and OpenCV instead of two larger ones (51 MB less).

Their wheels bring one each, of different versions, which differ in the size of whole numbers. `scipy-openblas64` is the
build that newer NumPy wheels hold, made for fewer kinds of processors. Both files are replaced by a few kilobytes that
hand on to it, NumPy's by jumps to the same functions under their names there, OpenCV's through
linux/openblas_for_opencv.c. `installer.environment` runs this in the environment that a build is made in; where there
is no C compiler, everything stays as it is.
"""

from __future__ import annotations

import os
import platform
import shutil
import subprocess
import sys
import sysconfig
import tempfile
from collections.abc import Iterable
from pathlib import Path

SOURCE = Path(__file__).resolve().parent / "linux" / "openblas_for_opencv.c"
_MARK = "a part of Desktop Affect: calls of OpenBLAS, handed on"
_SHARED = "scipy_openblas64/lib"
_PREFIX = "scipy_"


class NotCoveredError(Exception):
    """Something is asked for that is not handed on: another version."""


def main() -> int:
    if shutil.which("cc") is None or platform.machine() != "x86_64":
        print("no C compiler (cc) for x86-64: NumPy and OpenCV keep an OpenBLAS each", file=sys.stderr)
        return 0
    site = Path(sysconfig.get_path("platlib"))
    with tempfile.TemporaryDirectory() as place:
        ours = make(site, Path(place))
        check(site, *ours)
        for made, original in zip(ours, (numpy_s(site), opencv_s(site)), strict=True):
            shutil.copyfile(made, original)
    # Both load, NumPy first or not, and reckon.
    asked = (
        "import cv2, numpy as n; a = n.eye(200) * 2 + n.ones((200, 200)); x = cv2.solve(a, a, flags=cv2.DECOMP_LU)[1]; "
    )
    asked += "assert n.allclose(x, n.eye(200)) and n.allclose(n.linalg.inv(a) @ a, x)"
    subprocess.run([sys.executable, "-c", asked], check=True)
    return 0


def numpy_s(site: Path) -> Path:
    return next(site.glob("numpy.libs/libopenblas64*.so"))


def opencv_s(site: Path) -> Path:
    return next(site.glob("opencv_*.libs/libopenblas*.so"))


def make(site: Path, folder: Path) -> tuple[Path, Path]:
    """What takes the place of NumPy's and of OpenCV's, under their names, in folders that lie as theirs do."""
    for_numpy = folder / "numpy.libs" / numpy_s(site).name
    for_opencv = folder / opencv_s(site).parent.name / opencv_s(site).name
    for path in (for_numpy, for_opencv):
        path.parent.mkdir()
    plain = folder / "opencv.o"
    _compile("-c", str(SOURCE), "-o", str(plain))
    jumps = folder / "jumps.s"
    asked = asked_by(site.glob("numpy/**/*.so")) | _symbols([plain], "--undefined-only")
    jumps.write_text(_jumps(asked & given_by(numpy_s(site))))
    shared = next((site / _SHARED).glob("*.so"))
    _link(for_numpy, f"$ORIGIN/../{_SHARED}", jumps, shared)
    _link(for_opencv, "$ORIGIN/../numpy.libs", plain, for_numpy)
    return for_numpy, for_opencv


def _jumps(functions: Iterable[str]) -> str:
    lines = [f"    .globl {name}\n    .type {name}, @function\n{name}: jmp {_PREFIX}{name}@PLT" for name in functions]
    mark = f'    .section .rodata\n    .globl desktop_affect_part\ndesktop_affect_part: .string "{_MARK} from NumPy"'
    return "\n".join(["    .text", *sorted(lines), mark, '    .section .note.GNU-stack,"",@progbits', ""])


def _compile(*words: str) -> None:
    subprocess.run(["cc", "-O2", "-fPIC", "-Wall", "-Werror", *words], check=True)


def _link(made: Path, path: str, what: Path, beside: Path) -> None:
    """The older kind of path (RPATH) holds for what is loaded from there, too. `--no-undefined`: what is not there must
    show now, not when somebody calls it."""
    options = [f"-Wl,-soname,{made.name}", f"-Wl,-rpath,{path}", "-Wl,--disable-new-dtags", "-Wl,--no-undefined"]
    options += ["-Wl,-z,now", "-Wl,--allow-shlib-undefined"]
    _compile("-shared", "-s", "-o", str(made), str(what), str(beside), *options)


def check(site: Path, for_numpy: Path, for_opencv: Path) -> None:
    """Raises NotCoveredError, with the names."""
    for users, original, made in (
        (site.glob("numpy/**/*.so"), numpy_s(site), for_numpy),
        (site.glob("cv2/*.so"), opencv_s(site), for_opencv),
    ):
        missing = (asked_by(users) & given_by(original)) - given_by(made)
        if missing:
            raise NotCoveredError(f"OpenBLAS is asked for {sorted(missing)}; add them to {SOURCE.name}")


def is_ours(file: Path) -> bool:
    """A replacement, under the original's name."""
    return file.name.startswith("libopenblas") and file.stat().st_size < 1e6 and _MARK.encode() in file.read_bytes()


def asked_by(files: Iterable[Path]) -> set[str]:
    """What libraries want from others."""
    return _symbols(files, "-D", "--undefined-only")


def given_by(library: Path) -> set[str]:
    return _symbols([library], "-D", "--defined-only")


def _symbols(files: Iterable[Path], *which: str) -> set[str]:
    command = ["nm", "--format=posix", *which, *map(os.fspath, files)]
    listed = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    # A line with one word is the name of the next file.
    return {words[0].partition("@")[0] for line in listed.splitlines() if len(words := line.split()) > 1}


if __name__ == "__main__":
    sys.exit(main())
