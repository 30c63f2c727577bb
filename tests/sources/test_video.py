"""Films as a source: the container's own times, paced or not, and broken files in words."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from desktop_affect.core.colour_order import is_turned
from desktop_affect.core.errors import SourceError
from desktop_affect.core.types import Frame, SourceKind
from desktop_affect.sources.film import Film
from desktop_affect.sources.video import VideoSource
from tests.fakes import FakeClock
from tests.sources.films import NEEDS_FFMPEG, changing_rate, ffmpeg, pattern, remux, true_times_s

pytestmark = NEEDS_FFMPEG


def source(path: Path, *, paced: bool = False, loop: bool = False, clock: FakeClock | None = None) -> VideoSource:
    return VideoSource(path, clock=clock or FakeClock(), paced=paced, loop=loop)


def frames(path: Path) -> list[Frame]:
    film = source(path)
    film.open()
    try:
        return list(iter(film.read, None))
    finally:
        film.close()


@pytest.fixture(scope="module")
def vfr(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return changing_rate(tmp_path_factory.mktemp("films") / "vfr.mp4")


@pytest.fixture(scope="module")
def plain(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return pattern(tmp_path_factory.mktemp("films") / "plain.mp4", fps=10)


@pytest.mark.parametrize(
    ("name", "extra", "before"),
    [
        ("copy.mp4", (), ()),
        ("copy.mkv", (), ()),
        ("copy.ts", (), ()),
        ("late.mkv", ("-output_ts_offset", "5"), ()),
        ("late.mp4", ("-output_ts_offset", "5"), ()),
        ("edit_list.mp4", (), ("-ss", "1.5")),
    ],
)
def test_times_are_the_containers_own(
    vfr: Path, tmp_path: Path, name: str, extra: tuple[str, ...], before: tuple[str, ...]
) -> None:
    film = remux(vfr, tmp_path / name, *extra, before=before)
    expected_s = true_times_s(film)
    got = frames(film)
    assert [f.media_t_s for f in got] == pytest.approx(expected_s, abs=2e-6)
    steps_s = np.diff(expected_s)
    assert steps_s.max() > 2 * steps_s.min(), "the film must have a variable rate to prove anything"


def test_unpaced_frames_are_counted_stamped_and_read_only(plain: Path) -> None:
    got = frames(plain)
    assert [f.seq for f in got] == list(range(10))
    assert all(f.t_s == f.media_t_s for f in got)
    assert all(f.pixels.dtype == np.uint8 and f.pixels.shape == (120, 160, 3) for f in got)
    assert not any(f.pixels.flags.writeable for f in got)


def test_published_pictures_are_never_written_again(plain: Path) -> None:
    film = source(plain)
    film.open()
    first = film.read()
    assert first is not None
    kept = first.pixels.copy()
    rest = list(iter(film.read, None))
    film.close()
    assert np.array_equal(first.pixels, kept)
    assert not any(np.array_equal(frame.pixels, kept) for frame in rest)


def test_pictures_in_the_decoders_order_are_the_same_and_never_written_again(plain: Path) -> None:
    got = frames(plain)
    film = Film(plain)
    usual = list(iter(film.next, None))
    film.close()
    assert all(is_turned(frame.pixels) and not frame.pixels.flags.writeable for frame in got)
    for ours, shown in zip(got, usual, strict=True):
        assert ours.media_t_s == shown.time_s
        assert not is_turned(shown.pixels)
        np.testing.assert_array_equal(ours.pixels, shown.pixels)


def test_open_tells_what_the_film_is(plain: Path) -> None:
    film = source(plain)
    info = film.open()
    film.close()
    assert (info.kind, info.name, info.stable_id) == (SourceKind.VIDEO, "plain.mp4", str(plain.resolve()))
    assert (info.width_px, info.height_px, info.nominal_fps, info.frame_count) == (160, 120, 10.0, 10)
    assert not info.live
    live = source(plain, paced=True)
    assert live.open().live
    live.close()


def test_colours_are_rgb(tmp_path: Path) -> None:
    ffmpeg("-f", "lavfi", "-i", "color=red:size=64x48:rate=5:duration=0.4", str(tmp_path / "red.mp4"))
    red, green, blue = (int(v) for v in frames(tmp_path / "red.mp4")[0].pixels[24, 32])
    assert red > 240
    assert max(green, blue) < 15


@pytest.mark.parametrize("degrees", [90, 180, 270])
def test_rotation_flags_are_honoured(tmp_path: Path, degrees: int) -> None:
    upright, turned, shown = (tmp_path / name for name in ("upright.mp4", "turned.mp4", "shown.rgb"))
    corner = "drawbox=x=0:y=0:w=80:h=60:color=blue:t=fill"
    ffmpeg("-f", "lavfi", "-i", "color=red:size=160x120:rate=5:duration=0.4", "-vf", corner, str(upright))
    remux(upright, turned, "-metadata:s:v:0", f"rotate={degrees}")
    ffmpeg("-i", str(turned), "-frames:v", "1", "-pix_fmt", "rgb24", "-f", "rawvideo", str(shown))
    film = source(turned)
    info = film.open()
    frame = film.read()
    film.close()
    assert frame is not None
    assert frame.pixels.shape == (info.height_px, info.width_px, 3)
    assert (info.width_px > info.height_px) == (degrees == 180)
    expected = np.frombuffer(shown.read_bytes(), np.uint8).reshape(frame.pixels.shape)
    assert np.abs(frame.pixels.astype(int) - expected).mean() < 3


def test_odd_sizes(tmp_path: Path) -> None:
    extra = ("-vf", "format=yuv444p,scale=161:121", "-c:v", "libx264", "-pix_fmt", "yuv444p")
    got = frames(pattern(tmp_path / "odd.mp4", seconds=0.2, extra=extra))
    assert {f.pixels.shape for f in got} == {(121, 161, 3)}


def test_stream_without_times_runs_at_its_rate(tmp_path: Path) -> None:
    got = frames(pattern(tmp_path / "raw.h264", fps=25, seconds=0.4))
    assert [f.media_t_s for f in got] == pytest.approx([k / 25 for k in range(10)])


def test_paced_frames_come_at_their_time(vfr: Path) -> None:
    clock = FakeClock(now_s=500.0)
    film = source(vfr, paced=True, clock=clock)
    film.open()
    clock.advance(3.0)  # models are loading: the film has not begun
    begin_s = clock.now_s()
    for frame in iter(film.read, None):
        assert frame.t_s == pytest.approx(begin_s + frame.media_t_s)
        assert clock.now_s() == pytest.approx(frame.t_s)
    film.close()


def test_late_frames_keep_their_own_time(plain: Path) -> None:
    clock = FakeClock(now_s=500.0)
    film = source(plain, paced=True, clock=clock)
    film.open()
    first = film.read()
    clock.advance(0.75)  # whoever takes the frames was busy
    rest = list(iter(film.read, None))
    film.close()
    assert first is not None
    assert [f.t_s for f in (first, *rest)] == pytest.approx([500 + k / 10 for k in range(10)])
    assert [f.seq for f in (first, *rest)] == list(range(10))


@pytest.mark.parametrize("paced", [False, True])
def test_loop_goes_on_in_time_and_count(plain: Path, paced: bool) -> None:
    clock = FakeClock(now_s=500.0)
    film = source(plain, paced=paced, loop=True, clock=clock)
    assert film.open().frame_count == 0
    got = [frame for _ in range(25) if (frame := film.read()) is not None]
    film.close()
    assert [f.seq for f in got] == list(range(25))
    begin_s = 500.0 if paced else 0.0
    assert [f.t_s for f in got] == pytest.approx([begin_s + k / 10 for k in range(25)])
    assert [f.media_t_s for f in got] == pytest.approx([k % 10 / 10 for k in range(25)])


def test_interrupt_ends_a_paced_wait_and_close_forgets_it(plain: Path) -> None:
    class InterruptingClock(FakeClock):
        def wait_until_s(self, t_s: float) -> None:
            film.interrupt()

    film = VideoSource(plain, clock=InterruptingClock(), paced=True)
    film.open()
    assert film.read() is not None
    assert film.read() is None
    assert film.read() is None
    film.close()
    film.open()
    assert film.read() is not None
    film.close()
    film.close()


def test_film_cut_off_in_the_middle_is_read_and_then_reported(tmp_path: Path) -> None:
    whole = pattern(tmp_path / "a.mp4", seconds=2, extra=("-movflags", "faststart")).read_bytes()
    cut = tmp_path / "cut.mp4"
    cut.write_bytes(whole[: len(whole) // 2])
    film = source(cut)
    film.open()
    got = [film.read() for _ in range(10)]
    with pytest.raises(SourceError, match=r"“cut.mp4” is damaged after \d\.\d s\. .* 50 % of it is missing"):
        list(iter(film.read, None))
    film.close()
    assert all(got)


def broken(folder: Path, name: str) -> Path:
    path = folder / name
    if name == "sound.m4a":
        ffmpeg("-f", "lavfi", "-i", "sine=duration=0.3", "-c:a", "aac", str(path))
    elif name == "unfinished.mp4":
        whole = pattern(folder / "whole.mp4").read_bytes()
        path.write_bytes(whole[: len(whole) // 2])
    elif name == "nothing.mkv":
        ffmpeg("-f", "lavfi", "-i", "testsrc2=size=64x48:duration=1", "-frames:v", "0", str(path))
    else:
        content = {
            "empty.mp4": b"",
            "noise.mp4": bytes(np.random.default_rng(1).bytes(5000)),
            "notes.txt": b"Hi\n" * 99,
        }
        if name in content:
            path.write_bytes(content[name])
    return path


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("missing.mp4", "There is no film"),
        ("empty.mp4", "is empty"),
        ("noise.mp4", "no picture that can be read"),
        ("notes.txt", "is a text"),
        ("sound.m4a", "no picture that can be read"),
        ("nothing.mkv", "no picture that can be read"),
        ("unfinished.mp4", "was not finished"),
    ],
)
def test_unusable_files_are_refused_in_words(tmp_path: Path, name: str, words: str) -> None:
    film = source(broken(tmp_path, name))
    with pytest.raises(SourceError, match=words) as caught:
        film.open()
    assert caught.value.advice
    film.close()


def test_pictures_that_cannot_be_decoded_are_told_with_their_codec(tmp_path: Path) -> None:
    """AV1, for which the FFmpeg inside OpenCV has no decoder: here in name only."""
    film, plain = tmp_path / "new.mp4", pattern(tmp_path / "plain.mp4", extra=("-c:v", "libx264"))
    film.write_bytes(plain.read_bytes().replace(b"avc1", b"av01").replace(b"avcC", b"free"))
    source_of_it = source(film)
    source_of_it.open()
    with pytest.raises(SourceError, match=r"“new.mp4” .* cannot be decoded here \(codec AV01\)") as caught:
        source_of_it.read()
    assert "H.264" in caught.value.advice
    source_of_it.close()


def test_folder_is_refused_in_words(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="cannot be read"):
        source(tmp_path).open()


def test_a_film_may_have_any_name(plain: Path, tmp_path: Path) -> None:
    film = tmp_path / "Prüfung 50 % %03d – 日本.mp4"
    film.write_bytes(plain.read_bytes())
    assert len(frames(film)) == 10
