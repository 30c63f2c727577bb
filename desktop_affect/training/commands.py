"""The steps of the workshop: prepare, train, evaluate, export, quantise.

Each builds on what the one before left in `runs`.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray

from desktop_affect.training import evaluation
from desktop_affect.training.clip_training import ClipRecipe, ClipTraining
from desktop_affect.training.clips import ClipBatches, PreparedClips
from desktop_affect.training.datasets.registry import data_set
from desktop_affect.training.device import best_device
from desktop_affect.training.export import Folder, Graph, export_frame, export_mixer, write_manifest
from desktop_affect.training.frame_training import FrameTraining, predict
from desktop_affect.training.kept_maps import KeptRecipe
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
    batches = ClipBatches(stills, films, clips.shares, clips.batch, recipe.seed, best_device())
    training = ClipTraining(recipe, clips, batches, workspace.folder)
    training.resume()
    training.run()


def clip_recipe(recipe: Recipe) -> ClipRecipe:
    """The [temporal] table."""
    table = dict(recipe.temporal)
    kept = table.pop("kept", None)
    return ClipRecipe(mixers=tuple(table.pop("mixers", (3,))), kept=KeptRecipe(**kept) if kept else None, **table)


def frame_network(recipe: Recipe, workspace: Workspace) -> FrameNetwork:
    """The averaged weights of the frame-level training."""
    model = FrameNetwork(recipe.heads, recipe.dropout, recipe.backbone)
    model.load_state_dict(averaged(workspace.folder / "frame.pt"))
    return model.eval()


def clip_networks(recipe: Recipe, workspace: Workspace) -> dict[int, ClipNetwork]:
    """The averaged weights of the temporal training by number of mixers, all on one backbone; the first ones ship."""
    counts = clip_recipe(recipe).mixers
    network = FrameNetwork(recipe.heads, recipe.dropout, recipe.backbone)
    family = ClipFamily(network, recipe.heads, counts, size_px=recipe.crop.size_px)
    family.load_state_dict(averaged(workspace.folder / "clips.pt"))
    return {count: family.variant(count).eval() for count in counts}


def clip_network(recipe: Recipe, workspace: Workspace) -> ClipNetwork:
    """The variant that ships."""
    return next(iter(clip_networks(recipe, workspace).values()))


def averaged(checkpoint: Path) -> dict[str, torch.Tensor]:
    """Of a checkpoint file."""
    if not checkpoint.exists():
        raise WorkspaceError("This experiment has not been trained yet.", advice="Run `train` first.")
    state: dict[str, dict[str, torch.Tensor]] = torch.load(checkpoint, weights_only=True, map_location="cpu")
    return state["average"]


Judged = tuple[Prepared, PreparedClips | None]
Values = dict[str, NDArray[np.float32]]
Networks = list[FrameNetwork] | list[ClipNetwork]
"""One frame-level network, or clip networks on one backbone, which then runs once for all."""


def judged_sets(workspace: Workspace, recipe: Recipe, split: int) -> dict[str, Judged]:
    """Per data set the pictures of a split and, of films, their clips."""
    sources = workspace.sources(recipe)
    found: dict[str, Judged] = {name: (data.part(split), None) for name, data in sources.stills.items()}
    for name, film in sources.films.items():
        part = film.part(split)
        found[name] = (part.frames, part)
    return {name: judged for name, judged in found.items() if len(judged[0])}


def estimates(
    networks: Networks, judged: Judged, size_px: int, *, mirror: bool = False, most: int = 100_000
) -> tuple[list[Values], Prepared]:
    """The networks' values and the pictures they belong to: the newest frames of windows, or every picture.

    Of more than `most` an even choice is taken.
    """
    data, film = judged
    windows = film.windows() if film is not None else evaluation.still_windows(data)
    windows = windows[:: -(-len(windows) // most) or 1]
    newest = data.take(windows[:, -1])
    clips = [network for network in networks if isinstance(network, ClipNetwork)]
    if clips:
        return evaluation.predict_windows(clips, data, windows, size_px, mirror=mirror), newest
    frames = [EvenNetwork(network) for network in networks if isinstance(network, FrameNetwork)]
    return [predict(network, newest, size_px, mirror=mirror) for network in frames], newest


def thresholds_of(recipe: Recipe, workspace: Workspace, networks: Networks) -> list[dict[str, float]]:
    """Each network's presence thresholds, averaged over the data sets' validation parts that know action units."""
    found: list[list[dict[str, float]]] = [[] for _ in networks]
    for judged in judged_sets(workspace, recipe, VALIDATION).values():
        every, data = estimates(networks, judged, recipe.crop.size_px, most=CHOSEN_ON)
        if np.isfinite(data.action_units).all(axis=1).any():
            for chosen, values in zip(found, every, strict=True):
                chosen.append(evaluation.chosen_thresholds(values, data))
    return [{unit: float(np.mean([one[unit] for one in chosen])) for unit in (chosen or [{}])[0]} for chosen in found]


def evaluate(recipe: Recipe, workspace: Workspace) -> dict[str, object]:
    """Scores on the test parts, of the frame-level network and of the mixers; kept as JSON and as a picture."""
    report = judge(recipe, workspace, ["frame"], [frame_network(recipe, workspace)])
    if recipe.family == "mixer":
        mixers = clip_networks(recipe, workspace)
        report |= judge(recipe, workspace, [f"mixer{count}" for count in mixers], list(mixers.values()))
    file = workspace.folder / "evaluation.json"
    file.write_text(json.dumps(report, indent=1), encoding="utf-8")
    return report


def judge(recipe: Recipe, workspace: Workspace, kinds: list[str], networks: Networks) -> dict[str, object]:
    """Each network's thresholds and its scores on every data set."""
    thresholds = thresholds_of(recipe, workspace, networks)
    sets: list[dict[str, object]] = [{} for _ in networks]
    for name, judged in judged_sets(workspace, recipe, TEST).items():
        every, data = estimates(networks, judged, recipe.crop.size_px)
        changes = changes_in_a_mirror(networks, judged, recipe)
        for index, (kind, values, change) in enumerate(zip(kinds, every, changes, strict=True)):
            scores = evaluation.all_scores(values, data, thresholds[index])
            entry: dict[str, object] = {"scores": scores, "change in a mirror": change}
            if judged[1] is not None:
                entry["unsteadiness"] = {h: evaluation.unsteadiness(values[h], judged[1]) for h in recipe.heads}
            sets[index][name] = entry
            draw_evaluation(values, data, workspace.folder / f"{kind}-{name}.png")
    return {kind: {"thresholds": t, "sets": s} for kind, t, s in zip(kinds, thresholds, sets, strict=True)}


