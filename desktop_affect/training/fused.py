"""The temporal network as it ships: the mixers of all levels as one batch, with the same numbers as `TemporalHead`.

All levels have tokens of the same shape, so each step of all mixers is one batched matrix product. Mixing along an
axis is a product from the left, which needs no transposition. Measured with OpenVINO on one thread, three levels:
level by level 1.7 ms (GELU) and 1.5 ms (ReLU), as one batch 1.6 ms and 1.2 ms; the backbone 2.7 ms.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import torch
from torch import Tensor, nn
from torch.nn import functional

from desktop_affect.training.network import finished
from desktop_affect.training.temporal import STEPS, WIDTH, EvenLinear, Mix, Mixer3d, TemporalHead


def stacked(tensors: Sequence[Tensor], *shape: int) -> nn.Parameter:
    """The same weights of every level, one after the other along a new first axis."""
    stack = torch.stack([tensor.detach() for tensor in tensors])
    return nn.Parameter(stack.reshape(len(tensors), *shape) if shape else stack, requires_grad=False)


def in_force(linear: nn.Module) -> tuple[Tensor, Tensor]:
    """The weights and biases that a layer multiplies and adds."""
    if isinstance(linear, EvenLinear):
        return linear.even()
    return linear.get_parameter("weight"), linear.get_parameter("bias")


class FusedNorm(nn.Module):
    """The normalisations of all levels over channels."""

    def __init__(self, norms: Sequence[nn.Module]) -> None:
        super().__init__()
        self.weight = stacked([norm.get_parameter("weight") for norm in norms], 1, 1, 1, WIDTH)
        self.bias = stacked([norm.get_parameter("bias") for norm in norms], 1, 1, 1, WIDTH)

    def forward(self, x: Tensor) -> Tensor:
        return functional.layer_norm(x, (WIDTH,)) * self.weight + self.bias


class FusedMix(nn.Module):
    """One `Mix` of all levels."""

    def __init__(self, mixes: Sequence[Mix], side: int) -> None:
        super().__init__()
        axis = mixes[0].axis - 1
        tokens = (STEPS, side, side, WIDTH)
        self.norm = FusedNorm([mix.norm for mix in mixes])
        self.act = mixes[0].mlp[1]
        self.from_left = axis < 3
        lead, size, rest = math.prod(tokens[:axis]), tokens[axis], math.prod(tokens[axis + 1 :])
        self.shape = (lead, size, rest) if self.from_left else (1, lead, size)
        self.weights = nn.ParameterList()
        self.biases = nn.ParameterList()
        for layer in ("0", "2"):
            linears = [in_force(mix.mlp.get_submodule(layer)) for mix in mixes]
            weight = stacked([one for one, _ in linears])
            width = weight.shape[1]
            around = (1, width, 1) if self.from_left else (1, 1, width)
            self.weights.append((weight if self.from_left else weight.transpose(1, 2))[:, None])
            self.biases.append(stacked([bias for _, bias in linears], *around))

    def forward(self, x: Tensor) -> Tensor:
        """Levels x time x height x width x channels."""
        y: Tensor = self.norm(x).reshape(-1, *self.shape)
        for step, (weight, bias) in enumerate(zip(self.weights, self.biases, strict=True)):
            y = (torch.matmul(weight, y) if self.from_left else torch.matmul(y, weight)) + bias
            y = self.act(y) if step == 0 else y
        return x + y.reshape(x.shape)


class FusedHead(nn.Module):
    """A trained `TemporalHead`, for one window at a time; final values, in the order of the heads."""

    def __init__(self, head: TemporalHead) -> None:
        super().__init__()
        mixers = [mixer for mixer in head.mixers if isinstance(mixer, Mixer3d)]
        self.heads, self.widths = head.heads, head.widths
        side = mixers[0].blocks.get_submodule("1.mlp.0").get_parameter("weight").shape[1]
        levels = zip(*(mixer.blocks for mixer in mixers), strict=True)
        self.blocks = nn.Sequential(
            *(FusedMix([part for part in level if isinstance(part, Mix)], side) for level in levels)
        )
        self.norm = FusedNorm([mixer.norm for mixer in mixers])
        self.over_time = stacked([mixer.over_time for mixer in mixers])
        self.output = head.output
        self.recency = nn.Parameter(head.recency.detach().softmax(dim=0), requires_grad=False)

    def forward(self, *features: Tensor) -> tuple[Tensor, ...]:
        """1 x time x ... of every level, and last the estimates."""
        *levels, estimates = features
        tokens = torch.cat(levels).permute(0, 1, 3, 4, 2)
        mixed = self.norm(self.blocks(tokens)).mean(dim=(2, 3))
        newest = (mixed * self.over_time).sum(dim=1).reshape(1, -1)
        raw = (estimates * self.recency).sum(dim=1) + self.output(newest)
        return tuple(finished(name, part) for name, part in zip(self.heads, raw.split(self.widths, dim=1), strict=True))
