"""The archive's install.sh: into the person's menu, an upgrade over it, and out again without a trace."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

LINUX = Path(__file__).resolve().parents[2] / "installer" / "linux"

pytestmark = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="a shell script for Linux desktops")


def unpacked(folder: Path, version: str) -> Path:
    """What an archive unpacks to, with a program that says its version."""
    folder.mkdir()
    program = folder / "desktop-affect"
    program.write_text(f"#!/bin/sh\necho {version}\n", encoding="utf-8")
    program.chmod(0o755)
    (folder / "desktop-affect.svg").write_text("<svg/>", encoding="utf-8")
    for name in ("install.sh", "desktop-affect.desktop"):
        shutil.copy2(LINUX / name, folder / name)
    return folder


def run(folder: Path, home: Path, *words: str) -> str:
    environment = {"PATH": os.environ["PATH"], "HOME": str(home)}
    command = ["sh", str(folder / "install.sh"), *words]
    return subprocess.run(command, env=environment, capture_output=True, text=True, check=True).stdout


def test_in_upgraded_and_out(tmp_path: Path) -> None:
    home = tmp_path / "a home"
    home.mkdir()
    run(unpacked(tmp_path / "one", "1.0"), home)
    program = home / ".local" / "bin" / "desktop-affect"
    assert subprocess.run([program], capture_output=True, text=True, check=True).stdout == "1.0\n"
    entry = home / ".local/share/applications/desktop-affect.desktop"
    installed = home / ".local/share/desktop-affect"
    assert f'Exec="{installed}/desktop-affect"' in entry.read_text(encoding="utf-8")
    (installed / "only-in-1.0").write_text("", encoding="utf-8")
    run(unpacked(tmp_path / "two", "2.0"), home)
    assert subprocess.run([program], capture_output=True, text=True, check=True).stdout == "2.0\n"
    assert not (installed / "only-in-1.0").exists()
    assert "installed copy already" in run(installed, home)
    run(installed, home, "--remove")
    left = [path.name for path in home.rglob("*") if path.is_file() or path.is_symlink()]
    assert set(left) <= {"mimeinfo.cache"}  # the desktop's own index, made anew at every change
