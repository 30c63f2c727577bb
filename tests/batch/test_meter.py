"""How far a batch is."""

from __future__ import annotations

import math
from pathlib import Path

import pytest

from desktop_affect.batch.jobs import Job, JobKind, Outcome, Progress, State
from desktop_affect.batch.meter import Meter
from tests.fakes import FakeClock


def job(folder: str, size: int) -> Job:
    return Job(JobKind.FILM, Path(f"/films/{folder}.mp4"), size_bytes=size, folder=folder)


def test_the_share_goes_by_bytes_and_time_left_follows() -> None:
    clock = FakeClock()
    meter = Meter([job("a", 100), job("b", 300)], clock)
    assert math.isnan(meter.left_s)
    clock.advance(10.0)
    meter.hear(Progress("a", 50, 0.5))
    meter.hear(Progress("b", 30, math.nan))
    assert (meter.frames, meter.share) == (80, 0.125)
    assert meter.left_s == pytest.approx(70.0)
    assert meter.frames_per_s == pytest.approx(8.0)
    meter.hear(Outcome("/films/a.mp4", "film", "a", State.DONE, figures={"frames": 100, "duration_s": 20.0}))
    assert (meter.done, meter.total, meter.frames, meter.share) == (1, 2, 130, 0.25)
    assert meter.real_time == pytest.approx(2.0)
    meter.add([job("c", 400)])
    assert (meter.total, meter.share) == (3, 0.125)
    assert [progress.folder for progress in meter.going] == ["b"]
