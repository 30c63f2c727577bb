"""A stage that asks for steadiness shows some pictures twice, moved a little, and wants them read alike."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

torch = pytest.importorskip("torch", reason="the workshop needs the extra `train`")

from torch import Tensor  # noqa: E402

from desktop_affect.core.types import CropSpec  # noqa: E402
from desktop_affect.training import augment  # noqa: E402
from desktop_affect.training.datasets import drawn  # noqa: E402
from desktop_affect.training.frame_training import SEEN_TWICE, FrameTraining  # noqa: E402
from desktop_affect.training.losses import unsteadiness  # noqa: E402
from desktop_affect.training.recipe import Recipe, Stage  # noqa: E402
from desktop_affect.training.sampling import Batches  # noqa: E402

CROP = CropSpec(64)
STAGE = Stage(64, 16, 8, 1e-3, 1e-4, {"drawn": 1.0}, steadiness=2.0)
HEADS = ("valence_arousal", "expressions")


def smooth_pictures(count: int) -> Tensor:
    coarse = torch.rand(count, 1, 8, 8, generator=torch.Generator().manual_seed(1))
    fine: Tensor = torch.nn.functional.interpolate(coarse, size=(96, 96), mode="bicubic")
    return fine.clamp(0, 1)


def middle_of(batch: Tensor) -> NDArray[np.float32]:
    """Where the light of each picture lies, in pixels."""
    rows, columns = torch.meshgrid(torch.arange(96.0), torch.arange(96.0), indexing="ij")
    weight = batch[:, 0] / batch[:, 0].sum(dim=(1, 2), keepdim=True)
    middle = torch.stack([(weight * columns).sum(dim=(1, 2)), (weight * rows).sum(dim=(1, 2))], dim=1)
    return np.asarray(middle, dtype=np.float32)


def test_a_nudge_moves_by_about_as_much_as_a_tracker_errs() -> None:
    spots = torch.zeros(200, 1, 96, 96)
    spots[:, :, 45:51, 45:51] = 1.0
    moved = middle_of(augment.nudged(spots, torch.Generator().manual_seed(2))) - middle_of(spots)
    assert 0.2 < np.abs(moved).mean() < 0.6
    assert np.median(np.abs(moved)) < 0.4, "most by less than a pixel"
    assert 1.0 < np.abs(moved).max() < 3.3, "some as far as behind a hand"


def test_a_nudged_picture_is_nearly_the_same() -> None:
    before = smooth_pictures(20)
    after = augment.nudged(before, torch.Generator().manual_seed(3))
    assert after.shape == before.shape
    assert 0 < float((after - before).abs().mean()) < 0.2 * float((before - before.flip(0)).abs().mean())


def test_reading_alike_costs_nothing_and_what_nobody_sees_does_not_count() -> None:
    first = {"valence_arousal": torch.zeros(3, 2), "expressions": torch.randn(3, 8), "blendshapes": torch.zeros(3, 23)}
    assert float(unsteadiness(first, {**first, "blendshapes": torch.ones(3, 23)})) == 0.0
    apart = {**first, "valence_arousal": torch.full((3, 2), np.arctanh(0.5))}
    assert float(unsteadiness(first, apart)) == pytest.approx(2 * 0.25)


def test_some_pictures_are_seen_twice_when_the_stage_asks(tmp_path: Path) -> None:
    recipe = Recipe("tiny", "Tiny", "frame", 5, HEADS, CROP, {"drawn": Path()}, (STAGE,), averaging=0.5)
    data = {"drawn": drawn.read(Path(), CROP).frames}
    training, batches = FrameTraining(recipe, data, tmp_path), Batches(data, STAGE.shares, STAGE.batch, 5)
    shown: list[int] = []
    training.model.register_forward_hook(lambda _, given, __: shown.append(len(given[0])))
    costs = training.one_step(batches, STAGE, 1e-3)
    assert costs["steadiness"] > 0
    plain = training.one_step(batches, replace(STAGE, steadiness=0.0), 1e-3)
    assert "steadiness" not in plain
    assert shown == [8 + 8 // SEEN_TWICE, 8]
