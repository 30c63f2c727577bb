"""`python -m installer.environment FOLDER`: a virtual environment that holds what an installer holds, and PyInstaller.

Small on purpose: packages are installed without their dependencies (requirements.txt says why), so a build can neither
find nor ship what the application never loads.
"""

from __future__ import annotations

import subprocess
import sys
import venv
from pathlib import Path

HERE = Path(__file__).resolve().parent
CONSTRAINTS = HERE.parent / "constraints.txt"
BUILDERS = ("pyinstaller",)


def make(folder: Path) -> Path:
    """The environment's interpreter."""
    venv.create(folder, with_pip=True, clear=True)
    python = folder / ("Scripts/python.exe" if sys.platform == "win32" else "bin/python")
    pip = [str(python), "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "-c", str(CONSTRAINTS)]
    subprocess.run([*pip, *BUILDERS], check=True)
    subprocess.run([*pip, "--no-deps", "-r", str(HERE / "requirements.txt")], check=True)
    return python


if __name__ == "__main__":
    print(make(Path(sys.argv[1]).resolve()))
