"""The mixers learn from maps that are kept, and then with the backbone."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

torch = pytest.importorskip("torch", reason="the workshop needs the extra `train`")

from desktop_affect.core.types import CropSpec  # noqa: E402
from desktop_affect.training.clip_training import ClipRecipe, ClipTraining  # noqa: E402
from desktop_affect.training.clips import ClipBatches, PreparedClips  # noqa: E402
from desktop_affect.training.datasets import drawn  # noqa: E402
from desktop_affect.training.kept_maps import KeptRecipe, keep  # noqa: E402
from desktop_affect.training.network import FrameNetwork  # noqa: E402
from desktop_affect.training.recipe import Recipe  # noqa: E402

HEADS = ("valence_arousal", "expressions", "action_units")
SIZE_PX = 32
KEPT = KeptRecipe(rounds=2, clips=32, passes=2, batch=16, peak_rate=3e-3, final_rate=1e-3, unit_concordance=0.5)


@pytest.fixture(scope="module")
def films() -> PreparedClips:
    return drawn.read(Path(), CropSpec(SIZE_PX))


def clip_training(films: PreparedClips, folder: Path, kept: KeptRecipe) -> ClipTraining:
    torch.manual_seed(3)
    torch.save({"average": FrameNetwork(HEADS).state_dict()}, folder / "frame.pt")
    shares = {"stills": 0.25, "films": 0.75}
    batches = ClipBatches({"stills": films.frames}, {"films": films}, shares, 8, seed=1)
    clips = ClipRecipe(8, 8, 1e-3, 1e-4, shares, (3, 1), kept=kept)
    tiny = Recipe("tiny", "Tiny", "mixer", 5, HEADS, CropSpec(SIZE_PX), {"drawn": Path()}, ())
    return ClipTraining(tiny, clips, batches, folder)


def test_kept_maps_say_what_the_backbone_says(films: PreparedClips, tmp_path: Path) -> None:
    training = clip_training(films, tmp_path, KEPT)
    kept = keep(training.average, training.batches.of_size(16), 5, 16, SIZE_PX)
    clips, targets, trust = training.batches.of_size(16).at(5, SIZE_PX)
    maps, estimate, rows = next(kept.batches(16, np.random.default_rng(1)))
    wanted, trusted, counts = kept.labels(rows)
    assert counts == (4, 12)
    assert torch.equal(trusted, trust[rows])
    assert torch.equal(wanted["action_units"], targets["action_units"][rows])
    training.model.eval()
    with torch.no_grad():
        said = training.model.mixed(maps, estimate, 16)
        alone = training.model(clips[rows])
    # Kept in bfloat16.
    for one, other in zip(said, alone, strict=True):
        assert torch.allclose(one["action_units"], other["action_units"], atol=0.05)


def test_mixers_learn_from_kept_maps_and_then_with_the_backbone(films: PreparedClips, tmp_path: Path) -> None:
    training = clip_training(films, tmp_path, KEPT)
    start = {name: value.clone() for name, value in training.model.state_dict().items()}
    while training.round < KEPT.rounds:
        training.run_round(KEPT)
        training.round += 1
    state = training.model.state_dict()
    moved = {name for name, value in state.items() if not torch.equal(value, start[name])}
    assert {"variants.3.head.recency", "variants.1.head.output.weight"} <= moved
    assert not any(name.startswith("network.") for name in moved)
    assert training.steps_total == 2 * KEPT.steps == 8
    training.run_steps()
    assert any(
        name.startswith("network.backbone.deep") for name, value in state.items() if not torch.equal(value, start[name])
    )


def test_a_stopped_training_of_mixers_goes_on_with_its_next_round(films: PreparedClips, tmp_path: Path) -> None:
    (tmp_path / "whole").mkdir()
    (tmp_path / "parts").mkdir()
    whole = clip_training(films, tmp_path / "whole", KEPT)
    whole.run()
    first = clip_training(films, tmp_path / "parts", KEPT)
    first.run_round(KEPT)
    first.round = 1
    first.save()
    second = clip_training(films, tmp_path / "parts", KEPT)
    second.resume()
    assert second.round == 1
    second.run()
    assert second.steps_total == whole.steps_total
    # Dropout draws from torch's own generator, so the weights are alike, not the same.
    a, b = (t.average.state_dict()["variants.3.head.recency"] for t in (whole, second))
    assert torch.allclose(a, b, atol=0.05)


def test_the_backbone_can_be_left_as_it_is(films: PreparedClips, tmp_path: Path) -> None:
    training = clip_training(films, tmp_path, KEPT)
    training.clips = replace(training.clips, clips=0)
    before = {name: value.clone() for name, value in training.model.network.state_dict().items()}
    training.run()
    assert training.steps_total == KEPT.rounds * KEPT.steps
    after = training.model.network.state_dict()
    assert all(torch.equal(value, before[name]) for name, value in after.items())
