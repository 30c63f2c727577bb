"""A recorded session made ready for looking at: its curves at any span, its rows by time."""

from __future__ import annotations

import math
from pathlib import Path

import numpy as np
import pytest

from desktop_affect.core.types import Marker
from desktop_affect.session.reader import read_session
from desktop_affect.sinks.history import Channel
from desktop_affect.ui.recording import Recording, curves
from desktop_affect.ui.signal_panel import offered, signal_words
from tests.session.export.performed import sample as performed_sample
from tests.session.recorded import record as journalled
from tests.ui.reviewed import record


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return record(tmp_path_factory.mktemp("sessions"))


def test_the_curves_are_those_of_the_file_with_their_gap(folder: Path) -> None:
    drawn = curves(read_session(folder), ("AU12",))
    assert len(drawn.fine.t_s) == 600
    assert drawn.fine.values[Channel.VALENCE, 150] == pytest.approx(0.15)
    assert np.isnan(drawn.fine.values[Channel.VALENCE, 300:330]).all()
    assert drawn.fine.values[Channel.FACE, 300:330].tolist() == [0] * 30
    assert drawn.row_of("AU12") == len(Channel)
    part = drawn.part(5.0, 6.0, 1000)
    assert part.t_s[0] < 5.0 < 6.0 < part.t_s[-1]
    assert len(drawn.part(0.0, 20.0, 100).t_s) <= 104


def test_a_long_span_is_drawn_from_minima_and_maxima(folder: Path) -> None:
    drawn = curves(read_session(folder), ())
    part = drawn.part(0.0, 30_000.0, 10_000)
    assert len(part.t_s) == 2 * 20
    assert part.values[Channel.VALENCE, :4].tolist() == pytest.approx([0.0, 0.029, 0.03, 0.059])


def test_a_silence_is_a_gap(tmp_path: Path) -> None:
    made = [performed_sample(seq) for seq in (0, 1, 2, 93, 94)]
    drawn = curves(read_session(journalled(tmp_path / "s", made)), ())
    assert len(drawn.fine.t_s) == 6
    assert math.isnan(drawn.fine.values[Channel.VALENCE, 3])
    assert math.isnan(drawn.values_at(2.0)[Channel.VALENCE])
    assert not math.isnan(drawn.values_at(3.2)[Channel.VALENCE])
    assert np.isnan(drawn.values_at(-1.0)).all()


def test_the_row_of_a_time_is_the_one_that_was_on_the_screen(tmp_path: Path) -> None:
    made = [performed_sample(seq) for seq in range(12)]
    session = read_session(journalled(tmp_path / "s", made, [Marker(100.2, "go")]))
    recording = Recording(session, curves(session, ()))
    assert [recording.row_at(t_s) for t_s in (-1.0, 0.0, 0.05, 0.3, 9.0)] == [0, 0, 1, 9, 11]
    skipped = recording.sample_at(recording.time_of(9))
    assert skipped is not None
    assert skipped.seq == 8
    assert recording.time_of(99) == recording.end_s
    forward, back = recording.next_moment(0.0, True), recording.next_moment(0.3, False)
    assert forward is not None
    assert back is not None
    assert forward.text == back.text == "go"
    assert recording.next_moment(0.2, True) is None


def test_every_signal_between_0_and_1_is_offered_once_in_words() -> None:
    names = [name for _, group in offered() for name in group]
    assert len(names) == len(set(names))
    assert {"AU12", "quality", "hesitancy", "expression_happiness", "mimicry_joy"} <= set(names)
    assert not [name for name in names if name.endswith("_raw")]
    assert signal_words("AU12") == "AU12 lip corner puller"
    assert all(signal_words(name) for name in names)
