"""Makes an exported mixer blind to left and right without training it again.

    python -m desktop_affect.training.even FOLDER

The backbone's graph gets both views of the crop as a batch of two and averages what it says of them; the temporal graph
runs on the window and on its mirror image, and the mean of its outputs ships. Networks trained since then are blind to
left and right by themselves (see `temporal.py`); this is for the weights of 0.1.0.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import numpy as np

FAR = np.iinfo(np.int64).min


def even_backbone(file: Path) -> None:
    """Rewrites the backbone in place: tokens of the mirror image are turned back before the mean."""
    onnx, helper = _tools()
    model = onnx.load(str(file))
    graph = model.graph
    image, outputs = graph.input[0].name, [output.name for output in graph.output]
    for node in graph.node:
        _rename(node.input, {image: "both_views"})
        _rename(node.output, {name: f"{name}.both" for name in outputs})
        _rename(node.input, {name: f"{name}.both" for name in outputs})
    before = [
        *_flip(helper, image, "mirrored", 3),
        helper.make_node("Concat", [image, "mirrored"], ["both_views"], axis=0),
    ]
    after: list[Any] = []
    for output in graph.output:
        name, views = output.name, [f"{output.name}.straight", f"{output.name}.other"]
        after.append(helper.make_node("Split", [f"{name}.both"], views, axis=0))
        if len(output.type.tensor_type.shape.dim) == 4:
            after += _flip(helper, views[1], f"{name}.back", 3)
            views[1] = f"{name}.back"
        after.append(helper.make_node("Mean", views, [name]))
    _store(onnx, model, [*before, *graph.node, *after], file)


def even_temporal(file: Path) -> None:
    """Rewrites the temporal graph in place: the mean of the window's outputs and its mirror image's."""
    onnx, helper = _tools()
    model = onnx.load(str(file))
    graph = model.graph
    outputs = [output.name for output in graph.output]
    levels = [one.name for one in graph.input if len(one.type.tensor_type.shape.dim) == 5]
    made = {name for node in graph.node for name in node.output}
    flips = [node for name in levels for node in _flip(helper, name, f"{name}.mirrored", 4)]
    nodes: list[Any] = []
    for view in ("straight", "other"):
        names = {name: f"{name}.{view}" for name in made}
        if view == "other":
            names |= {name: f"{name}.mirrored" for name in levels}
        for node in graph.node:
            copy = type(node)()
            copy.CopyFrom(node)
            copy.name = f"{node.name}.{view}"
            _rename(copy.input, names)
            _rename(copy.output, names)
            nodes.append(copy)
    means = [helper.make_node("Mean", [f"{name}.straight", f"{name}.other"], [name]) for name in outputs]
    _store(onnx, model, [*flips, *nodes, *means], file)


def _tools() -> tuple[Any, Any]:
    # Only here: an extra of the workshop.
    import onnx
    from onnx import helper

    return onnx, helper


def _rename(names: Any, new: dict[str, str]) -> None:
    for index, name in enumerate(names):
        names[index] = new.get(name, name)


def _flip(helper: Any, source: str, target: str, axis: int) -> list[Any]:
    """Nodes that reverse an axis."""
    from onnx import numpy_helper

    ends = {"begin": -1, "end": FAR, "axis": axis, "step": -1}
    constants = [
        helper.make_node(
            "Constant", [], [f"{target}.{name}"], value=numpy_helper.from_array(np.array([value], np.int64), name)
        )
        for name, value in ends.items()
    ]
    return [*constants, helper.make_node("Slice", [source, *(f"{target}.{name}" for name in ends)], [target])]


def _store(onnx: Any, model: Any, nodes: list[Any], file: Path) -> None:
    kept = list(nodes)
    del model.graph.node[:]
    model.graph.node.extend(kept)
    del model.graph.value_info[:]
    onnx.checker.check_model(model, full_check=True)
    onnx.save(model, str(file))


def main(folder: Path) -> None:
    """Both graphs of a model folder, and their hashes in its manifest."""
    from desktop_affect.training.export import sha256

    manifest = folder / "model.toml"
    text = manifest.read_text(encoding="utf-8")
    for name, make in (("backbone.onnx", even_backbone), ("temporal.onnx", even_temporal)):
        old = sha256(folder / name)
        make(folder / name)
        text = text.replace(old, sha256(folder / name))
    manifest.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
