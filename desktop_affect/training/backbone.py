"""MobileNetV4-conv-small, written down from the paper's table (Qin et al., ECCV 2024, arXiv 2404.10518).

The universal inverted bottleneck (UIB) has two optional depthwise convolutions: one before the expansion, one between
expansion and projection. Both gives "ExtraDW", only the second the classic inverted bottleneck, only the first a
ConvNeXt-like block. `MobileNetV4.forward` returns the maps that the temporal network reads: an eighth, a sixteenth and
a thirty-second of the input (28, 14 and 7 at 224 px).
"""

from __future__ import annotations

from abc import ABC, abstractmethod

import torch
from torch import Tensor, nn

from desktop_affect.inference.architectures import DEEP, LEVEL_CHANNELS, MIDDLE, Block
from desktop_affect.inference.architectures import MOBILENET_FEATURES as FEATURES


class FloatConv(nn.Conv2d):
    """A convolution that stays in float32 under bfloat16 autocast on a CPU.

    oneDNN's bfloat16 gradients of 5x5 and of strided depthwise convolutions fall back to slow code (measured: 83 ms
    instead of 6 ms for the first of them), which would cost more than bfloat16 saves everywhere else.
    """

    def forward(self, x: Tensor) -> Tensor:
        if x.device.type != "cpu" or not torch.is_autocast_enabled("cpu"):
            return super().forward(x)
        with torch.autocast("cpu", enabled=False):
            return super().forward(x.float())


def slow_in_bfloat16(kernel: int, stride: int, groups: int) -> bool:
    """Which convolutions `FloatConv` is for."""
    return groups > 1 and (kernel > 3 or stride > 1)


def conv(inside: int, out: int, kernel: int, stride: int = 1, *, groups: int = 1, active: bool = True) -> nn.Sequential:
    """Convolution, batch normalisation and, unless told otherwise, a ReLU."""
    kind = FloatConv if slow_in_bfloat16(kernel, stride, groups) else nn.Conv2d
    parts: list[nn.Module] = [
        kind(inside, out, kernel, stride, kernel // 2, groups=groups, bias=False),
        nn.BatchNorm2d(out),
    ]
    if active:
        parts.append(nn.ReLU(inplace=True))
    return nn.Sequential(*parts)


class UniversalBottleneck(nn.Module):
    """Depthwise (optional), expand, depthwise (optional), project; with a short cut where the shapes allow it."""

    def __init__(self, inside: int, block: Block) -> None:
        super().__init__()
        wide = inside * block.expand
        parts: list[nn.Module] = []
        if block.before:
            stride = 1 if block.between else block.stride
            parts.append(conv(inside, inside, block.before, stride, groups=inside, active=False))
        parts.append(conv(inside, wide, 1))
        if block.between:
            parts.append(conv(wide, wide, block.between, block.stride, groups=wide))
        parts.append(conv(wide, block.out, 1, active=False))
        self.parts = nn.Sequential(*parts)
        self.short_cut = block.stride == 1 and inside == block.out

    def forward(self, x: Tensor) -> Tensor:
        y: Tensor = self.parts(x)
        return x + y if self.short_cut else y


def bottlenecks(inside: int, blocks: tuple[Block, ...]) -> nn.Sequential:
    """The blocks one after the other."""
    parts = []
    for block in blocks:
        parts.append(UniversalBottleneck(inside, block))
        inside = block.out
    return nn.Sequential(*parts)


class Backbone(nn.Module, ABC):
    """What the frame-level heads ask of any backbone."""

    features: int
    """How many numbers `pooled` gives."""

    @abstractmethod
    def pooled(self, image: Tensor) -> Tensor:
        """The features of an image, averaged over its places."""


class MobileNetV4(Backbone):
    """The convolutional small variant, without its ImageNet classifier."""

    features = FEATURES

    def __init__(self) -> None:
        super().__init__()
        self.fine = nn.Sequential(
            conv(3, 32, 3, 2), conv(32, 32, 3, 2), conv(32, 32, 1), conv(32, 96, 3, 2), conv(96, LEVEL_CHANNELS[0], 1)
        )
        self.middle = bottlenecks(LEVEL_CHANNELS[0], MIDDLE)
        self.deep = bottlenecks(LEVEL_CHANNELS[1], DEEP)
        self.last = conv(LEVEL_CHANNELS[2], FEATURES, 1)

    def forward(self, image: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        fine = self.fine(image)
        middle = self.middle(fine)
        return fine, middle, self.deep(middle)

    def pooled(self, image: Tensor) -> Tensor:
        """What the frame-level heads read: the last map through the 1x1 convolution, averaged over its places."""
        features: Tensor = self.last(self.forward(image)[2])
        return features.mean(dim=(2, 3))


def parameters(module: nn.Module) -> int:
    """How many numbers a module learns."""
    return sum(int(p.numel()) for p in module.parameters())


def classifier(classes: int = 1000) -> nn.Sequential:
    """The paper's own head (1280 wide), which only the parameter count of the tests needs beside ImageNet users."""
    return nn.Sequential(
        nn.Linear(FEATURES, 1280, bias=False), nn.BatchNorm1d(1280), nn.ReLU(), nn.Linear(1280, classes)
    )
