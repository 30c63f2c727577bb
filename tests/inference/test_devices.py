"""Graphics chips and NPUs, which the machines of these tests do not have: what the two libraries are asked for, with
their objects replaced by scripted ones, and what happens when a device says no."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from desktop_affect.core.types import CropSpec, Face, FaceCrop, Frame
from desktop_affect.inference import fallback
from desktop_affect.inference.load import build
from desktop_affect.inference.manifest import Precision, TensorSpec
from desktop_affect.inference.manifest_file import read_manifest
from desktop_affect.inference.measure import Timing
from desktop_affect.inference.network import CPU, DeviceError, Graph, Plan
from desktop_affect.inference.onnx_runtime import OnnxRuntime
from desktop_affect.inference.openvino_runtime import OpenVinoRuntime
from desktop_affect.inference.runtime import Machine
from desktop_affect.pipeline.analysis import AnalysisParts
from desktop_affect.pipeline.engine import Engine, EngineParts
from desktop_affect.session.plan import SessionPlan
from desktop_affect.session.reader import read_session
from desktop_affect.sinks.recorder import Recorder
from tests import fakes
from tests.inference import tiny
from tests.inference.fakes import FakeRuntime, crop

GRAPH = Graph(
    "models/x: backbone.onnx",
    tiny.backbone(),
    (TensorSpec("image", (1, 3, tiny.SIDE, tiny.SIDE)),),
    (TensorSpec("level1", (1, 3, 4, 4)), TensorSpec("level2", (1, 3, 1, 1))),
)
IMAGE = {"image": np.zeros((1, 3, tiny.SIDE, tiny.SIDE), np.float32)}


class Session:
    """ONNX Runtime's session on a device that is not there: it compiles by the processor, and fails when told."""

    def __init__(self, onnxruntime: Any, fails: str) -> None:
        self._onnxruntime = onnxruntime
        self._fails = fails
        self.asked: list[tuple[Any, list[str]]] = []

    def __call__(self, data: bytes, options: Any, providers: list[str]) -> Any:
        self.asked.append((options, providers))
        fails = self._fails if providers != ["CPUExecutionProvider"] else ""
        if fails == "compile":
            raise RuntimeError("887A0004: The specified device interface is not supported")
        session = self._onnxruntime.InferenceSession(data, options, ["CPUExecutionProvider"])
        if fails != "run":
            return session

        def run(*_: object) -> None:
            raise RuntimeError("887A0005: The GPU device instance has been suspended")

        kept = ("get_inputs", "get_outputs", "disable_fallback")
        return SimpleNamespace(run=run, **{name: getattr(session, name) for name in kept})


def onnx_runtime_with(*providers: str, fails: str = "") -> tuple[OnnxRuntime, Session]:
    runtime = OnnxRuntime()
    real = runtime._ort
    session = Session(real, fails)
    runtime._ort = SimpleNamespace(
        get_available_providers=lambda: [*providers, "CPUExecutionProvider"],
        InferenceSession=session,
        SessionOptions=real.SessionOptions,
        ExecutionMode=real.ExecutionMode,
        __version__=real.__version__,
    )
    return runtime, session


@pytest.mark.parametrize(
    ("provider", "device"), [("DmlExecutionProvider", "DirectML"), ("CoreMLExecutionProvider", "CoreML")]
)
def test_a_provider_is_asked_first_and_the_processor_takes_what_it_does_not_know(provider: str, device: str) -> None:
    runtime, session = onnx_runtime_with("TensorrtExecutionProvider", provider)
    assert runtime.devices() == (CPU, device), "others than these two were never tried and are left alone"
    runtime.open(GRAPH, device, 1).run(IMAGE)
    options, providers = session.asked[0]
    assert providers == [provider, "CPUExecutionProvider"]
    assert options.enable_mem_pattern == (device != "DirectML"), "DirectML's documentation asks for it"
    runtime.open(GRAPH, CPU, 1)
    assert session.asked[1][1] == ["CPUExecutionProvider"]


@pytest.mark.parametrize(("fails", "words"), [("compile", "could not be prepared"), ("run", "stopped working")])
def test_what_directml_says_becomes_a_device_error(fails: str, words: str) -> None:
    runtime, _ = onnx_runtime_with("DmlExecutionProvider", fails=fails)
    with pytest.raises(DeviceError, match=words) as failed:
        runtime.open(GRAPH, "DirectML", 1).run(IMAGE)
    assert "887A000" in failed.value.detail


