"""Kept maps: what the frozen backbone says of some clips, worked out once and learned from several times over.

Most of a step over clips is spent in the backbone, of which nearly nothing learns. The mixers have far to go (they
start from zero, and how much the past counts from a guess), so they first learn from maps that are kept in memory,
round after round of new clips; only then does the last part of the backbone learn with them.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

from desktop_affect.training.clips import ClipBatches
from desktop_affect.training.device import device_of, half_precision
from desktop_affect.training.recipe import Stage
from desktop_affect.training.temporal import ClipFamily

AT_A_TIME = 64
"""Clips that go through the backbone together; the share of every data set needs room in it."""


@dataclass(frozen=True)
class KeptRecipe:
    """The [temporal.kept] table of an experiment."""

    rounds: int
    clips: int
    """New ones in every round; a clip of 96 px takes 0.45 MB of memory."""
    passes: int
    """How often each is seen."""
    batch: int
    peak_rate: float
    final_rate: float
    unit_concordance: float = 0.0
    """Within each data set; see `losses.discordance_by_source`."""

    @property
    def steps(self) -> int:
        """Batches in one round."""
        return self.clips * self.passes // self.batch

    def stage(self, size_px: int) -> Stage:
        """The same as a stage, for the learning rate."""
        return Stage(size_px, self.rounds * self.clips, self.batch, self.peak_rate, self.final_rate, {})


@dataclass(frozen=True)
class KeptClips:
    """The maps of some clips, each clip's pictures and their mirror images in a row, and the clips' labels."""

    maps: tuple[Tensor, ...]
    """Of every level: clips x 2 x steps x channels x height x width."""
    estimates: Tensor
    """Frame by frame: clips x steps x outputs."""
    targets: dict[str, Tensor]
    trust: Tensor
    sources: Tensor
    """Which data set each clip is from, by number; batches are drawn so that those of one stand together."""

    def batches(self, size: int, rng: np.random.Generator) -> Iterator[tuple[tuple[Tensor, ...], Tensor, Tensor]]:
        """Maps and estimates in the order in which `ClipFamily.mixed` reads them, and the rows they are of."""
        order = torch.from_numpy(rng.permutation(len(self.trust))).to(self.trust.device)
        for begin in range(0, len(order) - size + 1, size):
            rows = order[begin : begin + size]
            rows = rows[self.sources[rows].argsort(stable=True)]
            maps = tuple(level[rows].transpose(0, 1).flatten(0, 2).float() for level in self.maps)
            yield maps, self.estimates[rows].flatten(0, 1), rows

    def labels(self, rows: Tensor) -> tuple[dict[str, Tensor], Tensor, tuple[int, ...]]:
        """Targets, trust, and how many rows in turn come from one data set."""
        counts = tuple(count for count in self.sources[rows].bincount().tolist() if count)
        return {name: target[rows] for name, target in self.targets.items()}, self.trust[rows], counts


@torch.no_grad()
def keep(model: ClipFamily, drawn: ClipBatches, first: int, count: int, size_px: int) -> KeptClips:
    """Draw `count` clips or a few more, from batch number `first` on, and keep what the backbone says of them."""
    maps: list[tuple[Tensor, ...]] = []
    estimates: list[Tensor] = []
    targets: list[dict[str, Tensor]] = []
    trust: list[Tensor] = []
    sources: list[Tensor] = []
    device = device_of(model)
    of_batch = torch.arange(len(drawn.counts)).repeat_interleave(torch.tensor(list(drawn.counts.values())))
    model.eval()
    for step in range(first, first + -(-count // drawn.size)):
        clips, wanted, weight = drawn.at(step, size_px)
        with half_precision(device):
            found = model.maps(clips)
            estimates.append(model.estimate(found).float().reshape(len(clips), clips.shape[1], -1))
        shape = (2, len(clips), clips.shape[1])
        maps.append(tuple(level.bfloat16().reshape(*shape, *level.shape[1:]).transpose(0, 1) for level in found))
        targets.append(wanted)
        trust.append(weight)
        sources.append(of_batch.to(device))
    levels = tuple(torch.cat(parts) for parts in zip(*maps, strict=True))
    labels = {name: torch.cat([one[name] for one in targets]) for name in targets[0]}
    return KeptClips(levels, torch.cat(estimates), labels, torch.cat(trust), torch.cat(sources))
