"""Makes the mixer of 0.1.0 blind to left and right without training it again.

    python -m desktop_affect.training.even FOLDER

The backbone gets both views of the crop as a batch of two and averages what it says of them, as every backbone that is
exported now does (`lean.py`). A mixer's mixing along the width becomes the mean of itself and its mirror image: a layer
of twice the width, exactly. Networks trained since then are blind to left and right by themselves (`temporal.py`).
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import nn

from desktop_affect.training.export import export_graph, sha256
from desktop_affect.training.lean import LeanFeatures
from desktop_affect.training.network import FrameNetwork
from desktop_affect.training.recipe import RecipeError
from desktop_affect.training.start import read_backbone, take_filters
from desktop_affect.training.temporal import FrameFeatures

HEADS = ("valence_arousal", "expressions", "action_units")
SIZE_PX = 96
WIDTH_BLOCKS = (2, 6)
"""Of the eight mixings: time, height, width, channels, twice."""

Array = NDArray[np.float32]


def even_backbone(file: Path) -> None:
    """Rewrites the backbone in place: one channel in, both views looked at."""
    network = FrameNetwork(HEADS)
    filters, heads = read_backbone(file)
    network.load_state_dict(heads, strict=False)
    frames = FrameFeatures(network)
    with torch.no_grad():
        take_filters(network, filters)
        take_embedding(frames.embed, file)
    image = torch.zeros(1, 1, SIZE_PX, SIZE_PX)
    export_graph("backbone", LeanFeatures(frames.eval()), {"image": image}, frames.names, file)


def take_embedding(embed: nn.ModuleList, file: Path) -> None:
    """The patch embedding of every level."""
    held = _arrays(file)
    for level, layer in enumerate(embed):
        for kind in ("weight", "bias"):
            layer.get_parameter(kind).copy_(torch.from_numpy(held[f"embed.{level}.{kind}"].copy()))


def even_temporal(file: Path) -> None:
    """Rewrites the temporal graph in place: what mixes along the width does so in both directions."""
    import onnx  # only here: an extra of the workshop
    from onnx import numpy_helper

    model, held = onnx.load(str(file)), _arrays(file)
    made = {name: values for block in WIDTH_BLOCKS for name, values in both_ways(held, f"blocks.{block}").items()}
    for tensor in model.graph.initializer:
        if tensor.name in made:
            tensor.CopyFrom(numpy_helper.from_array(np.ascontiguousarray(made[tensor.name]), tensor.name))
    del model.graph.value_info[:]
    onnx.checker.check_model(model, full_check=True)
    onnx.save(model, str(file))


def both_ways(held: dict[str, Array], block: str) -> dict[str, Array]:
    """The two layers of f(x) made those of (f(x) + mirrored f(mirrored x)) / 2; weights are levels x 1 x out x in."""
    try:
        first, second = held[f"{block}.weights.0"], held[f"{block}.weights.1"]
        shift, rest = held[f"{block}.biases.0"], held[f"{block}.biases.1"]
    except KeyError as error:
        raise RecipeError("This is not the temporal graph of 0.1.0.", detail=str(error)) from error
    return {
        f"{block}.weights.0": np.concatenate([first, first[..., ::-1]], axis=2),
        f"{block}.biases.0": np.concatenate([shift, shift], axis=2),
        f"{block}.weights.1": np.concatenate([second, second[:, :, ::-1]], axis=3) / 2,
        f"{block}.biases.1": (rest + rest[:, :, ::-1]) / 2,
    }


def _arrays(file: Path) -> dict[str, Array]:
    import onnx
    from onnx import numpy_helper

    tensors: Any = onnx.load(str(file)).graph.initializer
    return {tensor.name: numpy_helper.to_array(tensor) for tensor in tensors}


def main(folder: Path) -> None:
    """Both graphs of a model folder, and what its manifest says of them."""
    manifest = folder / "model.toml"
    text = manifest.read_text(encoding="utf-8")
    for name, make in (("backbone.onnx", even_backbone), ("temporal.onnx", even_temporal)):
        old = sha256(folder / name)
        make(folder / name)
        text = text.replace(old, sha256(folder / name))
    text = text.replace(f"shape = [1, 3, {SIZE_PX}, {SIZE_PX}]", f"shape = [1, 1, {SIZE_PX}, {SIZE_PX}]")
    manifest.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
