"""What a person writes afterwards: read back as written, torn anywhere, edited, taken away, exported."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop_affect.core.errors import SessionError
from desktop_affect.core.types import NAN
from desktop_affect.session import annotations as notes
from desktop_affect.session.aggregate import aggregate
from desktop_affect.session.export.exporter import export_session
from desktop_affect.session.export.options import ExportOptions, Format, Smoothing
from desktop_affect.session.export.table import ExportTable
from desktop_affect.session.format import ANNOTATIONS_FILE, SAMPLES_FILE
from desktop_affect.session.part import part
from desktop_affect.session.reader import Session, read_session
from tests.session.export.performed import performed


@pytest.fixture(scope="module")
def annotated(tmp_path_factory: pytest.TempPathFactory) -> Session:
    folder = performed(tmp_path_factory.mktemp("annotated") / "s").path
    notes.put(folder, notes.made(1.0, 3.0, "smiles", "behaviour", 2))
    notes.put(folder, notes.made(2.0, text="looks up"))
    return read_session(folder)


def test_without_a_file_there_are_none(tmp_path: Path) -> None:
    assert notes.read_annotations(tmp_path) == ()


def test_an_edit_keeps_the_id_and_the_history(tmp_path: Path) -> None:
    first = notes.made(2.0, 1.0, "smile\n“big”", "behaviour", 3)
    notes.put(tmp_path, first)
    assert (first.begin_s, first.end_s) == (1.0, 2.0)
    assert first.wall_utc.endswith("+00:00")
    later = replace(first, text="grin", end_s=NAN)
    notes.put(tmp_path, later)
    (found,) = notes.read_annotations(tmp_path)
    assert (found.id, found.text, found.is_range, found.style) == (first.id, "grin", False, 3)
    notes.remove(tmp_path, later)
    assert notes.read_annotations(tmp_path) == ()
    lines = (tmp_path / ANNOTATIONS_FILE).read_text("utf-8").splitlines()
    assert [json.loads(line)["do"] for line in lines] == ["put", "put", "remove"]
    assert "“big”" in lines[0]


def test_a_file_cut_at_any_byte_is_read_up_to_its_last_whole_line_and_goes_on(tmp_path: Path) -> None:
    for number in range(3):
        notes.put(tmp_path, notes.made(float(number), text=f"ä {number}"))
    path = tmp_path / ANNOTATIONS_FILE
    whole = path.read_bytes()
    for cut in range(len(whole) + 1):
        path.write_bytes(whole[:cut])
        found = notes.read_annotations(tmp_path)
        ended = whole[:cut].count(b"\n")
        assert [note.text for note in found][:ended] == [f"ä {n}" for n in range(ended)]
        notes.put(tmp_path, notes.made(9.0, text="after"))
        assert notes.read_annotations(tmp_path)[-1].text == "after"


@given(text=st.text(), category=st.text(), begin_s=st.floats(-1e6, 1e6))
def test_whatever_is_typed_is_read_back(
    tmp_path_factory: pytest.TempPathFactory, text: str, category: str, begin_s: float
) -> None:
    folder = tmp_path_factory.mktemp("typed")
    made = notes.made(begin_s, text=text, category=category)
    notes.put(folder, made)
    (found,) = notes.read_annotations(folder)
    assert replace(found, end_s=0.0) == replace(made, end_s=0.0)


def test_a_folder_that_refuses_is_told_in_words(tmp_path: Path) -> None:
    with pytest.raises(SessionError, match="could not be saved"):
        notes.put(tmp_path / "gone", notes.made(1.0))


def test_what_was_recorded_is_never_touched(tmp_path: Path) -> None:
    folder = performed(tmp_path / "s", 1.0).path
    before = (folder / SAMPLES_FILE).read_bytes()
    notes.put(folder, notes.made(0.5))
    assert (folder / SAMPLES_FILE).read_bytes() == before


def test_exports_hold_them_row_by_row(annotated: Session) -> None:
    texts = ExportTable(annotated, ExportOptions())["annotation"]
    assert (texts[29], texts[30], texts[60], texts[61]) == (
        "", "behaviour: smiles", "behaviour: smiles | looks up", "behaviour: smiles",
    )  # fmt: skip
    assert (texts[90], texts[91]) == ("behaviour: smiles", "")


def test_a_range_has_its_means(annotated: Session) -> None:
    (row,) = [row for row in aggregate(ExportTable(annotated, ExportOptions())) if row["scope"] == "annotation"]
    assert (row["label"], row["begin_s"], row["end_s"]) == ("behaviour: smiles", 1.0, 3.0)
    assert row["valence_mean"] == pytest.approx(float(np.nanmean(annotated["valence"][30:90])))


def test_the_document_and_the_report_list_them(annotated: Session, tmp_path: Path) -> None:
    path = export_session(annotated, Format.JSON, ExportOptions(), tmp_path / "s.json")
    listed = json.loads(path.read_text("utf-8"))["annotations"]
    assert [(found["text"], found["end_s"]) for found in listed] == [("smiles", 3.0), ("looks up", None)]
    page = export_session(annotated, Format.REPORT, ExportOptions(), tmp_path / "s.html").read_text("utf-8")
    assert "<h2>Annotations</h2>" in page
    assert "smiles" in page


def test_a_part_is_a_session_with_fewer_rows_and_the_same_clock(annotated: Session, tmp_path: Path) -> None:
    cut = part(annotated, 2.5, 6.5)
    assert (cut.rows, float(cut["t_s"][0]), [m.text[:8] for m in cut.markers]) == (120, 2.5, ["question"])
    assert [found.text for found in cut.annotations] == ["smiles"]
    assert [alert.rule for alert in cut.alerts] == ["hesitancy"]
    assert part(annotated, None, None) is annotated
    options = ExportOptions(smoothing=Smoothing.OFFLINE, baseline=True, begin_s=2.5, end_s=6.5)
    whole = ExportTable(annotated, replace(options, begin_s=None, end_s=None))
    assert np.array_equal(ExportTable(cut, options)["valence"], whole["valence"][75:195], equal_nan=True)


def test_a_part_on_a_grid_has_the_points_of_the_whole(annotated: Session, tmp_path: Path) -> None:
    options = ExportOptions(resample_hz=10.0, begin_s=2.5, end_s=4.0)
    path = export_session(annotated, Format.CSV, options, tmp_path / "cut.csv")
    lines = path.read_text("utf-8").splitlines()
    assert [line.split(",")[1] for line in (lines[1], lines[-1])] == ["2.500000", "3.900000"]
    assert options.label() == "live_10Hz_2.5-4s"


def test_a_stretch_that_ends_before_it_begins_is_refused() -> None:
    with pytest.raises(SessionError, match="ends before it begins"):
        ExportOptions(begin_s=3.0, end_s=3.0)
