"""The table, the JSON and the picture of a comparison."""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from xml.etree import ElementTree

import pytest

from desktop_affect.cli import bench as verb
from desktop_affect.cli.bench_models import compare_models, document, lines
from desktop_affect.cli.bench_plot import svg
from desktop_affect.core.errors import AffectError
from desktop_affect.inference import bench
from desktop_affect.inference.bench import Comparison, Row
from desktop_affect.inference.catalog import Catalog
from tests.inference import tiny


def row(model: str, runtime: str, median_ms: float, threads: int = 1) -> Row:
    return Row(
        model, "whole step", runtime, threads, "fp32", median_ms, median_ms * 1.5, median_ms * 1.25, 80, 0.2, 0.5
    )


COMPARISON = Comparison(
    (row("mixer", "OpenVINO", 4.0), row("<frame>", "ONNX Runtime as EmotiEffLib", 12.0, 0)), {1: 117.0, 2: 200.0}
)


def test_the_table_names_what_was_measured_and_how_far_the_limit_is() -> None:
    table = lines(COMPARISON)
    assert " ".join(table[1].split()) == "mixer whole step OpenVINO 1 fp32 4.00 ms 6.00 ms 5.00 ms 1.00× 0.200 50%"
    assert "3.00×" in table[2]
    assert " all " in table[2]
    assert "1 thread 117, 2 threads 200" in table[4]


def test_the_document_is_json() -> None:
    made = json.loads(json.dumps(document(COMPARISON)))
    assert [row["ratio"] for row in made["rows"]] == [1.0, 3.0]
    assert made["peak_gmacs_per_s"] == {"1": 117.0, "2": 200.0}


def test_the_picture_has_a_bar_for_each_row_as_long_as_its_median() -> None:
    root = ElementTree.fromstring(svg(COMPARISON))
    bars = [node for node in root.iter("{http://www.w3.org/2000/svg}rect") if node.get("width") != "100%"]
    widths = [float(bar.get("width", "0")) for bar in bars]
    assert len(widths) == 2
    assert widths[1] / widths[0] == pytest.approx(3.0, abs=0.02)
    assert any("<frame>" in (node.text or "") for node in root.iter())


def test_installed_models_are_compared_and_the_picture_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    catalog = Catalog(tmp_path / "installed", tmp_path / "own")
    monkeypatch.setattr("desktop_affect.inference.catalog.this_catalog", lambda: catalog)
    monkeypatch.setattr(bench, "peak_gmacs_per_s", lambda threads: 50.0)
    with pytest.raises(AffectError, match="no model to measure"):
        compare_models(0.0)
    tiny.frame_folder(catalog.installed, "a-frame")
    tiny.mixer_folder(catalog.installed, "z-mixer")
    made = compare_models(0.0, tmp_path / "plot.svg")
    assert made.rows[0].model == "z-mixer"
    assert (tmp_path / "plot.svg").read_text("utf-8") == svg(made)
    monkeypatch.setattr(bench, "compare", lambda manifests, budget_s: COMPARISON)
    with pytest.raises(AffectError, match="cannot be written"):
        compare_models(0.0, tmp_path / "no" / "plot.svg")


def test_the_verb_compares_only_when_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[tuple[float, Path | None]] = []

    def compare(seconds: float, plot: Path | None) -> Comparison:
        asked.append((seconds, plot))
        return COMPARISON

    monkeypatch.setattr("desktop_affect.cli.bench_models.compare_models", compare)
    parser = argparse.ArgumentParser()
    verb.add_parser(parser.add_subparsers())
    for words in ([], ["--models"], ["--models", "3"], ["--plot", "a.svg"]):
        verb.comparison(parser.parse_args(["bench", *words]))
    assert asked == [(15.0, None), (3.0, None), (15.0, Path("a.svg"))]
