"""The steps of the workshop: prepare, train, evaluate, export, quantise.

Each builds on what the one before left in `runs`.
"""

from __future__ import annotations

import json
import logging
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray

from desktop_affect.training import evaluation
from desktop_affect.training.clip_training import ClipRecipe, ClipTraining
from desktop_affect.training.clips import ClipBatches, PreparedClips
from desktop_affect.training.datasets.registry import data_set
from desktop_affect.training.export import Folder, Graph, export_frame, export_mixer, write_manifest
from desktop_affect.training.frame_training import FrameTraining, predict
from desktop_affect.training.network import EvenNetwork, FrameNetwork
from desktop_affect.training.pictures import draw_evaluation
from desktop_affect.training.prepared import TEST, TRAIN, VALIDATION, Prepared
from desktop_affect.training.recipe import Recipe
from desktop_affect.training.temporal import ClipFamily, ClipNetwork
from desktop_affect.training.workspace import LazyPictures, Workspace, WorkspaceError

log = logging.getLogger(__name__)

MIRRORED = 400
"""Pictures of each data set that are also looked at in a mirror."""
CHOSEN_ON = 1500
"""Validation pictures of each data set on which thresholds are chosen."""


def prepare(recipe: Recipe, workspace: Workspace, *, again: bool = False) -> None:
    """Aligned pictures and labels of every data set of the experiment."""
    for name, root in recipe.data.items():
        if workspace.pictures_file(name).exists() and not again:
            log.info("%s is prepared already", name)
            continue
        log.info("preparing %s", name)
        workspace.store(name, data_set(name).prepare(root, recipe.crop))


def train(recipe: Recipe, workspace: Workspace) -> None:
    """The frame-level network, then, for a mixer, the temporal one; both go on where they were stopped."""
    frames = FrameTraining(recipe, LazyPictures(workspace, recipe), workspace.folder)
    frames.resume()
    frames.run()
    if recipe.family == "mixer":
        train_clips(recipe, workspace)


def train_clips(recipe: Recipe, workspace: Workspace) -> None:
    """The temporal network on top of the frame-level checkpoint."""
    sources = workspace.sources(recipe)
    clips = clip_recipe(recipe)
    stills = {name: data.part(TRAIN) for name, data in sources.stills.items()}
    films = {name: film.part(TRAIN) for name, film in sources.films.items()}
    batches = ClipBatches(stills, films, clips.shares, clips.batch, recipe.seed)
    training = ClipTraining(recipe, clips, batches, workspace.folder)
    training.resume()
    training.run()


def clip_recipe(recipe: Recipe) -> ClipRecipe:
    """The [temporal] table."""
    table = dict(recipe.temporal)
    return ClipRecipe(mixers=tuple(table.pop("mixers", (3,))), **table)


def frame_network(recipe: Recipe, workspace: Workspace) -> FrameNetwork:
    """The averaged weights of the frame-level training."""
    model = FrameNetwork(recipe.heads, recipe.dropout, recipe.backbone)
    model.load_state_dict(averaged(workspace.folder / "frame.pt"))
    return model.eval()


def clip_network(recipe: Recipe, workspace: Workspace, mixers: int | None = None) -> ClipNetwork:
    """The averaged weights of the temporal training: of the variant that ships, or of another."""
    counts = clip_recipe(recipe).mixers
    network = FrameNetwork(recipe.heads, recipe.dropout, recipe.backbone)
    family = ClipFamily(network, recipe.heads, counts, size_px=recipe.crop.size_px)
    family.load_state_dict(averaged(workspace.folder / "clips.pt"))
    return family.variant(mixers or counts[0]).eval()


def averaged(checkpoint: Path) -> dict[str, torch.Tensor]:
    """Of a checkpoint file."""
    if not checkpoint.exists():
        raise WorkspaceError("This experiment has not been trained yet.", advice="Run `train` first.")
    state: dict[str, dict[str, torch.Tensor]] = torch.load(checkpoint, weights_only=True)
    return state["average"]


Judged = tuple[Prepared, PreparedClips | None]
Estimated = tuple[dict[str, NDArray[np.float32]], Prepared]


def judged_sets(workspace: Workspace, recipe: Recipe, split: int) -> dict[str, Judged]:
    """Per data set the pictures of a split and, of films, their clips."""
    sources = workspace.sources(recipe)
    found: dict[str, Judged] = {name: (data.part(split), None) for name, data in sources.stills.items()}
    for name, film in sources.films.items():
        part = film.part(split)
        found[name] = (part.frames, part)
    return {name: judged for name, judged in found.items() if len(judged[0])}


