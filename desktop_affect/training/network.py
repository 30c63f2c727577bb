"""The frame-level network: a backbone and its heads on pooled features."""

from __future__ import annotations

import torch
from torch import Tensor, nn

from desktop_affect.training.backbone import Backbone, MobileNetV4
from desktop_affect.training.efficientnet import EfficientNetB0
from desktop_affect.training.recipe import RecipeError
from desktop_affect.training.targets import SYMMETRIC_BLENDSHAPES

HEADS: dict[str, int] = {
    "expressions": 8,
    "valence_arousal": 2,
    "action_units": 12,
    "mimicry": 6,
    "hesitancy": 1,
}
"""Head name and width; graph outputs are final values."""
BACKBONES: dict[str, type[Backbone]] = {"mobilenetv4": MobileNetV4, "efficientnet-b0": EfficientNetB0}
MEAN, STD = 0.5, 0.25
"""Of the luminance; the same in all three channels."""


def finished(head: str, raw: Tensor) -> Tensor:
    """A head's final value: probabilities, −1..1, or 0..1."""
    if head == "expressions":
        return raw.softmax(dim=-1)
    return raw.tanh() if head == "valence_arousal" else raw.sigmoid()


def with_mirror_image(image: Tensor) -> Tensor:
    """Pictures, and after them their mirror images."""
    return torch.cat([image, image.flip(3)])


def either_way(values: Tensor) -> Tensor:
    """The mean of what pictures and their mirror images gave."""
    straight, mirrored = values.chunk(2)
    return (straight + mirrored) / 2


class Heads(nn.Module):
    """One linear layer per head; raw values (logits) out."""

    def __init__(self, features: int, heads: tuple[str, ...], dropout: float) -> None:
        super().__init__()
        self.dropout = nn.Dropout(dropout)
        self.layers = nn.ModuleDict({name: nn.Linear(features, HEADS[name]) for name in heads})

    def forward(self, pooled: Tensor) -> dict[str, Tensor]:
        pooled = self.dropout(pooled)
        return {name: layer(pooled) for name, layer in self.layers.items()}


class FrameNetwork(nn.Module):
    """Backbone, pooled features, heads; an auxiliary head learns the teacher's blendshapes and is never exported."""

    def __init__(self, heads: tuple[str, ...], dropout: float = 0.2, backbone: str = "mobilenetv4") -> None:
        super().__init__()
        self.backbone: Backbone = BACKBONES[backbone]()
        self.heads = Heads(self.backbone.features, heads, dropout)
        self.auxiliary = nn.Linear(self.backbone.features, len(SYMMETRIC_BLENDSHAPES))

    @property
    def mobile(self) -> MobileNetV4:
        """The backbone whose maps the mixers read."""
        if not isinstance(self.backbone, MobileNetV4):
            raise RecipeError("Only MobileNetV4 gives the maps that the mixers read.", advice='Set family = "frame".')
        return self.backbone

    def estimate(self, deepest: Tensor) -> Tensor:
        """All raw heads of the backbone's last map, side by side."""
        raw = self.heads(self.mobile.last(deepest).mean(dim=(2, 3)))
        return torch.cat(list(raw.values()), dim=1)

    def forward(self, grey: Tensor) -> dict[str, Tensor]:
        """Raw heads (and `blendshapes`) of N × 1 × side × side luminance, 0..1."""
        image = ((grey - MEAN) / STD).expand(-1, 3, -1, -1).contiguous(memory_format=torch.channels_last)
        pooled = self.backbone.pooled(image)
        return {**self.heads(pooled), "blendshapes": self.auxiliary(pooled)}


class EvenNetwork(nn.Module):
    """A frame-level network as it ships: it looks at a face and its mirror image, and averages the raw heads."""

    def __init__(self, network: FrameNetwork) -> None:
        super().__init__()
        self.network = network

    def forward(self, grey: Tensor) -> dict[str, Tensor]:
        return {name: either_way(raw) for name, raw in self.network(with_mirror_image(grey)).items()}


def channels_last(model: FrameNetwork) -> FrameNetwork:
    """Filters in the memory order in which a CPU convolves fastest (measured: 1.7 times)."""
    for parameter in model.parameters():
        if parameter.dim() == 4:
            parameter.data = parameter.data.contiguous(memory_format=torch.channels_last)
    return model
