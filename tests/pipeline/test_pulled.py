"""A film that the analysis reads by itself: the same rows, the same faults, no second thread."""

from __future__ import annotations

import threading

import pytest

from desktop_affect.core.errors import SourceError
from desktop_affect.core.slot import MOST_FRAMES
from desktop_affect.core.types import EngineState, Fault, Frame, SourceInfo
from desktop_affect.pipeline.analysis import AnalysisParts
from desktop_affect.pipeline.engine import Engine, EngineParts
from tests.fakes import (
    CollectingSink,
    FakeClock,
    PassThrough,
    ScriptedSource,
    ScriptedTracker,
    clock_pair,
    scripted_crop,
)

WAIT_S = 10.0


class Watched(ScriptedSource):
    """Remembers who used it."""

    def __init__(self, steps: list[int | Exception]) -> None:
        super().__init__(steps)
        self.users: set[str] = set()

    def open(self) -> SourceInfo:
        self.users.add(threading.current_thread().name)
        return super().open()

    def read(self) -> Frame | None:
        self.users.add(threading.current_thread().name)
        return super().read()

    def close(self) -> None:
        self.users.add(threading.current_thread().name)
        super().close()


def engine_of(source: ScriptedSource, sink: CollectingSink, tracker: ScriptedTracker | None = None) -> Engine:
    parts = AnalysisParts(tracker or ScriptedTracker(), scripted_crop, None, PassThrough())
    return Engine(EngineParts(source, parts, FakeClock(), clock_pair, live=False, overlap=False), (sink,))


def run(engine: Engine) -> None:
    engine.start()
    assert engine.finished.wait(WAIT_S)
    assert engine.stop()


def test_every_frame_has_its_row_and_one_thread_does_it_all() -> None:
    source, sink = Watched([200]), CollectingSink()
    engine = engine_of(source, sink)
    run(engine)
    assert [sample.seq for sample in sink.samples] == list(range(200))
    status = engine.status()
    assert (status.state, status.captured, status.analysed, status.skipped) == (EngineState.STOPPED, 200, 200, 0)
    assert status.source is not None
    assert source.users == {"desktop-affect-analysis"}
    assert (source.closed, sink.closed) == (1, 1)


@pytest.mark.expected_log
@pytest.mark.parametrize("error", [SourceError("The film is damaged."), RuntimeError("defect")])
@pytest.mark.parametrize("frames", [0, 3, MOST_FRAMES, MOST_FRAMES + 1])
def test_a_film_that_breaks_off_keeps_its_rows_and_tells_why(error: Exception, frames: int) -> None:
    source, sink = Watched([frames, error] if frames else [error]), CollectingSink()
    engine = engine_of(source, sink)
    run(engine)
    status = engine.status()
    assert len(sink.samples) == frames
    assert status.state is EngineState.FAILED
    assert status.fault is not None
    assert status.fault.where == "capture"
    assert str(error) in status.fault.message + status.fault.detail
    assert source.closed == 1


def test_stopping_in_the_middle_ends_with_the_frames_that_were_read() -> None:
    reached, go_on = threading.Event(), threading.Event()

    def before(frame: Frame) -> None:
        if frame.seq == 5:
            reached.set()
            assert go_on.wait(WAIT_S)

    source, sink = Watched([100_000]), CollectingSink()
    engine = engine_of(source, sink, ScriptedTracker(before=before))
    engine.start()
    assert reached.wait(WAIT_S)
    stopping = threading.Thread(target=engine.stop)
    stopping.start()
    assert source.interrupted.wait(WAIT_S)
    go_on.set()
    stopping.join(WAIT_S)
    assert [sample.seq for sample in sink.samples] == list(range(MOST_FRAMES))
    assert engine.status().captured == MOST_FRAMES
    assert source.closed == 1
    assert not [event for event in sink.events if isinstance(event, Fault)]
