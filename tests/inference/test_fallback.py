"""A device that fails, at the start or at the thousandth frame, gives way to the processor; people are told."""

from __future__ import annotations

import math
from collections.abc import Mapping
from pathlib import Path

import numpy as np
import pytest

from desktop_affect.core.errors import ModelError
from desktop_affect.core.ports import AffectModel
from desktop_affect.inference.choice import Choice, ChoiceMemory, choice_key
from desktop_affect.inference.load import build
from desktop_affect.inference.manifest import Precision
from desktop_affect.inference.manifest_file import read_manifest
from desktop_affect.inference.network import Arrays, FloatArray, Graph, Plan
from desktop_affect.inference.runtime import Machine
from desktop_affect.system.paths import cache_dir
from tests.inference import tiny
from tests.inference.fakes import FakeRuntime, crop, zeros


def model_on(tmp_path: Path, device: str, *runtimes: FakeRuntime) -> AffectModel:
    folder = tmp_path / "models" / "tiny-mixer"
    manifest = read_manifest(folder if folder.exists() else tiny.mixer_folder(folder.parent))
    return build(manifest, device, 1, Machine(runtimes))


def nan(graph: Graph, arrays: Arrays) -> Mapping[str, FloatArray]:
    return {spec.name: np.full(spec.shape, np.nan, np.float32) for spec in graph.outputs}


def infinite_circumplex(graph: Graph, arrays: Arrays) -> Mapping[str, FloatArray]:
    outputs = dict(zeros(graph, arrays))
    if "valence_arousal" in outputs:
        outputs["valence_arousal"][0] = np.inf, -np.inf
    return outputs


@pytest.mark.expected_log
def test_a_device_that_refuses_to_compile_gives_way(tmp_path: Path) -> None:
    model = model_on(tmp_path, "gpu", FakeRuntime(devices=("CPU", "GPU"), refuses=("GPU",)))
    assert model.open().device == "Fake CPU"
    notices = model.take_notices()
    assert [notice.message for notice in notices] == ["Fake GPU stopped working; the networks now run on Fake CPU."]
    assert "no driver" in notices[0].detail
    assert notices[0].advice
    assert model.take_notices() == []
    assert model.estimate(crop(0.0)).valence == 0.0


@pytest.mark.expected_log
def test_a_device_that_dies_at_the_thousandth_frame_gives_way_and_the_window_stays(tmp_path: Path) -> None:
    runtime = FakeRuntime(devices=("CPU", "GPU"), dies_at={"GPU": 1000})
    model = model_on(tmp_path, "gpu", runtime)
    assert model.open().device == "Fake GPU"
    for k in range(1100):
        affect = model.estimate(crop(k / 30, level=100))
        assert affect.valence == 0.0
        assert affect.confidence == pytest.approx(min(k / 30, 1.0), abs=1e-6)
        assert len(model.take_notices()) == (1 if k == 999 else 0)
    assert all(network.closed for device, network in runtime.opened if device == "GPU")


@pytest.mark.expected_log
def test_when_no_device_is_left_it_is_an_error_in_words(tmp_path: Path) -> None:
    model = model_on(tmp_path, "automatic", FakeRuntime(dies_at={"CPU": 3}))
    model.open()
    model.estimate(crop(0.0))
    model.estimate(crop(0.1))
    with pytest.raises(ModelError, match="No device of this machine can run the model any more") as failed:
        model.estimate(crop(0.2))
    assert "the device was removed" in failed.value.detail


@pytest.mark.expected_log
def test_a_processor_that_fails_gives_way_to_the_other_runtime(tmp_path: Path) -> None:
    model = model_on(tmp_path, "cpu", FakeRuntime("First", refuses=("CPU",)), FakeRuntime("Second"))
    assert model.open().device == "Second CPU"


@pytest.mark.expected_log
def test_opening_fails_in_words_when_nothing_compiles(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="No device"):
        model_on(tmp_path, "automatic", FakeRuntime(refuses=("CPU",))).open()


def test_an_absent_device_is_told_and_replaced(tmp_path: Path) -> None:
    model = model_on(tmp_path, "npu", FakeRuntime())
    assert model.open().device == "Fake CPU"
    assert model.take_notices()[0].message == "There is no NPU here that the networks can run on."


