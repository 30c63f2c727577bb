"""The temporal network: one 3D MLP-Mixer per level of the backbone, over a causal window of eight steps.

The mixing is factorised: along time, height, width and channels in turn, each by a small residual MLP, so that it
costs a fraction of a dense 3D mixer. All that concerns one frame only (patch embedding of the maps, the frame-level
estimate) belongs to the backbone's graph, `FrameFeatures`, and runs once per frame.

The output is the frame-level estimates of the window, averaged with learned weights per output, plus what the mixers
add. The paper maps the mixers' features alone to the outputs; with the estimates beside them the small mixers start
from the frame-level network's accuracy and learn what time adds (a smoother estimate, onsets, speech).
"""

from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.nn import functional

from desktop_affect.inference import architectures
from desktop_affect.inference.architectures import LEVEL_CHANNELS, LEVELS_OF_VARIANT, MIXER_BLOCKS, PATCHES
from desktop_affect.training.network import (
    HEADS,
    MEAN,
    STD,
    FrameNetwork,
    either_way,
    finished,
    with_mirror_image,
)

STEPS = architectures.STEPS
WIDTH = architectures.WIDTH
REDUCTION = architectures.REDUCTION
WIDTH_AXIS = 3
"""Of batch x time x height x width x channels."""


def nothing_at_first(layer: nn.Linear) -> nn.Linear:
    """Zero weights: a residual branch that begins by changing nothing."""
    for parameter in layer.parameters():
        nn.init.zeros_(parameter)
    return layer


class EvenLinear(nn.Linear):
    """A linear map along the width that knows no left: reverse what goes in, and what comes out is reversed."""

    def even(self) -> tuple[Tensor, Tensor]:
        """The weights and biases in force: halfway between the learned ones and their reversal."""
        return (self.weight + self.weight.flip(0, 1)) / 2, (self.bias + self.bias.flip(0)) / 2

    def forward(self, x: Tensor) -> Tensor:
        return functional.linear(x, *self.even())


class Mix(nn.Module):
    """A residual MLP along one axis of batch x time x height x width x channels, after a normalisation."""

    def __init__(self, axis: int, size: int, hidden: int, channels: int) -> None:
        super().__init__()
        self.axis = axis
        self.norm = nn.LayerNorm(channels)
        # ReLU, not the GELU of the paper: with GELU the temporal head costs 0.6 of the backbone, with ReLU 0.43.
        linear = EvenLinear if axis == WIDTH_AXIS else nn.Linear
        self.mlp = nn.Sequential(linear(size, hidden), nn.ReLU(), nothing_at_first(linear(hidden, size)))

    def forward(self, x: Tensor) -> Tensor:
        moved = self.norm(x).transpose(self.axis, -1)
        y: Tensor = self.mlp(moved)
        return x + y.transpose(self.axis, -1)


class Mixer3d(nn.Module):
    """The mixer of one level: blocks of time, height, width and channel mixing, then one vector for the newest frame.

    Each channel has its own weights over the time steps for the last averaging.
    """

    def __init__(self, side: int, blocks: int = MIXER_BLOCKS) -> None:
        super().__init__()
        parts: list[nn.Module] = []
        for _ in range(blocks):
            parts += [
                Mix(1, STEPS, 2 * STEPS, WIDTH),
                Mix(2, side, 2 * side, WIDTH),
                Mix(WIDTH_AXIS, side, 2 * side, WIDTH),
                Mix(4, WIDTH, 2 * WIDTH, WIDTH),
            ]
        self.blocks = nn.Sequential(*parts)
        self.norm = nn.LayerNorm(WIDTH)
        self.over_time = nn.Parameter(torch.full((STEPS, WIDTH), 1.0 / STEPS))

    def forward(self, tokens: Tensor) -> Tensor:
        """Batch x time x channels x height x width in, batch x channels out."""
        mixed = self.norm(self.blocks(tokens.permute(0, 1, 3, 4, 2)))
        newest: Tensor = (mixed.mean(dim=(2, 3)) * self.over_time).sum(dim=1)
        return newest


