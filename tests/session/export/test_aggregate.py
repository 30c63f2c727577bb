"""Aggregates are what a person would count by hand on the scripted session."""

from __future__ import annotations

import csv
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from desktop_affect.core.types import Marker, Quality, Sample, Seen
from desktop_affect.session.aggregate import BEFORE_THE_FIRST, aggregate
from desktop_affect.session.export.exporter import export_session
from desktop_affect.session.export.options import ExportOptions, Format, Smoothing
from desktop_affect.session.export.table import ExportTable
from desktop_affect.session.reader import Session, read_session
from tests.session.export.performed import BEGIN_S, FPS, GONE_S, sample
from tests.session.recorded import record


def rows_of(session: Session, options: ExportOptions | None = None) -> list[dict[str, str | float]]:
    return aggregate(ExportTable(session, options or ExportOptions(smoothing=Smoothing.RAW)))


def test_the_whole_session(session: Session) -> None:
    whole = rows_of(session)[0]
    assert (whole["scope"], whole["participant"], whole["rows"]) == ("session", "P07", 240)
    assert whole["duration_s"] == pytest.approx(8.0)
    gone = GONE_S[1] - GONE_S[0]
    assert whole["face_share"] == pytest.approx((8 - gone) / 8, abs=0.01)
    assert whole["valid_share"] == whole["face_share"]
    values = session["valence_raw"].astype(float)
    assert whole["valence_mean"] == pytest.approx(np.nanmean(values))
    assert whole["valence_sd"] == pytest.approx(np.nanstd(values, ddof=1))
    assert whole["alerts"] == 1
    assert whole["alerts_per_min"] == pytest.approx(1 / 8 * 60)
    assert whole["blinks"] == 3  # at 0, 2 and 6 s; at 4 s nobody is there
    assert whole["blinks_per_min"] == pytest.approx(3 / 6 * 60, rel=0.02)
    assert whole["AU12_present_share"] == pytest.approx(np.nanmean(session["AU12_present"]), abs=0.02)
    assert (whole["hesitancy_mean"], whole["hesitancy_sd"]) == (0.25, 0.0)


def test_from_marker_to_marker(session: Session) -> None:
    between = [row for row in rows_of(session) if row["scope"] == "interval"]
    assert [(row["label"], row["begin_s"]) for row in between] == [
        (BEFORE_THE_FIRST, 0.0), ("stimulus 1, “Ferdinand”", 1.0), ("question with a second line", 3.0),
    ]  # fmt: skip
    assert [row["alerts"] for row in between] == [0, 1, 0]
    assert sum(int(row["rows"]) for row in between) == session.rows
    assert between[0]["AU12_mean"] == pytest.approx(0.25, abs=1e-6)


def test_windows(session: Session) -> None:
    windows = [row for row in rows_of(session, ExportOptions(window_s=3.0)) if row["scope"] == "window"]
    assert [row["label"] for row in windows] == ["1", "2", "3"]
    assert [float(row["duration_s"]) for row in windows] == pytest.approx([3, 3, 2])
    assert sum(int(row["rows"]) for row in windows) == session.rows


def recorded(folder: Path, samples: list[Sample], events: tuple[Marker, ...] = ()) -> Session:
    return read_session(record(folder, samples, events))


def test_a_camera_that_was_away_counts_as_away(tmp_path: Path) -> None:
    seqs = [seq for seq in range(240) if seq % 10 != 9 and not 30 <= seq < 210]
    kept = [made for made in map(sample, seqs) if made.seen is Seen.FACE]
    whole = rows_of(recorded(tmp_path / "s", kept))[0]
    assert whole["face_share"] == pytest.approx((2.0 + 0.5) / 8, abs=0.02)


def test_what_is_under_the_gate_does_not_count(tmp_path: Path) -> None:
    dark = Quality(0.1, ("dark",), usable=False)
    made = [sample(seq) for seq in range(60) if seq % 10 != 9]
    mixed = [replace(one, quality=dark) if one.seq >= 30 else one for one in made]
    whole = rows_of(recorded(tmp_path / "s", mixed))[0]
    assert whole["valid_share"] == pytest.approx(0.5, abs=0.02)
    assert whole["valence_mean"] == pytest.approx(0.25, abs=1e-6)  # the calm first second


def test_notes_and_sessions_without_markers_divide_nothing(tmp_path: Path) -> None:
    made = [sample(seq) for seq in range(FPS)]
    rows = rows_of(recorded(tmp_path / "s", made, (Marker(BEGIN_S + 0.5, "coughs", "note"),)))
    assert [row["scope"] for row in rows] == ["session"]


def test_nobody_ever_seen(tmp_path: Path) -> None:
    made = [Sample(seq, BEGIN_S + seq / FPS, Seen.NO_FACE) for seq in range(FPS)]
    whole = rows_of(recorded(tmp_path / "s", made))[0]
    assert (whole["face_share"], whole["blinks"]) == (0.0, 0)
    assert np.isnan(float(whole["valence_mean"]))
    assert np.isnan(float(whole["blinks_per_min"]))


def test_the_file_reads_back(session: Session, target: Path) -> None:
    path = export_session(session, Format.AGGREGATES, ExportOptions(window_s=1.0), target / "a.csv")
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert [row["scope"] for row in rows].count("window") == 8
    assert rows[0]["smoothing"] == "live"
    assert float(rows[0]["AU12_mean"]) == pytest.approx(np.nanmean(session["AU12"]), rel=1e-4)
    empty = next(row for row in rows if row["scope"] == "window" and row["label"] == "6")  # nobody from 4 to 6 s
    assert (empty["valence_mean"], empty["face_share"]) == ("", "0.0")
