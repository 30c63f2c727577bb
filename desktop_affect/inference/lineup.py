"""The untrained models that the bench measures beside the installed ones, on disk for as long as it runs."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType

from desktop_affect.core.types import ACTION_UNITS, EXPRESSIONS, CropAlignment, CropSpec
from desktop_affect.inference.architectures import LEVELS_OF_VARIANT, STEPS
from desktop_affect.inference.emotiefflib import conventions
from desktop_affect.inference.manifest import (
    Family,
    FileSpec,
    Head,
    InputSpec,
    Manifest,
    NetworkSpec,
    Precision,
    TensorSpec,
    WindowSpec,
)
from desktop_affect.inference.network import Graph
from desktop_affect.inference.untrained import (
    backbone_outputs,
    efficientnet_b0,
    mixer_backbone,
    mixer_temporal,
)

EFFICIENTNET = "efficientnet-b0"
USUAL_SIZE_PX = 160
_LABELS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {"valence_arousal": ("valence", "arousal"), "expressions": EXPRESSIONS, "action_units": ACTION_UNITS}
)
_NO_THRESHOLDS: Mapping[str, float] = MappingProxyType({})
_NOTE = "Random weights, for measuring speed."


def untrained_models(folder: Path, size_px: int, views: int) -> list[Manifest]:
    """Mixers of three, two and one level, whose pictures have `size_px`, and EfficientNet-B0."""
    mixers = [_mixer(folder, levels, size_px, views) for levels in sorted(LEVELS_OF_VARIANT, reverse=True)]
    return [*mixers, _efficientnet(folder)]


def backbone_graph(size_px: int) -> Graph:
    """Of the three-level mixer with one view, to be compared with an installed one."""
    levels, outputs = max(LEVELS_OF_VARIANT), sum(len(labels) for labels in _LABELS.values())
    image = (TensorSpec("image", (1, 1, size_px, size_px)),)
    return Graph("untrained", mixer_backbone(size_px, levels, outputs), image, ())


def _mixer(folder: Path, levels: int, size_px: int, views: int) -> Manifest:
    heads = {name: len(labels) for name, labels in _LABELS.items()}
    outputs = backbone_outputs(size_px, levels, sum(heads.values()))
    windows = {name: (1, STEPS, *shape[1:]) for name, shape in outputs.items()}
    name = f"untrained mixer, {levels} level{'s' * (levels > 1)}"
    backbone = mixer_backbone(size_px, levels, sum(heads.values()), views)
    networks = (
        _network(folder, f"{levels} backbone", backbone, {"image": (1, 1, size_px, size_px)}, outputs),
        _network(
            folder,
            f"{levels} temporal",
            mixer_temporal(size_px, levels, heads),
            windows,
            {name: (1, width) for name, width in heads.items()},
        ),
    )
    pixels = InputSpec(size_px, True, (0.5,) * 3, (0.25,) * 3, planes=1)
    return _manifest(folder, name, Family.MIXER, pixels, networks, _LABELS, WindowSpec(1.0, STEPS))


def _efficientnet(folder: Path) -> Manifest:
    """With the conventions of the EmotiEffLib family."""
    known = conventions("enet_b0_8_best_vgaf")
    shapes = {"input": (1, 3, known.size_px, known.size_px)}, {"output": (1, known.outputs)}
    network = _network(folder, "network", efficientnet_b0(known.size_px), *shapes)
    pixels = InputSpec(known.size_px, False, known.mean, known.std)
    return _manifest(folder, EFFICIENTNET, Family.EMOTIEFFLIB, pixels, (network,), {"expressions": known.labels}, None)


def _network(
    folder: Path, name: str, data: bytes, inputs: Mapping[str, tuple[int, ...]], outputs: Mapping[str, tuple[int, ...]]
) -> NetworkSpec:
    file = FileSpec(f"{name}.onnx", hashlib.sha256(data).hexdigest())
    (folder / file.path).write_bytes(data)
    tensors = (tuple(TensorSpec(*tensor) for tensor in side.items()) for side in (inputs, outputs))
    return NetworkSpec(name.rpartition(" ")[2], MappingProxyType({Precision.FP32: file}), *tensors)


def _manifest(
    folder: Path,
    name: str,
    family: Family,
    pixels: InputSpec,
    networks: tuple[NetworkSpec, ...],
    labels: Mapping[str, tuple[str, ...]],
    window: WindowSpec | None,
) -> Manifest:
    return Manifest(
        folder=folder,
        sha256=hashlib.sha256(name.encode()).hexdigest(),
        name=name,
        version="0",
        family=family,
        title=name,
        licence="",
        trained_on=_NOTE,
        input=pixels,
        crop=CropSpec(pixels.size_px, CropAlignment.BOX),
        window=window,
        networks=networks,
        heads=tuple(Head(head, words, _NO_THRESHOLDS) for head, words in labels.items()),
    )
