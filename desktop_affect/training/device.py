"""Where the sums are done: on a graphics card if there is one, else on the processor.

Every chance is drawn on the processor, so that the moves, cuts and pictures of a step are the same on both; only noise,
a number for every pixel, is drawn where the pictures lie.
"""

from __future__ import annotations

import ctypes
import sys
from contextlib import AbstractContextManager

import torch
from torch import Tensor, nn

CPU = torch.device("cpu")
M_TRIM_THRESHOLD, M_MMAP_MAX = -1, -4
"""Of malloc.h."""


def best_device() -> torch.device:
    """What a training uses."""
    return torch.device("cuda") if torch.cuda.is_available() else CPU


def keep_memory() -> None:
    """Has Linux leave the memory of large tensors with the process.

    Else every step gives it back and asks for it again, page by page. Measured: a core learns from 242 instead of 197
    pictures a second with MobileNetV4 (128 px), from 61 instead of 47 with EfficientNet-B0 (112 px). The process is a
    tenth larger.
    """
    mallopt = getattr(ctypes.CDLL(None), "mallopt", None) if sys.platform == "linux" else None
    if mallopt is not None:  # it is glibc's
        mallopt(M_MMAP_MAX, 0)
        mallopt(M_TRIM_THRESHOLD, -1)


def device_of(module: nn.Module) -> torch.device:
    """Where a network lies."""
    return next(module.parameters()).device


def half_precision(device: torch.device) -> AbstractContextManager[object]:
    """Convolutions and products in bfloat16. A recorded network may not keep its halved weights."""
    return torch.autocast(device.type, torch.bfloat16, cache_enabled=device == CPU)


def record(model: nn.Module, sample: Tensor) -> None:
    """Has a graphics card play a network's way forward and back, for inputs of this shape, from a recording: one call
    instead of some thousand, for which it had to wait (measured on an H100: 36 instead of 49 ms a step)."""
    model.__dict__.pop("forward", None)  # an earlier recording, of inputs of another shape
    torch.backends.cudnn.benchmark = True  # worth a search: the shape stays
    torch.cuda.synchronize()
    torch.cuda.make_graphed_callables(model, (sample,), allow_unused_input=True)


def noise_like(batch: Tensor, rng: torch.Generator) -> Tensor:
    """Gaussian noise in the shape of a batch."""
    if batch.device == CPU:
        return torch.randn(batch.shape, generator=rng)
    seed = int(torch.randint(2**62, (1,), generator=rng))
    there = torch.Generator(batch.device).manual_seed(seed)
    return torch.randn(batch.shape, generator=there, device=batch.device)


def put(tensors: dict[str, Tensor], device: torch.device) -> dict[str, Tensor]:
    """The same tensors there."""
    return {name: tensor.to(device) for name, tensor in tensors.items()}
