"""Stills put in motion: clips in which a face sways, the light flickers, the tracker trembles, or another face begins.

The label is the newest frame's, so a clip of one still teaches steadiness and a clip with a cut teaches promptness.
"""

from __future__ import annotations

import torch
from torch import Tensor

from desktop_affect.training import augment

SWAY = 0.35
"""Movement within a clip against the spread of the augmentation."""
TREMBLE = 0.03
"""Per frame: what a tracker's landmarks jitter."""
CUT_SHARE = 0.25
WARM_UP_SHARE = 0.2


def swaying(canvases: Tensor, steps: int, size_px: int, rng: torch.Generator) -> Tensor:
    """Count x steps x size x size clips of N x 1 x side x side canvases."""
    count = len(canvases)
    base = augment.random_changes(count, rng)
    drift = augment.random_changes(count, rng, SWAY)
    phase = torch.rand(count, 1, generator=rng) * 3.14
    course = torch.sin(torch.linspace(0, 2.5, steps)[None] + phase)
    changes = base[:, None] + drift[:, None] * course[:, :, None]
    changes = changes + augment.random_changes(count * steps, rng, TREMBLE).view(count, steps, 5)
    mirrors = augment.random_mirrors(count, rng).repeat_interleave(steps)
    moves = augment.moves_of(changes.reshape(count * steps, 5), mirrors)
    frames = augment.crop(canvases.repeat_interleave(steps, dim=0), size_px, moves)
    return frames.view(count, steps, size_px, size_px)


def flicker(clips: Tensor, rng: torch.Generator) -> Tensor:
    """Small changes of brightness from frame to frame."""
    gain = 1 + 0.02 * torch.randn(*clips.shape[:2], 1, 1, generator=rng)
    return clips * gain.to(clips.device)


def worn(clips: Tensor, rng: torch.Generator) -> Tensor:
    """The camera's weaknesses, alike in all frames of a clip but for the noise; hands and the like stay in place."""
    count, _steps, height, width = clips.shape
    flat = augment.degrade(clips.reshape(-1, 1, height, width), rng).clamp_(0, 1).view(clips.shape)
    mask = augment.occlude(torch.full((count, 1, height, width), -1.0, device=clips.device), rng, share=0.2)
    return torch.where(mask < 0, flat, mask.expand_as(flat))


def with_cuts(clips: Tensor, rng: torch.Generator) -> Tensor:
    """Some clips begin with the frames of another one and fade to their own before the newest frame."""
    count, steps = clips.shape[:2]
    cut = clips.clone()
    for row in torch.nonzero(torch.rand(count, generator=rng) < CUT_SHARE).flatten().tolist():
        begin = int(torch.randint(1, steps, (1,), generator=rng))
        fade = int(torch.randint(1, 4, (1,), generator=rng))
        own = ((torch.arange(steps) - begin + fade) / fade).clamp(0, 1)[:, None, None].to(clips.device)
        other = clips[(row + 1) % count]
        cut[row] = clips[row] * own + other * (1 - own)
    return cut


def with_warm_up(clips: Tensor, rng: torch.Generator) -> Tensor:
    """Some clips repeat a frame up to some step, as a window does until a second of the face has been seen."""
    count, steps = clips.shape[:2]
    for row in torch.nonzero(torch.rand(count, generator=rng) < WARM_UP_SHARE).flatten().tolist():
        first = int(torch.randint(1, steps, (1,), generator=rng))
        clips[row, :first] = clips[row, first]
    return clips


def clips_of_stills(canvases: Tensor, steps: int, size_px: int, rng: torch.Generator) -> Tensor:
    """Training clips of stills: count x steps x size x size, 0..1."""
    clips = swaying(augment.light(canvases, rng).clamp_(0, 1), steps, size_px, rng)
    return with_warm_up(worn(flicker(with_cuts(clips, rng), rng), rng), rng)


def clips_of_films(canvases: Tensor, size_px: int, rng: torch.Generator) -> Tensor:
    """Training clips of films: count x steps x side x side canvases that move by themselves; lit and worn alike."""
    count, steps, height, width = canvases.shape
    # One strip per clip, so that light falls the same way on all its frames.
    strips = augment.light(canvases.reshape(count, 1, steps * height, width), rng).clamp_(0, 1)
    frames = strips.view(count * steps, 1, height, width)
    changes = augment.random_changes(count, rng).repeat_interleave(steps, dim=0)
    changes = changes + augment.random_changes(count * steps, rng, TREMBLE)
    mirrors = augment.random_mirrors(count, rng).repeat_interleave(steps)
    clips = augment.crop(frames, size_px, augment.moves_of(changes, mirrors)).view(count, steps, size_px, size_px)
    return with_warm_up(worn(flicker(clips, rng), rng), rng)
