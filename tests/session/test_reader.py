"""Anything written is read back equal; a file cut at any byte is read up to its last whole row."""

from __future__ import annotations

import json
import math
import pickle
import shutil
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from desktop_affect.core.errors import SessionError
from desktop_affect.core.types import (
    ACTION_UNITS,
    NAN,
    Affect,
    Alert,
    AlertPhase,
    Fault,
    Marker,
    Quality,
    Sample,
    Seen,
    Severity,
)
from desktop_affect.session import reader, row_reader
from desktop_affect.session.format import MARKERS_FILE, SAMPLE_COLUMNS, SAMPLE_NAMES, SAMPLES_FILE, Kind
from desktop_affect.session.header import SessionState
from desktop_affect.session.reader import read_session
from desktop_affect.session.rows import RowPrinter, marker_line
from tests.session.recorded import record
from tests.session.samples import bare_sample, full_sample

quick = settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])

single = st.floats(width=32, allow_nan=True)
seconds = st.floats(0, 1e6).map(lambda value: round(value, 6))
plain_text = st.text(st.characters(codec="utf-8"), max_size=30)
word = st.text(st.characters(categories=("L", "N", "P", "Zs")), max_size=12)


@st.composite
def samples(draw: st.DrawFn) -> Sample:
    units = draw(st.dictionaries(st.sampled_from(ACTION_UNITS), single))
    return Sample(
        seq=draw(st.integers(0, 2**50)),
        t_s=draw(seconds),
        seen=draw(st.sampled_from(Seen)),
        media_t_s=draw(st.one_of(st.just(NAN), seconds)),
        raw=draw(st.one_of(st.none(), st.builds(Affect, single, single, st.just(units)))),
        quality=Quality(draw(single), tuple(draw(st.lists(st.sampled_from(["dark", "turned", "far"])))), True),
        baseline_id=draw(word),
        latency_ms=draw(single),
    )


def fresh(tmp_path: Path) -> Path:
    folder = tmp_path / "session"
    shutil.rmtree(folder, ignore_errors=True)
    return folder


@quick
@given(written=st.lists(samples(), min_size=1, max_size=6))
def test_any_sample_reads_back_equal(tmp_path: Path, written: list[Sample]) -> None:
    session = read_session(record(fresh(tmp_path), written))
    assert session.rows == len(written)
    assert list(session["seq"]) == [sample.seq for sample in written]
    assert session["t_s"] == pytest.approx([sample.t_s - written[0].t_s for sample in written], abs=6e-7)
    for row, sample in enumerate(written):
        raw = sample.raw or Affect()
        expected = [raw.valence, raw.arousal, *(raw.action_units.get(unit, NAN) for unit in ACTION_UNITS)]
        names = ["valence_raw", "arousal_raw", *(f"{unit}_raw" for unit in ACTION_UNITS)]
        np.testing.assert_array_equal([session[name][row] for name in names], np.array(expected, dtype=np.float32))
        assert session["seen"][row] == sample.seen.value
        assert session["quality_reasons"][row] == ";".join(sample.quality.reasons)
        assert session["baseline_id"][row] == sample.baseline_id
        np.testing.assert_array_equal(session["latency_ms"][row], np.float32(sample.latency_ms))


@quick
@given(texts=st.lists(st.tuples(plain_text, plain_text), max_size=6))
def test_any_marker_reads_back_equal(tmp_path: Path, texts: list[tuple[str, str]]) -> None:
    written = [Marker(100.0 + n, text, kind) for n, (text, kind) in enumerate(texts)]
    session = read_session(record(fresh(tmp_path), [bare_sample()], written))
    expected = tuple(Marker(float(n), m.text.replace("\0", "\ufffd"), m.kind.replace("\0", "\ufffd"))
                     for n, m in enumerate(written))  # fmt: skip
    assert session.markers == expected


