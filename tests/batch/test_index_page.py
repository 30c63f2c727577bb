"""The index: one self-contained page; what is in it can be trusted, whatever films are called."""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np
import pytest

from desktop_affect.batch.figures import Curve, Figures
from desktop_affect.batch.index_page import page, write_index
from desktop_affect.batch.jobs import Outcome, Problem, State
from desktop_affect.batch.summary import COLUMNS, write_summary


def outcome(name: str = "a.mp4", **changes: object) -> Outcome:
    figures: dict[str, float | None] = {**dict.fromkeys(Figures().row(), 0.0)}
    figures |= {"frames": 90, "faces": 45, "duration_s": 3.0, "face_share": 0.5}
    figures |= {"valence_mean": 0.25, "arousal_mean": None, "alerts": 2}
    curve = {"step_s": 0.25, "values": [0.1, None, 0.4]}
    facts = {
        "path": f"/films/{name}",
        "kind": "film",
        "folder": Path(name).stem,
        "state": State.DONE,
        "figures": figures,
        "curves": {"valence": curve},
        "exports": {"report": "exports/r.html"},
    }
    return Outcome(**{**facts, **changes})  # type: ignore[arg-type]


def test_the_page_needs_nothing_else_and_leads_to_the_reports(tmp_path: Path) -> None:
    text = write_index(tmp_path, [outcome("a b.mp4"), outcome("c.mp4")]).read_text("utf-8")
    assert not re.findall(r'(?:src|href)="(?:https?:|//)', text)
    assert "<script" not in text
    assert 'href="a%20b/exports/r.html"' in text
    assert "+0.25" in text
    assert "50 %" in text


def test_a_gap_breaks_the_curve_and_what_is_not_known_is_a_dash(tmp_path: Path) -> None:
    text = page(tmp_path, [outcome()])
    curve = re.search(r'class="curve valence" d="([^"]+)"', text)
    assert curve is not None
    assert curve.group(1).count("M") == 2
    assert '<div class="spark none"><span></span><b>–</b></div>' in text


def test_names_and_problems_are_text_not_markup(tmp_path: Path) -> None:
    problem = Problem("<b>“x”</b> is empty.", "Copy & try again.")
    broken = outcome("<img src=x>.mp4", state=State.FAILED, problem=problem, figures={})
    text = page(tmp_path, [broken, outcome('"quoted".mp4')])
    assert "<img src=x>" not in text
    assert "<b>“x”" not in text
    assert "Copy &amp; try again." in text
    assert "not analysed" in text


def test_a_thumbnail_that_somebody_removed_is_left_out(tmp_path: Path) -> None:
    text = page(tmp_path, [outcome(thumbnail="thumbnail.jpg")])
    assert "<img" not in text
    (tmp_path / "a").mkdir()
    (tmp_path / "a" / "thumbnail.jpg").write_bytes(b"jpeg")
    assert "data:image/jpeg;base64,anBlZw==" in page(tmp_path, [outcome(thumbnail="thumbnail.jpg")])


def test_the_summary_keeps_failed_films_and_empty_cells(tmp_path: Path) -> None:
    broken = outcome("b.mp4", state=State.FAILED, problem=Problem("It is empty."), figures={})
    lines = write_summary(tmp_path, [outcome(), broken]).read_text("utf-8").splitlines()
    first, second = (dict(zip(COLUMNS, line.split(","), strict=True)) for line in lines[1:])
    assert (first["frames"], first["valence_mean"], first["arousal_mean"]) == ("90", "0.25", "")
    assert (second["state"], second["problem"], second["session"], second["frames"]) == (
        "failed", "It is empty.", "", "",
    )  # fmt: skip


@pytest.mark.parametrize("length_s", [0.2, 10.0, 86_400.0])
def test_a_curve_stays_small_and_keeps_its_means(length_s: float) -> None:
    curve = Curve()
    times = np.linspace(0, length_s, 2000, endpoint=False)
    for at_s in times:
        curve.add(float(at_s), float(at_s >= length_s / 2))
    values = [value for value in curve.values() if value is not None]
    assert 1 <= len(values) <= 96
    assert np.mean(values) == pytest.approx(0.5, abs=0.15)
    if length_s > 1:
        assert values[0] == 0
        assert values[-1] == 1
