"""Writes a model folder: ONNX graphs and the manifest that the application reads (docs/models.md)."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import torch
from torch import Tensor, nn

from desktop_affect.core.types import ACTION_UNITS, EXPRESSIONS, MIMICRY, CropSpec
from desktop_affect.training.fused import FusedHead
from desktop_affect.training.halves import store_in_halves
from desktop_affect.training.lean import LeanFeatures
from desktop_affect.training.network import MEAN, STD, FrameNetwork
from desktop_affect.training.temporal import STEPS, ClipNetwork, ExportedFrame

OPSET = 17
SPAN_S = 1.0
LABELS = {
    "valence_arousal": ("valence", "arousal"),
    "expressions": EXPRESSIONS,
    "action_units": ACTION_UNITS,
    "mimicry": MIMICRY,
    "hesitancy": ("hesitancy",),
}


@dataclass(frozen=True)
class Folder:
    """What a manifest says beside the graphs."""

    path: Path
    version: str
    family: str
    title: str
    trained_on: str
    crop: CropSpec
    heads: tuple[str, ...]
    thresholds: dict[str, float]


@dataclass(frozen=True)
class Graph:
    """One exported network with its tensors' names and shapes."""

    role: str
    file: Path
    inputs: dict[str, tuple[int, ...]]
    outputs: dict[str, tuple[int, ...]]


def export_graph(role: str, network: nn.Module, inputs: dict[str, Tensor], outputs: Sequence[str], file: Path) -> Graph:
    """One network as ONNX in float32."""
    network.eval()
    arguments = tuple(inputs.values())
    with torch.no_grad():
        values = network(*arguments)
    torch.onnx.export(
        network, arguments, str(file), input_names=list(inputs), output_names=list(outputs), opset_version=OPSET,
        dynamo=False,
    )  # fmt: skip
    shapes = {name: tuple(value.shape) for name, value in zip(outputs, values, strict=True)}
    return Graph(role, file, {name: tuple(value.shape) for name, value in inputs.items()}, shapes)


def image_of(crop: CropSpec, channels: int = 3) -> Tensor:
    """An image of the right shape."""
    return torch.zeros(1, channels, crop.size_px, crop.size_px)


def export_mixer(model: ClipNetwork, folder: Folder) -> list[Graph]:
    """Backbone, its weights in halves, and temporal head, which is small."""
    folder.path.mkdir(parents=True, exist_ok=True)
    model.eval()
    names = model.frames.names
    lean, image = LeanFeatures(model.frames), image_of(folder.crop, channels=1)
    backbone = export_graph("backbone", lean, {"image": image}, names, folder.path / "backbone.onnx")
    store_in_halves(backbone.file)
    windows = {name: torch.zeros(1, STEPS, *shape[1:]) for name, shape in backbone.outputs.items()}
    temporal = export_graph("temporal", FusedHead(model.head), windows, folder.heads, folder.path / "temporal.onnx")
    return [backbone, temporal]


def export_frame(network: FrameNetwork, folder: Folder) -> list[Graph]:
    """The frame-level network alone, its weights in halves."""
    folder.path.mkdir(parents=True, exist_ok=True)
    graph = export_graph(
        "network", ExportedFrame(network), {"image": image_of(folder.crop)}, folder.heads, folder.path / "network.onnx"
    )
    store_in_halves(graph.file)
    return [graph]


def sha256(path: Path) -> str:
    """Of a file's bytes."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


def tensor_tables(graph: Graph) -> list[str]:
    """[[tensors...]] of one graph."""
    lines = []
    for side, tensors in (("inputs", graph.inputs), ("outputs", graph.outputs)):
        for name, shape in tensors.items():
            lines += [f"[[tensors.{graph.role}.{side}]]", f'name = "{name}"', f"shape = {list(shape)}", ""]
    return lines


def output_tables(folder: Folder) -> list[str]:
    """[outputs...] with labels and thresholds."""
    lines = []
    for head in folder.heads:
        labels = ", ".join(f'"{label}"' for label in LABELS[head])
        lines += [f"[outputs.{head}]", f"labels = [{labels}]"]
        if head == "action_units" and folder.thresholds:
            pairs = ", ".join(f"{unit} = {value:.3f}" for unit, value in folder.thresholds.items())
            lines.append(f"thresholds = {{ {pairs} }}")
        lines.append("")
    return lines


def manifest(folder: Folder, graphs: Sequence[Graph]) -> str:
    """The text of model.toml."""
    crop = folder.crop
    lines = [
        "schema = 1", f'name = "{folder.path.name}"', f'version = "{folder.version}"', f'family = "{folder.family}"',
        f'title = "{folder.title}"', 'licence = "Apache-2.0"', f'trained_on = "{folder.trained_on}"', "",
        "[input]", f"size_px = {crop.size_px}", 'channels = "luminance"', f"mean = {[MEAN] * 3}", f"std = {[STD] * 3}",
        "", "[crop]", f'alignment = "{crop.alignment.value}"', f"eye_y = {crop.eye_y}",
        f"eye_spread = {crop.eye_spread}", f"mouth_y = {crop.mouth_y}", f"padding = {crop.padding}", "",
    ]  # fmt: skip
    if folder.family == "mixer":
        lines += ["[window]", f"span_s = {SPAN_S}", f"steps = {STEPS}", ""]
    for graph in graphs:
        entry = f'{{ path = "{graph.file.name}", sha256 = "{sha256(graph.file)}" }}'
        lines += [f"[files.{graph.role}]", f"fp32 = {entry}", ""]
    for graph in graphs:
        lines += tensor_tables(graph)
    return "\n".join(lines + output_tables(folder)).rstrip() + "\n"


def write_manifest(folder: Folder, graphs: Sequence[Graph]) -> None:
    """Writes model.toml."""
    (folder.path / "model.toml").write_text(manifest(folder, graphs), encoding="utf-8")
