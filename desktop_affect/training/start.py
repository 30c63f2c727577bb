"""Begins a training from a backbone that was exported before, whose batch normalisations were folded into its filters.

Each normalisation gets the statistics that its filters really have on training pictures, and the scale and shift that
undo them: the network then says what the graph said, and goes on learning as if it had never been folded.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from desktop_affect.training.network import FrameNetwork
from desktop_affect.training.recipe import RecipeError

Filter = tuple[NDArray[np.float32], NDArray[np.float32]]
"""A convolution's weights and its shift."""


def begin_from(file: Path, network: FrameNetwork, grey: Tensor) -> None:
    """Gives a network the weights of an exported backbone; `grey` are pictures it will learn from."""
    filters, heads = read_backbone(file)
    pairs = convolutions_of(network)
    if [tuple(conv.weight.shape) for conv, _ in pairs] != [weight.shape for weight, _ in filters]:
        raise RecipeError(f"{file.name} is not a backbone that this experiment can begin from.")
    network.load_state_dict(heads, strict=False)
    with torch.no_grad():
        # The auxiliary head was never exported: at first it says nothing and leaves the features alone.
        network.auxiliary.weight.zero_()
        take_filters(network, filters)
        settle(network, [(conv, norm) for conv, norm in pairs if norm is not None], grey)


def read_backbone(file: Path) -> tuple[list[Filter], dict[str, Tensor]]:
    """Filters and shifts in the order in which they are applied, and the heads' weights by their names in torch."""
    import onnx  # an extra of the workshop
    from onnx import numpy_helper

    if not file.exists():
        raise RecipeError(f"{file} is not there.", advice="models/README.md says where to get what to begin from.")
    graph = onnx.load(str(file)).graph
    held = {tensor.name: numpy_helper.to_array(tensor) for tensor in graph.initializer}
    # Weights that are stored in halves are widened before anything reads them.
    halves = [node for node in graph.node if node.op_type == "Cast" and node.input[0] in held]
    held |= {node.output[0]: held[node.input[0]].astype(np.float32) for node in halves}
    convolutions = [node for node in graph.node if node.op_type == "Conv" and not node.name.startswith("/embed")]
    heads = {
        name.removeprefix("network."): torch.from_numpy(values.copy())
        for name, values in held.items()
        if name.startswith("network.heads.")
    }
    return [(held[node.input[1]].copy(), held[node.input[2]].copy()) for node in convolutions], heads


def convolutions_of(network: FrameNetwork) -> list[tuple[nn.Conv2d, nn.BatchNorm2d | None]]:
    """Every convolution with the normalisation that follows it, in order; those with a shift of their own have none."""
    modules = list(network.backbone.modules())
    norms = (module for module in modules if isinstance(module, nn.BatchNorm2d))
    convolutions = [module for module in modules if isinstance(module, nn.Conv2d)]
    return [(conv, next(norms) if conv.bias is None else None) for conv in convolutions]


def take_filters(network: FrameNetwork, filters: Sequence[Filter]) -> None:
    """Gives the convolutions these weights, and has the normalisations only add."""
    for (conv, norm), (weight, shift) in zip(convolutions_of(network), filters, strict=True):
        conv.weight.copy_(torch.from_numpy(weight))
        if norm is not None:
            change_nothing(norm, torch.from_numpy(shift))
        elif conv.bias is not None:
            conv.bias.copy_(torch.from_numpy(shift))


def change_nothing(norm: nn.BatchNorm2d, shift: Tensor) -> None:
    """A normalisation that only adds."""
    norm.running_mean, norm.running_var = torch.zeros_like(shift), torch.full_like(shift, 1.0 - norm.eps)
    norm.weight.fill_(1.0)
    norm.bias.copy_(shift)


def settle(network: FrameNetwork, pairs: list[tuple[nn.Conv2d, nn.BatchNorm2d]], grey: Tensor) -> None:
    """Measures every filter's mean and variance while the normalisations only add, then builds both in."""
    seen: dict[nn.Module, tuple[Tensor, Tensor]] = {}

    def measure(conv: nn.Module, _inputs: object, found: Tensor) -> None:
        seen[conv] = found.mean(dim=(0, 2, 3)), found.var(dim=(0, 2, 3))

    hooks = [conv.register_forward_hook(measure) for conv, _ in pairs]
    network.eval()(grey)
    for hook in hooks:
        hook.remove()
    for conv, norm in pairs:
        mean, variance = seen[conv]
        norm.bias.add_(mean)
        norm.weight.copy_((variance + norm.eps).sqrt())
        norm.running_mean, norm.running_var = mean.clone(), variance.clone()
