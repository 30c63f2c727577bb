"""Trainings run on a graphics card if there is one; without one everything stays on the processor."""

from __future__ import annotations

import ctypes
import subprocess
import sys

import pytest

torch = pytest.importorskip("torch", reason="the workshop needs the extra `train`")

from desktop_affect.training import device  # noqa: E402


def test_a_card_is_used_if_there_is_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(torch.cuda, "is_available", lambda: True)
    assert device.best_device().type == "cuda"
    monkeypatch.setattr(torch.cuda, "is_available", lambda: False)
    assert device.best_device() == device.CPU


def test_noise_is_the_same_for_the_same_chance() -> None:
    first, again = (device.noise_like(torch.zeros(4, 3), torch.Generator().manual_seed(5)) for _ in range(2))
    assert torch.equal(first, again)
    assert 0.3 < float(first.std()) < 2


PAGES_OF_A_SECOND_TENSOR = """
import resource, torch
from desktop_affect.training.device import keep_memory
def pages():
    before = resource.getrusage(resource.RUSAGE_SELF).ru_minflt
    torch.ones(16 << 20)
    return resource.getrusage(resource.RUSAGE_SELF).ru_minflt - before
without = [pages() for _ in range(20)][-1]
keep_memory()
print(without, [pages() for _ in range(20)][-1])
"""
"""It takes some turns until what lies between the tensors has found its place."""


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere nothing is changed")
def test_a_tensor_finds_the_memory_of_the_one_before() -> None:
    run = [sys.executable, "-c", PAGES_OF_A_SECOND_TENSOR]
    without, kept = map(int, subprocess.run(run, capture_output=True, text=True, check=True).stdout.split())
    assert kept < without / 10


def test_other_systems_keep_their_own_ways(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "platform", "win32")
    monkeypatch.setattr(ctypes, "CDLL", lambda _name: pytest.fail("there is no such library there"))
    device.keep_memory()


def test_half_precision_rounds_products() -> None:
    with device.half_precision(device.CPU):
        product = torch.ones(2, 2) @ torch.ones(2, 2)
    assert product.dtype == torch.bfloat16


@pytest.mark.skipif(not torch.cuda.is_available(), reason="needs a graphics card")
def test_noise_is_drawn_where_the_pictures_lie() -> None:
    there = torch.zeros(4, 3, device="cuda")
    first, again = (device.noise_like(there, torch.Generator().manual_seed(5)) for _ in range(2))
    assert first.device == there.device
    assert torch.equal(first, again)
