"""How much a network has to multiply, and how fast this machine can: the distance to the limit, made visible.

Both come from OpenVINO, which knows every shape of a graph and runs the yardstick with the same threads as a network.
"""

from __future__ import annotations

import math
from time import perf_counter
from typing import Any

import numpy as np

from desktop_affect.inference.network import CPU, DeviceError, Graph
from desktop_affect.inference.openvino_runtime import OpenVinoRuntime

_SIDE = 512
"""Three matrices of this side fill 3 MB: large enough to reach the peak, small enough for a laptop's caches."""
_RUNS = 60


def multiply_adds(graph: Graph) -> int:
    """Multiply-additions of one run: convolutions and matrix products, which are nearly all of the work."""
    from desktop_affect.inference.openvino_import import openvino

    try:
        model: Any = openvino.Core().read_model(graph.data)
        model.reshape({spec.name: list(spec.shape) for spec in graph.inputs})
    except RuntimeError as error:
        raise DeviceError(f"{graph.label} could not be counted with OpenVINO.", detail=str(error)) from error
    return sum(_of_node(node) for node in model.get_ops())


def peak_gmacs_per_s(threads: int) -> float:
    """Billions of multiply-additions a second in the best run of a square float32 matrix product."""
    from desktop_affect.inference.openvino_import import openvino

    ops: Any = openvino.opset13
    random = np.random.default_rng(0)
    left = ops.parameter([_SIDE, _SIDE], np.float32)
    right = ops.constant(random.standard_normal((_SIDE, _SIDE), np.float32))
    model = openvino.Model([ops.matmul(left, right, False, False)], [left], "yardstick")
    request = openvino.Core().compile_model(model, CPU, OpenVinoRuntime.options(CPU, threads)).create_infer_request()
    request.set_input_tensor(0, openvino.Tensor(random.standard_normal((_SIDE, _SIDE), np.float32)))
    best_s = math.inf
    for _ in range(_RUNS):
        begin_s = perf_counter()
        request.infer()
        best_s = min(best_s, perf_counter() - begin_s)
    return _SIDE**3 / best_s / 1e9


def _of_node(node: Any) -> int:
    kind = node.get_type_name()
    if kind in ("Convolution", "GroupConvolution"):
        # Weights: [out, in, ...kernel] or [groups, out, in, ...kernel]; each output value sums over in and kernel.
        weights = [int(size) for size in node.input(1).get_shape()]
        return _size(node) * math.prod(weights[1 if kind == "Convolution" else 2 :])
    if kind == "MatMul":
        left = [int(size) for size in node.input(0).get_shape()]
        turned = bool(node.get_attributes().get("transpose_a")) and len(left) > 1
        return _size(node) * (left[-2] if turned else left[-1])
    return 0


def _size(node: Any) -> int:
    return math.prod(int(size) for size in node.output(0).get_shape())
