"""Any moment of a film is the frame that reading it through shows there, whatever the container and the rate."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from desktop_affect.core.errors import SourceError
from desktop_affect.sources.film import Film
from desktop_affect.sources.film_at import FilmAt
from tests.sources.films import NEEDS_FFMPEG, changing_rate, pattern, remux


def shown(film: Path) -> list[tuple[float, np.ndarray]]:  # type: ignore[type-arg]
    opened, found = Film(film), []
    while (frame := opened.next()) is not None:
        found.append((frame.time_s, frame.pixels[::4, ::4].astype(np.int16)))
    opened.close()
    return found


@NEEDS_FFMPEG
@pytest.mark.parametrize("name", ["vfr.mp4", "vfr.mkv", "vfr.ts"])
def test_a_moment_of_a_film_of_changing_rate(tmp_path: Path, name: str) -> None:
    source = changing_rate(tmp_path / "vfr.mp4")
    film = source if name == source.name else remux(source, tmp_path / name)
    expected = shown(film)
    order = np.random.default_rng(7).permutation(len(expected))[:24]
    at = FilmAt(film)
    for number in order:
        time_s, small = expected[number]
        pixels = at.at(time_s)
        assert pixels is not None
        assert np.abs(pixels[::4, ::4] - small).mean() < 1.0, f"frame {number} at {time_s}"
        assert not pixels.flags.writeable
    at.close()


@NEEDS_FFMPEG
def test_forwards_it_reads_on_and_behind_the_end_there_is_nothing(tmp_path: Path) -> None:
    film = pattern(tmp_path / "plain.mp4", fps=10)
    expected = shown(film)
    at = FilmAt(film)
    for time_s, small in expected:
        pixels = at.at(time_s)
        assert pixels is not None
        assert at.at(time_s) is pixels
        assert np.array_equal(pixels[::4, ::4], small)
    assert at.at(expected[-1][0] + 5.0) is None
    assert at.at(0.0) is not None
    at.close()


def test_what_is_no_film_is_told(tmp_path: Path) -> None:
    (tmp_path / "film.mp4").write_text("no film")
    with pytest.raises(SourceError, match="is a text"):
        FilmAt(tmp_path / "film.mp4")
