"""Both runtimes run the same bytes to the same numbers, quietly and within their threads."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from desktop_affect.core.errors import ModelError
from desktop_affect.inference.catalog import graphs
from desktop_affect.inference.manifest import Precision, TensorSpec
from desktop_affect.inference.manifest_file import read_manifest
from desktop_affect.inference.network import CPU, DeviceError, Graph, Plan, Runtime
from desktop_affect.inference.onnx_runtime import OnnxRuntime
from desktop_affect.inference.openvino_runtime import OpenVinoRuntime
from desktop_affect.inference.runtime import Machine, this_machine
from tests.inference import tiny

IMAGE = TensorSpec("image", (1, 3, tiny.SIDE, tiny.SIDE))
LEVELS = (TensorSpec("level1", (1, 3, 4, 4)), TensorSpec("level2", (1, 3, 1, 1)))


@pytest.fixture(params=[OpenVinoRuntime, OnnxRuntime], ids=["OpenVINO", "ONNX Runtime"])
def runtime(request: pytest.FixtureRequest) -> Runtime:
    made: Runtime = request.param()
    return made


def graph(data: bytes) -> Graph:
    return Graph("models/x: backbone.onnx", data, (IMAGE,), LEVELS)


def test_networks_compute_what_the_file_says(runtime: Runtime) -> None:
    network = runtime.open(graph(tiny.backbone(batch="n")), CPU, 1)
    for seed in range(3):
        image = np.random.default_rng(seed).standard_normal(IMAGE.shape).astype(np.float32)
        outputs = network.run({"image": image})
        blocks = image.reshape(1, 3, 4, 4, 4, 4).mean(axis=(3, 5))
        np.testing.assert_allclose(outputs["level1"], blocks, atol=1e-6)
        np.testing.assert_allclose(outputs["level2"].ravel(), image.mean(axis=(0, 2, 3)), atol=1e-6)
    network.close()
    network.close()


def test_the_processor_is_always_there(runtime: Runtime) -> None:
    assert CPU in runtime.devices()
    assert runtime.version()


def test_a_truncated_network_is_a_device_error_with_the_detail(runtime: Runtime) -> None:
    with pytest.raises(DeviceError) as failed:
        runtime.open(graph(tiny.backbone()[:100]), CPU, 1)
    assert failed.value.message.startswith("models/x: backbone.onnx could not be prepared with")
    assert failed.value.detail


def test_another_network_than_described_is_refused(runtime: Runtime) -> None:
    with pytest.raises(ModelError, match="does not have the tensors that the manifest describes") as refused:
        runtime.open(graph(tiny.temporal()), CPU, 1)
    assert not isinstance(refused.value, DeviceError), "no other device would make it right"


def test_openvino_may_choose_among_its_devices_by_itself() -> None:
    network = OpenVinoRuntime().open(graph(tiny.backbone()), "AUTO", 1)
    outputs = network.run({"image": np.ones(IMAGE.shape, np.float32)})
    np.testing.assert_allclose(outputs["level2"], 1.0, atol=1e-3)
    network.close()


def test_openvino_says_in_words_that_a_device_is_absent() -> None:
    runtime = OpenVinoRuntime()
    if "NPU" in runtime.devices():
        pytest.skip("this machine has an NPU")
    with pytest.raises(DeviceError, match="could not be prepared with OpenVINO"):
        runtime.open(graph(tiny.backbone()), "NPU", 1)


def test_compiled_networks_are_kept_in_the_cache_and_a_spoiled_cache_does_no_harm(tmp_path: Path) -> None:
    image = {"image": np.ones(IMAGE.shape, np.float32)}
    for _ in range(2):
        OpenVinoRuntime(tmp_path / "cache").open(graph(tiny.backbone()), CPU, 1).run(image)
        kept = [file for file in (tmp_path / "cache").rglob("*") if file.is_file()]
        assert kept
        for file in kept:
            file.write_bytes(b"spoiled")
    network = OpenVinoRuntime(tmp_path / "cache").open(graph(tiny.backbone()), CPU, 1)
    np.testing.assert_allclose(network.run(image)["level2"], 1.0)


def test_a_machine_opens_all_networks_of_a_model(tmp_path: Path) -> None:
    manifest = read_manifest(tiny.mixer_folder(tmp_path))
    machine = this_machine(None)
    for plan in machine.plans("cpu", (Precision.FP32,)):
        networks = machine.open(graphs(manifest, Precision.FP32), plan, 1)
        assert set(networks) == {"backbone", "temporal"}
    with pytest.raises(DeviceError, match="Nobody is not installed"):
        machine.open(graphs(manifest, Precision.FP32), Plan("Nobody", CPU), 1)


def test_the_fingerprint_names_versions_and_devices() -> None:
    lines = Machine([OnnxRuntime()]).fingerprint()
    assert len(lines) == 1
    assert lines[0].startswith("ONNX Runtime 1.")
    assert "CPU" in lines[0]


def test_importing_openvino_loads_no_reporter() -> None:
    code = (
        "import sys; from desktop_affect.inference.openvino_import import openvino; openvino.Core();"
        "assert sys.modules['openvino_telemetry'] is None; assert 'openvino.tools.ovc' not in sys.modules;"
        "assert not any(name.startswith('openvino_telemetry.') for name in sys.modules)"
    )
    subprocess.run([sys.executable, "-c", code], check=True, timeout=60)


def test_the_room_is_light_to_enter() -> None:
    code = (
        "import sys; import desktop_affect.inference.load, desktop_affect.inference.catalog;"
        "assert not {'openvino', 'onnxruntime', 'mediapipe', 'torch', 'PySide6'} & set(sys.modules)"
    )
    subprocess.run([sys.executable, "-c", code], check=True, timeout=60)


def test_onnx_runtime_is_loaded_with_its_sender_switched_off() -> None:
    # In a process of its own: here the library may have been loaded before.
    code = (
        "import os, sys; os.environ['ORT_DISABLE_TELEMETRY'] = '0';"
        "assert 'onnxruntime' not in sys.modules;"
        "from desktop_affect.inference.onnx_runtime import OnnxRuntime; OnnxRuntime();"
        "assert os.environ['ORT_DISABLE_TELEMETRY'] == '1', 'telemetry is on'"
    )
    subprocess.run([sys.executable, "-c", code], check=True, timeout=60)


def test_nobody_else_imports_onnx_runtime() -> None:
    package = Path(__file__).resolve().parents[2] / "desktop_affect"
    found = [path.name for path in package.rglob("*.py") if "import onnxruntime\n" in path.read_text(encoding="utf-8")]
    importers = [name for name in found if name not in ("onnx_runtime.py", "smoke.py")]
    assert importers == ["onnxruntime_import.py"]
