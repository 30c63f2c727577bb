"""Stores an exported graph's weights in half precision: half the file, while everything is still computed in float32.

Each large weight becomes a float16 constant and a cast, which runtimes carry out once, when they load the graph.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np

LEAST_SIZE = 256
"""Of smaller tensors (biases, shapes) there is nothing to be gained."""


def store_in_halves(file: Path) -> None:
    """Rewrites an ONNX file in place; its inputs and outputs stay as they are."""
    # Only here: an extra of the workshop.
    import onnx
    from onnx import helper, numpy_helper

    model = onnx.load(str(file))
    casts = []
    for tensor in model.graph.initializer:
        values = numpy_helper.to_array(tensor)
        if values.dtype != np.float32 or values.size < LEAST_SIZE:
            continue
        name = tensor.name
        tensor.CopyFrom(numpy_helper.from_array(values.astype(np.float16), f"{name}.half"))
        casts.append(helper.make_node("Cast", [f"{name}.half"], [name], to=onnx.TensorProto.FLOAT))
    nodes = [*casts, *model.graph.node]
    del model.graph.node[:]
    model.graph.node.extend(nodes)
    onnx.save(model, str(file))
