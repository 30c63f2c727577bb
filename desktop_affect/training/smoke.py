"""The whole chain on drawn faces: prepare, train, evaluate, export, and the exported graphs against the network."""

from __future__ import annotations

import shutil
from pathlib import Path

import numpy as np
import torch

from desktop_affect.training import commands
from desktop_affect.training.export import Graph
from desktop_affect.training.recipe import read_recipe
from desktop_affect.training.temporal import STEPS, ClipNetwork, ExportedHead
from desktop_affect.training.workspace import Workspace

EXPERIMENT = Path(__file__).parent / "experiments" / "smoke.toml"


def smoke(runs: Path) -> str:
    """Runs it afresh; the report for people."""
    recipe = read_recipe(EXPERIMENT)
    workspace = Workspace(runs, recipe.name)
    shutil.rmtree(workspace.folder)
    commands.prepare(recipe, workspace, again=True)
    commands.train(recipe, workspace)
    report = commands.table(commands.evaluate(recipe, workspace))
    into = workspace.folder / "smoke-model"
    graphs = commands.export(recipe, workspace, into, "0.0.1", "Drawn faces; of no use but for tests.")
    difference = largest_difference(commands.clip_network(recipe, workspace), graphs)
    return f"{report}\nexported to {into}; ONNX Runtime differs from torch by at most {difference:.1e}"


@torch.no_grad()
def largest_difference(model: ClipNetwork, graphs: list[Graph]) -> float:
    """Between torch and ONNX Runtime, over both graphs, for one random clip."""
    from desktop_affect.inference.onnxruntime_import import onnxruntime

    rng = np.random.default_rng(5)
    # One channel, as the exported graph takes it; the network's own three are alike.
    _, channels, size, _ = graphs[0].inputs["image"]
    images = rng.normal(size=(STEPS, channels, size, size)).astype(np.float32)
    backbone, temporal = (onnxruntime.InferenceSession(str(graph.file)) for graph in graphs)
    per_frame = [backbone.run(None, {"image": image[None]}) for image in images]
    names = model.frames.names
    window = {name: np.stack([frame[i] for frame in per_frame], axis=1) for i, name in enumerate(names)}
    said = temporal.run(None, window)
    features = model.frames(torch.from_numpy(images).expand(-1, 3, -1, -1))
    wanted = ExportedHead(model.head).eval()(*(feature[None] for feature in features))
    return max(float(np.abs(a - b.numpy()).max()) for a, b in zip(said, wanted, strict=True))
