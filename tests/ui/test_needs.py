"""Whether a window can be opened, by logic alone."""

from __future__ import annotations

import subprocess
import sys

import pytest

from desktop_affect.ui.needs import needed_libraries, window_problem


def everything(library: str) -> bool:
    return True


def test_no_display_is_told_with_a_way_out() -> None:
    problem = window_problem("linux", {}, everything)
    assert problem is not None
    assert "no display" in problem.message
    assert "--headless" in problem.advice


@pytest.mark.parametrize(
    "environ", [{"DISPLAY": ":0"}, {"WAYLAND_DISPLAY": "wayland-0"}, {"QT_QPA_PLATFORM": "offscreen"}]
)
def test_any_display_will_do(environ: dict[str, str]) -> None:
    assert window_problem("linux", environ, everything) is None


@pytest.mark.parametrize("platform", ["win32", "darwin"])
def test_other_systems_bring_what_qt_needs(platform: str) -> None:
    assert window_problem(platform, {}, lambda library: False) is None


def test_missing_libraries_are_named_with_their_packages() -> None:
    problem = window_problem("linux", {"DISPLAY": ":0"}, lambda name: name not in {"libxcb-cursor.so.0", "libEGL.so.1"})
    assert problem is not None
    assert "libxcb-cursor.so.0" in problem.message
    assert problem.advice.endswith("apt install libegl1 libxcb-cursor0")


def test_each_kind_of_display_asks_for_its_own_libraries() -> None:
    x11 = needed_libraries({"DISPLAY": ":0"})
    wayland = needed_libraries({"WAYLAND_DISPLAY": "wayland-0"})
    offscreen = needed_libraries({"QT_QPA_PLATFORM": "offscreen"})
    assert "libxcb-cursor.so.0" in x11
    assert "libxcb-cursor.so.0" not in wayland
    assert "libwayland-client.so.0" in wayland
    assert set(offscreen) < set(x11)


def test_asking_loads_no_qt() -> None:
    code = "import sys, desktop_affect.ui.needs, desktop_affect.ui.app; sys.exit('PySide6' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
