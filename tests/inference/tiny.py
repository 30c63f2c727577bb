"""Model folders with tiny ONNX files of the right signatures."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import onnx
from numpy.typing import NDArray
from onnx import TensorProto, helper, numpy_helper

SIDE = 16
STEPS = 4
SPAN_S = 1.0
EXPRESSIONS = ("neutral", "happiness", "surprise", "sadness", "anger", "disgust", "fear", "contempt")

Shape = Sequence["int | str"]


def network(
    nodes: Sequence[Any],
    inputs: Mapping[str, Shape],
    outputs: Mapping[str, Shape],
    weights: Mapping[str, NDArray[Any]] | None = None,
    kind: int = TensorProto.FLOAT,
) -> bytes:
    """The bytes of an ONNX file."""
    graph = helper.make_graph(
        list(nodes),
        "tiny",
        [helper.make_tensor_value_info(name, kind, list(shape)) for name, shape in inputs.items()],
        [helper.make_tensor_value_info(name, kind, list(shape)) for name, shape in outputs.items()],
        [numpy_helper.from_array(value, name) for name, value in (weights or {}).items()],
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8)
    onnx.checker.check_model(model)
    return bytes(model.SerializeToString())


def backbone(batch: int | str = 1) -> bytes:
    """Two levels: the picture at 4×4, and its mean colour."""
    nodes = [
        helper.make_node("AveragePool", ["image"], ["level1"], kernel_shape=[4, 4], strides=[4, 4]),
        helper.make_node("GlobalAveragePool", ["image"], ["level2"]),
    ]
    return network(nodes, {"image": [batch, 3, SIDE, SIDE]}, {"level1": [batch, 3, 4, 4], "level2": [batch, 3, 1, 1]})


def temporal(seed: int = 1) -> bytes:
    """Both levels, flattened over time, through one matrix and tanh or softmax."""
    random = np.random.default_rng(seed)
    size = STEPS * 3 * (16 + 1)
    weights = {
        "wide": np.array([1, STEPS * 48], np.int64),
        "narrow": np.array([1, STEPS * 3], np.int64),
        "circumplex": (random.standard_normal((size, 2)) / np.sqrt(size)).astype(np.float32),
        "classes": (random.standard_normal((size, 8)) / np.sqrt(size)).astype(np.float32),
    }
    nodes = [
        helper.make_node("Reshape", ["level1", "wide"], ["a"]),
        helper.make_node("Reshape", ["level2", "narrow"], ["b"]),
        helper.make_node("Concat", ["a", "b"], ["c"], axis=1),
        helper.make_node("MatMul", ["c", "circumplex"], ["d"]),
        helper.make_node("Tanh", ["d"], ["valence_arousal"]),
        helper.make_node("MatMul", ["c", "classes"], ["e"]),
        helper.make_node("Softmax", ["e"], ["expressions"], axis=1),
    ]
    return network(
        nodes,
        {"level1": [1, STEPS, 3, 4, 4], "level2": [1, STEPS, 3, 1, 1]},
        {"valence_arousal": [1, 2], "expressions": [1, 8]},
        weights,
    )


def classifier(outputs: int, side: int = SIDE, name: str = "output", batch: int | str = "batch") -> bytes:
    """Mean colour through one matrix: the signature of the EmotiEffLib family, and of a frame model with one head."""
    weights = np.random.default_rng(2).standard_normal((3, outputs)).astype(np.float32)
    nodes = [
        helper.make_node("GlobalAveragePool", ["input"], ["pooled"]),
        helper.make_node("Flatten", ["pooled"], ["flat"]),
        helper.make_node("MatMul", ["flat", "w"], [name]),
    ]
    return network(nodes, {"input": [batch, 3, side, side]}, {name: [batch, outputs]}, {"w": weights})


def sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


_HEAD = """schema = 1
name = "{name}"
version = "{version}"
family = "{family}"
title = "A tiny model"
licence = "Apache-2.0"
trained_on = "Nothing."
[input]
size_px = {side}
channels = "rgb"
mean = [0.5, 0.5, 0.5]
std = [0.5, 0.5, 0.5]
[crop]
alignment = "eyes_mouth"
"""

_MIXER = """[window]
span_s = {span_s}
steps = {steps}
[files.backbone]
fp32 = {{ path = "backbone.onnx", sha256 = "{backbone}" }}
[files.temporal]
fp32 = {{ path = "temporal.onnx", sha256 = "{temporal}" }}
[[tensors.backbone.inputs]]
name = "image"
shape = [1, 3, {side}, {side}]
[[tensors.backbone.outputs]]
name = "level1"
shape = [1, 3, 4, 4]
[[tensors.backbone.outputs]]
name = "level2"
shape = [1, 3, 1, 1]
[[tensors.temporal.inputs]]
name = "level1"
shape = [1, {steps}, 3, 4, 4]
[[tensors.temporal.inputs]]
name = "level2"
shape = [1, {steps}, 3, 1, 1]
[[tensors.temporal.outputs]]
name = "valence_arousal"
shape = [1, 2]
[[tensors.temporal.outputs]]
name = "expressions"
shape = [1, 8]
[outputs.valence_arousal]
labels = ["valence", "arousal"]
[outputs.expressions]
labels = [{expressions}]
"""

_FRAME = """[files.network]
fp32 = {{ path = "network.onnx", sha256 = "{network}" }}
[[tensors.network.inputs]]
name = "input"
shape = [1, 3, {side}, {side}]
[[tensors.network.outputs]]
name = "valence_arousal"
shape = [1, 2]
[outputs.valence_arousal]
labels = ["valence", "arousal"]
"""


def mixer_folder(parent: Path, name: str = "tiny-mixer", version: str = "0.1.0") -> Path:
    """A whole model folder of the mixer family."""
    files = {"backbone.onnx": backbone(), "temporal.onnx": temporal()}
    text = (_HEAD + _MIXER).format(
        name=name,
        version=version,
        family="mixer",
        side=SIDE,
        steps=STEPS,
        span_s=SPAN_S,
        backbone=sha256(files["backbone.onnx"]),
        temporal=sha256(files["temporal.onnx"]),
        expressions=", ".join(f'"{label}"' for label in EXPRESSIONS),
    )
    return _write(parent / name, text, files)


def frame_folder(parent: Path, name: str = "tiny-frame", version: str = "0.1.0") -> Path:
    """A whole model folder of the frame family, with valence and arousal only."""
    files = {"network.onnx": classifier(2, name="valence_arousal")}
    text = (_HEAD + _FRAME).format(
        name=name, version=version, family="frame", side=SIDE, network=sha256(files["network.onnx"])
    )
    return _write(parent / name, text, files)


def edit(folder: Path, old: str, new: str) -> None:
    """Change a manifest in place; the text to change must be there."""
    file = folder / "model.toml"
    text = file.read_text("utf-8")
    assert old in text, f"{old!r} is not in the manifest"
    file.write_text(text.replace(old, new), "utf-8")


def replace_file(folder: Path, name: str, data: bytes) -> None:
    """Another network in the place of one, with its hash corrected in the manifest."""
    old = sha256((folder / name).read_bytes())
    (folder / name).write_bytes(data)
    edit(folder, old, sha256(data))


def _write(folder: Path, text: str, files: Mapping[str, bytes]) -> Path:
    folder.mkdir(parents=True)
    (folder / "model.toml").write_text(text, "utf-8")
    for name, data in files.items():
        (folder / name).write_bytes(data)
    return folder