def test_alerts_and_events_read_back(tmp_path: Path) -> None:
    began = Alert(1, AlertPhase.BEGAN, "hesitancy", 100.5, 101.0, NAN, 0.75, 0.5, ("lips 0.8", "gaze, away 0.6"), True)
    ended = Alert(1, AlertPhase.ENDED, "hesitancy", 100.5, 102.0, 103.0, 0.875, 0.5, ("lips 0.8",), True)
    open_one = Alert(2, AlertPhase.BEGAN, "valence", 104.0, 104.0, NAN, 0.25, 0.5, ())
    fault = Fault(101.0, "camera", Severity.WARNING, "gone", "plug it in", "E1")
    session = read_session(record(tmp_path / "s", [bare_sample()], [began, fault, ended, open_one]))
    assert session.alerts[0] == Alert(1, AlertPhase.ENDED, "hesitancy", 0.5, 2.0, 3.0, 0.875, 0.5, ("lips 0.8",), True)
    assert math.isnan(session.alerts[1].end_s)
    assert session.alerts[1].phase is AlertPhase.BEGAN
    assert session.events[0]["message"] == "gone"


def test_every_column_of_a_full_sample_reads_back(tmp_path: Path) -> None:
    session = read_session(record(tmp_path / "s", [full_sample(seed=5), bare_sample(1)]))
    for column in SAMPLE_COLUMNS:
        value = session[column.name][0]
        assert value not in ("", None)
        assert column.kind is Kind.TEXT or np.isfinite(value)
        assert column.kind in (Kind.TEXT, Kind.COUNT, Kind.TIME) or np.isnan(session[column.name][1])
    assert session.duration_s == 0.0
    assert session.state is SessionState.CLOSED
    assert not session["valence"].flags.writeable
    with pytest.raises(KeyError):
        session["AU99"]


@pytest.fixture(scope="module")
def long_lines() -> bytes:
    printer = RowPrinter(0.0)
    lines = [printer.line(full_sample(seq, seq / 30, seed=seq)) for seq in range(4)]
    return (",".join(SAMPLE_NAMES) + "\n" + "".join(lines)).encode()


@quick
@given(data=st.data())
def test_a_table_cut_at_any_byte_is_read_up_to_its_last_whole_row(
    tmp_path: Path, long_lines: bytes, data: st.DataObject
) -> None:
    folder = record(fresh(tmp_path), [], closed=False)
    cut = data.draw(st.integers(0, len(long_lines)))
    (folder / SAMPLES_FILE).write_bytes(long_lines[:cut])
    session = read_session(folder)
    whole = long_lines[:cut].count(b"\n")
    assert session.rows == max(0, whole - 1)
    assert list(session["seq"]) == list(range(session.rows))
    assert session.torn_bytes == cut - (long_lines[:cut].rfind(b"\n") + 1)
    assert session.bad_rows == 0


@quick
@given(texts=st.lists(plain_text, min_size=1, max_size=4), data=st.data())
def test_markers_cut_at_any_byte_are_read_up_to_the_last_whole_one(
    tmp_path: Path, texts: list[str], data: st.DataObject
) -> None:
    written = [Marker(100.0 + n, text) for n, text in enumerate(texts)]
    folder = record(fresh(tmp_path), [bare_sample()], written, closed=False)
    whole = read_session(folder).markers
    raw = (folder / MARKERS_FILE).read_bytes()
    cut = data.draw(st.integers(0, len(raw)))
    (folder / MARKERS_FILE).write_bytes(raw[:cut])
    left = read_session(folder).markers
    assert left == whole[: len(left)]
    ends = [len(b"t_s,kind,text\n")]
    for marker in written:
        ends.append(ends[-1] + len(_line(marker)))
    assert len(left) == max(0, sum(cut >= end for end in ends) - 1)


def _line(marker: Marker) -> bytes:
    return marker_line(marker, 100.0).encode()


def test_zeros_that_a_power_cut_left_are_no_rows(tmp_path: Path) -> None:
    folder = record(tmp_path / "s", [full_sample(seq) for seq in range(3)], closed=False)
    with (folder / SAMPLES_FILE).open("ab") as file:
        file.write(b"\0" * 5000 + b"\n" + RowPrinter(100.0).line(full_sample(3)).encode())
        file.write(b"4,zero" + b"," * (len(SAMPLE_NAMES) - 2) + b"\n")
    session = read_session(folder)
    assert list(session["seq"]) == [0, 1, 2, 3]
    assert session.bad_rows == 2


