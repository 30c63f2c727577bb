"""Augmentation of whole batches: moves, light, webcams' weaknesses, things in front of the face. Grey, 0..1."""

from __future__ import annotations

import math

import numpy as np
import torch
import torch.nn.functional as nnf
from numpy.typing import NDArray
from torch import Tensor

from desktop_affect.training.device import noise_like
from desktop_affect.training.prepared import MARGIN

TURN_RAD = math.radians(18)
STRETCH = 0.12
SHIFT = 0.12
"""In half crops."""
NUDGE = 0.5
"""Of these at most, and mostly far less: a tracker places the same face otherwise on another frame, or when it is
mirrored; measured on the clips, by 1.5 degrees, 2.5 per cent and a hundredth of the crop, behind a hand four times as
far."""


def to_batch(images: NDArray[np.uint8]) -> Tensor:
    """Canvases as N × 1 × side × side floats, 0..1."""
    return as_batch(torch.from_numpy(np.ascontiguousarray(images)))


def as_batch(images: Tensor) -> Tensor:
    """The same of bytes that are a tensor already, wherever it lies."""
    return images.unsqueeze(1).float().div_(255)


def crop(batch: Tensor, size_px: int, moves: Tensor | None = None) -> Tensor:
    """The crop in the canvas's middle, or moved by N × 2 × 3 affine maps of the crop."""
    if moves is None:
        moves = torch.eye(2, 3).expand(len(batch), 2, 3)
    return _moved(batch, moves / MARGIN, size_px)


def _moved(batch: Tensor, moves: Tensor, size_px: int) -> Tensor:
    grid = nnf.affine_grid(moves.to(batch.device), [len(batch), 1, size_px, size_px], align_corners=False)
    return nnf.grid_sample(batch, grid, mode="bilinear", padding_mode="border", align_corners=False)


def uniform(count: int, low: float, high: float, rng: torch.Generator) -> Tensor:
    """Count random numbers."""
    return torch.rand(count, generator=rng) * (high - low) + low


def random_changes(count: int, rng: torch.Generator, strength: float = 1.0) -> Tensor:
    """Random turns, stretches (two) and shifts (two) as N x 5 numbers, which may be added up over time."""
    limits = torch.tensor([TURN_RAD, STRETCH, STRETCH, SHIFT, SHIFT]) * strength
    return (torch.rand(count, 5, generator=rng) * 2 - 1) * limits


def random_mirrors(count: int, rng: torch.Generator) -> Tensor:
    """Minus one for a mirrored picture, else one."""
    return (torch.rand(count, generator=rng) < 0.5).float() * -2 + 1


def moves_of(changes: Tensor, mirrors: Tensor) -> Tensor:
    """The affine maps, N x 2 x 3, of changes."""
    angle, stretch_x, stretch_y, shift_x, shift_y = changes.unbind(dim=1)
    cos, sin = torch.cos(angle), torch.sin(angle)
    scale_x, scale_y = torch.exp(stretch_x) * mirrors, torch.exp(stretch_y)
    rows = [cos * scale_x, -sin * scale_y, shift_x, sin * scale_x, cos * scale_y, shift_y]
    return torch.stack(rows, dim=1).view(-1, 2, 3)


def light(batch: Tensor, rng: torch.Generator) -> Tensor:
    """Gamma, contrast, brightness and a slope of light across the face."""
    count, _, height, width = batch.shape

    def each(low: float, high: float) -> Tensor:
        return uniform(count, low, high, rng).view(-1, 1, 1, 1).to(batch.device)

    batch = batch.clamp(1e-3, 1.0) ** torch.exp(each(-0.5, 0.5))
    mean = batch.mean(dim=(2, 3), keepdim=True)
    batch = (batch - mean) * torch.exp(each(-0.45, 0.3)) + mean + each(-0.15, 0.15)
    across = torch.linspace(-1, 1, width, device=batch.device).view(1, 1, 1, -1) * each(-0.3, 0.3)
    along = torch.linspace(-1, 1, height, device=batch.device).view(1, 1, -1, 1) * each(-0.2, 0.2)
    return batch * (1 + across + along)


def degrade(batch: Tensor, rng: torch.Generator) -> Tensor:
    """A third of the pictures lose detail: scaled down and up again; all get a little noise, some in blocks."""
    count, _, height, width = batch.shape
    worse = int(count * 0.35)
    if worse:
        small = int(height * float(uniform(1, 0.28, 0.75, rng)))
        less = nnf.interpolate(batch[:worse], size=(small, small), mode="bilinear", antialias=True)
        if float(torch.rand(1, generator=rng)) < 0.5:
            less = less + noise_like(less, rng) * 0.03
        batch = torch.cat([nnf.interpolate(less, size=(height, width), mode="bilinear"), batch[worse:]])
    grain = uniform(count, 0.0, 0.03, rng).view(-1, 1, 1, 1).to(batch.device)
    return batch + noise_like(batch, rng) * grain


def occlude(batch: Tensor, rng: torch.Generator, share: float = 0.3) -> Tensor:
    """Grey rectangles over some faces: hands, cups, microphones."""
    count, _, height, width = batch.shape
    rows = torch.randperm(count, generator=rng)[: int(count * share)]
    inside = _strips(len(rows), height, rng)[:, :, None] & _strips(len(rows), width, rng)[:, None, :]
    shades = torch.rand(len(rows), generator=rng).view(-1, 1, 1).to(batch.device)
    rows = rows.to(batch.device)
    batch[rows, 0] = torch.where(inside.to(batch.device), shades, batch[rows, 0])
    return batch


def _strips(count: int, side: int, rng: torch.Generator) -> Tensor:
    """One stretch of a side for each picture, an eighth to two fifths of it long: count x side, true inside."""
    long = (uniform(count, 0.12, 0.4, rng) * side).int()
    begin = (torch.rand(count, generator=rng) * (side - long)).int()
    places = torch.arange(side)[None]
    return (places >= begin[:, None]) & (places < (begin + long)[:, None])


def augmented(images: Tensor, size_px: int, rng: torch.Generator) -> Tensor:
    """The training view of canvases, N × side × side bytes: N × 1 × size × size, 0..1."""
    moves = moves_of(random_changes(len(images), rng), random_mirrors(len(images), rng))
    batch = crop(as_batch(images), size_px, moves)
    return occlude(degrade(light(batch, rng), rng).clamp_(0, 1), rng)


def nudged(batch: Tensor, rng: torch.Generator) -> Tensor:
    """The same pictures, moved a little, a few of them further."""
    changes = random_changes(len(batch), rng) * NUDGE * uniform(len(batch), 0, 1, rng)[:, None] ** 2
    return _moved(batch, moves_of(changes, torch.ones(len(batch))), batch.shape[-1])
