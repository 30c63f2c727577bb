"""Prepared clips: rendered sequences or films with a label for every frame, and windows of them."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from desktop_affect.training import augment, motion
from desktop_affect.training.device import CPU
from desktop_affect.training.prepared import Prepared
from desktop_affect.training.sampling import LABELS, Held, draw_weights
from desktop_affect.training.temporal import STEPS


@dataclass(frozen=True)
class PreparedClips:
    """Frames of all clips in one row, so that clips may differ in length."""

    frames: Prepared
    start: NDArray[np.int64]
    """First frame of each clip; one more entry marks the end."""
    stride: int
    """Frames per window step: steps stand a seventh of a second apart."""

    def part(self, split: int) -> PreparedClips:
        """The clips of one split; a clip's frames all belong to the split of its first."""
        bounds = list(zip(self.start[:-1].tolist(), self.start[1:].tolist(), strict=True))
        kept = [(a, b) for a, b in bounds if b > a and self.frames.split[a] == split]
        rows = [np.arange(a, b) for a, b in kept]
        frames = self.frames.take(np.concatenate(rows) if rows else np.zeros(0, np.int64))
        return PreparedClips(frames, np.cumsum([0] + [b - a for a, b in kept]).astype(np.int64), self.stride)

    def windows(self) -> NDArray[np.int64]:
        """Every full window: rows of the frames, count x steps; the last is the newest."""
        span = self.stride * (STEPS - 1)
        rows = []
        for begin, end in zip(self.start[:-1], self.start[1:], strict=True):
            newest = np.arange(begin + span, end)
            rows.append(newest[:, None] - np.arange(STEPS - 1, -1, -1) * self.stride)
        return np.concatenate(rows) if rows else np.zeros((0, STEPS), np.int64)


def save_clips(path: Path, clips: PreparedClips) -> None:
    """Beside the frames (see prepared.save) only the clips' bounds are kept."""
    np.savez(path, start=clips.start, stride=clips.stride)


def load_clips(frames: Prepared, path: Path) -> PreparedClips:
    """Read what `save_clips` wrote."""
    with np.load(path) as archive:
        return PreparedClips(frames, archive["start"], int(archive["stride"]))


class ClipBatches:
    """Training clips: stills put in motion and windows of films, each source with its share of the batch."""

    def __init__(
        self,
        stills: dict[str, Prepared],
        films: dict[str, PreparedClips],
        shares: dict[str, float],
        batch: int,
        seed: int,
        device: torch.device = CPU,
    ) -> None:
        total = sum(shares.values())
        self.counts = {name: round(batch * share / total) for name, share in shares.items()}
        self.stills, self.films, self.shares, self.seed, self.device = stills, films, shares, seed, device
        pictures = {**stills, **{name: film.frames for name, film in films.items()}}
        self.held = {name: Held(pictures[name], device) for name in shares}
        self.weights = {name: draw_weights(stills[name]) for name in shares if name in stills}
        self.windows = {name: films[name].windows() for name in shares if name in films}

    def of_size(self, batch: int) -> ClipBatches:
        """The same clips, so many at a time."""
        return ClipBatches(self.stills, self.films, self.shares, batch, self.seed, self.device)

    @property
    def size(self) -> int:
        """Clips in a batch: the shares rounded."""
        return sum(self.counts.values())

    def at(self, step: int, size_px: int) -> tuple[Tensor, dict[str, Tensor], Tensor]:
        """Clips, the targets of their newest frames, and trust."""
        chance = np.random.default_rng((self.seed, step))
        rng = torch.Generator().manual_seed(int(chance.integers(2**62)))
        clips, targets, trust = [], [], []
        for name, count in self.counts.items():
            made, newest = self.drawn(name, count, size_px, chance, rng)
            wanted, weight = self.held[name].labels(newest)
            clips.append(made)
            targets.append(wanted)
            trust.append(weight)
        joined = {name: torch.cat([t[name] for t in targets]) for name in LABELS}
        return torch.cat(clips), joined, torch.cat(trust)

    def drawn(
        self, name: str, count: int, size_px: int, chance: np.random.Generator, rng: torch.Generator
    ) -> tuple[Tensor, NDArray[np.int64]]:
        """Some clips of one source and the rows of their newest frames."""
        data = self.held[name]
        if name in self.stills:
            newest = chance.choice(len(data), count, p=self.weights[name])
            return motion.clips_of_stills(augment.as_batch(data.pictures(newest)), STEPS, size_px, rng), newest
        windows = self.windows[name]
        rows = windows[chance.integers(0, len(windows), count)]
        frames = data.pictures(rows.ravel())
        canvases = augment.as_batch(frames).view(*rows.shape, *frames.shape[1:])
        return motion.clips_of_films(canvases, size_px, rng), rows[:, -1]
