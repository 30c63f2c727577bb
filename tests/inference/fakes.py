"""Runtimes made for tests: devices that fail when told, and networks that are plain functions."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np

from desktop_affect.core.types import FaceCrop
from desktop_affect.inference.network import Arrays, DeviceError, FloatArray, Graph, Network
from tests.inference.tiny import SIDE

Compute = Callable[[Graph, Arrays], Mapping[str, FloatArray]]


def zeros(graph: Graph, arrays: Arrays) -> Mapping[str, FloatArray]:
    return {spec.name: np.zeros(spec.shape, np.float32) for spec in graph.outputs}


class FakeNetwork:
    """Dies at run number `dies_at` (1 is the first), and counts."""

    def __init__(self, graph: Graph, compute: Compute, dies_at: int | None) -> None:
        self._graph = graph
        self.label = graph.label
        self._compute = compute
        self._dies_at = dies_at
        self.runs = 0
        self.closed = False

    def run(self, arrays: Arrays) -> Arrays:
        self.runs += 1
        if self._dies_at is not None and self.runs >= self._dies_at:
            raise DeviceError(f"{self._graph.label} stopped working.", detail="the device was removed")
        return self._compute(self._graph, arrays)

    def close(self) -> None:
        self.closed = True


class FakeRuntime:
    """`refuses` names the devices that cannot compile, `dies_at` those that die and when."""

    def __init__(
        self,
        name: str = "Fake",
        devices: tuple[str, ...] = ("CPU",),
        *,
        refuses: tuple[str, ...] = (),
        dies_at: Mapping[str, int] | None = None,
        compute: Mapping[str, Compute] | None = None,
    ) -> None:
        self.name = name
        self._devices = devices
        self._refuses = refuses
        self._dies_at = dies_at or {}
        self._compute = compute or {}
        self.opened: list[tuple[str, FakeNetwork]] = []

    def version(self) -> str:
        return "1"

    def devices(self) -> tuple[str, ...]:
        return self._devices

    def open(self, graph: Graph, device: str, threads: int) -> Network:
        if device in self._refuses:
            raise DeviceError(f"{graph.label} could not be prepared.", detail="no driver")
        network = FakeNetwork(graph, self._compute.get(device, zeros), self._dies_at.get(device))
        self.opened.append((device, network))
        return network


def crop(t_s: float, track: int = 1, level: int | None = None, side: int = SIDE) -> FaceCrop:
    """A face: grey of one level, or noise that depends on the time alone."""
    if level is not None:
        pixels = np.full((side, side, 3), level, np.uint8)
    else:
        pixels = np.random.default_rng(int(t_s * 1e6)).integers(0, 256, (side, side, 3), dtype=np.uint8)
    return FaceCrop(pixels, t_s, track)
