"""Small films for tests, made by the `ffmpeg` program once per run."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

FFMPEG = shutil.which("ffmpeg")
NEEDS_FFMPEG = pytest.mark.skipif(FFMPEG is None, reason="the program ffmpeg makes the films for this test")


def ffmpeg(*arguments: str) -> None:
    assert FFMPEG is not None
    subprocess.run([FFMPEG, "-y", "-loglevel", "error", *arguments], check=True, stdin=subprocess.DEVNULL, timeout=60)


def pattern(
    path: Path, *, size: str = "160x120", fps: int = 30, seconds: float = 1.0, extra: tuple[str, ...] = ()
) -> Path:
    """A moving test picture."""
    pixels = () if "-pix_fmt" in extra or path.suffix == ".gif" else ("-pix_fmt", "yuv420p")
    source = f"testsrc2=size={size}:rate={fps}:duration={seconds}"
    ffmpeg("-f", "lavfi", "-i", source, *pixels, *extra, str(path))
    return path


def remux(film: Path, to: Path, *extra: str, before: tuple[str, ...] = ()) -> Path:
    ffmpeg(*before, "-i", str(film), "-c", "copy", *extra, str(to))
    return to


def changing_rate(path: Path) -> Path:
    """Variable frame rate with B-frames: every third frame first, then all, then a jitter on top."""
    ffmpeg(
        "-f", "lavfi", "-i", "testsrc2=size=160x120:rate=30:duration=3",
        "-vf", r"select=not(mod(n\,3))+gt(n\,60),setpts=PTS+0.01*mod(N\,5)/TB", "-vsync", "vfr",
        "-c:v", "libx264", "-bf", "2", "-g", "12", "-pix_fmt", "yuv420p", str(path),
    )  # fmt: skip
    return path


def true_times_s(path: Path) -> list[float]:
    """What ffprobe says, from the first frame on."""
    out = subprocess.run(
        ["ffprobe", "-v", "error", "-select_streams", "v:0", "-show_entries", "frame=best_effort_timestamp_time",
         "-of", "csv=p=0", str(path)],
        check=True, capture_output=True, text=True, timeout=60,
    ).stdout  # fmt: skip
    times_s = [float(line.strip(",")) for line in out.split()]
    return [t - times_s[0] for t in times_s]
