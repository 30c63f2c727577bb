"""Adds files of lower precision to a model folder, where they are as good as float32 to within a point.

- fp16, for graphics chips and NPUs, which compute in half precision anyway: every network's weights in halves.
- int8, for processors with VNNI, and NPUs: the backbone, calibrated. The weights get seven bits: with eight, processors
  without VNNI saturate 16-bit sums and are silently wrong. The ranges of the activations are the extremes on validation
  pictures (their averages cost a point of valence, the extremes a fifth of one). In OpenVINO a file that NNCF made runs
  0 to 9 % faster than this one of ONNX Runtime's tools (measured), which spare a dependency.

The verdict comes from test pictures, through the graphs that ship.
"""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from desktop_affect.core.errors import ModelError
from desktop_affect.inference.catalog import graphs
from desktop_affect.inference.manifest import Family, Manifest, NetworkSpec, Precision
from desktop_affect.inference.manifest_file import FILE_NAME, read_manifest
from desktop_affect.inference.network import CPU, Graph, Network
from desktop_affect.inference.onnx_runtime import OnnxRuntime
from desktop_affect.training import evaluation
from desktop_affect.training.augment import crop, to_batch
from desktop_affect.training.export import sha256
from desktop_affect.training.halves import store_in_halves
from desktop_affect.training.prepared import Prepared

CALIBRATION_PICTURES = 400
POINT = 0.01
"""How much a measure may lose."""
MEASURES = ("accuracy (majority)", "valence CCC", "arousal CCC", "AU mean Pearson", "AU mean F1")

LOWER = (Precision.FP16, Precision.INT8)

Values = Mapping[str, NDArray[np.float32]]


@dataclass(frozen=True)
class Verdict:
    """The measures that a lower precision was judged by."""

    precision: Precision
    fp32: dict[str, float]
    lower: dict[str, float]

    @property
    def holds(self) -> bool:
        """No measure lost more than a point."""
        return all(self.fp32[name] - value <= POINT for name, value in self.lower.items())

    def table(self) -> str:
        word = self.precision.value
        lines = [f"  {name:24} fp32 {self.fp32[name]:.4f}  {word} {value:.4f}" for name, value in self.lower.items()]
        return "\n".join([*lines, f"{word} holds" if self.holds else f"{word} loses more than a point and is not kept"])


@dataclass(frozen=True)
class Verdicts:
    """Of every lower precision."""

    every: tuple[Verdict, ...]

    def table(self) -> str:
        return "\n".join(verdict.table() for verdict in self.every)


def quantise(folder: Path, calibration: Prepared, test: Prepared, wanted: Collection[Precision] = LOWER) -> Verdicts:
    """Make the files, judge them, and name those that hold in the manifest; the others leave no trace."""
    manifest = read_manifest(folder)
    for precision in wanted:
        if precision in manifest.precisions:
            raise ModelError(f"{manifest.label} has {precision.value} files already.")
    full = graphs(manifest, Precision.FP32)
    reference = judge(manifest, full, test)
    halves = {network.role: partial(_halve_file, folder, network) for network in manifest.networks}
    first = manifest.networks[0]
    calibrated = {first.role: partial(_quantise_network, folder, first, manifest, calibration)}
    made = []
    for precision, makers in ((Precision.FP16, halves), (Precision.INT8, calibrated)):
        if precision not in wanted:
            continue
        files = {role: make() for role, make in makers.items()}
        lower = {role: replace(full[role], data=file.read_bytes()) for role, file in files.items()}
        made.append(Verdict(precision, reference, judge(manifest, {**full, **lower}, test)))
        _keep_or_leave_no_trace(manifest, made[-1], files)
    return Verdicts(tuple(made))


def _keep_or_leave_no_trace(manifest: Manifest, verdict: Verdict, files: Mapping[str, Path]) -> None:
    for role, file in files.items():
        if verdict.holds:
            _name_in_manifest(manifest.folder / FILE_NAME, role, verdict.precision, file)
        elif file.name != manifest.network(role).file(Precision.FP32).path:
            file.unlink()
    read_manifest(manifest.folder)


def _halve_file(folder: Path, network: NetworkSpec) -> Path:
    """A file of its own, or the only one where that holds halves already."""
    full, target = folder / network.file(Precision.FP32).path, folder / f"{network.role}.{Precision.FP16.value}.onnx"
    shutil.copyfile(full, target)
    store_in_halves(target)
    if target.stat().st_size < full.stat().st_size:
        return target
    target.unlink()
    return full


def _quantise_network(folder: Path, network: NetworkSpec, manifest: Manifest, calibration: Prepared) -> Path:
    target = folder / f"{network.role}.{Precision.INT8.value}.onnx"
    _quantise_file(folder / network.file(Precision.FP32).path, target, inputs(manifest, calibration))
    return target


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


def _name_in_manifest(file: Path, role: str, precision: Precision, made: Path) -> None:
    text = file.read_text("utf-8")
    table = f"[files.{role}]\n"
    entry = f'{precision.value} = {{ path = "{made.name}", sha256 = "{sha256(made)}" }}\n'
    file.write_text(text.replace(table, table + entry), "utf-8")
