"""The one small port of this room: a network takes named arrays and gives named arrays, whatever runs it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import NamedTuple, Protocol, TypeAlias

import numpy as np
from numpy.typing import NDArray

from desktop_affect.core.errors import ModelError
from desktop_affect.inference.manifest import Precision, TensorSpec

FloatArray: TypeAlias = NDArray[np.float32]
Arrays: TypeAlias = Mapping[str, FloatArray]

CPU = "CPU"
"""What every runtime calls the processor; the device that is always there."""


class DeviceError(ModelError):
    """One device cannot compile or run a network; another may."""


class Plan(NamedTuple):
    """Which runtime and device would run a model, from files of which precision."""

    runtime: str
    device: str
    precision: Precision = Precision.FP32

    @property
    def label(self) -> str:
        """For people: `OpenVINO CPU`, `OpenVINO CPU int8`."""
        short = f"{self.runtime} {self.device}"
        return short if self.precision is Precision.FP32 else f"{short} {self.precision.value}"


@dataclass(frozen=True, slots=True)
class Graph:
    """A network that is ready to be compiled: the verified bytes of its file and the tensors it must have."""

    label: str
    """For messages: `models/x: backbone.onnx`."""
    data: bytes
    inputs: tuple[TensorSpec, ...]
    outputs: tuple[TensorSpec, ...]


class Found(NamedTuple):
    """A tensor as a file really has it; None is a free dimension."""

    name: str
    shape: tuple[int | None, ...]
    is_float32: bool


class Network(Protocol):
    """A compiled network. Used by one thread at a time."""

    def run(self, arrays: Arrays) -> Arrays:
        """The outputs, which stay valid until the next call. Raises DeviceError when the device gave up."""
        ...

    def close(self) -> None:
        """Let the device's memory go. Safe to call twice. Does not raise."""
        ...


class Runtime(Protocol):
    """A library that compiles networks for devices."""

    name: str
    """For people and for plans."""

    def version(self) -> str:
        """Of the library."""
        ...

    def devices(self) -> tuple[str, ...]:
        """What it can use on this machine, the processor always among them."""
        ...

    def open(self, graph: Graph, device: str, threads: int) -> Network:
        """Compile. Raises DeviceError when that does not work on this device, ModelError when the file is not the
        network that the graph describes."""
        ...


def check_signature(graph: Graph, inputs: Iterable[Found], outputs: Iterable[Found]) -> None:
    """The file has exactly the described tensors. Raises ModelError in words."""
    _check_side(graph, "input", graph.inputs, tuple(inputs))
    _check_side(graph, "output", graph.outputs, tuple(outputs))


def _check_side(graph: Graph, side: str, wanted: tuple[TensorSpec, ...], found: tuple[Found, ...]) -> None:
    if {spec.name for spec in wanted} != {tensor.name for tensor in found}:
        raise _mismatch(graph, f"its {side}s are {_names(found)}, not {_names(wanted)}")
    by_name = {tensor.name: tensor for tensor in found}
    for spec in wanted:
        _check_tensor(graph, side, spec, by_name[spec.name])


def _check_tensor(graph: Graph, side: str, spec: TensorSpec, found: Found) -> None:
    if not found.is_float32:
        raise _mismatch(graph, f"its {side} “{spec.name}” is not float32")
    same_rank = len(found.shape) == len(spec.shape)
    if not same_rank or any(f is not None and f != s for f, s in zip(found.shape, spec.shape, strict=True)):
        real = ["any" if size is None else size for size in found.shape]
        raise _mismatch(graph, f"its {side} “{spec.name}” has the shape {real}, not {list(spec.shape)}")


def _mismatch(graph: Graph, problem: str) -> ModelError:
    return ModelError(
        f"{graph.label} does not have the tensors that the manifest describes: {problem}.",
        advice="Get the model again from where it came from, or export it again.",
    )


def _names(tensors: Iterable[TensorSpec | Found]) -> str:
    return ", ".join(f"“{tensor.name}”" for tensor in tensors) or "none"
