"""Shapes, sizes and cost of the networks, and that the shipped graphs say what torch says."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

torch = pytest.importorskip("torch", reason="the workshop needs the extra `train`")

from torch import nn  # noqa: E402

from desktop_affect.core.types import CropSpec  # noqa: E402
from desktop_affect.training import temporal  # noqa: E402
from desktop_affect.training.backbone import MobileNetV4, classifier, parameters  # noqa: E402
from desktop_affect.training.export import Folder, export_frame, export_mixer, write_manifest  # noqa: E402
from desktop_affect.training.network import EvenNetwork, FrameNetwork  # noqa: E402

HEADS = ("valence_arousal", "expressions", "action_units")


def test_parameters_are_the_papers() -> None:
    # The paper's table says 3.8 million with the ImageNet classifier.
    backbone = parameters(MobileNetV4())
    assert backbone + parameters(classifier()) == pytest.approx(3.77e6, rel=0.002)


def test_maps_have_the_sizes_that_the_mixers_read() -> None:
    maps = MobileNetV4().eval()(torch.zeros(1, 3, 224, 224))
    assert [tuple(m.shape[1:]) for m in maps] == [(64, 28, 28), (96, 14, 14), (128, 7, 7)]


@pytest.mark.parametrize("mixers", [1, 2, 3])
def test_each_variant_reads_its_levels(mixers: int) -> None:
    model = temporal.ClipNetwork(FrameNetwork(HEADS), HEADS, mixers).eval()
    raw = model(torch.rand(2, temporal.STEPS, 224, 224))
    assert {name: tuple(value.shape) for name, value in raw.items()} == {
        "valence_arousal": (2, 2), "expressions": (2, 8), "action_units": (2, 12),
    }  # fmt: skip
    assert len(model.frames.names) == mixers + 1


def test_the_temporal_head_costs_less_than_half_the_backbone() -> None:
    counter = pytest.importorskip("torch.utils.flop_counter").FlopCounterMode
    model = temporal.ClipNetwork(FrameNetwork(HEADS), HEADS).eval()
    with counter(display=False) as per_frame:
        features = model.frames(torch.zeros(1, 3, 224, 224))
    window = [f[:, None].expand(-1, temporal.STEPS, *f.shape[1:]) for f in features]
    with counter(display=False) as head:
        model.head(*window)
    assert head.get_total_flops() < per_frame.get_total_flops() / 2


def test_untrained_mixers_repeat_the_frame_level_estimate_of_a_still() -> None:
    model = temporal.ClipNetwork(FrameNetwork(HEADS), HEADS).eval()
    still = torch.rand(1, 1, 224, 224)
    frame = EvenNetwork(model.frames.network)(still)
    clip = model(still.expand(1, temporal.STEPS, 224, 224))
    for name in HEADS:
        assert torch.allclose(clip[name], frame[name], atol=1e-4)


def stirred(module: nn.Module) -> None:
    """Weights and statistics that are neither zero nor one, as after training."""
    generator = torch.Generator().manual_seed(3)
    with torch.no_grad():
        for name, value in module.state_dict().items():
            if name.endswith("running_var"):
                value.uniform_(0.5, 1.5, generator=generator)
            elif value.dtype.is_floating_point:
                value.add_(torch.randn(value.shape, generator=generator) * 0.02)


def test_a_mirrored_clip_reads_exactly_the_same() -> None:
    with torch.no_grad():
        torch.manual_seed(2)
        model = temporal.ClipNetwork(FrameNetwork(HEADS), HEADS, size_px=96).eval()
        stirred(model)
        clip = torch.rand(2, temporal.STEPS, 96, 96)
        straight, mirrored = model(clip), model(clip.flip(3))
        for name in HEADS:
            torch.testing.assert_close(mirrored[name], straight[name], atol=2e-5, rtol=1e-4)
            # Not because everything reads alike: another picture does not.
            assert float((model(clip.roll(1, dims=3))[name] - straight[name]).abs().max()) > 1e-3


def test_mirrored_pictures_have_mirrored_tokens() -> None:
    with torch.no_grad():
        model = temporal.FrameFeatures(FrameNetwork(HEADS)).eval()
        stirred(model)
        image = torch.randn(1, 3, 160, 160)
        *tokens, estimate = model(image)
        *others, other_estimate = model(image.flip(3))
        for one, other in zip(tokens, others, strict=True):
            assert one.shape[1:] == (temporal.WIDTH, 5, 5)
            apart = float((one - one.flip(3)).abs().max())
            assert float((other - one.flip(3)).abs().max()) < apart / 100
            assert apart > 1e-5
        torch.testing.assert_close(other_estimate, estimate, atol=1e-4, rtol=1e-4)


def test_the_frame_level_graph_ignores_a_mirror() -> None:
    with torch.no_grad():
        network = FrameNetwork(HEADS, backbone="efficientnet-b0")
        stirred(network)
        exported = temporal.ExportedFrame(network).eval()
        image = torch.randn(1, 3, 96, 96)
        for straight, mirrored in zip(exported(image), exported(image.flip(3)), strict=True):
            torch.testing.assert_close(mirrored, straight, atol=1e-5, rtol=1e-4)


def folder(path: Path, family: str) -> Folder:
    return Folder(path, "0.0.1", family, "A test", "Nothing.", CropSpec(224), HEADS, {"AU12": 0.4})


def differences(wanted: list[np.ndarray], found: list[np.ndarray]) -> float:  # type: ignore[type-arg]
    return max(float(np.abs(a - b).max()) for a, b in zip(wanted, found, strict=True))


def both_runtimes(file: Path, inputs: dict[str, np.ndarray]) -> list[list[np.ndarray]]:  # type: ignore[type-arg]
    """What ONNX Runtime and OpenVINO make of a graph."""
    from desktop_affect.inference.onnxruntime_import import onnxruntime
    from desktop_affect.inference.openvino_import import openvino

    first = onnxruntime.InferenceSession(str(file)).run(None, inputs)
    compiled = openvino.Core().compile_model(file, "CPU", {"INFERENCE_PRECISION_HINT": "f32"})
    second = compiled(inputs)
    return [first, [second[output] for output in compiled.outputs]]


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_torch_onnx_runtime_and_openvino_agree(tmp_path: Path) -> None:
    torch.manual_seed(1)
    model = temporal.ClipNetwork(FrameNetwork(HEADS), HEADS)
    stirred(model)
    graphs = export_mixer(model, folder(tmp_path / "mixer", "mixer"))
    image = torch.randn(1, 1, 224, 224)
    with torch.no_grad():
        features = model.frames(image.expand(-1, 3, -1, -1))
        window = [f[:, None] + 0.1 * torch.randn(1, temporal.STEPS, *f.shape[1:]) for f in features]
        said = temporal.ExportedHead(model.head).eval()(*window)
    for found in both_runtimes(graphs[0].file, {"image": image.numpy()}):
        assert differences([f.numpy() for f in features], found) < 1e-3
    inputs = {name: value.numpy() for name, value in zip(model.frames.names, window, strict=True)}
    for found in both_runtimes(graphs[1].file, inputs):
        assert differences([value.numpy() for value in said], found) < 1e-3


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_weights_in_halves_say_nearly_the_same_in_half_the_file(tmp_path: Path) -> None:
    pytest.importorskip("onnx", reason="an extra of the workshop")
    torch.manual_seed(1)
    network = FrameNetwork(HEADS, backbone="efficientnet-b0")
    stirred(network)
    target = Folder(tmp_path / "frame", "0.0.1", "frame", "A test", "Nothing.", CropSpec(96), HEADS, {})
    (graph,) = export_frame(network, target)
    assert graph.file.stat().st_size < 2.3 * parameters(network)
    image = torch.randn(1, 3, 96, 96)
    with torch.no_grad():
        wanted = [value.numpy() for value in temporal.ExportedFrame(network).eval()(image)]
    found = both_runtimes(graph.file, {"image": image.numpy()})
    assert all(value.dtype == np.float32 for value in found[0])
    assert differences(found[0], found[1]) < 1e-3
    assert 0 < differences(wanted, found[0]) < 5e-3


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
@pytest.mark.parametrize("family", ["mixer", "frame"])
def test_the_application_reads_the_manifest(tmp_path: Path, family: str) -> None:
    from desktop_affect.inference.manifest_file import read_manifest

    target = folder(tmp_path / "a-model", family)
    network = FrameNetwork(HEADS)
    if family == "mixer":
        graphs = export_mixer(temporal.ClipNetwork(network, HEADS), target)
    else:
        graphs = export_frame(network, target)
    write_manifest(target, graphs)
    manifest = read_manifest(target.path)
    assert [head.name for head in manifest.heads] == list(HEADS)
    assert manifest.input.luminance
    assert manifest.input.planes == (1 if family == "mixer" else 3)
    assert manifest.thresholds == {"AU12": 0.4}
