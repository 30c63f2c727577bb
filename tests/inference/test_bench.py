"""The comparison measures every contender, counts its work, and survives those that do not run."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from onnx import helper

from desktop_affect.inference import bench
from desktop_affect.inference.bench import Comparison, Row, compare
from desktop_affect.inference.catalog import graphs
from desktop_affect.inference.contenders import AS_EMOTIEFFLIB, WHOLE, emotiefflib_step
from desktop_affect.inference.lineup import EFFICIENTNET, USUAL_SIZE_PX, untrained_models
from desktop_affect.inference.manifest import Precision, TensorSpec
from desktop_affect.inference.manifest_file import read_manifest
from desktop_affect.inference.network import CPU, Graph
from desktop_affect.inference.onnx_runtime import OnnxRuntime
from desktop_affect.inference.preprocess import Preprocessor
from desktop_affect.inference.yardstick import multiply_adds, peak_gmacs_per_s
from tests.inference import tiny
from tests.inference.fakes import FakeRuntime


@pytest.fixture(autouse=True)
def _known_peak(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bench, "peak_gmacs_per_s", lambda threads: 50.0 * threads)


def test_every_contender_is_measured(tmp_path: Path) -> None:
    manifests = [read_manifest(tiny.mixer_folder(tmp_path)), read_manifest(tiny.frame_folder(tmp_path))]
    result = compare(manifests, budget_s=0.0, threads=(1,))
    found = {(row.model, row.part, row.runtime, row.threads) for row in result.rows}
    mixers = ("untrained mixer, 3 levels", "untrained mixer, 2 levels", "untrained mixer, 1 level")
    expected = {
        (model, WHOLE, runtime, 1)
        for model in ("tiny-mixer", "tiny-frame", *mixers, EFFICIENTNET)
        for runtime in ("OpenVINO", "ONNX Runtime")
    }
    expected |= {
        ("tiny-mixer", part, runtime, 1)
        for part in ("backbone", "temporal")
        for runtime in ("OpenVINO", "ONNX Runtime")
    }
    assert found == expected | {(model, WHOLE, AS_EMOTIEFFLIB, 0) for model in ("tiny-frame", EFFICIENTNET)}
    assert all(0 < row.median_ms <= row.p95_ms and row.runs == 5 for row in result.rows)
    assert dict(result.peak_gmacs_per_s) == {1: 50.0}
    whole = result.rows[0]
    assert whole.gmacs == pytest.approx(tiny.STEPS * 3 * 17 * 10 / 1e9)
    assert whole.peak_share == pytest.approx(whole.gmacs * 1e3 / whole.median_ms / 50.0)
    assert result.rival is not None
    assert result.rival.model == EFFICIENTNET
    assert result.rival.gmacs == pytest.approx(0.385, abs=0.005), "Tan & Le say 0.39 billion"
    assert result.times(result.rival) == (1.0, 1.0)


@pytest.mark.expected_log
def test_a_contender_that_does_not_run_is_left_out(tmp_path: Path) -> None:
    manifest = read_manifest(tiny.frame_folder(tmp_path))
    runtimes = (FakeRuntime("Broken", refuses=("CPU",)), OnnxRuntime())
    result = compare([manifest], budget_s=0.0, threads=(1,), runtimes=runtimes, untrained=False)
    assert [row.runtime for row in result.rows] == ["ONNX Runtime", AS_EMOTIEFFLIB]
    assert result.rival is None, "of another network than EfficientNet-B0 the way of EmotiEffLib is no yardstick"
    assert result.times(result.rows[0]) is None


def row(model: str, part: str, median_ms: float, processor_ms: float, runtime: str = "OpenVINO") -> Row:
    return Row(model, part, runtime, 1, "fp32", median_ms, median_ms, processor_ms, 5, 0.1, 0.5)


def test_ratios_are_of_the_rival_by_the_clock_and_in_processor_time() -> None:
    whole = row("m", WHOLE, 2.0, 2.0)
    rival = row(EFFICIENTNET, WHOLE, 6.0, 12.0, AS_EMOTIEFFLIB)
    result = Comparison((whole, row("m", "backbone", 1.5, 1.5), row("m", "temporal", 0.6, 0.6), rival), {1: 50.0})
    assert result.times(whole) == (3.0, 6.0)
    assert result.temporal_share(whole) == pytest.approx(0.4)
    assert result.temporal_share(rival) is None


def test_a_busy_machine_is_noticed_by_steps_that_waited() -> None:
    assert not Comparison((row("m", WHOLE, 2.0, 2.1),), {1: 50.0}).disturbed
    assert Comparison((row("m", WHOLE, 8.0, 2.1),), {1: 50.0}).disturbed


@pytest.mark.parametrize(("views", "found"), [(1, 1), (2, 2)])
def test_the_untrained_mixers_are_like_the_installed_one(tmp_path: Path, views: int, found: int) -> None:
    mixer = next(iter(untrained_models(tmp_path, 64, views)))
    assert bench._like([mixer]) == (64, found)
    assert bench._like([]) == (USUAL_SIZE_PX, 1)


def test_the_work_of_convolutions_and_products_is_counted() -> None:
    nodes = [
        helper.make_node("Conv", ["x", "k"], ["a"], pads=[1, 1, 1, 1], strides=[2, 2]),
        helper.make_node("Conv", ["a", "d"], ["b"], pads=[1, 1, 1, 1], group=8),
        helper.make_node("GlobalAveragePool", ["b"], ["c"]),
        helper.make_node("Flatten", ["c"], ["e"]),
        helper.make_node("MatMul", ["e", "w"], ["y"]),
    ]
    weights = {
        "k": np.ones((8, 3, 3, 3), np.float32),
        "d": np.ones((8, 1, 3, 3), np.float32),
        "w": np.ones((8, 5), np.float32),
    }
    data = tiny.network(nodes, {"x": ["n", 3, 16, 16]}, {"y": ["n", 5]}, weights)
    graph = Graph("x", data, (TensorSpec("x", (1, 3, 16, 16)),), (TensorSpec("y", (1, 5)),))
    assert multiply_adds(graph) == 8 * 8 * 8 * 27 + 8 * 8 * 8 * 9 + 8 * 5


def test_the_peak_is_a_believable_number() -> None:
    assert 0.1 < peak_gmacs_per_s(1) < 10_000


def test_the_way_of_emotiefflib_gives_the_same_numbers_as_ours(tmp_path: Path) -> None:
    manifest = read_manifest(tiny.frame_folder(tmp_path))
    graph = graphs(manifest, Precision.FP32)["network"]
    network = OnnxRuntime(spinning=True).open(graph, CPU, 0)
    face = np.random.default_rng(1).integers(0, 256, (tiny.SIDE, tiny.SIDE, 3), dtype=np.uint8)
    theirs = emotiefflib_step(network, graph, manifest, face)["valence_arousal"]
    ours = network.run({"input": Preprocessor(manifest.input)(face)})["valence_arousal"]
    np.testing.assert_allclose(theirs, ours, atol=1e-5)
