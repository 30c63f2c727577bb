"""A recording is replayed in its own time, at another speed, from the middle, and stops when it is told to."""

from __future__ import annotations

import math
import threading
from collections.abc import Iterator

import pytest

from desktop_affect.core.errors import AffectError
from desktop_affect.core.types import NAN, Alert, AlertPhase, Event, Fault, Marker, RunStart, Sample, Seen
from desktop_affect.pipeline.replay import Replay, Tempo
from tests.fakes import INFO, CollectingSink, FakeClock, clock_pair

START = RunStart(clock_pair(), INFO, None, "0.1.0")


def rows(count: int = 5, begin_s: float = 0.0) -> Iterator[tuple[float, Sample | Event]]:
    for seq in range(count):
        t_s = begin_s + seq / 10
        yield t_s, Sample(seq, t_s, Seen.NO_FACE)


def played(recording: Iterator[tuple[float, Sample | Event]], speed: float = 1.0) -> CollectingSink:
    sink = CollectingSink()
    replay = Replay(recording, START, [sink], FakeClock(1000.0), speed)
    replay.start()
    assert replay.finished.wait(10)
    assert replay.stop()
    assert replay.stop()
    return sink


@pytest.mark.parametrize("speed", [0.25, 1.0, 16.0])
def test_rows_come_at_their_moments_times_the_speed(speed: float) -> None:
    sink = played(rows(begin_s=3.0), speed)
    assert sink.start == START
    assert [sample.seq for sample in sink.samples] == [0, 1, 2, 3, 4]
    assert [sample.t_s for sample in sink.samples] == pytest.approx([1000 + n / 10 / speed for n in range(5)])
    assert [sample.media_t_s for sample in sink.samples] == pytest.approx([3 + n / 10 for n in range(5)])
    assert sink.closed == 1


def test_events_are_stamped_like_the_rows() -> None:
    alert = Alert(1, AlertPhase.ENDED, "hesitancy", 0.1, 0.15, 0.2, 0.7, 0.5, ("lips",))
    ongoing = Alert(2, AlertPhase.BEGAN, "valence", 0.3, 0.3, NAN, 0.7, 0.5, ())
    recording: list[tuple[float, Sample | Event]] = [*rows(1), (0.1, Marker(0.1, "go")), (0.2, alert), (0.3, ongoing)]
    sink = played(iter(recording), speed=2.0)
    marker, ended, began = sink.events
    assert isinstance(marker, Marker)
    assert isinstance(ended, Alert)
    assert isinstance(began, Alert)
    assert marker.t_s == pytest.approx(1000.05)
    assert (ended.begin_s, ended.peak_s, ended.end_s) == pytest.approx((1000.05, 1000.075, 1000.1))
    assert began.begin_s == pytest.approx(1000.15)
    assert math.isnan(began.end_s)


def test_the_tempo_turns_pauses_and_goes_on_where_it_was() -> None:
    clock = FakeClock(50.0)
    tempo = Tempo(clock)
    assert math.isnan(tempo.position_s)
    assert tempo.on_clock(2.0) == 50.0
    clock.advance(1.0)
    tempo.set_speed(4.0)
    assert tempo.position_s == 3.0
    assert tempo.on_clock(7.0) == 52.0
    tempo.pause()
    tempo.pause()
    clock.advance(10.0)
    assert (tempo.position_s, tempo.on_clock(7.0), tempo.paused) == (3.0, None, True)
    tempo.set_speed(2.0)
    clock.advance(10.0)
    assert tempo.position_s == 3.0
    tempo.resume()
    assert tempo.on_clock(7.0) == 73.0
    tempo.resume()
    clock.advance(1.0)
    assert tempo.position_s == 5.0
    assert not tempo.paused


@pytest.mark.parametrize("speed", [0.0, -1.0, 0.2, 17.0, math.nan])
def test_a_speed_out_of_bounds_is_told(speed: float) -> None:
    with pytest.raises(AffectError, match="times its pace"):
        Tempo(FakeClock(), speed)


class StandingClock(FakeClock):
    """Waits for the test instead of jumping ahead."""

    def __init__(self) -> None:
        super().__init__()
        self.waiting = threading.Event()
        self.go = threading.Event()

    def wait_until_s(self, t_s: float) -> None:
        self.waiting.set()
        self.go.wait(10)
        super().wait_until_s(t_s)


def test_stopping_in_the_middle_joins_at_once() -> None:
    sink, clock = CollectingSink(), StandingClock()
    replay = Replay(rows(), START, [sink], clock)
    replay.start()
    assert clock.waiting.wait(10)
    replay.request_stop()
    clock.go.set()
    assert replay.stop()
    assert len(sink.samples) == 1


def test_a_paused_replay_sends_nothing_until_it_goes_on() -> None:
    sink, clock = CollectingSink(), StandingClock()
    replay = Replay(rows(2), START, [sink], clock)
    replay.tempo.pause()
    replay.start()
    assert clock.waiting.wait(10)
    assert sink.samples == []
    replay.tempo.resume()
    clock.go.set()
    assert replay.finished.wait(10)
    assert replay.stop()
    assert len(sink.samples) == 2


@pytest.mark.expected_log
def test_a_recording_that_breaks_off_is_a_fault() -> None:
    def broken() -> Iterator[tuple[float, Sample | Event]]:
        yield from rows(1)
        raise AffectError("The recording cannot be read any more.")

    sink = played(broken())
    (fault,) = sink.events
    assert isinstance(fault, Fault)
    assert "cannot be read" in fault.message
