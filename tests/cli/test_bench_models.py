"""The table, the JSON and the picture of a comparison."""

from __future__ import annotations

import argparse
import json
from dataclasses import replace
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
from desktop_affect.inference.manifest import Manifest
from tests.inference import tiny


def row(model: str, runtime: str, median_ms: float, threads: int = 1) -> Row:
    return Row(
        model, "whole step", runtime, threads, "fp32", median_ms, median_ms * 1.5, median_ms * 1.25, 80, 0.2, 0.5
    )


COMPARISON = Comparison(
    (row("<mixer>", "OpenVINO", 4.0), row("efficientnet-b0", "ONNX Runtime as EmotiEffLib", 12.0, 0)),
    {1: 117.0, 2: 200.0},
)


def test_the_table_names_what_was_measured_and_how_far_the_limit_is() -> None:
    table = lines(COMPARISON)
    first = " ".join(table[1].split())
    assert first == "<mixer> whole step OpenVINO 1 fp32 4.00 ms 6.00 ms 5.00 ms 3.00× 3.00× 0.200 50%"
    assert " all " in table[2]
    text = "\n".join(table)
    assert "takes 3.0 times as long by the clock, 3.0 times in processor time" in text
    assert "1 thread 117, 2 threads 200" in text
    assert "Other programs" not in text


def test_a_busy_machine_is_told() -> None:
    waited = replace(COMPARISON.rows[0], median_ms=40.0)
    assert any(line.startswith("Other programs kept") for line in lines(Comparison((waited,), {1: 100.0})))


def test_without_the_rival_there_is_no_ratio() -> None:
    alone = Comparison(COMPARISON.rows[:1], {1: 100.0})
    assert "×" not in lines(alone)[1]
    assert document(alone)["rows"][0]["rival_times_wall"] is None  # type: ignore[index]
    assert "×" not in "".join(node.text or "" for node in ElementTree.fromstring(svg(alone)).iter())


def test_the_document_is_json() -> None:
    made = json.loads(json.dumps(document(COMPARISON)))
    assert [row["rival_times_wall"] for row in made["rows"]] == [3.0, 1.0]
    assert [row["rival_times_processor"] for row in made["rows"]] == [3.0, 1.0]
    assert made["peak_gmacs_per_s"] == {"1": 117.0, "2": 200.0}
    assert made["disturbed"] is False


def test_the_picture_has_a_bar_for_each_row_as_long_as_its_median() -> None:
    root = ElementTree.fromstring(svg(COMPARISON))
    bars = [node for node in root.iter("{http://www.w3.org/2000/svg}rect") if node.get("width") != "100%"]
    widths = [float(bar.get("width", "0")) for bar in bars]
    assert len(widths) == 2
    assert widths[1] / widths[0] == pytest.approx(3.0, abs=0.02)
    assert any("<mixer>" in (node.text or "") for node in root.iter())


def test_installed_models_are_compared_mixers_first_and_the_picture_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    catalog = Catalog(tmp_path / "installed", tmp_path / "own")
    monkeypatch.setattr("desktop_affect.inference.catalog.this_catalog", lambda: catalog)
    asked: list[list[str]] = []

    def compare(manifests: list[Manifest], budget_s: float) -> Comparison:
        asked.append([manifest.name for manifest in manifests])
        return COMPARISON

    monkeypatch.setattr(bench, "compare", compare)
    compare_models(0.0)
    tiny.frame_folder(catalog.installed, "a-frame")
    tiny.mixer_folder(catalog.installed, "z-mixer")
    compare_models(0.0, tmp_path / "plot.svg")
    assert asked == [[], ["z-mixer", "a-frame"]], "without a model there are still the untrained ones"
    assert (tmp_path / "plot.svg").read_text("utf-8") == svg(COMPARISON)
    with pytest.raises(AffectError, match="cannot be written"):
        compare_models(0.0, tmp_path / "no" / "plot.svg")


def test_the_verb_compares_unless_told_not_to(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[tuple[float, Path | None]] = []

    def compare(seconds: float, plot: Path | None) -> Comparison:
        asked.append((seconds, plot))
        return COMPARISON

    monkeypatch.setattr("desktop_affect.cli.bench_models.compare_models", compare)
    parser = argparse.ArgumentParser()
    verb.add_parser(parser.add_subparsers())
    for words in ([], ["--models", "3"], ["--models", "0"], ["--models", "0", "--plot", "a.svg"]):
        verb.comparison(parser.parse_args(["bench", *words]))
    assert asked == [(15.0, None), (3.0, None), (0.0, Path("a.svg"))]
