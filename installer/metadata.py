"""What a build says of itself: name, version, texts of the platforms' own forms."""

from __future__ import annotations

import platform
import re
import sys
from typing import Any

import desktop_affect

NAME = "Desktop Affect"
VERSION = desktop_affect.__version__
IDENTIFIER = "org.desktop-affect.app"
SUMMARY = "Reads a person's affect from a webcam, live; nothing leaves the machine."
COPYRIGHT = "Copyright The Desktop Affect developers. Apache-2.0."
_SYSTEMS = {"win32": "windows", "darwin": "macos"}
CAMERA_USE = (
    "Desktop Affect looks at the picture of the camera to measure facial expressions on this computer. "
    "No picture leaves it, and none is kept unless you choose so."
)
OLDEST_MACOS = {"arm64": "14.0", "x86_64": "13.0"}
"""What the wheels inside were made for."""


def version_numbers(version: str = VERSION) -> tuple[int, int, int, int]:
    """Windows wants exactly four whole numbers; what follows them (rc1) stays in the text."""
    found = re.match(r"(\d+)\.(\d+)\.(\d+)", version)
    if found is None:
        raise ValueError(f"{version!r} is not a version of three numbers")
    return (int(found[1]), int(found[2]), int(found[3]), 0)


def windows_strings(program: str) -> dict[str, str]:
    """What the file's properties show."""
    return {
        "CompanyName": "The Desktop Affect developers",
        "FileDescription": NAME,
        "FileVersion": VERSION,
        "InternalName": program,
        "LegalCopyright": COPYRIGHT,
        "OriginalFilename": f"{program}.exe",
        "ProductName": NAME,
        "ProductVersion": VERSION,
        "Comments": SUMMARY,
    }


def windows_version(program: str) -> Any:
    """The version resource of a Windows program, for PyInstaller."""
    from PyInstaller.utils.win32 import versioninfo as win

    numbers = version_numbers()
    texts = [win.StringStruct(key, value) for key, value in windows_strings(program).items()]
    return win.VSVersionInfo(
        ffi=win.FixedFileInfo(filevers=numbers, prodvers=numbers, mask=0x3F, OS=0x40004, fileType=0x1),
        kids=[
            win.StringFileInfo([win.StringTable("040904B0", texts)]),
            win.VarFileInfo([win.VarStruct("Translation", [0x0409, 1200])]),
        ],
    )


def info_plist() -> dict[str, Any]:
    """macOS asks the person for the camera in these words; without them it ends the application instead."""
    return {
        "CFBundleDisplayName": NAME,
        "CFBundleShortVersionString": VERSION,
        "CFBundleVersion": ".".join(map(str, version_numbers()[:3])),
        "LSApplicationCategoryType": "public.app-category.medical",
        "LSMinimumSystemVersion": OLDEST_MACOS.get(platform.machine(), "14.0"),
        "NSCameraUsageDescription": CAMERA_USE,
        "NSHighResolutionCapable": True,
        "NSHumanReadableCopyright": COPYRIGHT,
        "NSRequiresAquaSystemAppearance": False,
        # Several windows are one application; a second start brings the first forward.
        "LSMultipleInstancesProhibited": False,
        "NSSupportsAutomaticTermination": False,
        "NSSupportsSuddenTermination": False,
    }


def platform_tag(system: str = sys.platform, machine: str = "") -> str:
    """As it stands in the names of the files: linux-x86_64, macos-arm64, windows-x86_64."""
    machine = (machine or platform.machine()).lower().replace("amd64", "x86_64").replace("aarch64", "arm64")
    return f"{_SYSTEMS.get(system, 'linux')}-{machine}"