@pytest.fixture(scope="module")
def long_one(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Twenty pieces, as the reader cuts it."""
    written = [bare_sample(seq, 100 + seq / 30, Seen.NO_FACE) for seq in range(LONG - 1)]
    folder = record(tmp_path_factory.mktemp("long") / "s", [*written, full_sample(LONG - 1, 100 + LONG / 30)])
    assert (folder / SAMPLES_FILE).stat().st_size > 20 * SMALL
    return folder


LONG, SMALL = 500, 3000


@pytest.fixture
def small_pieces(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(row_reader, "_PIECE_BYTES", SMALL)


@pytest.mark.usefixtures("small_pieces")
@pytest.mark.parametrize("wanted", [(), ("valence", "quality_reasons"), SAMPLE_NAMES])
def test_columns_are_the_same_however_they_are_asked_for(long_one: Path, wanted: tuple[str, ...]) -> None:
    session = read_session(long_one, wanted=wanted)
    session.load(["tracking_ms", "seq"])
    assert session.rows == LONG
    assert list(session["seq"]) == list(range(LONG))
    by_row = [session.row(number) for number in range(LONG)]
    for name in SAMPLE_NAMES:
        assert [repr(value) for value in session[name]] == [repr(row[name]) for row in by_row]
    assert session["valence"][-1] == np.float32(full_sample(LONG - 1).affect.valence)  # type: ignore[union-attr]


@pytest.mark.parametrize("damaged", [False, True])
def test_a_row_alone_is_read_with_its_neighbours_and_is_the_same(
    long_one: Path, tmp_path: Path, damaged: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(row_reader, "_BEFORE", 2)
    monkeypatch.setattr(row_reader, "_BEHIND", 5)
    folder = Path(shutil.copytree(long_one, tmp_path / "copy"))
    if damaged:
        lines = (folder / SAMPLES_FILE).read_bytes().splitlines(keepends=True)
        (folder / SAMPLES_FILE).write_bytes(b"".join((*lines[:100], b"1,2\n", *lines[100:])))
    session = read_session(folder)
    assert (session.rows, session.bad_rows) == (LONG, int(damaged))
    for number in (0, 1, 2, 98, 99, 100, LONG - 5, LONG - 1, 7, 6):
        assert {name: repr(value) for name, value in session.row(number).items()} == {
            name: repr(session[name][number]) for name in SAMPLE_NAMES
        } | {"seq": repr(number)}


@pytest.mark.usefixtures("small_pieces")
def test_reading_tells_how_far_it_is_and_can_be_ended(long_one: Path) -> None:
    told: list[tuple[int, int]] = []
    session = read_session(long_one, lambda *so_far: told.append(so_far))
    size = (long_one / SAMPLES_FILE).stat().st_size
    assert told == sorted(told)
    assert len(told) > 20
    assert told[-1] == (size, size)

    class EndedError(Exception):
        """Somebody changed their mind."""

    def enough(done: int, total: int) -> None:
        raise EndedError

    for read in (lambda: read_session(long_one, enough), lambda: session.load(["valence"], enough)):
        with pytest.raises(EndedError):
            read()
    assert np.isnan(session["valence"][0])


@pytest.mark.usefixtures("small_pieces")
def test_a_session_that_grows_is_as_long_as_it_was(long_one: Path, tmp_path: Path) -> None:
    folder = Path(shutil.copytree(long_one, tmp_path / "copy"))
    session = read_session(folder)
    with (folder / SAMPLES_FILE).open("ab") as file:
        file.write(RowPrinter(100.0).line(full_sample(LONG)).encode())
    assert len(session["valence"]) == session.rows == LONG
    assert read_session(folder).rows == LONG + 1


@pytest.mark.usefixtures("small_pieces")
@pytest.mark.parametrize("gone", [True, False])
def test_a_table_that_was_changed_while_it_was_open_is_told(long_one: Path, tmp_path: Path, gone: bool) -> None:
    folder = Path(shutil.copytree(long_one, tmp_path / "copy"))
    session, path = read_session(folder), folder / SAMPLES_FILE
    lines = path.read_bytes().splitlines(keepends=True)
    path.unlink()
    if not gone:
        path.write_bytes(b"".join(lines[: LONG // 2]))
    for ask in (lambda: session["valence"], lambda: session.row(LONG - 1)):
        with pytest.raises(SessionError, match="cannot be read"):
            ask()


def test_an_opened_session_can_be_handed_to_another_process(long_one: Path) -> None:
    session = pickle.loads(pickle.dumps(read_session(long_one, wanted=["valence"])))
    assert list(session["seq"]) == list(range(LONG))
    assert session["tracking_ms"][-1] == np.float32(full_sample(LONG - 1).tracking_ms)


def test_columns_that_were_let_go_of_are_read_again(long_one: Path) -> None:
    session = read_session(long_one)
    before = [repr(value) for value in session["valence"]]
    session.keep(["arousal"])
    small = len(pickle.dumps(session))
    assert [repr(value) for value in session["valence"]] == before
    assert len(pickle.dumps(session)) > 3 * small


def test_a_cell_that_is_no_number_is_unknown_and_its_row_stays(tmp_path: Path) -> None:
    folder = record(tmp_path / "s", [full_sample(seq) for seq in range(3)])
    lines = (folder / SAMPLES_FILE).read_bytes().split(b"\n")
    cells = lines[2].split(b",")
    cells[SAMPLE_NAMES.index("valence")] = b"n/a"
    cells[SAMPLE_NAMES.index("arousal")] = b'"0.25"'
    lines[2] = b",".join(cells) + b"\r"
    (folder / SAMPLES_FILE).write_bytes(b"\n".join(lines))
    session = read_session(folder)
    assert (session.rows, session.bad_rows) == (3, 0)
    assert [bool(np.isnan(value)) for value in session["valence"]] == [False, True, False]
    assert session["arousal"][1] == np.float32(0.25)
    assert session["tracking_ms"][1] == np.float32(full_sample(1).tracking_ms)


def test_a_table_of_an_older_version_reads_with_its_names(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = record(tmp_path / "s", [full_sample(0, 100.0), full_sample(1, 101.0)])
    expected = list(read_session(folder)["valence"])
    document = json.loads((folder / "session.json").read_text())
    (folder / "session.json").write_text(json.dumps({**document, "schema": 0}))
    table = folder / SAMPLES_FILE
    table.write_bytes(
        table.read_bytes().replace(b",valence,", b",pleasure,", 1).replace(b",other_faces,", b",gone,", 1)
    )
    monkeypatch.setattr(reader, "RENAMED", {0: {"pleasure": "valence"}})
    session = read_session(folder)
    assert list(session["valence"]) == expected
    assert np.isnan(session["other_faces"]).all()


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"schema": 2}, "version 2"),
        ({"format": "something else"}, "not a session"),
        ({"state": "asleep"}, "no known state"),
    ],
)
def test_what_cannot_be_read_is_told_in_words(tmp_path: Path, change: dict[str, object], words: str) -> None:
    folder = record(tmp_path / "s", [])
    document = json.loads((folder / "session.json").read_text())
    (folder / "session.json").write_text(json.dumps({**document, **change}))
    with pytest.raises(SessionError, match=words):
        read_session(folder)


def test_a_folder_that_is_no_session_is_told_in_words(tmp_path: Path) -> None:
    with pytest.raises(SessionError, match="is not a session"):
        read_session(tmp_path)
    (tmp_path / "session.json").write_text("{")
    with pytest.raises(SessionError, match="cannot be read"):
        read_session(tmp_path)


def test_a_session_without_its_tables_is_empty(tmp_path: Path) -> None:
    folder = record(tmp_path / "s", [])
    for path in folder.iterdir():
        if path.name != "session.json":
            path.unlink()
    session = read_session(folder)
    assert (session.rows, session.markers, session.alerts, session.events) == (0, (), (), ())
    assert math.isnan(session.duration_s)
