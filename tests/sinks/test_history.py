"""The window's memory: gaps stay gaps, old rows go, long stretches are thinned without losing peaks."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop_affect.core.types import Affect, Marker, Quality, Sample, Seen
from desktop_affect.sinks.history import Channel, History, Stretch, thinned


def sample(t_s: float, valence: float = 0.0, seen: Seen = Seen.FACE) -> Sample:
    if seen is not Seen.FACE:
        return Sample(0, t_s, seen)
    return Sample(
        0, t_s, seen, raw=Affect(valence, 0.5), affect=Affect(valence, -0.5), quality=Quality(0.9),
        cues={"hesitancy": 0.3},
    )  # fmt: skip


def filled(count: int, fps: float = 30.0, kept_s: float = 1000.0) -> History:
    history = History(kept_s)
    for i in range(count):
        history.on_sample(sample(i / fps, valence=i), None)
    return history


def test_every_channel_comes_from_its_place() -> None:
    history = filled(1)
    values = history.stretch(-1, 1, 100).values[:, 0]
    assert values.tolist() == [0.0, -0.5, 0.0, 0.5, np.float32(0.3), np.float32(0.9), 0.0]


def test_a_frame_without_a_face_is_a_gap() -> None:
    history = History(10)
    history.on_sample(sample(0.0), None)
    history.on_sample(sample(0.1, seen=Seen.NO_FACE), None)
    assert np.isnan(history.stretch(0, 1, 100).values[: Channel.FACE, 1]).all()


def test_a_skipped_frame_is_no_gap() -> None:
    history = History(10)
    for t_s, seen in ((0.0, Seen.FACE), (0.03, Seen.SKIPPED), (0.06, Seen.FACE)):
        history.on_sample(sample(t_s, seen=seen), None)
    assert np.isfinite(history.stretch(0, 1, 100).values[Channel.VALENCE]).all()


def test_a_silence_is_a_gap() -> None:
    history = History(10)
    history.on_sample(sample(0.0), None)
    history.on_sample(sample(5.0), None)
    stretch = history.stretch(-1, 6, 100)
    assert len(stretch.t_s) == 3
    assert math.isnan(stretch.values[Channel.VALENCE, 1])


@pytest.mark.parametrize("fps", [8.0, 30.0, 100.0])
def test_what_is_kept_is_a_matter_of_time_not_of_rows(fps: float) -> None:
    stretch = filled(int(100 * fps), fps, kept_s=20.0).stretch(-1e9, 1e9, 100_000)
    assert stretch.t_s[-1] - stretch.t_s[0] == pytest.approx(20.0, abs=1.5 / fps)
    assert np.diff(stretch.values[Channel.VALENCE]).tolist() == [1.0] * (len(stretch.t_s) - 1)


def test_a_camera_beyond_all_measure_is_kept_for_a_shorter_time() -> None:
    history = filled(9000, fps=1000.0, kept_s=5.0)
    stretch = history.stretch(-1, 1e9, 100_000)
    assert len(stretch.t_s) == 600
    assert stretch.values[Channel.VALENCE, -1] == 8999.0


def test_memory_stands_still_once_the_time_is_full() -> None:
    history = History(60.0)
    sizes = []
    for i in range(60 * 30 * 8):
        history.on_sample(sample(i / 30), None)
        if i % (60 * 30) == 0:
            sizes.append(history.size_bytes)
    assert len(set(sizes[2:])) == 1
    assert sizes[-1] <= 4 * 60 * 30 * (8 + 4 * len(Channel))


def test_a_stretch_reaches_one_row_over_its_edges() -> None:
    stretch = filled(300).stretch(2.0, 3.0, 1000)
    assert stretch.t_s[0] < 2.0
    assert stretch.t_s[-1] > 3.0
    assert len(stretch.t_s) in (32, 33)


def test_readers_own_what_they_get() -> None:
    history = filled(10)
    history.stretch(0, 1, 100).values[:] = 7
    assert history.stretch(0, 1, 100).values[Channel.VALENCE, 3] == 3


def test_thinning_keeps_peaks_and_stays_on_its_grid() -> None:
    t_s = np.arange(0, 60, 1 / 30)
    values = np.zeros((7, len(t_s)), dtype=np.float32)
    values[:, 777] = 1.0
    values[:, 1234] = -1.0
    thin = thinned(Stretch(t_s, values), 1.0)
    assert len(thin.t_s) == 120
    assert thin.values.max() == 1.0
    assert thin.values.min() == -1.0
    later = thinned(Stretch(t_s[100:], values[:, 100:]), 1.0)
    assert set(later.t_s) <= set(thin.t_s)


def test_thinning_leaves_a_gap_where_nothing_was_seen() -> None:
    t_s = np.arange(0, 10, 0.1)
    values = np.ones((7, 100), dtype=np.float32)
    values[:, 40:60] = np.nan
    thin = thinned(Stretch(t_s, values), 1.0)
    assert np.isnan(thin.values[0, (thin.t_s > 4) & (thin.t_s < 5.9)]).all()
    assert np.isfinite(thin.values[0, thin.t_s < 4]).all()


def test_events_are_handed_out_once_each() -> None:
    history = History(10)
    history.on_event(Marker(1.0, "one"))
    ((number, event),) = history.events_after(0)
    history.on_event(Marker(2.0, "two"))
    assert isinstance(event, Marker)
    assert [entry[1] for entry in history.events_after(number)] == [Marker(2.0, "two")]


@given(st.lists(st.floats(0.001, 2.0), min_size=1, max_size=60), st.integers(2, 50))
def test_times_are_in_order_and_few(steps: list[float], points: int) -> None:
    history = History(32)
    for t_s in np.cumsum(steps):
        history.on_sample(sample(float(t_s)), None)
    stretch = history.stretch(0.0, float(sum(steps)), points)
    assert (np.diff(stretch.t_s) >= 0).all()
    assert len(stretch.t_s) <= max(points + 4, 6)
