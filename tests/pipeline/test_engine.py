"""The engine's promises: a row for every captured frame, every thread joined, every failure a Fault."""

from __future__ import annotations

import threading
from collections.abc import Iterator

import pytest

from desktop_affect.core.errors import AffectError, SourceError, SourceLostError, TrackerError
from desktop_affect.core.slot import MOST_FRAMES
from desktop_affect.core.types import (
    Alert,
    AlertPhase,
    CropSpec,
    EngineState,
    Event,
    Face,
    FaceCrop,
    Fault,
    Frame,
    Marker,
    RunStart,
    Sample,
    Seen,
    Severity,
)
from desktop_affect.pipeline import capture
from desktop_affect.pipeline.analysis import AnalysisParts
from desktop_affect.pipeline.engine import Engine, EngineParts
from desktop_affect.pipeline.fanout import FanOut
from tests.fakes import (
    INFO,
    CollectingSink,
    FakeClock,
    PassThrough,
    ScriptedModel,
    ScriptedSource,
    ScriptedTracker,
    clock_pair,
    scripted_crop,
)

WAIT_S = 10.0


@pytest.fixture(autouse=True)
def quick_retries(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(capture, "RETRY_S", 0.001)


class Rig:
    """An engine of scripted parts with one collecting sink, stopped at the end whatever happens."""

    def __init__(self) -> None:
        self.engines: list[Engine] = []

    def build(
        self,
        source: ScriptedSource,
        tracker: ScriptedTracker | None = None,
        model: ScriptedModel | None = None,
        live: bool = False,
        sinks: tuple[CollectingSink, ...] = (),
        signals: PassThrough | None = None,
        overlap: bool = True,
    ) -> Engine:
        parts = AnalysisParts(tracker or ScriptedTracker(), scripted_crop, model, signals or PassThrough())
        engine = Engine(EngineParts(source, parts, FakeClock(), clock_pair, live, overlap), sinks)
        self.engines.append(engine)
        return engine

    def run(self, engine: Engine) -> None:
        engine.start()
        assert engine.finished.wait(WAIT_S)
        assert engine.stop()


@pytest.fixture
def rig() -> Iterator[Rig]:
    made = Rig()
    yield made
    for engine in made.engines:
        engine.stop()


def faults(sink: CollectingSink) -> list[Fault]:
    return [e for e in sink.events if isinstance(e, Fault)]


def test_a_film_gives_a_sample_for_every_frame_in_order(rig: Rig) -> None:
    sink, tracker, model = CollectingSink(), ScriptedTracker(lambda f: f.seq % 3 > 0), ScriptedModel()
    engine = rig.build(ScriptedSource([200]), tracker, model, sinks=(sink,))
    rig.run(engine)
    assert [s.seq for s in sink.samples] == list(range(200))
    assert [s.seen for s in sink.samples[:3]] == [Seen.NO_FACE, Seen.FACE, Seen.FACE]
    assert sink.samples[0].affect is None
    assert sink.samples[1].affect is not None
    status = engine.status()
    assert (status.state, status.captured, status.analysed, status.skipped) == (EngineState.STOPPED, 200, 200, 0)
    assert (sink.closed, model.closed, tracker.closed) == (1, 1, 1)


def test_tracker_lives_on_the_analysis_thread_alone(rig: Rig) -> None:
    tracker = ScriptedTracker()
    rig.run(rig.build(ScriptedSource([3]), tracker))
    assert tracker.threads == {"desktop-affect-analysis"}


def test_live_skips_have_a_row_each_and_are_counted(rig: Rig) -> None:
    all_read = threading.Event()
    sink = CollectingSink()
    tracker = ScriptedTracker(before=lambda _: _wait(all_read))
    engine = rig.build(ScriptedSource([40, all_read.set]), tracker, live=True, sinks=(sink,))
    rig.run(engine)
    assert [s.seq for s in sink.samples] == list(range(40))
    skipped = sum(s.seen is Seen.SKIPPED for s in sink.samples)
    status = engine.status()
    assert skipped == status.skipped > 0
    assert status.analysed + status.skipped == status.captured == 40


def test_skipped_frames_keep_their_picture_for_a_film(rig: Rig) -> None:
    all_read = threading.Event()
    sink = PictureSink()
    tracker = ScriptedTracker(before=lambda _: _wait(all_read))
    engine = rig.build(ScriptedSource([40, all_read.set]), tracker, live=True, sinks=(sink,))
    engine.keep_skipped_pictures(10**9)
    rig.run(engine)
    assert any(sample.seen is Seen.SKIPPED for sample in sink.samples)
    assert sink.pictures == list(range(40))
    assert engine.status().analysed < 40, "a picture alone does not make a frame analysed"


class PictureSink(CollectingSink):
    """Which frames came with their picture."""

    def __init__(self) -> None:
        super().__init__()
        self.pictures: list[int] = []

    def on_sample(self, sample: Sample, frame: Frame | None) -> None:
        super().on_sample(sample, frame)
        if frame is not None:
            assert frame.seq == sample.seq
            self.pictures.append(frame.seq)


def test_stopping_leaves_no_captured_frame_without_a_row(rig: Rig) -> None:
    all_read, interrupted = threading.Event(), threading.Event()
    sink = CollectingSink()
    source = ScriptedSource([25, all_read.set, lambda: _wait(interrupted)])
    source.interrupted = interrupted
    engine = rig.build(source, ScriptedTracker(before=lambda _: _wait(interrupted)), live=True, sinks=(sink,))
    engine.start()
    _wait(all_read)
    assert engine.stop()
    assert [s.seq for s in sink.samples] == list(range(25))
    assert engine.status().captured == 25


@pytest.mark.expected_log
def test_a_lost_camera_is_reported_found_again_and_the_numbers_go_on(rig: Rig) -> None:
    sink = CollectingSink()
    lost = SourceLostError("The camera was unplugged.", advice="Plug it in again.")
    source = ScriptedSource([5, lost, SourceError("not there"), SourceError("not there"), 4])
    rig.run(rig.build(source, sinks=(sink,)))
    assert [s.seq for s in sink.samples] == list(range(9))
    assert [(f.where, f.severity) for f in faults(sink)] == [("source", Severity.WARNING), ("source", Severity.NOTICE)]
    assert "unplugged" in faults(sink)[0].message
    assert source.opened == 4


@pytest.mark.expected_log
@pytest.mark.parametrize("where", ["open", "read", "track"])
@pytest.mark.parametrize("kind", ["known", "unknown"])
def test_an_exception_in_any_stage_ends_in_a_fault_with_every_thread_joined(rig: Rig, where: str, kind: str) -> None:
    error: Exception = RuntimeError("defect")
    if kind == "known":
        error = TrackerError("The tracker broke.") if where == "track" else SourceError("The camera is busy.")
    scripts: dict[str, list[int | Exception]] = {"open": [error], "read": [3, error], "track": [9]}

    def before(frame: Frame) -> None:
        if where == "track" and frame.seq == 4:
            raise error

    engine = rig.build(ScriptedSource(scripts[where]), ScriptedTracker(before=before))
    rig.run(engine)
    status = engine.status()
    assert status.state is EngineState.FAILED
    assert status.fault is not None
    assert status.fault.severity is Severity.ERROR
    assert ("defect" in status.fault.detail) == (kind == "unknown")


def test_what_is_published_while_sinks_are_opening_reaches_them_in_order() -> None:
    class Slow(CollectingSink):
        """Somebody presses a marker while its file is being made."""

        def open(self, start: RunStart) -> None:
            fanout.on_event(Marker(1.0, "while opening"))
            super().open(start)

    sink = Slow()
    fanout = FanOut((sink,), FakeClock())
    fanout.on_event(Marker(0.0, "before"))
    fanout.open(RunStart(clock_pair(), INFO, None, "", {}))
    fanout.on_event(Marker(2.0, "after"))
    assert [event.text for event in sink.events if isinstance(event, Marker)] == ["before", "while opening", "after"]


@pytest.mark.expected_log
def test_a_model_that_cannot_be_opened_leaves_the_faces(rig: Rig) -> None:
    sink = CollectingSink()
    engine = rig.build(ScriptedSource([5]), model=ScriptedModel(broken=True), sinks=(sink,))
    rig.run(engine)
    assert engine.status().state is EngineState.STOPPED
    assert [s.seen for s in sink.samples] == [Seen.FACE] * 5
    assert all(s.affect is None for s in sink.samples)
    assert faults(sink)[0].where == "model"
    assert sink.start is not None
    assert sink.start.model is None


@pytest.mark.expected_log
@pytest.mark.parametrize("part", ["tracker", "cropper", "sinks"])
def test_where_a_part_breaks_in_a_handful_the_frames_before_it_have_their_rows(part: str) -> None:
    class Breaking(PassThrough):
        def judge(self, sample: Sample) -> tuple[Sample, tuple[Alert, ...]]:
            if part == "sinks" and sample.seq == 5:
                raise RuntimeError("defect")
            return super().judge(sample)

    def track(frame: Frame) -> None:
        if frame.seq == 9 or (part == "tracker" and frame.seq == 5):
            raise RuntimeError("defect" if part == "tracker" else "a later frame, which nobody gets to")

    def crop(frame: Frame, face: Face, spec: CropSpec) -> FaceCrop:
        if part == "cropper" and frame.seq == 5:
            raise RuntimeError("defect")
        return scripted_crop(frame, face, spec)

    sink = CollectingSink()
    parts = AnalysisParts(ScriptedTracker(before=track), crop, ScriptedModel(), Breaking())
    engine = Engine(EngineParts(ScriptedSource([40]), parts, FakeClock(), clock_pair, False, False), (sink,))
    engine.start()
    assert engine.finished.wait(WAIT_S)
    engine.stop()
    assert [s.seq for s in sink.samples] == [0, 1, 2, 3, 4]
    assert all(s.affect is not None for s in sink.samples)
    assert [f.detail for f in faults(sink)] == ["RuntimeError: defect"]


@pytest.mark.expected_log
def test_a_fault_of_the_model_is_told_between_the_rows_where_it_happened(rig: Rig) -> None:
    told_after: list[int] = []

    class Watching(CollectingSink):
        def on_event(self, event: Event) -> None:
            told_after.append(len(self.samples))
            super().on_event(event)

    model = ScriptedModel(dies_at=6)
    rig.run(rig.build(ScriptedSource([10]), model=model, sinks=(Watching(),), overlap=False))
    assert told_after == [5]


@pytest.mark.expected_log
def test_a_model_that_dies_on_the_way_costs_no_row(rig: Rig) -> None:
    sink, model = CollectingSink(), ScriptedModel(dies_at=6)
    rig.run(rig.build(ScriptedSource([10]), model=model, sinks=(sink,)))
    assert [s.affect is not None for s in sink.samples] == [True] * 5 + [False] * 5
    assert [f.severity for f in faults(sink)] == [Severity.ERROR]
    assert model.closed == 1


@pytest.mark.expected_log
def test_notices_of_the_model_reach_the_person(rig: Rig) -> None:
    sink = CollectingSink()
    notice = AffectError("The graphics processor stopped answering; the CPU took over.")
    rig.run(rig.build(ScriptedSource([2]), model=ScriptedModel(notices=[notice]), sinks=(sink,)))
    assert [f.message for f in faults(sink)] == [notice.message]


@pytest.mark.expected_log
@pytest.mark.parametrize("method", ["open", "on_sample", "on_event", "close"])
def test_a_broken_sink_is_left_out_and_the_others_go_on(rig: Rig, method: str) -> None:
    broken, sound = CollectingSink("broken", fails_on=method), CollectingSink("sound")
    engine = rig.build(ScriptedSource([6]), sinks=(broken, sound))
    engine.start()
    assert engine.finished.wait(WAIT_S)
    engine.publish(Marker(1.0, "stimulus"))
    assert engine.stop()
    assert len(sound.samples) == 6
    reported = engine.status().fault
    assert reported is not None
    assert reported.where == "broken"


def test_a_sink_can_join_and_leave_a_running_engine(rig: Rig) -> None:
    joined, go_on, seen = CollectingSink("late"), threading.Event(), threading.Event()

    def gate(frame: Frame) -> None:
        if frame.seq == 5:
            seen.set()
            _wait(go_on)

    engine = rig.build(ScriptedSource([MOST_FRAMES + 4]), ScriptedTracker(before=gate), overlap=False)
    engine.start()
    _wait(seen)
    engine.add_sink(joined)
    go_on.set()
    assert engine.finished.wait(WAIT_S)
    engine.remove_sink(joined)
    assert engine.stop()
    assert [s.seq - MOST_FRAMES for s in joined.samples] == [0, 1, 2, 3], "from the next handful on"
    assert joined.closed == 0


def test_markers_and_early_faults_reach_the_sinks(rig: Rig) -> None:
    sink = CollectingSink()
    engine = rig.build(ScriptedSource([1]), sinks=(sink,))
    engine.publish(Marker(0.5, "before the first frame"))
    rig.run(engine)
    assert [e.text for e in sink.events if isinstance(e, Marker)] == ["before the first frame"]


@pytest.mark.expected_log
def test_stop_while_the_source_is_stuck_in_open_answers_within_the_deadline(rig: Rig) -> None:
    inside, release = threading.Event(), threading.Event()

    def stuck() -> None:
        inside.set()
        _wait(release)

    engine = rig.build(ScriptedSource([stuck]))
    engine.start()
    _wait(inside)
    assert engine.status().waiting_for
    assert engine.stop(deadline_s=0.05) is False
    status = engine.status()
    assert status.state is EngineState.STOPPED
    assert status.fault is not None
    assert "did not let go" in status.fault.message
    release.set()


def test_signals_know_the_model_and_end_their_alerts_with_the_run(rig: Rig) -> None:
    ended = Alert(1, AlertPhase.ENDED, "hesitancy", 1.0, 1.5, 2.0, 0.8, 0.5, ("lips pressed",))
    signals, sink = PassThrough(last=(ended,)), CollectingSink()
    rig.run(rig.build(ScriptedSource([3]), model=ScriptedModel(), sinks=(sink,), signals=signals))
    assert [m.name for m in signals.models if m is not None] == ["scripted"]
    assert sink.events == [ended]


def test_commands_run_on_the_analysis_thread(rig: Rig) -> None:
    where: list[str] = []
    engine = rig.build(ScriptedSource([3]))
    engine.call(lambda: where.append(threading.current_thread().name))
    rig.run(engine)
    assert where == ["desktop-affect-analysis"]


def test_samples_carry_times_that_make_sense(rig: Rig) -> None:
    sink = CollectingSink()
    rig.run(rig.build(ScriptedSource([4]), model=ScriptedModel(), live=True, sinks=(sink,)))
    looked_at: list[Sample] = [s for s in sink.samples if s.seen is not Seen.SKIPPED]
    assert all(s.tracking_ms >= 0 and s.inference_ms >= 0 for s in looked_at)
    assert [s.t_s for s in sink.samples] == sorted(s.t_s for s in sink.samples)


def _wait(event: threading.Event) -> None:
    assert event.wait(WAIT_S)
