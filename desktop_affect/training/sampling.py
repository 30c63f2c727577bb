"""Endless training batches from several data sets, each with its share; and the labels as tensors."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from desktop_affect.training.augment import augmented
from desktop_affect.training.device import CPU, put
from desktop_affect.training.prepared import Prepared

LABELS = ("expressions", "valence_arousal", "action_units", "blendshapes", "mimicry", "hesitancy")
Batch = tuple[Tensor, dict[str, Tensor], Tensor]
"""Images, targets, trust."""
RARE_POWER = 0.25
"""A picture is drawn in proportion to (1 / frequency of its category) to this power: rare ones a little more often."""


def draw_weights(data: Prepared) -> NDArray[np.float64]:
    """How often each picture is drawn, summing to 1."""
    labels = np.where(data.majority < 0, 0, data.majority)
    counts = np.bincount(labels, minlength=8)
    weights = (1.0 / np.maximum(counts, 50)[labels]) ** RARE_POWER
    return np.asarray(weights / weights.sum(), dtype=np.float64)


def targets_of(data: Prepared) -> dict[str, Tensor]:
    """The labels of some pictures."""
    return {name: torch.from_numpy(getattr(data, name)) for name in LABELS}


class Held:
    """A data set where the sums are done: pictures as bytes, labels, trust."""

    def __init__(self, data: Prepared, device: torch.device) -> None:
        self.images = torch.from_numpy(data.images).to(device)
        self.targets = put(targets_of(data), device)
        self.trust = torch.from_numpy(data.weight).to(device)

    def __len__(self) -> int:
        return len(self.trust)

    def pictures(self, rows: NDArray[np.int64]) -> Tensor:
        """Of some rows, as bytes."""
        return self.images[self._there(rows)]

    def labels(self, rows: NDArray[np.int64]) -> tuple[dict[str, Tensor], Tensor]:
        """Targets and trust of some rows."""
        there = self._there(rows)
        return {name: target[there] for name, target in self.targets.items()}, self.trust[there]

    def _there(self, rows: NDArray[np.int64]) -> Tensor:
        return torch.from_numpy(rows).to(self.images.device)


class Batches:
    """Draws batches; the same seed and step give the same batch, so a resumed run goes on as it would have."""

    def __init__(
        self,
        sources: dict[str, Prepared],
        shares: dict[str, float],
        batch: int,
        seed: int,
        device: torch.device = CPU,
    ) -> None:
        chosen = {name: sources[name] for name in shares}
        self.sources = {name: Held(data, device) for name, data in chosen.items()}
        total = sum(shares.values())
        self.counts = {name: round(batch * share / total) for name, share in shares.items()}
        self.weights = {name: draw_weights(data) for name, data in chosen.items()}
        self.seed = seed

    def at(self, step: int, size_px: int) -> Batch:
        """Images, targets and trust of one step."""
        chance = np.random.default_rng((self.seed, step))
        rng = torch.Generator().manual_seed(int(chance.integers(2**62)))
        images, targets, trust = [], [], []
        for name, data in self.sources.items():
            rows = chance.choice(len(data), self.counts[name], p=self.weights[name])
            images.append(augmented(data.pictures(rows), size_px, rng))
            wanted, weight = data.labels(rows)
            targets.append(wanted)
            trust.append(weight)
        joined = {name: torch.cat([t[name] for t in targets]) for name in LABELS}
        return torch.cat(images), joined, torch.cat(trust)


class Ahead:
    """The same batches, of which the next one is drawn while the last one is learned from: a graphics card else waits
    for the processor (measured on an H100: 49 instead of 61 ms a step)."""

    def __init__(self, batches: Batches) -> None:
        self.batches, self.counts = batches, batches.counts
        self._worker = ThreadPoolExecutor(1, "batches")
        self._next: tuple[tuple[int, int], Future[Batch]] | None = None

    def at(self, step: int, size_px: int) -> Batch:
        """As `Batches.at`."""
        wanted, drawn = self._next or (None, None)
        batch = drawn.result() if drawn and wanted == (step, size_px) else self.batches.at(step, size_px)
        following = (step + 1, size_px)
        self._next = following, self._worker.submit(self.batches.at, *following)
        return batch


def in_order(data: Prepared, batch: int) -> Iterator[Prepared]:
    """The pictures in their order, some at a time."""
    for begin in range(0, len(data), batch):
        yield data.take(np.arange(begin, min(begin + batch, len(data))))
