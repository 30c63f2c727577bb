"""Networks run by ONNX Runtime: the processor everywhere, DirectML on Windows and CoreML on macOS where its package
has them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import numpy as np

from desktop_affect.inference.network import CPU, Arrays, DeviceError, Found, Graph, check_signature

_PROVIDERS = {CPU: "CPUExecutionProvider", "DirectML": "DmlExecutionProvider", "CoreML": "CoreMLExecutionProvider"}
_QUIET = 4
"""Log only what is fatal: every error comes back as an exception and is told in our words."""


class OnnxRuntimeNetwork:
    """One session."""

    def __init__(self, label: str, session: Any, errors: tuple[type[Exception], ...]) -> None:
        self._label = label
        self._session = session
        self._errors = errors
        self._inputs = [tensor.name for tensor in session.get_inputs()]
        self._outputs = [tensor.name for tensor in session.get_outputs()]

    def run(self, arrays: Arrays) -> Arrays:
        feeds = {name: np.ascontiguousarray(arrays[name]) for name in self._inputs}
        with _as_device_error(self._label, "stopped working", self._errors):
            values = self._session.run(self._outputs, feeds)
        return dict(zip(self._outputs, values, strict=True))

    def close(self) -> None:
        self._session = None


class OnnxRuntime:
    """The runtime that is always there. `spinning` is ONNX Runtime's default, which keeps a core busy while it waits
    for the next frame; only the bench asks for it, to show what others pay."""

    name = "ONNX Runtime"

    def __init__(self, *, spinning: bool = False) -> None:
        from desktop_affect.inference.onnxruntime_import import onnxruntime

        state = onnxruntime.capi.onnxruntime_pybind11_state
        self._ort: Any = onnxruntime
        self._spinning = spinning
        # Each kind of failure is a class of its own straight below Exception, some of them missing in some builds.
        kinds = [kind for kind in vars(state).values() if isinstance(kind, type) and issubclass(kind, Exception)]
        self._errors: tuple[type[Exception], ...] = (*kinds, RuntimeError, ValueError)

    def version(self) -> str:
        return str(self._ort.__version__)

    def devices(self) -> tuple[str, ...]:
        there = self._ort.get_available_providers()
        return tuple(device for device, provider in _PROVIDERS.items() if provider in there)

    def open(self, graph: Graph, device: str, threads: int) -> OnnxRuntimeNetwork:
        """`threads` 0 leaves the number to ONNX Runtime."""
        with _as_device_error(graph.label, "could not be prepared", self._errors):
            session = self._ort.InferenceSession(graph.data, self._options(device, threads), self._providers(device))
            session.disable_fallback()
        check_signature(graph, _found(session.get_inputs()), _found(session.get_outputs()))
        return OnnxRuntimeNetwork(graph.label, session, self._errors)

    def signature(self, label: str, data: bytes) -> tuple[list[Found], list[Found]]:
        """The inputs and outputs of a file, without preparing it for speed. Raises DeviceError when it is broken."""
        options = self._options(CPU, 1)
        options.graph_optimization_level = self._ort.GraphOptimizationLevel.ORT_DISABLE_ALL
        with _as_device_error(label, "could not be read", self._errors):
            session = self._ort.InferenceSession(data, options, self._providers(CPU))
        return _found(session.get_inputs()), _found(session.get_outputs())

    def _options(self, device: str, threads: int) -> Any:
        options = self._ort.SessionOptions()
        options.log_severity_level = _QUIET
        options.intra_op_num_threads = threads
        options.inter_op_num_threads = min(threads, 1)
        if not self._spinning:
            options.add_session_config_entry("session.intra_op.allow_spinning", "0")
            options.add_session_config_entry("session.inter_op.allow_spinning", "0")
        if device == "DirectML":  # its own documented needs
            options.enable_mem_pattern = False
            options.execution_mode = self._ort.ExecutionMode.ORT_SEQUENTIAL
        return options

    def _providers(self, device: str) -> list[str]:
        # The processor takes the parts of a network that a device does not know.
        return list(dict.fromkeys((_PROVIDERS[device], _PROVIDERS[CPU])))


def _found(tensors: Sequence[Any]) -> list[Found]:
    return [
        Found(
            str(tensor.name),
            tuple(size if isinstance(size, int) else None for size in tensor.shape),
            tensor.type == "tensor(float)",
        )
        for tensor in tensors
    ]


@contextmanager
def _as_device_error(label: str, what: str, errors: tuple[type[Exception], ...]) -> Iterator[None]:
    try:
        yield
    except errors as error:
        raise DeviceError(f"{label} {what} with ONNX Runtime.", detail=str(error)) from error
