"""Adds an int8 backbone to a model folder, if it is as good as the float32 one to within a point.

The weights get seven bits: with eight, processors without VNNI saturate 16-bit sums and are silently wrong. The ranges
of the activations are the extremes on validation pictures (their averages cost a point of valence, the extremes a
fifth of one); the verdict comes from test pictures, through the graphs that ship.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from desktop_affect.core.errors import ModelError
from desktop_affect.inference.catalog import graphs
from desktop_affect.inference.manifest import Family, Manifest, Precision
from desktop_affect.inference.manifest_file import FILE_NAME, read_manifest
from desktop_affect.inference.network import CPU, Graph, Network
from desktop_affect.inference.onnx_runtime import OnnxRuntime
from desktop_affect.training import evaluation
from desktop_affect.training.augment import crop, to_batch
from desktop_affect.training.export import sha256
from desktop_affect.training.prepared import Prepared

CALIBRATION_PICTURES = 400
POINT = 0.01
"""How much a measure may lose."""
MEASURES = ("accuracy (majority)", "valence CCC", "arousal CCC", "AU mean Pearson", "AU mean F1")

Values = Mapping[str, NDArray[np.float32]]


@dataclass(frozen=True)
class Verdict:
    """The measures that both precisions were judged by."""

    fp32: dict[str, float]
    int8: dict[str, float]

    @property
    def holds(self) -> bool:
        """No measure lost more than a point."""
        return all(self.fp32[name] - value <= POINT for name, value in self.int8.items())

    def table(self) -> str:
        lines = [f"  {name:24} fp32 {self.fp32[name]:.4f}  int8 {value:.4f}" for name, value in self.int8.items()]
        return "\n".join([*lines, "int8 holds" if self.holds else "int8 loses more than a point and is not kept"])


def quantise(folder: Path, calibration: Prepared, test: Prepared) -> Verdict:
    """Make the int8 file, judge it, and name it in the manifest if it holds; otherwise leave no trace."""
    manifest = read_manifest(folder)
    role = manifest.networks[0].role
    if Precision.INT8 in manifest.networks[0].files:
        raise ModelError(f"{manifest.label} has an int8 {role} already.")
    full = graphs(manifest, Precision.FP32)
    name = f"{role}.int8.onnx"
    made = folder / name
    _quantise_file(folder / manifest.networks[0].file(Precision.FP32).path, made, inputs(manifest, calibration))
    small = {**full, role: Graph(f"{manifest.label}: {name}", made.read_bytes(), full[role].inputs, full[role].outputs)}
    verdict = Verdict(judge(manifest, full, test), judge(manifest, small, test))
    if verdict.holds:
        _name_in_manifest(folder / FILE_NAME, role, name, sha256(made))
        read_manifest(folder)
    else:
        made.unlink()
    return verdict


def inputs(manifest: Manifest, data: Prepared, limit: int = CALIBRATION_PICTURES) -> Iterator[NDArray[np.float32]]:
    """Normalised image tensors of pictures spread evenly over the data."""
    planes = manifest.input.planes
    mean, std = (
        np.asarray(one[:planes], np.float32)[:, None, None] for one in (manifest.input.mean, manifest.input.std)
    )
    for row in np.linspace(0, len(data) - 1, min(limit, len(data))).astype(int):
        grey = crop(to_batch(data.images[row : row + 1]), manifest.input.size_px).numpy()
        yield ((np.repeat(np.round(grey * 255) / 255, planes, axis=1) - mean) / std).astype(np.float32)


def judge(manifest: Manifest, networks: Mapping[str, Graph], data: Prepared) -> dict[str, float]:
    """The measures on still pictures; a mixer sees each picture for its whole window."""
    runtime = OnnxRuntime()
    opened = {role: runtime.open(graph, CPU, 1) for role, graph in networks.items()}
    rows = [_estimate(manifest, opened, image) for image in inputs(manifest, data, len(data))]
    values = {head.name: np.concatenate([row[head.name] for row in rows]) for head in manifest.heads}
    scores = evaluation.all_scores(values, data, manifest.thresholds)
    return {str(one["name"]): float(str(one["value"])) for one in scores if one["name"] in MEASURES}


def _estimate(manifest: Manifest, networks: Mapping[str, Network], image: NDArray[np.float32]) -> Values:
    first = manifest.networks[0]
    outputs = networks[first.role].run({first.inputs[0].name: image})
    if manifest.family is not Family.MIXER or manifest.window is None:
        return {name: value.copy() for name, value in outputs.items()}
    steps = manifest.window.steps
    window = {name: np.repeat(value[:, np.newaxis], steps, axis=1) for name, value in outputs.items()}
    return {name: value.copy() for name, value in networks["temporal"].run(window).items()}


def _quantise_file(source: Path, target: Path, images: Iterator[NDArray[np.float32]]) -> None:
    # Only here: both are extras of the workshop.
    import onnx
    from onnxruntime import quantization
    from onnxruntime.quantization.shape_inference import quant_pre_process

    from desktop_affect.inference import onnxruntime_import  # noqa: F401  quiet before anything else loads it

    class Pictures(quantization.CalibrationDataReader):  # type: ignore[misc]
        def get_next(self) -> dict[str, Any] | None:
            image = next(images, None)
            return None if image is None else {"image": image}

    with tempfile.TemporaryDirectory() as scratch:
        prepared = Path(scratch) / "prepared.onnx"
        quant_pre_process(str(source), str(prepared))
        convolutions = [node.name for node in onnx.load(str(prepared)).graph.node if node.op_type == "Conv"]
        quantization.quantize_static(
            str(prepared),
            str(target),
            Pictures(),
            quant_format=quantization.QuantFormat.QDQ,
            per_channel=True,
            reduce_range=True,
            weight_type=quantization.QuantType.QInt8,
            activation_type=quantization.QuantType.QUInt8,
            op_types_to_quantize=["Conv", "Add"],
            # The first convolution sees the pixels themselves, and is cheap.
            nodes_to_exclude=convolutions[:1],
        )


def _name_in_manifest(file: Path, role: str, path: str, digest: str) -> None:
    text = file.read_text("utf-8")
    table = f"[files.{role}]\n"
    file.write_text(text.replace(table, f'{table}int8 = {{ path = "{path}", sha256 = "{digest}" }}\n'), "utf-8")
