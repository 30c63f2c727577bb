"""Trains the frame-level network: stages of growing pictures, averaged weights, checkpoints that can be resumed."""

from __future__ import annotations

import copy
import logging
import math
import time
from collections.abc import Mapping
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from desktop_affect.training import metrics
from desktop_affect.training.augment import crop, nudged, to_batch
from desktop_affect.training.device import CPU, best_device, device_of, half_precision, record
from desktop_affect.training.losses import summed, total_loss, unsteadiness
from desktop_affect.training.network import FrameNetwork, channels_last, finished
from desktop_affect.training.prepared import TRAIN, VALIDATION, Prepared
from desktop_affect.training.recipe import Recipe, Stage
from desktop_affect.training.sampling import Ahead, Batches, in_order
from desktop_affect.training.start import begin_from

log = logging.getLogger(__name__)

ROUND_IMAGES = {"cpu": 20_000, "cuda": 250_000}
"""After so many pictures the network is judged, written down and can be resumed: some minutes of work."""
AT_ONCE = {"cpu": 64, "cuda": 1000}
"""Pictures that are judged together."""
SEEN_TWICE = 4
"""Where a stage asks for steadiness, one in so many pictures of a batch is moved a little and shown again."""
WATCHED = 1000
"""Validation pictures of each data set that are looked at after a round."""


def learning_rate(stage: Stage, done: float) -> float:
    """Linear rise, then half a cosine down; `done` is the share of the stage."""
    if done < stage.warm_up:
        return stage.peak_rate * max(done / stage.warm_up, 0.02)
    fall = (done - stage.warm_up) / (1 - stage.warm_up)
    return stage.final_rate + (stage.peak_rate - stage.final_rate) * 0.5 * (1 + math.cos(math.pi * fall))


def average_into(average: nn.Module, model: nn.Module, keep: float) -> None:
    """Moves the averaged weights (and batch statistics) towards the newest."""
    pairs = list(zip(average.state_dict().values(), model.state_dict().values(), strict=True))
    real = [pair for pair in pairs if pair[0].dtype.is_floating_point]
    with torch.no_grad():
        # All at once: one by one, a graphics card would wait for the processor.
        torch._foreach_lerp_([old for old, _ in real], [new for _, new in real], 1 - keep)
        for old, new in pairs:
            if not old.dtype.is_floating_point:
                old.copy_(new)


@torch.no_grad()
def predict(model: nn.Module, data: Prepared, size_px: int, *, mirror: bool = False) -> dict[str, NDArray[np.float32]]:
    """Final values of every head for unmoved crops."""
    model.eval()
    device = device_of(model)
    rows: dict[str, list[Tensor]] = {}
    for part in in_order(data, AT_ONCE[device.type]):
        grey = crop(to_batch(part.images).to(device), size_px)
        for name, raw in model(grey.flip(3) if mirror else grey).items():
            rows.setdefault(name, []).append(finished(name, raw.float()).cpu())
    return {name: torch.cat(parts).numpy() for name, parts in rows.items()}


def judge(model: nn.Module, sets: dict[str, Prepared], size_px: int) -> dict[str, float]:
    """The few numbers that are watched while a network learns, on validation pictures."""
    found: dict[str, float] = {}
    for name, data in sets.items():
        values = predict(model, data, size_px)
        known = data.majority >= 0
        if known.any():
            choice = values["expressions"].argmax(1)
            found[f"{name}.accuracy"] = float((choice == data.majority)[known].mean())
            for i, dimension in enumerate(("valence", "arousal")):
                found[f"{name}.{dimension}"] = metrics.ccc(
                    values["valence_arousal"][known, i], data.valence_arousal[known, i]
                )
        rows = ~np.isnan(data.action_units).any(1)
        found[f"{name}.au_pearson"] = metrics.mean_pearson(values["action_units"][rows], data.action_units[rows])
    return found


