"""Even grids, baselines and zero-phase smoothing: gaps stay gaps, nothing is invented, nothing is delayed."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from desktop_affect.core.errors import SettingsError
from desktop_affect.session.export.grid import MOST_GAP_S, Grid
from desktop_affect.session.export.options import ExportOptions, Smoothing
from desktop_affect.session.export.signals_of import session_baseline
from desktop_affect.session.export.table import ExportTable
from desktop_affect.session.format import Kind
from desktop_affect.session.reader import Session
from desktop_affect.signals.baseline import Correction, measure
from desktop_affect.signals.outputs import OUTPUTS
from tests.session.export.performed import FPS, GONE_S, performed, sample


def grid(times: list[float], rate_hz: float) -> Grid:
    return Grid(np.array(times), np.ones(len(times), bool), rate_hz)


@settings(max_examples=50, deadline=None)
@given(rate_hz=st.floats(1, 100), fps=st.sampled_from([8.0, 15.0, 29.97, 60.0]))
def test_a_straight_line_stays_one(rate_hz: float, fps: float) -> None:
    times = np.arange(200) / fps
    found = grid(list(times), rate_hz)
    values = found.bring(times * 3 + 1, Kind.VALUE)
    assert not np.isnan(values).any()
    # A mean over a bin is off by what the bin's rows are off its centre: half a row, but half a bin at either end.
    np.testing.assert_allclose(values[1:-1], (found.t_s * 3 + 1)[1:-1], atol=3 / fps)


def test_a_finer_grid_lies_on_the_line_between() -> None:
    found = grid([0.0, 0.1, 0.2], 20)
    np.testing.assert_allclose(found.bring(np.array([0.0, 1.0, 3.0]), Kind.VALUE), [0, 0.5, 1, 2, 3])


def test_a_coarser_grid_takes_means() -> None:
    found = grid([0.0, 0.3, 0.7, 1.0, 1.3], 1)
    np.testing.assert_allclose(found.bring(np.array([0.0, 2.0, 4.0, 5.0, 6.0]), Kind.VALUE), [1, 5])


def test_nothing_is_invented_where_nobody_was_seen() -> None:
    found = grid([0.0, 0.1, 0.2, 0.3], 40)
    values = found.bring(np.array([1.0, np.nan, 1.0, 1.0]), Kind.VALUE)
    assert np.isnan(values[1:8]).all()
    assert list(values[8:]) == [1.0] * 5


def test_a_long_silence_is_not_bridged() -> None:
    found = grid([0.0, MOST_GAP_S + 1.1], 10)
    assert np.isnan(found.bring(np.array([1.0, 1.0]), Kind.VALUE)[1:-1]).all()
    texts = found.bring(np.array(["face", "no_face"], dtype=object), Kind.TEXT)
    assert texts[8] == ""
    assert (texts[0], texts[-1]) == ("face", "no_face")


def test_flags_and_texts_are_never_mixed() -> None:
    found = grid([0.0, 0.1, 0.2], 100)
    assert set(found.bring(np.array([0.0, 1.0, 0.0]), Kind.FLAG)) == {0.0, 1.0}
    assert found.bring(np.array(["a", "b", "c"], dtype=object), Kind.TEXT)[6] == "b"


@pytest.mark.parametrize("rows", [0, 1])
def test_hardly_any_rows(rows: int) -> None:
    found = grid([0.0] * rows, 30)
    assert len(found.bring(np.zeros(rows), Kind.VALUE)) == len(found) == rows
    assert len(found.bring(np.array(["a"] * rows, dtype=object), Kind.TEXT)) == rows


def test_skipped_frames_do_not_tear_a_grid(session: Session) -> None:
    table = ExportTable(session, ExportOptions(smoothing=Smoothing.RAW, resample_hz=FPS))
    known = ~np.isnan(table["valence"])
    gone = (table.t_s >= GONE_S[0]) & (table.t_s < GONE_S[1] - 1e-9)
    assert known[~gone].sum() == (~gone).sum() - 2  # a skipped frame just before a gap or the end has one neighbour
    assert not known[gone].any()
    assert set(table["seen"]) == {"face", "no_face"}


def test_the_neutral_level_becomes_zero(session: Session) -> None:
    table = ExportTable(session, ExportOptions(smoothing=Smoothing.RAW, baseline=True, baseline_s=1.0))
    calm = session["t_s"] < 0.9
    for name in ("valence", "arousal", "AU12", "AU04"):
        values = table[name][calm]
        assert set(values[~np.isnan(values)]) == {0.0}, name
    smile = np.nanmax(table["AU12"])
    assert smile == pytest.approx((np.nanmax(session["AU12_raw"]) - 0.25) / 0.75)
    np.testing.assert_array_equal(table["expression_neutral"], session["expression_neutral_raw"])


def test_the_level_of_what_was_never_seen_is_not_made_up(tmp_path: Path) -> None:
    short = performed(tmp_path / "s", duration_s=1 / FPS)
    table = ExportTable(short, ExportOptions(smoothing=Smoothing.OFFLINE, baseline=True, baseline_s=1.0))
    assert np.isnan(table["mimicry_joy"]).all()
    assert list(table["valence"]) == [0.0]


def test_the_baseline_is_the_live_one(session: Session) -> None:
    """The same samples, corrected one by one while they came."""
    correct = Correction(session_baseline(session, 1.0))
    table = ExportTable(session, ExportOptions(smoothing=Smoothing.RAW, baseline=True, baseline_s=1.0))
    row = int(2.2 * FPS)
    live = correct(np.array([session[f"{name}_raw"][row] for name in OUTPUTS], dtype=np.float64))
    np.testing.assert_allclose([table[name][row] for name in OUTPUTS], live, rtol=1e-6)


def with_baseline(session: Session, **changes: object) -> Session:
    """As if the third second, with its smile, had been measured while recording."""
    smiling = [made for made in map(sample, range(2 * FPS, 3 * FPS)) if made.face is not None]
    measured = {"event": "baseline", "row": 3 * FPS, **measure(smiling, 1.0, "scripted").to_dict(), **changes}
    return replace(session, events=(*session.events, measured))


def test_the_measured_baseline_goes_before_the_first_seconds(session: Session) -> None:
    options = ExportOptions(smoothing=Smoothing.RAW, baseline=True)
    first_ten, measured = (ExportTable(one, options) for one in (session, with_baseline(session)))
    assert measured["valence"][0] < -0.2
    assert first_ten["valence"][0] == 0.0
    asked = ExportTable(with_baseline(session), replace(options, baseline_s=10.0))
    np.testing.assert_array_equal(asked["valence"], first_ten["valence"])
    assert asked.signals.baseline is not None
    assert asked.signals.baseline.id == "first 10 s"


def test_a_baseline_that_was_changed_is_refused(session: Session) -> None:
    table = ExportTable(with_baseline(session, id="b123"), ExportOptions(smoothing=Smoothing.RAW, baseline=True))
    with pytest.raises(SettingsError, match="changed"):
        table["valence"]


def test_offline_values_are_not_late(session: Session) -> None:
    table = ExportTable(session, ExportOptions(smoothing=Smoothing.OFFLINE))
    smoothed, raw = table["valence"], session["valence_raw"]
    np.testing.assert_array_equal(np.isnan(smoothed), np.isnan(raw))
    before = session["t_s"] < GONE_S[0]
    peaks = [session["t_s"][np.nanargmax(np.where(before, values, np.nan))] for values in (smoothed, raw)]
    assert abs(peaks[0] - peaks[1]) <= 1.5 / FPS
    live = ExportTable(session, ExportOptions())
    np.testing.assert_array_equal(live["valence"], session["valence"])
