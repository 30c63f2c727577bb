"""The streaming mixer says the same as the whole clip at once, whatever the frame rate, and forgets when it must."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from desktop_affect.core.errors import ModelError
from desktop_affect.core.ports import AffectModel
from desktop_affect.core.types import Affect, FaceCrop
from desktop_affect.inference.load import build
from desktop_affect.inference.manifest_file import read_manifest
from desktop_affect.inference.onnx_runtime import OnnxRuntime
from desktop_affect.inference.openvino_runtime import OpenVinoRuntime
from desktop_affect.inference.runtime import Machine
from tests.inference import tiny
from tests.inference.fakes import crop


@pytest.fixture(params=["OpenVINO", "ONNX Runtime"])
def machine(request: pytest.FixtureRequest) -> Machine:
    return Machine([OpenVinoRuntime() if request.param == "OpenVINO" else OnnxRuntime()])


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tiny.mixer_folder(tmp_path / "models")


def opened(folder: Path, machine: Machine) -> AffectModel:
    model = build(read_manifest(folder), "cpu", 1, machine)
    model.open()
    return model


def smooth_face(t_s: float) -> FaceCrop:
    """A face whose picture changes smoothly: a slow wave of brightness over the picture."""
    y, x = np.mgrid[0 : tiny.SIDE, 0 : tiny.SIDE] / tiny.SIDE
    wave = [np.sin(2 * np.pi * (0.7 * t_s + x + phase) + y) for phase in (0.0, 0.3, 0.6)]
    return FaceCrop((127 + 120 * np.stack(wave, axis=-1)).astype(np.uint8), t_s, 1)


def at_once(folder: Path, crops: list[FaceCrop]) -> Affect:
    """The clip as a whole, written down from the contract without any of the streaming code."""
    runtime = OnnxRuntime()
    levels: dict[str, list[NDArray[Any]]] = {"level1": [], "level2": []}
    session = runtime._ort.InferenceSession((folder / "backbone.onnx").read_bytes(), runtime._options("CPU", 1))
    for one in crops:
        picture = ((one.pixels.astype(np.float64) / 255 - 0.5) / 0.5).transpose(2, 0, 1)[None].astype(np.float32)
        for name, value in zip(levels, session.run(list(levels), {"image": picture}), strict=True):
            levels[name].append(value)
    times = np.array([one.t_s for one in crops])
    steps = times[-1] - tiny.SPAN_S * (1 - np.arange(tiny.STEPS) / (tiny.STEPS - 1))
    feeds = {}
    for name, values in levels.items():
        flat = np.stack([value.ravel() for value in values])
        rows = np.stack([np.interp(steps, times, column) for column in flat.T], axis=-1)
        feeds[name] = rows.reshape(1, tiny.STEPS, *values[0].shape[1:]).astype(np.float32)
    head = runtime._ort.InferenceSession((folder / "temporal.onnx").read_bytes(), runtime._options("CPU", 1))
    circumplex, classes = head.run(["valence_arousal", "expressions"], feeds)
    valence, arousal = circumplex[0].tolist()
    return Affect(valence, arousal, expressions=dict(zip(tiny.EXPRESSIONS, classes[0].tolist(), strict=True)))


def values(affect: Affect) -> list[float]:
    return [affect.valence, affect.arousal, *affect.expressions.values()]


@pytest.mark.parametrize("fps", [7.3, 25.0, 60.0])
def test_streaming_equals_the_clip_at_once(folder: Path, machine: Machine, fps: float) -> None:
    model = opened(folder, machine)
    crops = [crop(k / fps) for k in range(round(2.2 * fps))]
    streamed = [model.estimate(one) for one in crops]
    model.close()
    for count in (1, 2, len(crops) // 2, len(crops)):
        np.testing.assert_allclose(values(streamed[count - 1]), values(at_once(folder, crops[:count])), atol=1e-4)


def test_frame_rates_agree(folder: Path, machine: Machine) -> None:
    ends = {}
    for fps in (12, 15, 30, 60):
        model = opened(folder, machine)
        for k in range(2 * fps + 1):
            affect = model.estimate(smooth_face(k / fps))
        model.close()
        ends[fps] = values(affect)
    for fps in (12, 15, 30):
        np.testing.assert_allclose(ends[fps], ends[60], atol=0.05)
    assert np.ptp(ends[60]) > 0.05, "the test face must make the model say something"


def test_confidence_follows_the_span_that_was_seen(folder: Path, machine: Machine) -> None:
    model = opened(folder, machine)
    seen = [model.estimate(crop(k / 10)).confidence for k in range(15)]
    model.close()
    assert seen[:3] == pytest.approx([0.0, 0.1, 0.2], abs=1e-6)
    assert seen[10:] == [1.0] * 5


@pytest.mark.parametrize(
    ("later", "track"),
    [(0.6, 1), (0.05, 2), (-1.0, 1)],
    ids=["a gap over half a second", "another person", "a jump back in time"],
)
def test_a_new_start_forgets_everything(folder: Path, machine: Machine, later: float, track: int) -> None:
    model, fresh = opened(folder, machine), opened(folder, machine)
    for k in range(40):
        model.estimate(crop(k / 30))
    after = [crop(39 / 30 + later + k / 30, track) for k in range(12)]
    for one in after:
        got, expected = model.estimate(one), fresh.estimate(one)
        assert values(got) == pytest.approx(values(expected), abs=1e-6)
        assert got.confidence == pytest.approx(expected.confidence, abs=1e-6)
    model.close()
    fresh.close()


def test_a_short_gap_is_bridged(folder: Path, machine: Machine) -> None:
    model = opened(folder, machine)
    for t_s in (0.0, 0.3, 0.6, 1.05):
        affect = model.estimate(crop(t_s))
    model.close()
    assert affect.confidence == 1.0


def test_opening_again_starts_afresh(folder: Path, machine: Machine) -> None:
    model = opened(folder, machine)
    first = model.estimate(crop(0.0))
    for k in range(1, 10):
        model.estimate(crop(k / 30))
    model.close()
    model.open()
    again = model.estimate(crop(10 / 30))
    assert again.confidence == first.confidence == 0.0
    model.close()
    model.close()


def test_info_tells_what_is_loaded(folder: Path, machine: Machine) -> None:
    model = build(read_manifest(folder), "cpu", 1, machine)
    info = model.open()
    model.close()
    assert (info.name, info.family, info.window_s) == ("tiny-mixer", "mixer", 1.0)
    assert info.outputs == ("valence_arousal", "expressions")
    assert info.device in ("OpenVINO CPU", "ONNX Runtime CPU")
    assert info.crop.size_px == tiny.SIDE
    assert len(info.sha256) == 64


def test_estimate_of_a_closed_model_is_refused_in_words(folder: Path, machine: Machine) -> None:
    model = build(read_manifest(folder), "cpu", 1, machine)
    with pytest.raises(ModelError, match="not open"):
        model.estimate(crop(0.0))


def test_a_crop_of_another_size_is_refused_in_words(folder: Path, machine: Machine) -> None:
    model = opened(folder, machine)
    with pytest.raises(ModelError, match="does not have the size"):
        model.estimate(crop(0.0, side=tiny.SIDE + 1))
    model.close()


def test_heads_that_the_model_lacks_are_absent(folder: Path, machine: Machine) -> None:
    model = opened(folder, machine)
    affect = model.estimate(crop(0.0))
    model.close()
    assert dict(affect.action_units) == dict(affect.mimicry) == {}
    assert math.isnan(affect.hesitancy)
    assert tuple(affect.expressions) == tiny.EXPRESSIONS
    assert sum(affect.expressions.values()) == pytest.approx(1.0, abs=1e-5)
