"""The table of columns, the line it prints and the page that documents it say the same."""

from __future__ import annotations

import csv
import io
import json
import re
from dataclasses import fields
from pathlib import Path

import numpy as np
import pytest

from desktop_affect.core.types import ACTION_UNITS, NAN, Alert, AlertPhase, Fault, Marker, Seen, Severity
from desktop_affect.session import rows
from desktop_affect.session.annotations import Annotation
from desktop_affect.session.format import ALERT_NAMES, MARKER_NAMES, SAMPLE_COLUMNS, SAMPLE_NAMES, Kind, Part
from desktop_affect.signals.catalogue import BY_KEY, SIGNALS, Group
from tests.session.samples import bare_sample, full_sample

PAGE = Path(__file__).resolve().parents[2] / "docs" / "format.md"


def cells(line: str) -> dict[str, str]:
    (row,) = csv.reader(io.StringIO(line))
    return dict(zip(SAMPLE_NAMES, row, strict=True))


def table_of(heading: str) -> list[list[str]]:
    section = PAGE.read_text(encoding="utf-8").partition(f"\n## {heading}\n")[2].partition("\n## ")[0]
    lines = [line for line in section.splitlines() if line.startswith("| `")]
    return [[cell.strip() for cell in re.split(r"(?<!\\)\|", line)[1:-1]] for line in lines]


def test_the_page_documents_exactly_the_columns_of_the_table() -> None:
    expected = [[f"`{c.name}`", c.unit or "–", c.meaning, c.kind.name.lower()] for c in SAMPLE_COLUMNS]
    assert table_of("samples.csv") == expected
    assert [row[0].strip("`") for row in table_of("markers.csv")] == list(MARKER_NAMES)
    assert [row[0].strip("`") for row in table_of("alerts.csv")] == list(ALERT_NAMES)


def test_only_action_units_hold_the_letters() -> None:
    holding = {name for name in SAMPLE_NAMES if "AU" in name}
    assert holding == {f"{unit}{tail}" for unit in ACTION_UNITS for tail in ("", "_raw", "_present")}


def test_every_cue_of_the_signals_has_its_column() -> None:
    cues = [signal.key for signal in SIGNALS if signal.group in (Group.BEHAVIOUR, Group.HESITANCY)]
    assert [column.key for column in SAMPLE_COLUMNS if column.part is Part.CUES] == cues


def test_a_column_that_is_also_a_signal_has_its_name() -> None:
    assert set(BY_KEY) <= set(SAMPLE_NAMES)


def test_names_are_unique_and_need_no_quotes() -> None:
    assert len(set(SAMPLE_NAMES)) == len(SAMPLE_NAMES)
    assert all(re.fullmatch(r"[A-Za-z0-9_]+", name) for name in SAMPLE_NAMES)


def test_every_column_of_a_full_sample_has_its_value() -> None:
    sample = full_sample(seq=7, t_s=101.25)
    row = cells(rows.RowPrinter(100.0).line(sample))
    assert [name for name, cell in row.items() if cell == ""] == []
    assert (row["seq"], row["t_s"], row["media_t_s"], row["seen"]) == ("7", "1.250000", "51.250000", "face")
    assert row["quality_reasons"] == "dark;turned_away"
    assert row["baseline_id"] == "P07, first 10 s"
    assert sample.affect is not None
    assert sample.raw is not None
    assert sample.face is not None
    for name, value in {
        "AU12": sample.affect.action_units["AU12"],
        "AU12_raw": sample.raw.action_units["AU12"],
        "AU12_present": sample.present["AU12"],
        "expression_fear": sample.affect.expressions["fear"],
        "mimicry_joy_raw": sample.raw.mimicry["joy"],
        "hesitancy": sample.cues["hesitancy"],
        "hesitancy_model": sample.affect.hesitancy,
        "yaw_deg": sample.face.pose.yaw_deg,
        "blink": sample.face.eyes.blink,
        "face_width_px": sample.face.box.width,
        "sharpness": sample.face.light.sharpness,
        "latency_ms": sample.latency_ms,
    }.items():
        assert np.float32(row[name]) == np.float32(value), name


def test_a_skipped_frame_says_nothing_but_its_time() -> None:
    row = cells(rows.RowPrinter(100.0).line(bare_sample(3, 100.1)))
    assert {name: cell for name, cell in row.items() if cell} == {"seq": "3", "t_s": "0.100000", "seen": "skipped"}


def test_a_frame_without_a_face_says_so() -> None:
    row = cells(rows.RowPrinter(100.0).line(bare_sample(3, 100.1, Seen.NO_FACE)))
    assert (row["seen"], row["face"], row["valence"]) == ("no_face", "0", "")


@pytest.mark.parametrize("part", [part for part in Part if part not in (Part.DERIVED, Part.SAMPLE)])
def test_every_part_of_a_sample_has_columns(part: Part) -> None:
    assert any(column.part is part for column in SAMPLE_COLUMNS)


def test_any_float32_reads_back_equal() -> None:
    rng = np.random.default_rng(3)
    bits = rng.integers(0, 2**32, 20_000, dtype=np.uint32)
    values = bits.view(np.float32)
    for value in values[np.isfinite(values)]:
        assert np.float32(f"{float(value):.9g}") == value
    assert {rows._PRINT[kind] for kind in (Kind.VALUE, Kind.FLAG)} == {"%.9g"}


def test_text_stays_on_its_line() -> None:
    assert rows.text_cell("plain") == "plain"
    assert rows.text_cell("") == ""
    assert rows.text_cell('a,"b"\nc') == '"a,""b"" c"'


def test_markers_and_alerts_count_from_the_first_row() -> None:
    assert (
        rows.marker_line(Marker(101.5, 'say "ah",\nplease', "note"), 100.0) == '1.500000,note,"say ""ah"",\nplease"\n'
    )
    alert = Alert(1, AlertPhase.BEGAN, "hesitancy", 101.0, 102.0, NAN, 0.75, 0.5, ("lips 0.8", "a | b"), True)
    line = "1,began,hesitancy,1.000000,2.000000,,0.75,0.5,lips 0.8 | a / b,1\n"
    assert rows.alert_line(alert, 100.0) == line


def test_an_event_is_one_line_of_json() -> None:
    fault = Fault(1.0, "camera", Severity.ERROR, "gone\naway", "plug it in", "")
    line = rows.event_line("fault", 12, rows.fault_facts(fault))
    assert line.count("\n") == 1
    assert json.loads(line) == {
        "event": "fault", "row": 12, "where": "camera", "severity": "error", "message": "gone\naway",
        "advice": "plug it in", "detail": "",
    }  # fmt: skip


def test_the_page_documents_what_an_annotation_holds() -> None:
    assert [row[0].strip("`") for row in table_of("annotations.log")] == [field.name for field in fields(Annotation)]