@pytest.mark.expected_log
@pytest.mark.parametrize("fails", ["compile", "run"])
def test_directml_that_fails_gives_way_to_the_processor(tmp_path: Path, fails: str) -> None:
    runtime, _ = onnx_runtime_with("DmlExecutionProvider", fails=fails)
    model = build(read_manifest(tiny.mixer_folder(tmp_path)), "gpu", 1, Machine([runtime]))
    model.open()
    assert model.estimate(crop(0.0)).confidence == 0.0
    (notice,) = model.take_notices()
    assert notice.message == "ONNX Runtime DirectML stopped working; the networks now run on ONNX Runtime CPU."
    model.close()


class Core:
    """OpenVINO's core on a laptop with two graphics chips and an NPU; compiles by the processor."""

    def __init__(self, core: Any, *devices: str, refuses: tuple[str, ...] = ()) -> None:
        self._core = core
        self._refuses = refuses
        self.available_devices = list(devices)
        self.asked: list[tuple[str, Mapping[str, object]]] = []

    def read_model(self, data: bytes) -> Any:
        return self._core.read_model(data)

    def compile_model(self, model: Any, device: str, options: Mapping[str, object]) -> Any:
        self.asked.append((device, options))
        if device in self._refuses:
            raise RuntimeError("[GPU] ProgramBuilder build failed! CL_OUT_OF_RESOURCES")
        return self._core.compile_model(model, CPU, {"INFERENCE_PRECISION_HINT": "f32"})


def openvino_on(
    *devices: str, cache: Path | None = None, refuses: tuple[str, ...] = ()
) -> tuple[OpenVinoRuntime, Core]:
    runtime = OpenVinoRuntime(cache)
    core = Core(runtime._core, *devices, refuses=refuses)
    runtime._core = core
    return runtime, core


def test_openvino_counts_a_kind_of_device_once_and_may_choose_by_itself() -> None:
    assert openvino_on(CPU)[0].devices() == (CPU,)
    assert openvino_on(CPU, "GPU.0", "GPU.1", "NPU", "HETERO")[0].devices() == (CPU, "GPU", "NPU", "AUTO")


def test_openvino_is_asked_for_short_answers_everywhere_and_for_exact_ones_on_the_processor(tmp_path: Path) -> None:
    runtime, core = openvino_on(CPU, "GPU", "NPU", cache=tmp_path)
    for device in (*runtime.devices(), "AUTO"):
        runtime.open(GRAPH, device, 2).run(IMAGE)
    asked = dict(core.asked)
    assert all(options["PERFORMANCE_HINT"] == "LATENCY" for options in asked.values())
    assert all(options["CACHE_DIR"] == str(tmp_path) for options in asked.values())
    assert asked[CPU]["INFERENCE_PRECISION_HINT"] == "f32"
    assert asked[CPU]["INFERENCE_NUM_THREADS"] == 2
    assert "INFERENCE_PRECISION_HINT" not in asked["GPU"], "it computes in the precision that suits it"
    assert "INFERENCE_NUM_THREADS" not in asked["NPU"], "the NPU's plug-in refuses what it does not know"
    inner = asked["AUTO"]["DEVICE_PROPERTIES"]
    assert isinstance(inner, dict)
    assert inner[CPU]["INFERENCE_PRECISION_HINT"] == "f32"


@pytest.mark.expected_log
def test_a_graphics_chip_that_cannot_compile_gives_way(tmp_path: Path) -> None:
    runtime, core = openvino_on(CPU, "GPU", refuses=("GPU",))
    model = build(read_manifest(tiny.mixer_folder(tmp_path)), "gpu", 1, Machine([runtime]))
    assert model.open().device == "OpenVINO CPU"
    assert [device for device, _ in core.asked] == ["GPU", CPU, CPU]
    (notice,) = model.take_notices()
    assert "CL_OUT_OF_RESOURCES" in notice.detail
    model.close()


def with_precisions(folder: Path, *precisions: Precision) -> Path:
    """The same backbone under the names of other precisions."""
    data = (folder / "backbone.onnx").read_bytes()
    for precision in precisions:
        name = f"backbone.{precision.value}.onnx"
        (folder / name).write_bytes(data)
        entry = f'{precision.value} = {{ path = "{name}", sha256 = "{tiny.sha256(data)}" }}\n'
        tiny.edit(folder, "[files.backbone]\n", f"[files.backbone]\n{entry}")
    return folder


