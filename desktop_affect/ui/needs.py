"""Can a window be opened here, and if not, what is missing: asked before Qt starts, because Qt would abort instead.

Knows no Qt itself, so that `doctor` can ask too.
"""

from __future__ import annotations

import ctypes
import os
import sys
from collections.abc import Callable, Mapping

from desktop_affect.core.errors import AffectError

# What the Qt wheels for Linux expect of the system, and the Debian and Ubuntu package that brings it. In the order
# in which a bare machine lacks them.
_EVERY_QT: Mapping[str, str] = {
    "libEGL.so.1": "libegl1",
    "libGL.so.1": "libgl1",
    "libxkbcommon.so.0": "libxkbcommon0",
    "libfontconfig.so.1": "libfontconfig1",
    "libfreetype.so.6": "libfreetype6",
    "libglib-2.0.so.0": "libglib2.0-0",
    "libX11.so.6": "libx11-6",
}
_X11: Mapping[str, str] = {
    "libxcb-cursor.so.0": "libxcb-cursor0",
    "libxkbcommon-x11.so.0": "libxkbcommon-x11-0",
    "libxcb-icccm.so.4": "libxcb-icccm4",
    "libxcb-util.so.1": "libxcb-util1",
    "libxcb-image.so.0": "libxcb-image0",
    "libxcb-keysyms.so.1": "libxcb-keysyms1",
    "libxcb-randr.so.0": "libxcb-randr0",
    "libxcb-render-util.so.0": "libxcb-render-util0",
    "libxcb-shape.so.0": "libxcb-shape0",
    "libxcb-sync.so.1": "libxcb-sync1",
    "libxcb-xkb.so.1": "libxcb-xkb1",
    "libX11-xcb.so.1": "libx11-xcb1",
}
_WAYLAND: Mapping[str, str] = {
    "libwayland-client.so.0": "libwayland-client0",
    "libwayland-cursor.so.0": "libwayland-cursor0",
    "libwayland-egl.so.1": "libwayland-egl1",
}

# Platforms of Qt that draw into memory and so need no display.
_SCREENLESS = frozenset({"offscreen", "minimal", "vnc"})

Loads = Callable[[str], bool]


def window_problem(
    platform: str = sys.platform, environ: Mapping[str, str] = os.environ, loads: Loads | None = None
) -> AffectError | None:
    """Why no window can be opened here, in words; None when one can. `loads` says whether a library is there."""
    if not platform.startswith("linux"):
        return None
    screenless = environ.get("QT_QPA_PLATFORM", "").partition(":")[0] in _SCREENLESS
    if not screenless and not _has_display(environ):
        return AffectError(
            "There is no display to open a window on.",
            advice="Start it from a desktop, or run without a window: desktop-affect run --headless",
            detail="none of DISPLAY, WAYLAND_DISPLAY and QT_QPA_PLATFORM is set",
        )
    return _missing(needed_libraries(environ), loads or _loads)


def needed_libraries(environ: Mapping[str, str]) -> dict[str, str]:
    """Library → Debian package, for the kind of display that will be used."""
    chosen = environ.get("QT_QPA_PLATFORM", "").partition(":")[0]
    if chosen in _SCREENLESS:
        return dict(_EVERY_QT)
    wayland = chosen == "wayland" or (not chosen and not environ.get("DISPLAY"))
    return {**_EVERY_QT, **(_WAYLAND if wayland else _X11)}


def _has_display(environ: Mapping[str, str]) -> bool:
    return any(environ.get(name) for name in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"))


def _missing(needed: Mapping[str, str], loads: Loads) -> AffectError | None:
    missing = {library: package for library, package in needed.items() if not loads(library)}
    if not missing:
        return None
    packages = " ".join(dict.fromkeys(missing.values()))
    return AffectError(
        f"The window needs system libraries that are not installed: {', '.join(missing)}.",
        advice=f"On Debian or Ubuntu: sudo apt install {packages}",
        detail="Without a window it runs now: desktop-affect run --headless",
    )


def _loads(library: str) -> bool:
    try:
        ctypes.CDLL(library)
    except OSError:
        return False
    return True
