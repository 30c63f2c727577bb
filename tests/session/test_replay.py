"""A replayed sample says what was recorded: recorded again, it gives the same table."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from desktop_affect.core.types import NAN, Affect, Alert, AlertPhase, Marker, Quality, Sample, Seen
from desktop_affect.session import replay
from desktop_affect.session.format import SAMPLE_NAMES
from desktop_affect.session.part import part
from desktop_affect.session.reader import read_session
from desktop_affect.session.replay import sample_at, samples
from tests.session.export.performed import performed
from tests.session.recorded import record
from tests.session.samples import bare_sample, full_sample, start


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    rows = [
        *(full_sample(seq, 100 + seq / 30, seed=seq) for seq in range(20)),
        bare_sample(20, 101.0, Seen.NO_FACE),
        bare_sample(22, 101.1),
        Sample(23, 101.2, Seen.FACE, raw=Affect(valence=0.5), quality=Quality(0.25, (), usable=False)),
    ]
    events = (
        Marker(100.3, "begin"),
        Alert(1, AlertPhase.BEGAN, "hesitancy", 100.2, 100.2, NAN, 0.6, 0.5, ("lips",)),
        Alert(1, AlertPhase.ENDED, "hesitancy", 100.2, 100.3, 100.5, 0.7, 0.5, ("lips", "gaze")),
        Alert(2, AlertPhase.BEGAN, "valence", 101.15, 101.15, NAN, 0.6, 0.5, ()),
    )
    return record(tmp_path / "s", rows, events)


def test_what_is_replayed_and_recorded_again_is_the_same(folder: Path, tmp_path: Path) -> None:
    first = read_session(folder)
    again = read_session(record(tmp_path / "again", replay.samples(first)))
    assert again.rows == first.rows == 23
    for name in SAMPLE_NAMES:
        np.testing.assert_array_equal(again[name], first[name], err_msg=name)


def test_a_model_that_said_nothing_stays_silent(folder: Path) -> None:
    *_, nobody, skipped, sparse = replay.samples(read_session(folder))
    assert (nobody.raw, nobody.affect, nobody.face, skipped.seen) == (None, None, None, Seen.SKIPPED)
    assert sparse.raw is not None
    assert sparse.raw.valence == 0.5
    assert dict(sparse.raw.action_units) == {}


def test_events_come_between_the_rows_at_their_moments(folder: Path) -> None:
    timed = list(replay.recording(read_session(folder)))
    moments = [moment for moment, _ in timed]
    assert moments == sorted(moments)
    events = [(round(moment, 6), item) for moment, item in timed if not isinstance(item, Sample)]
    assert [(moment, type(item).__name__) for moment, item in events] == [
        (0.2, "Alert"), (0.3, "Marker"), (0.5, "Alert"), (1.15, "Alert"),
    ]  # fmt: skip
    began, _, ended, _ = (item for _, item in events)
    assert isinstance(began, Alert)
    assert isinstance(ended, Alert)
    assert (began.phase, ended.phase) == (AlertPhase.BEGAN, AlertPhase.ENDED)
    assert np.isnan(began.end_s)


def test_it_can_begin_in_the_middle(folder: Path) -> None:
    session = read_session(folder)
    first = next(iter(replay.samples(session, begin_s=0.5)))
    assert first.seq == 15
    assert [item for _, item in replay.recording(session, begin_s=1.15) if isinstance(item, Alert)]
    assert list(replay.samples(session, begin_s=99)) == []


def test_an_empty_session_replays_nothing(tmp_path: Path) -> None:
    assert list(replay.recording(read_session(record(tmp_path / "s", [])))) == []


def test_sinks_are_told_what_they_were_told_then(folder: Path) -> None:
    told = replay.run_start(read_session(folder))
    assert told == start()


def test_one_row_is_the_sample_that_replay_gives(tmp_path: Path) -> None:
    session = performed(tmp_path / "s", 10.0)
    for number, sample in enumerate(samples(session)):
        assert repr(sample_at(session, number)) == repr(sample)
    with pytest.raises(IndexError):
        sample_at(session, session.rows)
    cut = part(session, 2.0, 3.0)
    assert sample_at(cut, 0).t_s == 2.0
    with pytest.raises(IndexError):
        sample_at(cut, cut.rows)
