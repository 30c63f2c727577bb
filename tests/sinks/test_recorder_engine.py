"""A real recorder in a real engine: a row for every frame, every event, and a fault of its own in its own log."""

from __future__ import annotations

from pathlib import Path

import pytest

from desktop_affect.core.errors import SourceLostError
from desktop_affect.core.types import Marker
from desktop_affect.pipeline.analysis import AnalysisParts
from desktop_affect.pipeline.engine import Engine, EngineParts
from desktop_affect.session.plan import SessionPlan
from desktop_affect.session.reader import read_session
from desktop_affect.sinks.recorder import Recorder
from tests.fakes import (
    FakeClock,
    PassThrough,
    ScriptedModel,
    ScriptedSource,
    ScriptedTracker,
    clock_pair,
    scripted_crop,
)
from tests.sinks.disks import TroubledDisk


@pytest.mark.expected_log
def test_a_run_is_recorded_with_what_happened_in_it(tmp_path: Path) -> None:
    clock, disk = FakeClock(), TroubledDisk()
    disk.free = 4 * 10**9
    analysis = AnalysisParts(
        ScriptedTracker(sees=lambda frame: frame.seq % 2 == 0), scripted_crop, ScriptedModel(), PassThrough()
    )
    parts = EngineParts(ScriptedSource([40], clock), analysis, clock, clock_pair, live=False, app_version="0.1.0")
    engine = Engine(parts)
    recorder = Recorder(SessionPlan(tmp_path), clock=clock, report=engine.publish, ops=disk, read_clocks=clock_pair)
    engine.add_sink(recorder)
    engine.publish(Marker(100.0, "before the first frame"))
    engine.start()
    assert engine.finished.wait(10)
    assert recorder.wait_open(10)
    engine.stop()
    assert recorder.folder is not None
    session = read_session(recorder.folder)
    assert list(session["seq"]) == list(range(40))
    assert list(session["face"]) == [1, 0] * 20
    assert (session["valence_raw"][::2] == 0.5).all()
    assert session.header["model"]["name"] == "scripted"
    assert [marker.text for marker in session.markers] == ["before the first frame"]
    assert [event["where"] for event in session.events] == ["recorder"]
    assert "4.0 GB" in session.events[0]["message"]


@pytest.mark.expected_log
def test_a_camera_that_comes_back_leaves_its_gap_in_the_times(tmp_path: Path) -> None:
    clock = FakeClock()
    source = ScriptedSource([10, SourceLostError("The camera is gone."), lambda: clock.advance(5.0), 10], clock)
    analysis = AnalysisParts(ScriptedTracker(), scripted_crop, ScriptedModel(), PassThrough())
    engine = Engine(EngineParts(source, analysis, clock, clock_pair, live=False))
    recorder = Recorder(
        SessionPlan(tmp_path), clock=clock, report=engine.publish, ops=TroubledDisk(), read_clocks=clock_pair
    )
    engine.add_sink(recorder)
    engine.start()
    assert engine.finished.wait(20)
    engine.stop()
    assert recorder.folder is not None
    session = read_session(recorder.folder)
    steps = session["t_s"][1:] - session["t_s"][:-1]
    assert session.rows == 20
    assert (steps > 1).sum() == 1
    assert session.events[0]["message"] == "The camera is gone."
