"""csv, json and parquet: what is read back is what the session holds, with one value per signal."""

from __future__ import annotations

import csv
import json
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any, cast

import numpy as np
import pytest

from desktop_affect.core.errors import SessionError
from desktop_affect.session.export import exporter
from desktop_affect.session.export.exporter import export_session, file_name, free_name
from desktop_affect.session.export.fields import FIELDS, NAMES
from desktop_affect.session.export.lines import Cells, blocks
from desktop_affect.session.export.options import ExportOptions, Format, Smoothing
from desktop_affect.session.format import SAMPLE_NAMES, Kind
from desktop_affect.session.reader import Session

RAW = ExportOptions(smoothing=Smoothing.RAW)
NUMERIC = [field for field in FIELDS if field.kind is not Kind.TEXT]
TEXTS = [field.name for field in FIELDS if field.kind is Kind.TEXT]


def read_csv(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def numbers(rows: list[dict[str, str]], name: str) -> list[float]:
    return [float(row[name]) if row[name] else np.nan for row in rows]


def test_fields_are_the_columns_with_one_value_per_signal() -> None:
    assert set(NAMES) - {"marker", "alert", "annotation"} == {
        name for name in SAMPLE_NAMES if not name.endswith("_raw")
    }
    assert {field.name for field in FIELDS if field.smoothed} == {
        name.removesuffix("_raw") for name in SAMPLE_NAMES if name.endswith("_raw")
    }


@pytest.mark.parametrize("smoothing", [Smoothing.LIVE, Smoothing.RAW])
def test_a_csv_reads_back(session: Session, target: Path, smoothing: Smoothing) -> None:
    rows = read_csv(export_session(session, Format.CSV, ExportOptions(smoothing=smoothing), target / "a.csv"))
    assert tuple(rows[0]) == NAMES
    assert len(rows) == session.rows
    for field in NUMERIC:
        source = f"{field.name}_raw" if field.smoothed and smoothing is Smoothing.RAW else field.name
        np.testing.assert_allclose(numbers(rows, field.name), session[source], rtol=1e-6)
    assert [row["seen"] for row in rows] == list(session["seen"])
    assert rows[0]["baseline_id"] == "Nancy’s baseline"


def test_markers_and_alerts_stand_in_their_rows(session: Session, target: Path) -> None:
    rows = read_csv(export_session(session, Format.CSV, RAW, target / "a.csv"))
    marked = {row["t_s"]: row["marker"] for row in rows if row["marker"]}
    assert marked == {"1.000000": "stimulus 1, “Ferdinand”", "3.000000": "question with a second line"}
    alerting = [float(row["t_s"]) for row in rows if row["alert"] == "hesitancy"]
    assert (alerting[0], alerting[-1]) == (2.0, 3.0)


def test_a_table_says_what_it_holds(session: Session, target: Path) -> None:
    options = ExportOptions(smoothing=Smoothing.OFFLINE, resample_hz=10)
    path = export_session(session, Format.CSV, options, target / file_name(session, Format.CSV, options))
    assert path.name == "Calm_P07_2026-11-21_10-15-00_offline_10Hz.csv"
    about = json.loads((target / f"{path.name}.about.json").read_text("utf-8"))
    assert about["session"]["participant"] == "P07"
    assert about["options"]["resample_hz"] == 10
    assert "zero phase" in about["options"]["smoothing_meaning"]
    assert any("experimental" in caveat for caveat in about["caveats"])


def test_json_is_one_document(session: Session, target: Path) -> None:
    path = export_session(session, Format.JSON, RAW, target / "a.json")
    document = json.loads(path.read_text("utf-8"))
    assert list(document["data"]) == [column["name"] for column in document["columns"]] == list(NAMES)
    assert {len(values) for values in document["data"].values()} == {session.rows} == {document["rows"]}
    valence = [np.nan if value is None else value for value in document["data"]["valence"]]
    np.testing.assert_allclose(valence, session["valence_raw"], rtol=1e-6)
    assert document["markers"][1]["text"] == "question\nwith a second line"
    assert document["alerts"][0]["reasons"] == ["lip press 0.8", "looked away twice"]
    assert [path.name for path in target.iterdir()] == ["a.json"]


def test_pandas_reads_the_csv_with_numbers_and_gaps(session: Session, target: Path) -> None:
    pandas = pytest.importorskip("pandas", reason="pandas is not installed")
    frame = pandas.read_csv(export_session(session, Format.CSV, RAW, target / "a.csv"))
    for field in NUMERIC:
        assert frame[field.name].dtype.kind in "fi", field.name
    assert frame["valence"].isna().sum() == np.isnan(session["valence_raw"]).sum() > 0


def test_parquet_reads_back_typed(session: Session, target: Path) -> None:
    pytest.importorskip("pyarrow", reason="pyarrow is not installed")
    from pyarrow import parquet

    path = export_session(session, Format.PARQUET, ExportOptions(), target / "a.parquet")
    table = parquet.read_table(path)
    assert table.column_names == list(NAMES)
    types = {name: str(table.schema.field(name).type) for name in ("seq", "t_s", "valence", "AU12_present")}
    assert types == {"seq": "int64", "t_s": "double", "valence": "float", "AU12_present": "bool"}
    for field in NUMERIC:
        values = [np.nan if value is None else float(value) for value in table[field.name].to_pylist()]
        np.testing.assert_array_equal(values, session[field.name])
    assert table["seen"].to_pylist() == list(session["seen"])
    assert json.loads(table.schema.metadata[b"desktop_affect"])["session"]["participant"] == "P07"
    assert table.schema.field("yaw_deg").metadata[b"unit"] == b"deg"


def test_pandas_reads_the_parquet(session: Session, target: Path) -> None:
    pandas = pytest.importorskip("pandas", reason="pandas is not installed")
    pytest.importorskip("pyarrow", reason="pyarrow is not installed")
    frame = pandas.read_parquet(export_session(session, Format.PARQUET, RAW, target / "a.parquet"))
    np.testing.assert_array_equal(frame["AU12"], session["AU12_raw"])
    assert frame["AU12_present"].isna().sum() == np.isnan(session["AU12_present"]).sum()


def test_without_pyarrow_the_words_say_what_to_install(
    session: Session, target: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    with pytest.raises(SessionError, match="not installed") as told:
        export_session(session, Format.PARQUET, RAW, target / "a.parquet")
    assert "desktop-affect[export]" in told.value.advice
    assert list(target.iterdir()) == []


def test_in_a_built_application_nobody_is_told_to_install_a_package(
    session: Session, target: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    monkeypatch.setattr(sys, "frozen", True, raising=False)
    with pytest.raises(SessionError, match="not installed") as told:
        export_session(session, Format.PARQUET, RAW, target / "a.parquet")
    assert "pip" not in told.value.advice
    assert "CSV" in told.value.advice


@pytest.mark.parametrize("look", list(Format))
def test_progress_ends_at_all_rows(session: Session, target: Path, look: Format) -> None:
    if look is Format.PARQUET:
        pytest.importorskip("pyarrow", reason="pyarrow is not installed")
    told: list[tuple[int, int]] = []
    export_session(session, look, RAW, target / "a", lambda done, rows: told.append((done, rows)))
    assert told[-1] == (session.rows, session.rows)
    assert told == sorted(told)


class CancelledError(Exception):
    """The person pressed cancel."""


def cancel(done: int, rows: int) -> None:
    raise CancelledError


def test_a_cancelled_export_leaves_the_old_file(session: Session, target: Path) -> None:
    path = target / "a.csv"
    export_session(session, Format.CSV, RAW, path)
    before = path.read_bytes()
    with pytest.raises(CancelledError):
        export_session(session, Format.CSV, ExportOptions(), path, cancel)
    assert path.read_bytes() == before
    assert not list(target.glob(".*"))


def full_disk(table: object, path: Path, progress: object) -> None:
    path.write_bytes(b"half")
    raise OSError(28, "No space left on device")


def test_a_full_disk_is_told_in_words(session: Session, target: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    writers = cast("dict[Format, tuple[Callable[..., Any], str]]", exporter._WRITERS)
    monkeypatch.setitem(writers, Format.CSV, (full_disk, ""))
    with pytest.raises(SessionError, match="No space left"):
        export_session(session, Format.CSV, RAW, target / "a.csv")
    assert list(target.iterdir()) == []


def test_a_session_without_rows_is_told_in_words(session: Session, target: Path) -> None:
    with pytest.raises(SessionError, match="no rows"):
        export_session(replace(session, rows=0), Format.CSV, RAW, target / "a.csv")


def test_names_are_never_used_twice() -> None:
    taken: set[str] = set()
    assert [free_name(name, taken) for name in ("a.b.csv", "A.b.csv", "c")] == ["a.b.csv", "A.b_2.csv", "c"]


@pytest.mark.parametrize("wrong", [{"resample_hz": 0.0}, {"resample_hz": float("nan")}, {"baseline_s": -1.0}])
def test_wrong_options_are_told_in_words(wrong: dict[str, float]) -> None:
    with pytest.raises(SessionError, match="must be more than 0"):
        ExportOptions(smoothing=Smoothing.RAW, **cast("dict[str, Any]", wrong))


def test_live_values_are_not_corrected_twice() -> None:
    with pytest.raises(SessionError, match="already hold"):
        ExportOptions(smoothing=Smoothing.LIVE, baseline=True)


def test_a_float32_is_read_back_to_the_last_bit() -> None:
    values = np.random.default_rng(3).uniform(-1, 1, 500).astype(np.float32)
    table = "".join(blocks([Cells("valence", values)], ","))
    assert np.array_equal(np.array(table.split(), np.float32), values)
