"""Trains the mixers on clips; of the backbone only the last layers learn with them, slowly, as in the paper.

First from maps that are kept in memory (kept_maps.py), if the recipe says so, then with the backbone in every step.
"""

from __future__ import annotations

import copy
import logging
import time
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from torch import Tensor, nn

from desktop_affect.training.clips import ClipBatches
from desktop_affect.training.device import half_precision
from desktop_affect.training.frame_training import average_into, learning_rate
from desktop_affect.training.kept_maps import AT_A_TIME, KeptRecipe, keep
from desktop_affect.training.losses import summed, total_loss
from desktop_affect.training.network import FrameNetwork, channels_last
from desktop_affect.training.recipe import Recipe, Stage
from desktop_affect.training.temporal import ClipFamily

log = logging.getLogger(__name__)

ROUND_STEPS = 100
PAST_RATE = 10.0
"""How much the past counts learns so many times as fast as the rest: it begins as a guess, units from what is best, and
at the mixers' rate four hundred steps of Adam cannot move it by one."""


@dataclass(frozen=True)
class ClipRecipe:
    """The [temporal] table of an experiment."""

    clips: int
    """How many clips are seen with the backbone's last layers; 0 leaves the backbone as it is."""
    batch: int
    peak_rate: float
    final_rate: float
    shares: dict[str, float]
    mixers: tuple[int, ...] = (3,)
    """The variants that learn together; the first one ships."""
    backbone_rate: float = 0.1
    """Learning rate of the backbone's last layers against the mixers'; 0 freezes them too."""
    kept: KeptRecipe | None = None
    """What the mixers learn before the backbone goes with them."""

    def stage(self, size_px: int) -> Stage:
        """The same as a stage, for the learning rate."""
        return Stage(size_px, self.clips, self.batch, self.peak_rate, self.final_rate, self.shares)


def last_layers(network: FrameNetwork) -> list[nn.Parameter]:
    """What of the frame-level network goes on learning: the last bottleneck, the last convolution, the heads."""
    modules = (network.mobile.deep[-1], network.mobile.last, network.heads)
    return [parameter for module in modules for parameter in module.parameters()]


