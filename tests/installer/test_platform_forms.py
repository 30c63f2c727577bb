"""What the builds say of themselves on each system, and that the requirements follow pyproject.toml."""

from __future__ import annotations

import plistlib
import re
import sys
from pathlib import Path

import pytest

from installer import environment, metadata, sizes
from installer.packages import normal

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

ROOT = Path(__file__).resolve().parent.parent.parent


def test_windows_gets_four_whole_numbers_and_the_whole_text() -> None:
    assert metadata.version_numbers("1.2.3rc1") == (1, 2, 3, 0)
    with pytest.raises(ValueError, match="not a version"):
        metadata.version_numbers("1.2")
    assert metadata.windows_strings("desktop-affect")["OriginalFilename"] == "desktop-affect.exe"


def test_macos_may_use_the_camera_and_says_why() -> None:
    assert "No picture leaves it" in metadata.info_plist()["NSCameraUsageDescription"]
    entitlements = plistlib.loads((ROOT / "installer" / "macos" / "entitlements.plist").read_bytes())
    assert entitlements["com.apple.security.device.camera"] is True
    # Replacing a library under the LGPL must stay possible under the hardened runtime.
    assert entitlements["com.apple.security.cs.disable-library-validation"] is True
    assert not any("network" in key or "audio" in key for key in entitlements)


def test_intel_macs_get_the_last_versions_made_for_them() -> None:
    usual, intel = environment.constraints("linux"), environment.constraints("darwin", "x86_64")
    assert "openvino==2026" in usual
    assert "openvino==2025.4.1" in intel
    assert "openvino==2026" not in intel
    assert environment.constraints("darwin", "arm64") == usual


def test_names_of_downloads() -> None:
    assert metadata.platform_tag("win32", "AMD64") == "windows-x86_64"
    assert metadata.platform_tag("darwin", "arm64") == "macos-arm64"
    assert metadata.platform_tag("linux", "aarch64") == "linux-arm64"


def names(lines: list[str]) -> set[str]:
    return {normal(found[0]) for line in lines if (found := re.match(r"[A-Za-z][\w.-]*", line))}


def test_every_dependency_of_the_application_goes_into_an_installer() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    asked = names((ROOT / "installer" / "requirements.txt").read_text(encoding="utf-8").splitlines())
    assert names(project["dependencies"]) <= asked


def test_the_table_of_sizes_knows_where_things_lie_on_each_system(tmp_path: Path) -> None:
    for place in ("_internal/openvino/libs/a.so", "Contents/Frameworks/openvino/b.dylib", "_internal/libX11.so.6"):
        (tmp_path / place).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / place).write_bytes(b"12345")
    (tmp_path / "_internal" / "link.so").symlink_to("libX11.so.6")
    assert sizes.measure(tmp_path) == {"OpenVINO": 10, "system libraries": 5}
    assert "together" in sizes.table(sizes.measure(tmp_path))
