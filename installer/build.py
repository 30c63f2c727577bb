"""`python -m installer.build`: the application for this system, in one folder, with its papers, packed.

Run it in an environment made by `python -m installer.environment`; `--environment` makes one first.
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
import tarfile
import zipfile
from pathlib import Path

from installer import contents, metadata, sizes

ROOT = Path(__file__).resolve().parent.parent
SPEC = ROOT / "installer" / "desktop-affect.spec"


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m installer.build", description=__doc__)
    parser.add_argument("--output", type=Path, default=ROOT / "dist", help="where the folder and the archive go")
    parser.add_argument("--no-archive", action="store_true", help="the folder alone")
    args = parser.parse_args()
    built = build(args.output.resolve())
    print(sizes.table(sizes.measure(built)))
    if not args.no_archive:
        packed = pack(built, args.output.resolve())
        print(f"{packed.name}: {packed.stat().st_size / sizes.MB:.1f} MB")
    return 0


def build(output: Path) -> Path:
    """The folder (on macOS the application bundle)."""
    work = output / "work"
    command = [sys.executable, "-m", "PyInstaller", "--noconfirm", "--log-level", "WARN"]
    command += ["--distpath", str(output), "--workpath", str(work), str(SPEC)]
    subprocess.run(command, cwd=ROOT, check=True, env={**os.environ, "PYTHONPATH": str(ROOT)})
    built = output / ("Desktop Affect.app" if sys.platform == "darwin" else "desktop-affect")
    if sys.platform.startswith("linux"):
        _strip(built)
        _add_desktop_files(built)
    shutil.rmtree(work)
    return built


def _strip(built: Path) -> None:
    """Take the debugging symbols out of the interpreter and MediaPipe (25 MB). Other wheels come without, and files
    that were patched after linking do not survive it."""
    inner = built / "_internal"
    files = [*inner.glob("libpython*"), *inner.glob("python3.*/lib-dynload/*.so"), *inner.glob("lib-dynload/*.so")]
    files += (inner / "mediapipe" / "python").glob("_framework_bindings*.so")
    files += (inner / "PySide6" / "Qt" / "lib").glob("libicu[!d]*")
    if shutil.which("strip") is None:
        print("strip is not installed (binutils): the build keeps its debugging symbols", file=sys.stderr)
        return
    subprocess.run(["strip", "--strip-unneeded", *map(str, files)], check=True)


def _add_desktop_files(built: Path) -> None:
    for name in ("desktop-affect.desktop", "install.sh", "README.txt"):
        shutil.copy2(ROOT / "installer" / "linux" / name, built / name)
    shutil.copy2(ROOT / "resources" / "icons" / "desktop-affect.svg", built / "desktop-affect.svg")


def pack(built: Path, output: Path) -> Path:
    """What a person downloads where there is no installer of the platform's own kind."""
    name = f"desktop-affect-{metadata.VERSION}-{metadata.platform_tag()}"
    if sys.platform == "win32":
        return _zip(built, output / f"{name}.zip", name)
    target = output / f"{name}.tar.xz"
    # xz itself uses every core, Python's does not.
    if shutil.which("xz") is not None:
        subprocess.run(
            ["tar", "--sort=name", "--owner=0", "--group=0", "--transform", f"s,^{built.name},{name},S", "-I",
             "xz -6 -T0", "-cf", str(target), "-C", str(built.parent), built.name],
            check=True,
        )  # fmt: skip
    else:
        with tarfile.open(target, "w:xz") as archive:
            archive.add(built, name)
    return target


def _zip(built: Path, target: Path, name: str) -> Path:
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        for path in sorted(built.rglob("*")):
            archive.write(path, Path(name) / path.relative_to(built))
    return target


def started_from(built: Path) -> Path:
    """The program inside a build that a terminal starts."""
    if built.suffix == ".app":
        return built / "Contents" / "MacOS" / "desktop-affect"
    return built / contents.program_name()


if __name__ == "__main__":
    sys.exit(main())
