"""Films as they come: variable rate, turned, 4K, one frame, none, cut off, sound alone, wrong names; in one go."""

from __future__ import annotations

import threading
from pathlib import Path

import numpy as np
import pytest

from desktop_affect.batch.analyst import Analyst
from desktop_affect.batch.jobs import Outcome, State
from desktop_affect.session.reader import read_session
from tests.batch.films import ignore, jobs_of, recipe
from tests.sources.films import NEEDS_FFMPEG, changing_rate, ffmpeg, pattern, remux, true_times_s

pytestmark = [NEEDS_FFMPEG, pytest.mark.timeout(600)]


@pytest.fixture(scope="module")
def analysed(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path, dict[str, Outcome]]:
    """The films, the output, and what came of each; a broken one must not keep the next from being done."""
    root, out = tmp_path_factory.mktemp("odd"), tmp_path_factory.mktemp("results")
    changing_rate(root / "vfr.mp4")
    upright = pattern(root / "upright.mp4", seconds=0.2)
    remux(upright, root / "turned.mp4", "-metadata:s:v", "rotate=90")
    pattern(root / "4k.mkv", size="3840x2160", seconds=0.1)
    pattern(root / "odd size.avi", size="162x122", seconds=0.2, extra=("-c:v", "mjpeg", "-pix_fmt", "yuvj420p"))
    pattern(root / "one.webm", seconds=0.03, extra=("-c:v", "libvpx"))
    ffmpeg("-f", "lavfi", "-i", "testsrc2=size=64x48:duration=1", "-frames:v", "0", str(root / "zero.mkv"))
    ffmpeg("-f", "lavfi", "-i", "sine=duration=0.3", "-c:a", "aac", str(root / "sound.mp4"))
    whole = pattern(root / "whole.mp4", seconds=2, extra=("-movflags", "faststart")).read_bytes()
    (root / "cut.mp4").write_bytes(whole[: len(whole) // 2])
    (root / "a film.txt").write_bytes(upright.read_bytes())
    (root / ("ñandú 日本 " + "x" * 200 + ".mp4")).write_bytes(upright.read_bytes())
    analyst = Analyst(recipe(), out, threading.Event())
    done = {job.name: analyst.do(job, ignore) for job in jobs_of(out, root)}
    analyst.close()
    return root, out, done


@pytest.mark.expected_log
def test_each_has_the_outcome_it_should_have(analysed: tuple[Path, Path, dict[str, Outcome]]) -> None:
    root, out, done = analysed
    states = {name[:9]: (outcome.state, outcome.frames) for name, outcome in done.items()}
    cut = states.pop("cut.mp4")
    assert states == {
        "vfr.mp4": (State.DONE, len(true_times_s(root / "vfr.mp4"))),
        "upright.m": (State.DONE, 6),
        "turned.mp": (State.DONE, 6),
        "4k.mkv": (State.DONE, 3),
        "odd size.": (State.DONE, 6),
        "one.webm": (State.DONE, 1),
        "zero.mkv": (State.FAILED, 0),
        "sound.mp4": (State.FAILED, 0),
        "whole.mp4": (State.DONE, 60),
        "a film.tx": (State.DONE, 6),
        "ñandú 日本 ": (State.DONE, 6),
    }
    assert cut[0] is State.PARTIAL
    assert 10 < cut[1] < 60
    assert all(outcome.trouble is not None and outcome.trouble.advice for outcome in done.values() if outcome.problem)
    assert not list((out / ".unfinished").iterdir())


def test_variable_rates_keep_their_true_times(analysed: tuple[Path, Path, dict[str, Outcome]]) -> None:
    root, out, done = analysed
    rows = read_session(out / done["vfr.mp4"].folder)
    np.testing.assert_allclose(rows["media_t_s"], true_times_s(root / "vfr.mp4"), atol=2e-6)
    np.testing.assert_allclose(rows["t_s"], rows["media_t_s"], atol=1e-6)


def test_a_turned_film_is_upright(analysed: tuple[Path, Path, dict[str, Outcome]]) -> None:
    _, _, done = analysed
    sizes = {
        name: (done[name].figures["width_px"], done[name].figures["height_px"]) for name in done if done[name].figures
    }
    assert sizes["upright.mp4"] == (160, 120)
    assert sizes["turned.mp4"] == (120, 160)
    assert sizes["4k.mkv"] == (3840, 2160)