class ClipTraining:
    """One run over clips; resumable like the frame-level one."""

    def __init__(self, recipe: Recipe, clips: ClipRecipe, batches: ClipBatches, folder: Path) -> None:
        torch.manual_seed(recipe.seed)
        self.recipe, self.clips, self.batches, self.folder = recipe, clips, batches, folder
        frame = channels_last(FrameNetwork(recipe.heads, recipe.dropout, recipe.backbone))
        state = torch.load(folder / "frame.pt", weights_only=True, map_location="cpu")
        frame.load_state_dict(state["average"])
        self.model = ClipFamily(frame, recipe.heads, tuple(clips.mixers), size_px=recipe.crop.size_px)
        self.model.to(batches.device)
        self.optimizer = self.make_optimizer(frame)
        self.average = copy.deepcopy(self.model).eval()
        self.round, self.step, self.steps_total = 0, 0, 0

    def make_optimizer(self, frame: FrameNetwork) -> torch.optim.AdamW:
        """Mixers at the full rate, the backbone's last layers slowly, the rest not at all."""
        for parameter in frame.parameters():
            parameter.requires_grad_(False)
        slow = last_layers(frame) if self.clips.backbone_rate > 0 else []
        for parameter in slow:
            parameter.requires_grad_(True)
        variants = [self.model.variant(count) for count in self.clips.mixers]
        past = [one.head.recency for one in variants]
        known = {id(parameter) for parameter in past}
        fast = [p for one in variants for part in (one.head, one.frames.embed) for p in part.parameters()]
        groups = [
            {"params": [p for p in fast if id(p) not in known], "share": 1.0},
            {"params": past, "share": PAST_RATE},
            {"params": slow, "share": self.clips.backbone_rate},
        ]
        return torch.optim.AdamW(groups, lr=self.clips.peak_rate, weight_decay=self.recipe.weight_decay)

    @property
    def checkpoint(self) -> Path:
        """Where the run is written down."""
        return self.folder / "clips.pt"

    def resume(self) -> None:
        """Goes on where the checkpoint stands, if there is one."""
        if self.checkpoint.exists():
            state = torch.load(self.checkpoint, weights_only=True, map_location=self.batches.device)
            self.model.load_state_dict(state["model"])
            self.average.load_state_dict(state["average"])
            self.optimizer.load_state_dict(state["optimizer"])
            self.round, self.step, self.steps_total = state["round"], state["step"], state["steps_total"]

    def save(self) -> None:
        """Writes the checkpoint, whole or not at all."""
        state = {
            "model": self.model.state_dict(), "average": self.average.state_dict(),
            "optimizer": self.optimizer.state_dict(), "round": self.round, "step": self.step,
            "steps_total": self.steps_total,
        }  # fmt: skip
        draft = self.checkpoint.with_suffix(".new")
        torch.save(state, draft)
        draft.replace(self.checkpoint)

    def run(self) -> None:
        """The rounds and steps that are left."""
        if self.clips.kept:
            while self.round < self.clips.kept.rounds:
                self.run_round(self.clips.kept)
                self.round += 1
                self.save()
        self.run_steps()

    def run_round(self, kept: KeptRecipe) -> None:
        """New clips through the backbone, then some passes over its maps."""
        size_px, began = self.recipe.crop.size_px, time.monotonic()
        drawn = self.batches.of_size(min(AT_A_TIME, kept.clips))
        clips = keep(self.average, drawn, -(-kept.clips // drawn.size) * self.round, kept.clips, size_px)
        log.info("clips round %d: maps kept, %.1f clips/s", self.round, kept.clips / (time.monotonic() - began))
        stage, steps, done = kept.stage(size_px), kept.rounds * kept.steps, self.round * kept.steps
        began, costs = time.monotonic(), {}
        for one in range(kept.passes):
            for maps, estimate, rows in clips.batches(
                kept.batch, np.random.default_rng((self.recipe.seed, self.round, one))
            ):
                targets, trust, counts = clips.labels(rows)
                self.prepare_step(learning_rate(stage, min(done / steps, 1.0)))
                found = self.model.mixed(maps, estimate, len(rows))
                costs = self.learn(found, targets, trust, kept.unit_concordance, counts)
                done += 1
        told = " ".join(f"{name} {float(cost.detach()):.3f}" for name, cost in costs.items())
        speed = kept.passes * kept.clips / (time.monotonic() - began)
        log.info("clips round %d/%d %.1f clips/s | %s", self.round + 1, kept.rounds, speed, told)

    def run_steps(self) -> None:
        """The steps with the backbone that are left."""
        stage = self.clips.stage(self.recipe.crop.size_px)
        steps = self.clips.clips // self.clips.batch
        began, since = time.monotonic(), self.step
        while self.step < steps:
            costs = self.one_step(learning_rate(stage, self.step / steps))
            self.step += 1
            if self.step % ROUND_STEPS == 0 or self.step == steps:
                losses = " ".join(f"{name} {float(cost.detach()):.3f}" for name, cost in costs.items())
                speed = (self.step - since) * self.clips.batch / (time.monotonic() - began)
                log.info("clips step %d/%d %.1f clips/s | %s", self.step, steps, speed, losses)
                self.save()
                began, since = time.monotonic(), self.step

    def one_step(self, rate: float) -> dict[str, Tensor]:
        """One batch of clips forward and back."""
        self.prepare_step(rate)
        clips, targets, trust = self.batches.at(self.step, self.recipe.crop.size_px)
        with half_precision(self.batches.device):
            found = self.model(clips)
        return self.learn(found, targets, trust)

    def prepare_step(self, rate: float) -> None:
        """Batch statistics stay those of the frames: a clip's eight frames are nearly one picture."""
        self.model.eval()
        for count in self.clips.mixers:
            self.model.variant(count).head.train()
        for group in self.optimizer.param_groups:
            group["lr"] = rate * group["share"]

    def learn(
        self,
        found: list[dict[str, Tensor]],
        targets: dict[str, Tensor],
        trust: Tensor,
        unit_concordance: float = 0.0,
        rows_of_sources: tuple[int, ...] = (),
    ) -> dict[str, Tensor]:
        """Back through what the variants found; the first one's costs, for the log."""
        every = [total_loss(raw, targets, trust, unit_concordance, rows_of_sources) for raw in found]
        self.optimizer.zero_grad(set_to_none=True)
        torch.autograd.backward(torch.stack([summed(costs) for costs in every]).sum())
        nn.utils.clip_grad_norm_(self.model.parameters(), 5.0)
        self.optimizer.step()
        self.steps_total += 1
        average_into(self.average, self.model, min(0.99, self.steps_total / (self.steps_total + 10)))
        return every[0]