def estimates(
    network: FrameNetwork | ClipNetwork, judged: Judged, size_px: int, *, mirror: bool = False, most: int = 100_000
) -> Estimated:
    """A network's values and the pictures they belong to: the newest frames of windows, or every picture.

    Of more than `most` an even choice is taken.
    """
    data, film = judged
    windows = film.windows() if film is not None else evaluation.still_windows(data)
    windows = windows[:: -(-len(windows) // most) or 1]
    newest = data.take(windows[:, -1])
    if isinstance(network, ClipNetwork):
        return evaluation.predict_windows(network, data, windows, size_px, mirror=mirror), newest
    return predict(EvenNetwork(network), newest, size_px, mirror=mirror), newest


def thresholds_of(recipe: Recipe, workspace: Workspace, network: FrameNetwork | ClipNetwork) -> dict[str, float]:
    """Presence thresholds, averaged over the data sets' validation parts that know action units."""
    found = []
    for judged in judged_sets(workspace, recipe, VALIDATION).values():
        values, data = estimates(network, judged, recipe.crop.size_px, most=CHOSEN_ON)
        if np.isfinite(data.action_units).all(axis=1).any():
            found.append(evaluation.chosen_thresholds(values, data))
    return {unit: float(np.mean([one[unit] for one in found])) for unit in found[0]} if found else {}


def evaluate(recipe: Recipe, workspace: Workspace) -> dict[str, object]:
    """Scores on the test parts, of the frame-level network and of the mixer; kept as JSON and as a picture."""
    networks: dict[str, FrameNetwork | ClipNetwork] = {"frame": frame_network(recipe, workspace)}
    if recipe.family == "mixer":
        for count in clip_recipe(recipe).mixers:
            networks[f"mixer{count}"] = clip_network(recipe, workspace, count)
    report: dict[str, object] = {}
    for kind, network in networks.items():
        thresholds = thresholds_of(recipe, workspace, network)
        report[kind] = {"thresholds": thresholds, "sets": judge_sets(recipe, workspace, network, thresholds, kind)}
    file = workspace.folder / "evaluation.json"
    file.write_text(json.dumps(report, indent=1), encoding="utf-8")
    return report


def judge_sets(
    recipe: Recipe, workspace: Workspace, network: FrameNetwork | ClipNetwork, thresholds: dict[str, float], kind: str
) -> dict[str, object]:
    """The scores of every data set, and how much a mirrored picture changes."""
    found: dict[str, object] = {}
    for name, judged in judged_sets(workspace, recipe, TEST).items():
        values, data = estimates(network, judged, recipe.crop.size_px)
        change = change_in_a_mirror(network, judged, recipe)
        entry: dict[str, object] = {
            "scores": evaluation.all_scores(values, data, thresholds),
            "change in a mirror": change,
        }
        if judged[1] is not None:
            entry["unsteadiness"] = {head: evaluation.unsteadiness(values[head], judged[1]) for head in recipe.heads}
        found[name] = entry
        draw_evaluation(values, data, workspace.folder / f"{kind}-{name}.png")
    return found


def change_in_a_mirror(
    network: FrameNetwork | ClipNetwork, judged: Judged, recipe: Recipe
) -> dict[str, dict[str, float]]:
    """How far mirroring the picture moves each head: on average, and for 99 of 100 pictures at most."""
    straight, _ = estimates(network, judged, recipe.crop.size_px, most=MIRRORED)
    mirrored, _ = estimates(network, judged, recipe.crop.size_px, most=MIRRORED, mirror=True)
    moved = {head: np.abs(straight[head] - mirrored[head]) for head in recipe.heads}
    return {
        head: {"mean": float(change.mean()), "99 %": float(np.quantile(change, 0.99))} for head, change in moved.items()
    }


def table(report: dict[str, object]) -> str:
    """The report for people."""
    lines = []
    for kind, judged in report.items():
        assert isinstance(judged, dict)
        for name, entry in judged["sets"].items():
            lines.append(f"\n{kind} on {name}")
            for one in entry["scores"]:
                lines.append(
                    f"  {one['name']:32} {one['value']:7.3f}  [{one['low']:.3f}, {one['high']:.3f}]  n={one['count']}"
                )
            if "unsteadiness" in entry:
                lines.append(f"  unsteadiness {entry['unsteadiness']}")
    return "\n".join(lines)


def export(recipe: Recipe, workspace: Workspace, folder: Path, version: str, trained_on: str) -> list[Graph]:
    """The model folder of an experiment."""
    network: FrameNetwork | ClipNetwork
    network = clip_network(recipe, workspace) if recipe.family == "mixer" else frame_network(recipe, workspace)
    thresholds = thresholds_of(recipe, workspace, network)
    target = Folder(folder, version, recipe.family, recipe.title, trained_on, recipe.crop, recipe.heads, thresholds)
    graphs = export_mixer(network, target) if isinstance(network, ClipNetwork) else export_frame(network, target)
    write_manifest(target, graphs)
    return graphs


def quantise(recipe: Recipe, workspace: Workspace, folder: Path) -> str:
    """An int8 backbone in an exported folder, if it holds on the experiment's first data set; the verdict in words."""
    from desktop_affect.training.quantise import quantise as add_int8

    pictures = workspace.sources(recipe).pictures()[next(iter(recipe.data))]
    return add_int8(folder, pictures.part(VALIDATION), pictures.part(TEST)).table()