@pytest.mark.parametrize(
    ("wanted", "there", "file"),
    [
        ("gpu", (Precision.FP16, Precision.INT8), "backbone.fp16.onnx"),
        ("gpu", (Precision.INT8,), "backbone.onnx"),
        ("npu", (Precision.FP16, Precision.INT8), "backbone.fp16.onnx"),
        ("npu", (Precision.INT8,), "backbone.int8.onnx"),
        ("cpu", (Precision.FP16,), "backbone.onnx"),
    ],
)
def test_each_device_gets_the_file_that_suits_it(
    tmp_path: Path, wanted: str, there: tuple[Precision, ...], file: str
) -> None:
    runtime = FakeRuntime(devices=(CPU, "GPU", "NPU"))
    model = build(read_manifest(with_precisions(tiny.mixer_folder(tmp_path), *there)), wanted, 1, Machine([runtime]))
    model.open()
    model.close()
    assert [network.label for _, network in runtime.opened] == [
        f"models/tiny-mixer: {file}",
        "models/tiny-mixer: temporal.onnx",
    ], "a network without a file of the precision runs in fp32"


def test_automatic_takes_what_was_measured_fastest_and_says_why(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    took_ms = {
        Plan("Fake", CPU): 5.0,
        Plan("Fake", CPU, Precision.INT8): 3.0,
        Plan("Fake", "GPU", Precision.FP16): 2.0,
        Plan("Fake", "NPU", Precision.FP16): 2.5,
    }
    asked: list[list[Plan]] = []

    def measure(machine: Machine, graphs_of: object, plans: list[Plan], threads: int) -> dict[Plan, Timing]:
        asked.append(plans)
        return {plan: Timing(took_ms[plan], took_ms[plan], 5, took_ms[plan], took_ms[plan]) for plan in plans}

    monkeypatch.setattr(fallback, "measure_plans", measure)
    folder = with_precisions(tiny.mixer_folder(tmp_path), Precision.FP16, Precision.INT8)
    manifest = read_manifest(folder)

    def opened_on(*devices: str) -> str:
        model = build(manifest, "automatic", 1, Machine([FakeRuntime(devices=devices)]))
        device = model.open().device
        model.close()
        return device

    with caplog.at_level("INFO"):
        assert opened_on(CPU, "GPU", "NPU") == "Fake GPU fp16"
    assert "Fake GPU fp16 2.0 ms, Fake NPU fp16 2.5 ms, Fake CPU int8 3.0 ms, Fake CPU 5.0 ms" in caplog.text
    assert set(asked[0]) == set(took_ms)
    assert opened_on(CPU, "GPU", "NPU") == "Fake GPU fp16"
    assert len(asked) == 1, "measured once"
    assert opened_on(CPU) == "Fake CPU int8", "a machine with other devices is measured anew"
    assert len(asked) == 2


def test_choices_that_move_by_themselves_belong_to_automatic_alone() -> None:
    machine = Machine([FakeRuntime("OpenVINO", (CPU, "GPU", "AUTO")), FakeRuntime("ONNX Runtime", (CPU, "CoreML"))])
    assert {plan.device for plan in machine.plans("automatic", (Precision.FP32,))} == {CPU, "GPU", "AUTO", "CoreML"}
    assert machine.plans("gpu", (Precision.FP32,)) == [Plan("OpenVINO", "GPU")]
    windows = Machine([FakeRuntime("OpenVINO", (CPU, "GPU")), FakeRuntime("ONNX Runtime", (CPU, "DirectML"))])
    found = windows.plans("gpu", (Precision.FP32,))
    assert found == [Plan("OpenVINO", "GPU"), Plan("ONNX Runtime", "DirectML")], "both are measured"


@pytest.mark.expected_log
def test_a_device_that_dies_at_the_thousandth_frame_costs_the_recording_nothing(tmp_path: Path) -> None:
    manifest = read_manifest(tiny.mixer_folder(tmp_path / "models"))
    model = build(manifest, "gpu", 1, Machine([FakeRuntime(devices=(CPU, "GPU"), dies_at={"GPU": 1000})]))
    clock, frames = fakes.FakeClock(), 1050

    def cropper(frame: Frame, face: Face, spec: CropSpec) -> FaceCrop:
        return FaceCrop(fakes.picture(spec.size_px, spec.size_px), frame.t_s, face.track)

    analysis = AnalysisParts(fakes.ScriptedTracker(), cropper, model, fakes.PassThrough())
    source = fakes.ScriptedSource([frames], clock)
    engine = Engine(EngineParts(source, analysis, clock, fakes.clock_pair, live=False))
    recorder = Recorder(
        SessionPlan(tmp_path / "sessions"), clock=clock, report=engine.publish, read_clocks=fakes.clock_pair
    )
    engine.add_sink(recorder)
    engine.start()
    assert engine.finished.wait(60)
    engine.stop()
    assert recorder.folder is not None
    session = read_session(recorder.folder)
    assert list(session["seq"]) == list(range(frames))
    assert np.isfinite(session["valence_raw"]).all(), "not even the frame on which it died is without an estimate"
    told = [event["message"] for event in session.events if event.get("where") == "model"]
    assert told == ["Fake GPU stopped working; the networks now run on Fake CPU."]
