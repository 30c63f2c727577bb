"""Networks run by OpenVINO, on the processor, the graphics chip or the NPU."""

from __future__ import annotations

import logging
from collections.abc import Sequence, Set
from pathlib import Path
from typing import Any

import numpy as np

from desktop_affect.inference.network import CPU, Arrays, DeviceError, Found, Graph, check_signature

log = logging.getLogger(__name__)

_KNOWN = (CPU, "GPU", "NPU")
AUTO = "AUTO"


class OpenVinoNetwork:
    """One compiled network with its input buffers bound once, so that a run copies in and reads out, no more."""

    def __init__(
        self, label: str, request: Any, inputs: dict[str, np.ndarray[Any, Any]], names: tuple[str, ...]
    ) -> None:
        self._label = label
        self._request = request
        self._inputs = inputs
        self._names = names

    def run(self, arrays: Arrays) -> Arrays:
        for name, buffer in self._inputs.items():
            np.copyto(buffer, arrays[name])
        try:
            self._request.infer()
            return {name: self._request.get_output_tensor(i).data for i, name in enumerate(self._names)}
        except RuntimeError as error:
            raise _device_error(self._label, "stopped working", error) from error

    def close(self) -> None:
        self._request = None
        self._inputs = {}


class OpenVinoRuntime:
    """`cache_dir` holds compiled networks, which makes the next start faster; None keeps nothing."""

    name = "OpenVINO"

    def __init__(self, cache_dir: Path | None = None) -> None:
        from desktop_affect.inference.openvino_import import openvino

        self._ov: Any = openvino
        self._core: Any = openvino.Core()
        self._cache_dir = cache_dir

    def version(self) -> str:
        return str(self._ov.__version__)

    def devices(self) -> tuple[str, ...]:
        """Of several of a kind the first; AUTO, which moves between devices by itself, where it has a choice."""
        kinds = {str(device).partition(".")[0] for device in self._core.available_devices}
        real = tuple(kind for kind in _KNOWN if kind in kinds)
        return (*real, AUTO) if len(real) > 1 else real

    def open(self, graph: Graph, device: str, threads: int) -> OpenVinoNetwork:
        try:
            model = self._core.read_model(graph.data)
            known = {spec.name for spec in (*graph.inputs, *graph.outputs)}
            check_signature(graph, _found(model.inputs, known), _found(model.outputs, known))
            model.reshape({spec.name: list(spec.shape) for spec in graph.inputs})
            request = self._core.compile_model(
                model, device, self.options(device, threads, self._cache_dir)
            ).create_infer_request()
            inputs = self._bind(request, model.inputs, known)
        except RuntimeError as error:
            raise _device_error(graph.label, "could not be prepared", error) from error
        return OpenVinoNetwork(graph.label, request, inputs, tuple(_name(port, known) for port in model.outputs))

    @staticmethod
    def options(device: str, threads: int, cache_dir: Path | None = None) -> dict[str, object]:
        """What we ask of OpenVINO when it compiles."""
        options: dict[str, object] = {"PERFORMANCE_HINT": "LATENCY"}
        if cache_dir is not None:
            options["CACHE_DIR"] = str(cache_dir)
        # bfloat16, the default where the processor has it, changes results from machine to machine. Pinned threads
        # would wait for a core that the study's own software keeps busy.
        processor = {
            "INFERENCE_PRECISION_HINT": "f32",
            "INFERENCE_NUM_THREADS": threads,
            "NUM_STREAMS": "1",
            "ENABLE_CPU_PINNING": False,
        }
        if device == CPU:
            return options | processor
        return options | {"DEVICE_PROPERTIES": {CPU: processor}} if device == AUTO else options

    def _bind(self, request: Any, ports: Sequence[Any], known: Set[str]) -> dict[str, np.ndarray[Any, Any]]:
        inputs = {}
        for index, port in enumerate(ports):
            buffer = np.zeros(tuple(port.shape), np.float32)
            request.set_input_tensor(index, self._ov.Tensor(buffer, shared_memory=True))
            inputs[_name(port, known)] = buffer
        return inputs


def _found(ports: Sequence[Any], known: Set[str]) -> list[Found]:
    return [
        Found(
            _name(port, known),
            tuple(None if size.is_dynamic else int(size.get_length()) for size in port.partial_shape),
            str(port.element_type.get_type_name()) == "f32",
        )
        for port in ports
    ]


def _name(port: Any, known: Set[str]) -> str:
    """A tensor can carry several names after OpenVINO's own merging; the known one counts."""
    names: set[str] = set(port.names)
    return min(names & known or names or {str(port.node.friendly_name)})


def _device_error(label: str, what: str, error: RuntimeError) -> DeviceError:
    return DeviceError(f"{label} {what} with OpenVINO.", detail=str(error))