def changes_in_a_mirror(networks: Networks, judged: Judged, recipe: Recipe) -> list[dict[str, dict[str, float]]]:
    """How far mirroring the picture moves each head: on average, and for 99 of 100 pictures at most."""
    both = [
        estimates(networks, judged, recipe.crop.size_px, most=MIRRORED, mirror=mirror)[0] for mirror in (False, True)
    ]
    found = []
    for straight, mirrored in zip(*both, strict=True):
        moved = {head: np.abs(straight[head] - mirrored[head]) for head in recipe.heads}
        found.append({h: {"mean": float(m.mean()), "99 %": float(np.quantile(m, 0.99))} for h, m in moved.items()})
    return found


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
    clip = clip_network(recipe, workspace) if recipe.family == "mixer" else None
    frame = frame_network(recipe, workspace)
    (thresholds,) = thresholds_of(recipe, workspace, [clip] if clip else [frame])
    target = Folder(folder, version, recipe.family, recipe.title, trained_on, recipe.crop, recipe.heads, thresholds)
    graphs = export_mixer(clip, target) if clip else export_frame(frame, target)
    write_manifest(target, graphs)
    return graphs


def quantise(recipe: Recipe, workspace: Workspace, folder: Path, precisions: Sequence[str] = ()) -> str:
    """Files of lower precision (both, or those named) in an exported folder, if they hold on the experiment's first
    data set; the verdict in words."""
    from desktop_affect.training.quantise import LOWER
    from desktop_affect.training.quantise import quantise as add_files

    pictures = workspace.sources(recipe).pictures()[next(iter(recipe.data))]
    wanted = [precision for precision in LOWER if not precisions or precision.value in precisions]
    return add_files(folder, pictures.part(VALIDATION), pictures.part(TEST), wanted).table()
