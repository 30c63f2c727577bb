"""`python -m installer.environment FOLDER`: a virtual environment that holds what an installer holds, and PyInstaller.

Small on purpose: packages are installed without their dependencies (requirements.txt says why), so a build can neither
find nor ship what the application never loads.
"""

from __future__ import annotations

import platform
import subprocess
import sys
import tempfile
import venv
from pathlib import Path

HERE = Path(__file__).resolve().parent
CONSTRAINTS = HERE.parent / "constraints.txt"
FOR_INTEL_MACS = HERE / "constraints-macos-x86_64.txt"
BUILDERS = ("pyinstaller",)


def make(folder: Path) -> Path:
    """The environment's interpreter."""
    venv.create(folder, with_pip=True, clear=True)
    python = interpreter(folder)
    with tempfile.TemporaryDirectory() as place:
        versions = Path(place) / "constraints.txt"
        versions.write_text(constraints(), encoding="utf-8")
        pip = [str(python), "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "-c", str(versions)]
        subprocess.run([*pip, *BUILDERS], check=True)
        subprocess.run([*pip, "--no-deps", "-r", str(HERE / "requirements.txt")], check=True)
    for step in steps():
        subprocess.run([str(python), "-m", step], cwd=HERE.parent, check=True)
    return python


def steps(system: str = sys.platform) -> tuple[str, ...]:
    """What is done to the packages before anything is built of them; each module says why."""
    if system == "darwin":
        return ("installer.free_ffmpeg",)
    return ("installer.one_openblas", "installer.small_icu") if system.startswith("linux") else ()


def interpreter(folder: Path) -> Path:
    return folder / ("Scripts/python.exe" if sys.platform == "win32" else "bin/python")


def constraints(system: str = sys.platform, machine: str = "") -> str:
    """The tested versions, with those of this machine in place of the usual ones."""
    text = CONSTRAINTS.read_text(encoding="utf-8")
    if system != "darwin" or (machine or platform.machine()) != "x86_64":
        return text
    own = FOR_INTEL_MACS.read_text(encoding="utf-8")
    replaced = {line.partition("==")[0] for line in own.splitlines() if "==" in line}
    kept = [line for line in text.splitlines() if line.partition("==")[0] not in replaced]
    return "\n".join([*kept, own])


if __name__ == "__main__":
    print(make(Path(sys.argv[1]).resolve()))
