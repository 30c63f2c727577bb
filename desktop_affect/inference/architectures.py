"""The shapes of the two backbones as tables: what the workshop trains and what the bench draws untrained.

MobileNetV4-conv-small (Qin et al., ECCV 2024, arXiv 2404.10518) and EfficientNet-B0 (Tan & Le, ICML 2019, arXiv
1905.11946).
"""

from __future__ import annotations

from typing import NamedTuple


class Block(NamedTuple):
    """One universal bottleneck: kernel sizes of the depthwise convolutions (0: absent), stride, expansion, outputs."""

    before: int
    between: int
    stride: int
    expand: int
    out: int


class Stage(NamedTuple):
    """A row of EfficientNet's table 1."""

    kernel: int
    stride: int
    expand: int
    out: int
    blocks: int


LEVEL_CHANNELS = (64, 96, 128)
"""Channels of MobileNetV4's maps at 1/8, 1/16 and 1/32."""
MOBILENET_FEATURES = 960
"""Channels after its last 1x1 convolution, before pooling."""
MIDDLE = (
    Block(5, 5, 2, 3, 96),
    Block(0, 3, 1, 2, 96),
    Block(0, 3, 1, 2, 96),
    Block(0, 3, 1, 2, 96),
    Block(0, 3, 1, 2, 96),
    Block(3, 0, 1, 4, 96),
)
DEEP = (
    Block(3, 3, 2, 6, 128),
    Block(5, 5, 1, 4, 128),
    Block(0, 5, 1, 4, 128),
    Block(0, 5, 1, 3, 128),
    Block(0, 3, 1, 4, 128),
    Block(0, 3, 1, 4, 128),
)

EFFICIENTNET_FEATURES = 1280
STAGES = (
    Stage(3, 1, 1, 16, 1),
    Stage(3, 2, 6, 24, 2),
    Stage(5, 2, 6, 40, 2),
    Stage(3, 2, 6, 80, 3),
    Stage(5, 1, 6, 112, 3),
    Stage(5, 2, 6, 192, 4),
    Stage(3, 1, 6, 320, 1),
)

STEPS = 8
"""Steps of the temporal window."""
WIDTH = 48
"""Channels of its tokens."""
PATCHES = (4, 2, 1)
"""Side of the patch that becomes one token, per level: every level gives the same number of tokens."""
REDUCTION = 32
"""Pixels of the picture per token."""
MIXER_BLOCKS = 2
LEVELS_OF_VARIANT = {1: (2,), 2: (1, 2), 3: (0, 1, 2)}
"""Number of mixers → which levels they read; the coarsest are the last to go."""
