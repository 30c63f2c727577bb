"""From what a person writes to a source."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from desktop_affect.core.errors import SourceError
from desktop_affect.core.settings_table import default_settings
from desktop_affect.core.types import SourceKind
from desktop_affect.sources.camera import CameraSource
from desktop_affect.sources.choose import SourceChoice, make_source, parse_source
from desktop_affect.sources.demo import DemoSource
from desktop_affect.sources.video import VideoSource
from tests.fakes import FakeClock


@pytest.mark.parametrize(
    ("text", "kind", "ident"),
    [
        ("demo", SourceKind.DEMO, ""),
        ("camera", SourceKind.CAMERA, ""),
        (" camera:046d:0825/by-id/x ", SourceKind.CAMERA, "046d:0825/by-id/x"),
        ("camera:0", SourceKind.CAMERA, "0"),
        ("./demo", SourceKind.VIDEO, "./demo"),
        ("demo.mp4", SourceKind.VIDEO, "demo.mp4"),
        (r"C:\films\p07.mp4", SourceKind.VIDEO, r"C:\films\p07.mp4"),
    ],
)
def test_words_become_choices_and_back(text: str, kind: SourceKind, ident: str) -> None:
    choice = parse_source(text)
    assert choice == SourceChoice(kind, ident)
    assert parse_source(str(choice)) == choice


def test_nothing_is_no_source() -> None:
    with pytest.raises(SourceError, match="No source is named"):
        parse_source("  ")


@pytest.mark.parametrize(
    ("text", "kind"), [("demo", DemoSource), ("camera:0", CameraSource), ("film.mp4", VideoSource)]
)
def test_choices_become_sources(text: str, kind: type) -> None:
    source = make_source(parse_source(text), default_settings(), clock=FakeClock(), paced=False, loop=False)
    assert type(source) is kind


def test_settings_reach_the_camera() -> None:
    settings = default_settings().with_changes({"camera.width_px": 640, "camera.height_px": 480, "camera.fps": 60.0})
    source = make_source(parse_source("camera"), settings, clock=FakeClock())
    assert isinstance(source, CameraSource)
    assert (source._mode.width_px, source._mode.height_px, source._mode.fps) == (640, 480, 60.0)


def test_pace_and_loop_reach_films(tmp_path: Path) -> None:
    source = make_source(
        parse_source(str(tmp_path / "film.mp4")), default_settings(), clock=FakeClock(), paced=True, loop=False
    )
    assert isinstance(source, VideoSource)
    assert (source._paced, source._loop) == (True, False)


def test_choosing_loads_no_opencv() -> None:
    code = (
        "import sys; from desktop_affect.core.settings_table import default_settings as d;"
        "from desktop_affect.sources.choose import make_source, parse_source;"
        "from desktop_affect.system.clock import MonotonicClock as C;"
        "[make_source(parse_source(t), d(), clock=C()) for t in ('demo', 'camera', 'x.mp4')];"
        "sys.exit('cv2' in sys.modules)"
    )
    subprocess.run([sys.executable, "-c", code], check=True, timeout=60)
