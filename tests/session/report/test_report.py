"""The report: one file that needs nothing else, says what happened, and takes whatever a person typed."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path
from xml.etree import ElementTree

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop_affect.core.errors import SessionError
from desktop_affect.core.types import Event, Fault, Marker, ModelInfo, Quality, Sample, Seen, Severity
from desktop_affect.session.export.exporter import export_session
from desktop_affect.session.export.options import ExportOptions, Format, Smoothing
from desktop_affect.session.export.table import ExportTable
from desktop_affect.session.reader import Session, read_session
from desktop_affect.session.report import page
from desktop_affect.session.report.binned import MOST_BINS, Bins, runs
from desktop_affect.session.report.facts import Facts
from desktop_affect.session.report.svg import Scale, clock, line, percent, signed, ticks_s
from tests.fakes import MODEL_INFO
from tests.session.export.performed import BEGIN_S, EVENTS, FPS, GONE_S, performed, sample, samples
from tests.session.recorded import record

EVIL = '<script>alert("x")</script> & “quotes”'


@pytest.fixture(scope="module")
def session(tmp_path_factory: pytest.TempPathFactory) -> Session:
    return performed(tmp_path_factory.mktemp("report") / "s")


def recorded(folder: Path, made: Iterator[Sample] | list[Sample], events: tuple[Event, ...] = ()) -> Session:
    return read_session(record(folder, made, events))


def html_of(session: Session, options: ExportOptions | None = None) -> str:
    return page.page(Facts(ExportTable(session, options or ExportOptions())))


class Strict(HTMLParser):
    """Every element that is opened is closed, in order."""

    VOID = frozenset({"meta", "br", "rect", "path", "circle"})

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in {"meta", "br"}:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert tag in self.VOID

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


def check(html: str) -> str:
    parser = Strict()
    parser.feed(html)
    parser.close()
    assert parser.open == []
    for drawing in re.findall(r"<svg.*?</svg>", html, re.DOTALL):
        ElementTree.fromstring(drawing)
    assert not re.search(r"\bnan\b|\binf\b", re.sub(r"<[^>]*title[^>]*>", "", html), re.IGNORECASE)
    return html


def test_one_file_that_needs_nothing_else(session: Session, tmp_path: Path) -> None:
    path = export_session(session, Format.REPORT, ExportOptions(), tmp_path / "r.html")
    html = check(path.read_text("utf-8"))
    assert not re.search(r"<script|<link|<img|@import|url\((?!#)", html)
    assert set(re.findall(r"https?://[^\"' ]+", html)) == {"http://www.w3.org/2000/svg"}
    assert [found.name for found in tmp_path.iterdir()] == ["r.html"]


def test_it_says_what_happened(session: Session) -> None:
    html = html_of(session)
    for words in (
        "Participant P07", "Study Calm", "stimulus 1, “Ferdinand”", "hesitancy", "looked away twice", "lip press 0.8",
        "experimental", "no face", "Scripted camera", "scripted 1", "AU12 lip corner puller", "0:08",
        "ms in the median", "not validated", "Keep in mind",
    ):  # fmt: skip
        assert words in html, words


def test_what_a_person_typed_stays_text(tmp_path: Path) -> None:
    events = (
        Marker(BEGIN_S + 1, EVIL),
        Marker(BEGIN_S + 2, EVIL, "note"),
        Fault(BEGIN_S + 2, "camera", Severity.WARNING, EVIL),
    )
    session = recorded(tmp_path / "s", samples(3.0), events)
    session.header["participant"] = session.header["study"] = session.header["condition"] = EVIL
    session.header["model"]["trained_on"] = EVIL
    html = check(html_of(session))
    assert "<script" not in html
    assert html.count("&lt;script&gt;") >= 7


def test_gaps_are_marked_and_not_drawn_over(session: Session) -> None:
    facts = Facts(ExportTable(session, ExportOptions()))
    (gap,) = facts.gaps
    assert [gap.begin_s, gap.end_s] == pytest.approx(GONE_S, abs=1.5 / FPS)
    assert gap.face_lost
    mean = facts.bins.mean(facts.values("valence"))
    inside = (facts.bins.centres > GONE_S[0] + 0.1) & (facts.bins.centres < GONE_S[1] - 0.1)
    assert np.isnan(mean[inside]).all()
    assert not np.isnan(mean[facts.bins.centres < GONE_S[0] - 0.1]).any()


def test_a_camera_that_was_away_is_a_gap_of_frames(tmp_path: Path) -> None:
    made = [sample(seq) for seq in range(90) if not 30 <= seq < 75]
    facts = Facts(ExportTable(recorded(tmp_path / "s", made), ExportOptions()))
    assert [(gap.face_lost, round(gap.end_s - gap.begin_s, 1)) for gap in facts.gaps] == [(False, 1.6)]
    assert facts.missing == 45
    assert "no frames" in html_of(facts.session)


def test_the_numbers_at_the_top(session: Session) -> None:
    text = re.sub(r"<[^>]+>", "|", html_of(session))
    assert "Face in view|75 %|of the time" in re.sub(r"\|+", "|", text)
    assert "24 frames were captured while the analysis was busy, 0 never arrived." in text
    assert "12 ms in the median" in text


@pytest.mark.parametrize("rows", [1, 2, 30])
def test_short_sessions_have_a_page(tmp_path: Path, rows: int) -> None:
    check(html_of(recorded(tmp_path / "s", [sample(seq) for seq in range(rows)])))


@pytest.mark.parametrize("seen", [Seen.NO_FACE, Seen.SKIPPED])
def test_a_session_without_a_face_has_a_page(tmp_path: Path, seen: Seen) -> None:
    made = [Sample(seq, BEGIN_S + seq / FPS, seen) for seq in range(60)]
    html = check(html_of(recorded(tmp_path / "s", made)))
    assert "not estimated" in html
    assert "Circumplex" not in html


def test_a_session_without_a_model_has_a_page(tmp_path: Path) -> None:
    made = [replace(sample(seq), raw=None, affect=None, present={}, cues={}) for seq in range(30)]
    session = recorded(tmp_path / "s", made)
    session.header["model"] = None
    html = check(html_of(session))
    assert "only the face was tracked" in html
    assert "AU12" not in html


def test_unknown_reasons_and_events_are_told_as_they_are(tmp_path: Path) -> None:
    made = [replace(sample(seq), quality=Quality(0.2, ("odd_new_reason", "too_dark"), False)) for seq in range(9)]
    session = replace(recorded(tmp_path / "s", made), events=({"event": "new_thing", "row": 3},))
    html = check(html_of(session))
    assert "odd new reason" in html
    assert "the face is too dark" in html
    assert "new thing" in html


def test_the_card_of_the_model_is_quoted(session: Session) -> None:
    info: ModelInfo = MODEL_INFO
    trained = replace(session, header={**session.header, "model": {**session.header["model"], "trained_on": "Hats."}})
    assert "The model: Hats." in html_of(trained)
    assert info.name in html_of(trained)


def test_smoothing_is_named_and_a_grid_is_not_used(session: Session, tmp_path: Path) -> None:
    options = ExportOptions(smoothing=Smoothing.OFFLINE, resample_hz=2)
    html = export_session(session, Format.REPORT, options, tmp_path / "r.html").read_text("utf-8")
    assert "zero phase" in html
    assert "of 240 frames" in html


def test_a_missing_style_sheet_is_told_in_words(session: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(page, "STYLE", "resources/report/none.css")
    with pytest.raises(SessionError, match="style sheet"):
        html_of(session)


def test_colours_are_set_for_light_dark_and_paper(session: Session) -> None:
    style = html_of(session).split("<style>")[1].split("</style>")[0]
    used = set(re.findall(r"var\((--[a-z]+)\)", style))
    for theme in (style.split("@media (prefers")[0], style.split("prefers-color-scheme: dark")[1].split("}")[0],
                  style.split("@media print")[1].split("@page")[0]):  # fmt: skip
        assert used <= set(re.findall(r"(--[a-z]+):", theme))


def test_markers_at_the_edge_and_in_a_crowd(tmp_path: Path) -> None:
    events = tuple(Marker(BEGIN_S + t_s / 10, f"a rather long marker {t_s}") for t_s in range(80))
    html = check(html_of(recorded(tmp_path / "s", samples(8.0), (*EVENTS, *events, Marker(BEGIN_S + 7.9, "x")))))
    assert "a rather long marker 40" in html  # in the table, if not in the drawing


def test_eight_hours_make_a_small_page() -> None:
    t_s = np.arange(8 * 3600 * 2) / 2
    bins = Bins(t_s, 0.0, float(t_s[-1]))
    assert bins.count == MOST_BINS
    values = np.sin(t_s / 1000)
    assert bins.rows().sum() == len(t_s)
    assert (bins.least(values) <= bins.mean(values)).all()
    assert (bins.mean(values) <= bins.most(values)).all()


@given(flags=st.lists(st.booleans(), max_size=30))
def test_runs_cover_exactly_the_flags(flags: list[bool]) -> None:
    covered = [n for begin, end in runs(np.array(flags, dtype=bool)) for n in range(begin, end)]
    assert covered == [n for n, flag in enumerate(flags) if flag]


@given(begin_s=st.floats(0, 1e4), length_s=st.floats(0.01, 1e6))
def test_ticks_are_few_and_inside(begin_s: float, length_s: float) -> None:
    ticks = ticks_s(begin_s, begin_s + length_s)
    assert len(ticks) <= 11
    assert all(begin_s - 1e-6 <= tick <= begin_s + length_s + 1e-6 for tick in ticks)


def test_numbers_for_people() -> None:
    assert [percent(share) for share in (0.0, 0.001, 0.5, 0.996, 1.0, float("nan"))] == [
        "0 %", "<1 %", "50 %", "99 %", "100 %", "–",
    ]  # fmt: skip
    assert [signed(value) for value in (0.5, -0.25, -0.001, float("nan"))] == ["+0.50", "−0.25", "0.00", "–"]
    assert [clock(t_s) for t_s in (0, 59.6, 3599, 3600)] == ["0:00", "1:00", "59:59", "1:00:00"]


def test_a_curve_breaks_where_it_is_unknown() -> None:
    x = y = Scale(0, 1, 0, 10)
    drawn = line(np.array([0, 0.1, 0.2, 0.3, 0.4]), np.array([0, 1, np.nan, 0.5, np.nan]), x, y, "c")
    assert drawn == '<path class="c" d="M0 0L1 10M3 5h.1"/>'


def test_a_film_is_told_with_what_it_lacks(session: Session) -> None:
    film = {"mode": "blurred", "frames": 1790, "dropped": 10}
    filmed = replace(session, header={**session.header, "consent": {"film": "blurred", "note": ""}, "film": film})
    text = check(html_of(filmed))
    assert "film with the face blurred" in text
    assert "1790 pictures and 10 frames without one" in text