def watched(data: Prepared) -> Prepared:
    """Enough of the validation pictures to see how training goes; `evaluate` takes them all."""
    rows = np.arange(len(data))
    return data.take(rows[:: max(len(rows) // WATCHED, 1)])


class FrameTraining:
    """One run: knows where it stands (stage, step) and writes that down with the weights."""

    def __init__(self, recipe: Recipe, sources: Mapping[str, Prepared], folder: Path) -> None:
        """Of the sources only those are read that the stage at hand learns from."""
        torch.manual_seed(recipe.seed)
        self.recipe, self.sources, self.folder = recipe, sources, folder
        self.validation: dict[str, Prepared] = {}
        self.device = best_device()
        self.model = channels_last(FrameNetwork(recipe.heads, recipe.dropout, recipe.backbone)).to(self.device)
        self.average = copy.deepcopy(self.model).eval()
        self.stage, self.step, self.steps_total = 0, 0, 0
        self.optimizer = torch.optim.AdamW(
            self.model.parameters(), lr=1e-3, weight_decay=recipe.weight_decay, betas=(0.9, 0.98)
        )

    @property
    def checkpoint(self) -> Path:
        """Where the run is written down."""
        return self.folder / "frame.pt"

    def resume(self) -> None:
        """Goes on where the checkpoint stands, if there is one."""
        if not self.checkpoint.exists():
            return
        state = torch.load(self.checkpoint, weights_only=True, map_location=self.device)
        self.model.load_state_dict(state["model"])
        self.average.load_state_dict(state["average"])
        self.optimizer.load_state_dict(state["optimizer"])
        self.stage, self.step, self.steps_total = state["stage"], state["step"], state["steps_total"]
        log.info("resumed at stage %d, step %d", self.stage, self.step)

    def save(self) -> None:
        """Writes the checkpoint, whole or not at all."""
        state = {
            "model": self.model.state_dict(), "average": self.average.state_dict(),
            "optimizer": self.optimizer.state_dict(), "stage": self.stage, "step": self.step,
            "steps_total": self.steps_total,
        }  # fmt: skip
        draft = self.checkpoint.with_suffix(".new")
        torch.save(state, draft)
        draft.replace(self.checkpoint)

    def run(self) -> None:
        """All stages that are left."""
        while self.stage < len(self.recipe.stages):
            self.run_stage(self.recipe.stages[self.stage])
            self.stage, self.step = self.stage + 1, 0
            self.save()

    def run_stage(self, stage: Stage) -> None:
        """The steps of one stage that are left."""
        drawn = self.batches(stage)
        if self.recipe.start and self.steps_total == 0:
            self.begin(drawn.at(0, stage.size_px)[0])
            self.average.load_state_dict(self.model.state_dict())
        if self.device != CPU:
            self.record(drawn.at(self.step, stage.size_px)[0], stage)
        batches = drawn if self.device == CPU else Ahead(drawn)
        steps = max(stage.images // stage.batch, 1)
        often = max(ROUND_IMAGES[self.device.type] // stage.batch, 1)
        began, since, costs = time.monotonic(), self.step, {}
        while self.step < steps:
            rate = learning_rate(stage, self.step / steps)
            costs = self.one_step(batches, stage, rate)
            self.step += 1
            if self.step % often == 0 or self.step == steps:
                speed = (self.step - since) * stage.batch / (time.monotonic() - began)
                self.report(stage, steps, rate, speed, costs)
                began, since = time.monotonic(), self.step

    def begin(self, grey: Tensor) -> None:
        """Takes over an exported backbone, which is read into memory that the processor sees."""
        begin_from(self.recipe.path.parent / self.recipe.start, self.model.cpu(), grey.cpu())
        self.model.to(self.device)

    def record(self, images: Tensor, stage: Stage) -> None:
        """Gets the card ready for a stage, before anything else uses it. What it records it also does, so it sees real
        pictures."""
        self.model.train()
        with half_precision(self.device):
            record(self.model, torch.cat([images, images[::SEEN_TWICE]]) if stage.steadiness else images)

    def batches(self, stage: Stage) -> Batches:
        """The training pictures of a stage; those to watch are laid aside."""
        whole = {name: self.sources[name] for name in stage.shares}
        self.validation = {name: watched(data.part(VALIDATION)) for name, data in whole.items()}
        parts = {name: data.part(TRAIN) for name, data in whole.items()}
        return Batches(parts, stage.shares, stage.batch, self.recipe.seed + 1000 * self.stage, self.device)

    def one_step(self, batches: Batches | Ahead, stage: Stage, rate: float) -> dict[str, Tensor]:
        """One batch forward and back."""
        self.model.train()
        for group in self.optimizer.param_groups:
            group["lr"] = rate
        images, targets, trust = batches.at(self.step, stage.size_px)
        raw, again = self.look_twice(images) if stage.steadiness else (self.look(images), {})
        costs = total_loss(raw, targets, trust, stage.unit_concordance, tuple(batches.counts.values()))
        if again:
            first = {name: value[::SEEN_TWICE] for name, value in raw.items()}
            costs["steadiness"] = stage.steadiness * unsteadiness(first, again)
        self.optimizer.zero_grad(set_to_none=True)
        torch.autograd.backward(summed(costs))
        nn.utils.clip_grad_norm_(self.model.parameters(), 5.0)
        self.optimizer.step()
        self.steps_total += 1
        # A long average would hold on to the random start, or to what was learned at another size of picture: measured
        # after a step from 96 to 160 px, it lagged by five points of accuracy. So it begins anew with every stage.
        average_into(self.average, self.model, min(self.recipe.averaging, (self.step + 1) / (self.step + 11)))
        return costs

    def look(self, images: Tensor) -> dict[str, Tensor]:
        """What every head says of pictures."""
        with half_precision(self.device):
            raw: dict[str, Tensor] = self.model(images)
        return raw

    def look_twice(self, images: Tensor) -> tuple[dict[str, Tensor], dict[str, Tensor]]:
        """Of all pictures, and of every `SEEN_TWICE`th of them moved a little."""
        rng = torch.Generator().manual_seed(self.recipe.seed + self.steps_total)
        raw = self.look(torch.cat([images, nudged(images[::SEEN_TWICE], rng)]))
        count = len(images)
        return {name: v[:count] for name, v in raw.items()}, {name: v[count:] for name, v in raw.items()}

    def report(self, stage: Stage, steps: int, rate: float, speed: float, costs: dict[str, Tensor]) -> None:
        """Judges, logs, writes the checkpoint."""
        self.save()
        found = judge(self.average, self.validation, stage.size_px)
        numbers = " ".join(f"{name} {value:.3f}" for name, value in found.items())
        losses = " ".join(f"{name} {float(cost.detach()):.3f}" for name, cost in costs.items())
        log.info(
            "stage %d step %d/%d rate %.1e %.0f images/s | %s | %s",
            self.stage, self.step, steps, rate, speed, losses, numbers,
        )  # fmt: skip