@pytest.mark.expected_log
def test_numbers_that_are_none_on_the_processor_stay_none_and_are_told_once(tmp_path: Path) -> None:
    model = model_on(tmp_path, "cpu", FakeRuntime(compute={"CPU": infinite_circumplex}))
    model.open()
    for k in range(3):
        affect = model.estimate(crop(k / 30))
        assert math.isnan(affect.valence)
        assert math.isnan(affect.arousal), "what is no number stays none"
        assert affect.expressions["neutral"] == 0.0
    assert [notice.detail for notice in model.take_notices()] == ["heads: valence_arousal"]


@pytest.mark.expected_log
def test_features_that_are_no_numbers_never_enter_the_window(tmp_path: Path) -> None:
    bad = {"now": False}

    def sometimes(graph: Graph, arrays: Arrays) -> Mapping[str, FloatArray]:
        return nan(graph, arrays) if bad["now"] and "backbone" in graph.label else zeros(graph, arrays)

    model = model_on(tmp_path, "cpu", FakeRuntime(compute={"CPU": sometimes}))
    model.open()
    model.estimate(crop(0.0))
    bad["now"] = True
    affect = model.estimate(crop(0.1))
    assert math.isnan(affect.valence)
    assert set(affect.expressions) == set(tiny.EXPRESSIONS)
    assert all(math.isnan(value) for value in affect.expressions.values())
    bad["now"] = False
    assert model.estimate(crop(0.2)).valence == 0.0
    assert len(model.take_notices()) == 1


@pytest.mark.expected_log
def test_numbers_that_are_none_on_another_device_move_the_model_to_the_processor(tmp_path: Path) -> None:
    model = model_on(tmp_path, "gpu", FakeRuntime(devices=("CPU", "GPU"), compute={"GPU": nan}))
    model.open()
    assert model.estimate(crop(0.0)).valence == 0.0
    assert "now run on Fake CPU" in model.take_notices()[0].message


def test_automatic_measures_once_and_remembers(tmp_path: Path) -> None:
    runtimes = FakeRuntime("A"), FakeRuntime("B")
    first = model_on(tmp_path, "automatic", *runtimes)
    device = first.open().device
    assert {len(runtime.opened) for runtime in runtimes} == {2, 4}, "both measured, one of them opened to stay"
    first.close()
    again = FakeRuntime("A"), FakeRuntime("B")
    assert model_on(tmp_path, "automatic", *again).open().device == device
    assert {len(runtime.opened) for runtime in again} == {0, 2}, "the remembered one alone is opened"


@pytest.mark.expected_log
def test_a_remembered_device_that_fails_is_forgotten(tmp_path: Path) -> None:
    runtime = FakeRuntime(devices=("CPU", "GPU"), refuses=("GPU",))
    memory = ChoiceMemory(cache_dir() / "devices.json")
    manifest = read_manifest(tiny.mixer_folder(tmp_path / "models"))
    key = choice_key(manifest.sha256, "automatic", 1, Machine([runtime]).fingerprint())
    memory.remember(key, Choice(Plan("Fake", "GPU"), "it was fast"))
    assert model_on(tmp_path, "automatic", runtime).open().device == "Fake CPU"
    assert memory.recall(key) is None


def test_the_processor_takes_int8_where_there_is_a_file(tmp_path: Path) -> None:
    machine = Machine([FakeRuntime("A", ("CPU", "GPU", "NPU"))])
    everything = tuple(Precision)
    plans = machine.plans("automatic", everything)
    assert Plan("A", "CPU", Precision.INT8) in plans
    assert Plan("A", "GPU", Precision.FP16) in plans
    assert machine.plans("npu", everything) == [Plan("A", "NPU", Precision.FP16)]
    assert machine.plans("gpu", (Precision.FP32,)) == [Plan("A", "GPU")]
    assert machine.plans("cpu", (Precision.FP32, Precision.FP16)) == [Plan("A", "CPU")]


@pytest.mark.expected_log
def test_a_head_with_one_value_that_is_none_is_not_believed_at_all(tmp_path: Path) -> None:
    def one(graph: Graph, arrays: Arrays) -> Mapping[str, FloatArray]:
        outputs = dict(zeros(graph, arrays))
        if "expressions" in outputs:
            outputs["expressions"][0, 3] = np.nan
        return outputs

    model = model_on(tmp_path, "cpu", FakeRuntime(compute={"CPU": one}))
    model.open()
    affect = model.estimate(crop(0.0))
    assert all(math.isnan(value) for value in affect.expressions.values())
    assert (affect.valence, affect.arousal) == (0.0, 0.0)
