"""`python -m tools.foreign_papers FOLDER`: would the builds for Windows and macOS pass the gate of licences?

Those builds are made by the release workflow alone. This fetches the very wheels that they are made of (pip chooses
them for the other system), unpacks them, exchanges FFmpeg where the macOS build does, and writes notices and SBOM of
what would come inside. It ends with 1, naming the part, where a build would be refused. About 1.5 GB are fetched.
"""

from __future__ import annotations

import argparse
import json
import re
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from installer import contents, environment, free_ffmpeg, inside, legal, notices, packages, sbom
from installer.component import Component

PYTHON = "3.11"
"""What the release workflow builds with."""


@dataclass(frozen=True, slots=True)
class Target:
    name: str
    system: str
    machine: str
    tags: tuple[str, ...]
    """Newest first: pip takes what it is told, and tells no system from its older ones."""


def _mac_tags(machine: str, oldest: int) -> tuple[str, ...]:
    new = [f"macosx_{major}_0_{kind}" for major in range(14, oldest - 1, -1) for kind in (machine, "universal2")]
    old = [f"macosx_10_{minor}_{kind}" for minor in range(15, 8, -1) for kind in (machine, "universal2")]
    return (*new, *old)


TARGETS = (
    Target("windows-x86_64", "win32", "AMD64", ("win_amd64",)),
    Target("macos-arm64", "darwin", "arm64", _mac_tags("arm64", 11)),
    Target("macos-x86_64", "darwin", "x86_64", _mac_tags("x86_64", 11)),
)


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tools.foreign_papers", description=__doc__)
    parser.add_argument("folder", type=Path, help="where wheels, their contents and the papers go")
    parser.add_argument("--only", choices=[target.name for target in TARGETS])
    args = parser.parse_args()
    refused = 0
    for target in TARGETS:
        if args.only in (None, target.name):
            refused += _said(target, args.folder / target.name)
    return min(refused, 1)


def _said(target: Target, folder: Path) -> bool:
    site = folder / "site"
    if not site.exists():
        unpack(fetch(target, folder), site)
        if target.system == "darwin":
            free_ffmpeg.exchange(site / "cv2", addons(target, folder))
    found = components(site)
    try:
        legal.check(found)
    except legal.ForbiddenLicenceError as error:
        print(f"{target.name}: {error}")
        return True
    (folder / legal.NOTICES_FILE).write_text(notices.text(found), encoding="utf-8")
    (folder / legal.SBOM_FILE).write_text(json.dumps(sbom.document(found), indent=1, ensure_ascii=False))
    print(f"{target.name}: {len(found)} components, none refused; the papers are in {folder}")
    return False


def fetch(target: Target, folder: Path) -> list[Path]:
    """The wheels of `installer/requirements.txt` for another system, in the versions of its build."""
    folder.mkdir(parents=True, exist_ok=True)
    constraints = folder / "constraints.txt"
    constraints.write_text(environment.constraints(target.system, target.machine), encoding="utf-8")
    for wanted in requirements(target):
        _download(target, folder, [wanted, "--constraint", str(constraints)])
    return sorted(folder.glob("*.whl"))


def addons(target: Target, folder: Path) -> Path:
    """Where `free_ffmpeg.download` would find FFmpeg."""
    version = next(folder.glob("pyside6_essentials-*.whl")).name.split("-")[1]
    _download(target, folder / "addons", [f"PySide6-Addons=={version}"])
    return next((folder / "addons").glob("*.whl"))


def _download(target: Target, folder: Path, more: list[str]) -> None:
    command = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--only-binary=:all:"]
    command += ["--python-version", PYTHON, "--implementation", "cp", "--dest", str(folder)]
    command += [word for abi in ("cp311", "abi3", "none") for word in ("--abi", abi)]
    command += [word for tag in target.tags for word in ("--platform", tag)]
    subprocess.run([*command, *more], check=True)


def requirements(target: Target) -> Iterator[str]:
    """The lines that hold on that system, without their markers."""
    for line in (packages.HERE / "requirements.txt").read_text(encoding="utf-8").splitlines():
        wanted, _, marker = line.partition("#")[0].partition(";")
        system = re.search(r'sys_platform == "(\w+)"', marker)
        if wanted.strip() and "python_version" not in marker and (system is None or system[1] == target.system):
            yield wanted.strip()


def unpack(wheels: list[Path], site: Path) -> None:
    for wheel in wheels:
        with zipfile.ZipFile(wheel) as archive:
            archive.extractall(site)


_EXCLUDED = tuple(f"{name.replace('.', '/')}/" for name in contents.EXCLUDED_MODULES)
_NOT_COLLECTED = ("PyObjCTest/", "bin/", "mediapipe/version.txt")


def components(site: Path) -> list[Component]:
    """Of every file that a build would not leave out. PyInstaller takes fewer: only what something imports."""
    index = packages.index(site)
    found = []
    for path in sorted(site.rglob("*")):
        place = path.relative_to(site).as_posix()
        left_out = place.startswith((*_EXCLUDED, *_NOT_COLLECTED)) or not contents.wanted(place)
        if path.is_file() and not left_out:
            found.append((place, str(path)))
    return inside.inventory(found, index=index)


if __name__ == "__main__":
    sys.exit(main())
