"""EfficientNet-B0 (Tan & Le, ICML 2019, arXiv 1905.11946), the backbone of the frame-level sibling."""

from __future__ import annotations

import torch
from torch import Tensor, nn

from desktop_affect.inference.architectures import EFFICIENTNET_FEATURES as FEATURES
from desktop_affect.inference.architectures import STAGES, Stage
from desktop_affect.training.backbone import Backbone, FloatConv, slow_in_bfloat16

DROP_PATH = 0.2
"""How often the last block is skipped in training; earlier ones in proportion to their depth."""


def conv(inside: int, out: int, kernel: int, stride: int = 1, *, groups: int = 1, active: bool = True) -> nn.Sequential:
    """Convolution, batch normalisation and, unless told otherwise, SiLU."""
    # Measured at 96 px: the whole network learns from twice as many pictures a second.
    kind = FloatConv if slow_in_bfloat16(kernel, stride, groups) else nn.Conv2d
    parts: list[nn.Module] = [
        kind(inside, out, kernel, stride, kernel // 2, groups=groups, bias=False),
        nn.BatchNorm2d(out),
    ]
    return nn.Sequential(*parts, *([nn.SiLU(inplace=True)] if active else []))


class SqueezeExcite(nn.Module):
    """Weighs the channels by what their means say."""

    def __init__(self, channels: int, squeezed: int) -> None:
        super().__init__()
        self.weigh = nn.Sequential(
            nn.Conv2d(channels, squeezed, 1), nn.SiLU(inplace=True), nn.Conv2d(squeezed, channels, 1), nn.Sigmoid()
        )

    def forward(self, x: Tensor) -> Tensor:
        weights: Tensor = self.weigh(x.mean(dim=(2, 3), keepdim=True))
        return x * weights


class MBConv(nn.Module):
    """Expand, depthwise, squeeze-excite, project; with a short cut that training drops now and then."""

    def __init__(self, inside: int, stage: Stage, stride: int, drop: float) -> None:
        super().__init__()
        wide = inside * stage.expand
        parts: list[nn.Module] = [] if stage.expand == 1 else [conv(inside, wide, 1)]
        parts += [
            conv(wide, wide, stage.kernel, stride, groups=wide),
            SqueezeExcite(wide, max(inside // 4, 1)),
            conv(wide, stage.out, 1, active=False),
        ]
        self.parts = nn.Sequential(*parts)
        self.short_cut = stride == 1 and inside == stage.out
        self.drop = drop

    def forward(self, x: Tensor) -> Tensor:
        y: Tensor = self.parts(x)
        if not self.short_cut:
            return y
        if self.training and self.drop > 0:
            kept = torch.rand(len(x), 1, 1, 1, device=x.device) >= self.drop
            y = y * kept / (1 - self.drop)
        return x + y


class EfficientNetB0(Backbone):
    """Without its ImageNet classifier."""

    features = FEATURES

    def __init__(self) -> None:
        super().__init__()
        blocks: list[nn.Module] = []
        inside, total = 32, sum(stage.blocks for stage in STAGES)
        for stage in STAGES:
            for index in range(stage.blocks):
                stride = stage.stride if index == 0 else 1
                blocks.append(MBConv(inside, stage, stride, DROP_PATH * len(blocks) / total))
                inside = stage.out
        self.parts = nn.Sequential(conv(3, 32, 3, 2), *blocks, conv(inside, FEATURES, 1))

    def pooled(self, image: Tensor) -> Tensor:
        """The averaged features of an image."""
        maps: Tensor = self.parts(image)
        return maps.mean(dim=(2, 3))