def evened(tokens: Tensor) -> Tensor:
    """Of the tokens of pictures and of their mirror images the mean, place by place; those of the mirror images are
    turned back first. Mirrored pictures then have mirrored tokens."""
    straight, mirrored = tokens.chunk(2)
    return (straight + mirrored.flip(3)) / 2


class FrameFeatures(nn.Module):
    """The backbone's graph: what the temporal network needs of one frame.

    It looks at the crop and at its mirror image in one batch of two and averages, so that a mirrored face reads the
    same, exactly: together with `EvenLinear` no output can tell left from right.
    """

    def __init__(self, network: FrameNetwork, mixers: int = 3) -> None:
        super().__init__()
        self.network = network
        self.levels = LEVELS_OF_VARIANT[mixers]
        self.embed = nn.ModuleList(
            nn.Conv2d(LEVEL_CHANNELS[level], WIDTH, PATCHES[level], PATCHES[level]) for level in self.levels
        )

    def forward(self, image: Tensor) -> tuple[Tensor, ...]:
        """Normalised N x 3 x side x side in; tokens of every level and the frame-level estimate (raw) out."""
        maps = self.network.mobile(with_mirror_image(image))
        return (*self.tokens(maps), either_way(self.network.estimate(maps[2])))

    def tokens(self, maps: tuple[Tensor, ...]) -> list[Tensor]:
        """The patch embedding of the levels that are mixed, of the maps of pictures and their mirror images."""
        return [evened(embed(maps[level])) for level, embed in zip(self.levels, self.embed, strict=True)]

    @property
    def names(self) -> tuple[str, ...]:
        """Names of the outputs."""
        return (*(f"level{level + 1}" for level in self.levels), "estimate")


