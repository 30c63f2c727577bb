"""Which runtimes this machine has, which plans they allow, and how a plan becomes networks."""

from __future__ import annotations

import importlib.util
import logging
from collections.abc import Iterable, Mapping
from pathlib import Path

from desktop_affect.inference.manifest import Precision
from desktop_affect.inference.network import CPU, DeviceError, Graph, Network, Plan, Runtime
from desktop_affect.inference.onnx_runtime import OnnxRuntime
from desktop_affect.inference.openvino_runtime import OpenVinoRuntime

log = logging.getLogger(__name__)

_SUITED: Mapping[str, tuple[Precision, ...]] = {
    CPU: (Precision.FP32, Precision.INT8),
    "NPU": (Precision.FP16, Precision.INT8, Precision.FP32),
}
_SUITED_GPU = (Precision.FP16, Precision.FP32)
"""Graphics chips compute in half precision anyway; AUTO, DirectML and CoreML mean one, too."""

_KIND = {"DirectML": "gpu", "GPU": "gpu", "NPU": "npu", CPU: "cpu"}
"""Device → its word in the settings. CoreML and AUTO choose by themselves and belong to “automatic” alone."""

Networks = dict[str, Network]
"""Role → network."""


class Machine:
    """The runtimes of this machine. Made once, lazily, because importing one takes a tenth of a second or more."""

    def __init__(self, runtimes: Iterable[Runtime]) -> None:
        self._runtimes = {runtime.name: runtime for runtime in runtimes}

    @property
    def runtimes(self) -> tuple[Runtime, ...]:
        return tuple(self._runtimes.values())

    def fingerprint(self) -> tuple[str, ...]:
        """What a measurement depends on: runtimes, versions, devices."""
        return tuple(f"{r.name} {r.version()}: {', '.join(r.devices())}" for r in self._runtimes.values())

    def plans(self, wanted: str, precisions: Iterable[Precision]) -> list[Plan]:
        """Every plan for a device of the settings (`automatic`, `cpu`, `gpu`, `npu`), the likeliest first."""
        there = tuple(precisions)
        plans = []
        for runtime in self._runtimes.values():
            for device in runtime.devices():
                if wanted in ("automatic", _KIND.get(device)):
                    plans += [Plan(runtime.name, device, p) for p in suited(device, there)]
        return plans

    def open(self, graphs: Mapping[str, Graph], plan: Plan, threads: int) -> Networks:
        """All networks of a model on one plan, or none."""
        networks: Networks = {}
        try:
            for role, graph in graphs.items():
                networks[role] = self._runtimes[plan.runtime].open(graph, plan.device, threads)
        except KeyError:
            raise DeviceError(f"{plan.runtime} is not installed.") from None
        finally:
            if len(networks) < len(graphs):
                close_all(networks)
        return networks


def suited(device: str, there: tuple[Precision, ...]) -> list[Precision]:
    """The precisions worth trying on a device. Half precision means nothing to a processor and all to the others."""
    wanted = [p for p in _SUITED.get(device, _SUITED_GPU) if p in there]
    return wanted if device == CPU else wanted[:1]


def close_all(networks: Networks) -> None:
    for network in networks.values():
        network.close()
    networks.clear()


def this_machine(cache_dir: Path | None) -> Machine:
    """OpenVINO where it is installed, ONNX Runtime always. Compiled networks are kept below `cache_dir`."""
    runtimes: list[Runtime] = []
    if importlib.util.find_spec("openvino") is not None:
        runtimes.append(OpenVinoRuntime(cache_dir / "openvino" if cache_dir is not None else None))
    runtimes.append(OnnxRuntime())
    return Machine(runtimes)
