"""Text and cut-off recordings are told from whole films by their bytes."""

from __future__ import annotations

from pathlib import Path

import pytest

from desktop_affect.sources.containers import damage, is_text
from tests.sources.films import NEEDS_FFMPEG, pattern


@NEEDS_FFMPEG
@pytest.mark.parametrize("name", ["a.mp4", "a.mov", "a.mkv", "a.webm", "a.avi", "a.gif", "a.ts"])
def test_whole_films_are_whole_and_no_text(tmp_path: Path, name: str) -> None:
    codec = ("-c:v", "libvpx", "-deadline", "realtime") if name.endswith("webm") else ()
    film = pattern(tmp_path / name, seconds=0.3, extra=codec)
    assert damage(film) == ""
    assert not is_text(film)


@NEEDS_FFMPEG
@pytest.mark.parametrize("name", ["a.mp4", "a.mkv", "a.avi"])
def test_half_a_film_says_how_much_is_missing(tmp_path: Path, name: str) -> None:
    extra = ("-movflags", "faststart") if name.endswith("mp4") else ()
    whole = pattern(tmp_path / name, extra=extra).read_bytes()
    half = tmp_path / f"half_{name}"
    half.write_bytes(whole[: len(whole) // 2])
    assert damage(half) == "The file breaks off: 50 % of it is missing."


@NEEDS_FFMPEG
def test_what_a_camera_appends_is_no_damage(tmp_path: Path) -> None:
    film = pattern(tmp_path / "a.mp4", seconds=0.3)
    film.write_bytes(film.read_bytes() + b"\x7f\xff\xff\xffgps data of the camera")
    assert damage(film) == ""


@NEEDS_FFMPEG
def test_a_few_missing_bytes_are_not_nothing(tmp_path: Path) -> None:
    film = pattern(tmp_path / "a.mp4", extra=("-movflags", "faststart"))
    film.write_bytes(film.read_bytes()[:-3])
    assert damage(film) == "The file breaks off: 1 % of it is missing."


@NEEDS_FFMPEG
def test_recording_that_was_never_finished_lacks_its_index(tmp_path: Path) -> None:
    whole = pattern(tmp_path / "a.mp4").read_bytes()
    cut = tmp_path / "cut.mp4"
    cut.write_bytes(whole[: len(whole) * 2 // 3])
    assert "index at its end is missing" in damage(cut)


@NEEDS_FFMPEG
def test_streamed_matroska_states_no_size_and_passes(tmp_path: Path) -> None:
    film = pattern(tmp_path / "a.mkv", seconds=0.3, extra=("-live", "1"))
    film.write_bytes(film.read_bytes()[:-100])
    assert damage(film) == ""


def test_text_is_text_and_pictures_are_not(tmp_path: Path) -> None:
    file = tmp_path / "file"
    for content, text in ((b"notes\n" * 900, True), ("säße".encode(), True), (b"", False), (b"GIF89a..", False)):
        file.write_bytes(content)
        assert is_text(file) is text


@pytest.mark.parametrize(
    "content",
    [b"", b"\x00\x00\x00\x08ftyp", b"\x00\x00\x00\x01mdat\x00", b"\x1aE\xdf\xa3", b"\x1aE\xdf\xa3\x00",
     b"\x1aE\xdf\xa3\x84abcd\x18S\x80g", b"RIFF", b"RIFF\xff", b"\x00\x00\x00\x03moov    "],
)  # fmt: skip
def test_shreds_never_raise(tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "shred"
    file.write_bytes(content)
    assert isinstance(damage(file), str)