class TemporalHead(nn.Module):
    """The mixers and the outputs for the newest frame of a window; raw values."""

    def __init__(self, heads: tuple[str, ...], mixers: int = 3, *, size_px: int = 224, dropout: float = 0.1) -> None:
        super().__init__()
        self.heads = heads
        self.widths = [HEADS[name] for name in heads]
        self.mixers = nn.ModuleList(Mixer3d(size_px // REDUCTION) for _ in LEVELS_OF_VARIANT[mixers])
        self.dropout = nn.Dropout(dropout)
        self.output = nothing_at_first(nn.Linear(WIDTH * mixers, sum(self.widths)))
        # Raw weights over the steps, per output; at first the newest frames count most.
        recent = torch.linspace(-5.0, 0.0, STEPS)
        self.recency = nn.Parameter(recent[:, None].repeat(1, sum(self.widths)))

    def forward(self, *features: Tensor) -> dict[str, Tensor]:
        """Batch x time x ... of every level, and last the estimates."""
        *levels, estimates = features
        mixed = [mixer(tokens) for mixer, tokens in zip(self.mixers, levels, strict=True)]
        average = (estimates * self.recency.softmax(dim=0)).sum(dim=1)
        raw = average + self.output(self.dropout(torch.cat(mixed, dim=1)))
        return dict(zip(self.heads, raw.split(self.widths, dim=1), strict=True))


def as_image(grey: Tensor) -> Tensor:
    """The network's input of N x 1 x side x side luminance, 0..1."""
    return ((grey - MEAN) / STD).expand(-1, 3, -1, -1).contiguous(memory_format=torch.channels_last)


class ClipNetwork(nn.Module):
    """Both together: clips of grey crops in, raw heads for each clip's newest frame out."""

    def __init__(self, network: FrameNetwork, heads: tuple[str, ...], mixers: int = 3, *, size_px: int = 224) -> None:
        super().__init__()
        self.frames = FrameFeatures(network, mixers)
        self.head = TemporalHead(heads, mixers, size_px=size_px)

    def maps(self, grey: Tensor) -> tuple[Tensor, ...]:
        """The backbone's maps of N x 1 x side x side luminance, 0..1, and after them those of the mirror images."""
        maps: tuple[Tensor, ...] = self.frames.network.mobile(as_image(with_mirror_image(grey)))
        return maps

    def estimate(self, maps: tuple[Tensor, ...]) -> Tensor:
        """The frame-level estimates of maps; variants on one backbone share these too."""
        return either_way(self.frames.network.estimate(maps[2]))

    def features_of(self, maps: tuple[Tensor, ...], estimate: Tensor | None = None) -> tuple[Tensor, ...]:
        """What the head reads of maps; variants on one backbone share these."""
        estimate = self.estimate(maps) if estimate is None else estimate
        return tuple(feature.float() for feature in (*self.frames.tokens(maps), estimate))

    def features(self, grey: Tensor) -> tuple[Tensor, ...]:
        """What the backbone says of pictures."""
        return self.features_of(self.maps(grey))

    def forward(self, clips: Tensor) -> dict[str, Tensor]:
        """Batch x time x side x side luminance, 0..1."""
        count, steps = clips.shape[:2]
        features = self.features(clips.reshape(count * steps, 1, *clips.shape[2:]))
        raw: dict[str, Tensor] = self.head(*(f.reshape(count, steps, *f.shape[1:]) for f in features))
        return raw


class ClipFamily(nn.Module):
    """Variants with one, two or three mixers on one backbone, trained together: what differs is the mixers alone."""

    def __init__(
        self, network: FrameNetwork, heads: tuple[str, ...], mixers: tuple[int, ...], *, size_px: int = 224
    ) -> None:
        super().__init__()
        self.network = network
        self.variants = nn.ModuleDict(
            {str(count): ClipNetwork(network, heads, count, size_px=size_px) for count in mixers}
        )

    def variant(self, mixers: int) -> ClipNetwork:
        """One of them."""
        found = self.variants[str(mixers)]
        assert isinstance(found, ClipNetwork)
        return found

    @property
    def every(self) -> list[ClipNetwork]:
        """All of them."""
        return [self.variant(int(key)) for key in self.variants]

    def maps(self, clips: Tensor) -> tuple[Tensor, ...]:
        """What the backbone says of all pictures of the clips, one after the other, and then of their mirror images."""
        return self.every[0].maps(clips.flatten(0, 1)[:, None])

    def estimate(self, maps: tuple[Tensor, ...]) -> Tensor:
        """The frame-level estimates of maps."""
        return self.every[0].estimate(maps)

    def forward(self, clips: Tensor) -> list[dict[str, Tensor]]:
        """The raw heads of every variant; the backbone runs once for all."""
        maps = self.maps(clips)
        return self.mixed(maps, self.estimate(maps), len(clips))

    def mixed(self, maps: tuple[Tensor, ...], estimate: Tensor, count: int) -> list[dict[str, Tensor]]:
        """The same of what `maps` and `estimate` gave for so many clips."""
        found = []
        for variant in self.every:
            features = variant.features_of(maps, estimate)
            found.append(variant.head(*(f.reshape(count, -1, *f.shape[1:]) for f in features)))
        return found


class ExportedHead(nn.Module):
    """The temporal graph as it ships: final values, in the order of the heads."""

    def __init__(self, head: TemporalHead) -> None:
        super().__init__()
        self.head = head

    def forward(self, *features: Tensor) -> tuple[Tensor, ...]:
        return tuple(finished(name, raw) for name, raw in self.head(*features).items())


class ExportedFrame(nn.Module):
    """The frame-level network as it ships alone: image in, final values out, those of its mirror image averaged in."""

    def __init__(self, network: FrameNetwork) -> None:
        super().__init__()
        self.network = network

    def forward(self, image: Tensor) -> tuple[Tensor, ...]:
        raw = self.network.heads(self.network.backbone.pooled(with_mirror_image(image)))
        return tuple(finished(name, either_way(value)) for name, value in raw.items())
