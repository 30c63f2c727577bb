"""Camera source and engine together: what an unplugged camera leaves in the data."""

from __future__ import annotations

import itertools
import threading
from collections.abc import Iterator
from dataclasses import replace

import pytest

from desktop_affect.core.types import EngineState, Event, Fault, Frame, Sample, Severity
from desktop_affect.pipeline import capture
from desktop_affect.pipeline.analysis import AnalysisParts
from desktop_affect.pipeline.engine import Engine, EngineParts
from desktop_affect.sources.camera import PICTURE_WITHIN_S, CameraSource
from desktop_affect.sources.capture_device import Place
from tests.fakes import CollectingSink, PassThrough, ScriptedTracker, clock_pair, scripted_crop
from tests.sources.scripted_camera import CAMERA, NAME, WANTED, Rig

WAIT_S = 20.0


class WatchedSink(CollectingSink):
    """Tells when there is something new."""

    def __init__(self) -> None:
        super().__init__()
        self._news = threading.Condition()

    def on_sample(self, sample: Sample, frame: Frame | None) -> None:
        with self._news:
            super().on_sample(sample, frame)
            self._news.notify_all()

    def on_event(self, event: Event) -> None:
        with self._news:
            super().on_event(event)
            self._news.notify_all()

    def wait_samples(self, more: int) -> None:
        with self._news:
            goal = len(self.samples) + more
            assert self._news.wait_for(lambda: len(self.samples) >= goal, WAIT_S)

    def wait_faults(self, count: int) -> list[Fault]:
        with self._news:
            assert self._news.wait_for(lambda: len(self.events) >= count, WAIT_S)
            return [event for event in self.events if isinstance(event, Fault)]


@pytest.fixture
def rig() -> Iterator[Rig]:
    table = Rig()
    table.paced = True
    yield table
    table.grabbing.set()


def feed(rig: Rig, sink: WatchedSink, pictures: int) -> None:
    for _ in range(pictures):
        rig.taken.release()
        sink.wait_samples(1)


def wait_state(engine: Engine, state: EngineState) -> None:
    pause = threading.Event()
    for _ in range(int(WAIT_S / 0.001)):
        if engine.status().state is state:
            return
        pause.wait(0.001)
    pytest.fail(f"the engine is {engine.status().state}, not {state}")


@pytest.mark.expected_log  # the fault is logged, too
def test_unplugging_is_told_and_leaves_a_gap_and_nothing_else(rig: Rig, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(capture, "RETRY_S", 0.001)
    source = CameraSource(None, WANTED, clock=rig.clock, device_factory=rig.device, cameras=rig.cameras)
    sink, parts = WatchedSink(), AnalysisParts(ScriptedTracker(), scripted_crop, None, PassThrough())
    engine = Engine(EngineParts(source, parts, rig.clock, clock_pair, live=True), [sink])
    try:
        engine.start()
        feed(rig, sink, 5)
        rig.unplug()
        rig.clock.step_s = 0.25
        rig.taken.release(1000)
        (unplugged,) = sink.wait_faults(1)
        wait_state(engine, EngineState.LOST)
        rig.clock.step_s = 0.0
        rig.replug(replace(CAMERA, places=(Place("CAP_V4L2", 2),)))
        sink.wait_samples(5)
        wait_state(engine, EngineState.RUNNING)
    finally:
        assert engine.stop()
    assert unplugged.severity is Severity.WARNING
    assert unplugged.message == f"The camera “{NAME}” was unplugged; it is looked for."
    assert "is back" in sink.wait_faults(2)[1].message
    seqs, times_s = [s.seq for s in sink.samples], [s.t_s for s in sink.samples]
    assert seqs == sorted(set(seqs))
    gaps_s = [later - earlier for earlier, later in itertools.pairwise(times_s)]
    assert gaps_s[4] > PICTURE_WITHIN_S
    assert min(gaps_s) > 0
