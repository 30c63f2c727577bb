"""Recipes, batches, motion, checkpoints and evaluation, on drawn faces."""

from __future__ import annotations

import itertools
from pathlib import Path

import numpy as np
import pytest

torch = pytest.importorskip("torch", reason="the workshop needs the extra `train`")

from torch import Tensor  # noqa: E402

from desktop_affect.core.types import ACTION_UNITS, EXPRESSIONS, CropSpec  # noqa: E402
from desktop_affect.training import augment, commands, evaluation, motion, prepared  # noqa: E402
from desktop_affect.training.clips import ClipBatches, PreparedClips  # noqa: E402
from desktop_affect.training.datasets import drawn, performances  # noqa: E402
from desktop_affect.training.frame_training import FrameTraining, learning_rate, predict  # noqa: E402
from desktop_affect.training.losses import WEIGHTS, concordance, total_loss  # noqa: E402
from desktop_affect.training.metrics import ccc  # noqa: E402
from desktop_affect.training.network import EvenNetwork, FrameNetwork  # noqa: E402
from desktop_affect.training.recipe import Recipe, RecipeError, Stage, read_recipe  # noqa: E402
from desktop_affect.training.sampling import Batches  # noqa: E402
from desktop_affect.training.temporal import STEPS, ClipFamily, ClipNetwork  # noqa: E402
from desktop_affect.training.workspace import Workspace, WorkspaceError  # noqa: E402

CROP = CropSpec(224)
EXPERIMENTS = Path(commands.__file__).parent / "experiments"
STAGE = Stage(32, 16, 4, 1e-3, 1e-4, {"drawn": 1.0})


@pytest.fixture(scope="module")
def films() -> PreparedClips:
    return drawn.read(Path(), CROP)


def recipe(stages: tuple[Stage, ...] = (STAGE,)) -> Recipe:
    heads = ("valence_arousal", "expressions", "action_units")
    return Recipe("tiny", "Tiny", "frame", 5, heads, CROP, {"drawn": Path()}, stages, averaging=0.5)


@pytest.mark.parametrize("path", sorted(EXPERIMENTS.glob("*.toml")), ids=lambda path: path.stem)
def test_every_experiment_can_be_read(path: Path) -> None:
    found = read_recipe(path)
    assert found.name == path.stem
    for stage in found.stages:
        assert set(stage.shares) <= set(found.data)
    if found.family == "mixer":
        assert set(commands.clip_recipe(found).shares) <= set(found.data)


def test_a_broken_experiment_is_told_in_words(tmp_path: Path) -> None:
    file = tmp_path / "x.toml"
    file.write_text('name = "x"\n', encoding="utf-8")
    with pytest.raises(RecipeError, match="cannot be used") as told:
        read_recipe(file)
    assert "crop" in told.value.detail


def test_the_rate_rises_to_its_peak_and_falls_to_its_end() -> None:
    rates = [learning_rate(STAGE, done) for done in np.linspace(0, 1, 101)]
    assert max(rates) == pytest.approx(1e-3, rel=0.01)
    assert rates[-1] == pytest.approx(1e-4)
    assert rates[0] < 1e-4
    assert all(a >= b for a, b in itertools.pairwise(rates[6:]))


def test_the_same_step_draws_the_same_batch_again(films: PreparedClips) -> None:
    first = Batches({"drawn": films.frames}, {"drawn": 1.0}, 8, seed=3)
    again = Batches({"drawn": films.frames}, {"drawn": 1.0}, 8, seed=3)
    assert torch.equal(first.at(7, 48)[0], again.at(7, 48)[0])
    assert not torch.equal(first.at(7, 48)[0], first.at(8, 48)[0])


def test_the_unmoved_crop_is_the_canvas_middle(films: PreparedClips) -> None:
    batch = augment.to_batch(films.frames.images[:2])
    found = augment.crop(batch, drawn.CROP_PX)
    edge = (batch.shape[-1] - drawn.CROP_PX) // 2
    middle = batch[:, :, edge : edge + drawn.CROP_PX, edge : edge + drawn.CROP_PX]
    assert torch.allclose(found, middle, atol=1e-4)


def test_augmented_pictures_stay_pictures(films: PreparedClips) -> None:
    rng = torch.Generator().manual_seed(1)
    found = augment.augmented(torch.from_numpy(films.frames.images[:40]), 64, rng)
    assert found.shape == (40, 1, 64, 64)
    assert float(found.min()) >= 0
    assert float(found.max()) <= 1
    assert float(found.std()) > 0.05


def test_some_faces_are_covered_by_one_grey_rectangle_each() -> None:
    rng = torch.Generator().manual_seed(4)
    covered = augment.occlude(torch.full((50, 1, 40, 60), -1.0), rng, share=0.3)[:, 0] >= 0
    assert int(covered.flatten(1).any(1).sum()) == 15
    for face in covered[covered.flatten(1).any(1)]:
        tall, wide = int(face.any(1).sum()), int(face.any(0).sum())
        assert int(face.sum()) == tall * wide
        assert 0.1 * 40 <= tall <= 0.4 * 40
        assert 0.1 * 60 <= wide <= 0.4 * 60


def test_a_cut_never_touches_the_newest_frame() -> None:
    rng = torch.Generator().manual_seed(2)
    clips = torch.arange(40.0).view(40, 1, 1, 1).expand(40, STEPS, 4, 4).clone()
    cut = motion.with_cuts(clips, rng)
    assert torch.equal(cut[:, -1], clips[:, -1])
    changed = int((cut[:, 0] != clips[:, 0]).flatten(1).any(1).sum())
    assert 3 <= changed <= 20


def test_warming_up_repeats_the_first_seen_frame() -> None:
    rng = torch.Generator().manual_seed(2)
    clips = torch.rand(60, STEPS, 2, 2, generator=rng)
    warm = motion.with_warm_up(clips.clone(), rng)
    assert torch.equal(warm[:, -1], clips[:, -1])
    repeated = (warm[:, 0] == warm[:, 1]).flatten(1).all(1)
    assert 4 <= int(repeated.sum()) <= 25


def test_windows_end_on_every_frame_that_has_a_second_behind_it(films: PreparedClips) -> None:
    windows = films.windows()
    span = films.stride * (STEPS - 1)
    assert windows[0].tolist() == list(range(0, span + 1, films.stride))
    clips = len(films.start) - 1
    assert len(windows) == clips * (drawn.FRAMES - span)
    of_film = np.searchsorted(films.start, windows, side="right")
    assert (of_film == of_film[:, :1]).all()


def test_the_parts_of_films_are_whole_films(films: PreparedClips) -> None:
    parts = [films.part(split) for split in (prepared.TRAIN, prepared.VALIDATION, prepared.TEST)]
    assert sum(len(part.frames) for part in parts) == len(films.frames)
    assert all((np.diff(part.start) == drawn.FRAMES).all() for part in parts)


def test_clip_batches_mix_stills_and_films(films: PreparedClips) -> None:
    batches = ClipBatches({"stills": films.frames}, {"films": films}, {"stills": 0.5, "films": 0.5}, 6, seed=1)
    clips, targets, trust = batches.at(0, 32)
    assert clips.shape == (6, STEPS, 32, 32)
    assert targets["action_units"].shape == (6, len(ACTION_UNITS))
    assert trust.shape == (6,)


def test_unknown_labels_cost_nothing() -> None:
    raw = {"expressions": torch.zeros(4, 8), "action_units": torch.zeros(4, 12)}
    known = torch.full((4, 12), torch.nan)
    assert "action_units" not in total_loss(raw, {"action_units": known}, torch.ones(4))
    known[:2, 0] = 1.0
    cost = total_loss(raw, {"action_units": known}, torch.ones(4))["action_units"]
    # Only the two known cells count, each log 2.
    assert float(cost) == pytest.approx(WEIGHTS["action_units"] * np.log(2), rel=1e-5)


def test_discordant_units_cost_more_the_more_that_counts() -> None:
    target = torch.rand(16, 12, generator=torch.Generator().manual_seed(5))
    labels = {"action_units": target}
    follows, opposes = target.logit(eps=1e-3), -target.logit(eps=1e-3)

    def extra(raw: Tensor) -> float:
        plain = total_loss({"action_units": raw}, labels, torch.ones(16))["action_units"]
        return float(total_loss({"action_units": raw}, labels, torch.ones(16), 0.5)["action_units"] - plain)

    assert extra(follows) == pytest.approx(0.0, abs=1e-3)
    assert extra(opposes) > 0.5 * WEIGHTS["action_units"]
    # A row that is not wholly known takes no part, and a batch without whole rows costs nothing more.
    labels["action_units"] = torch.where(torch.arange(12) == 3, torch.nan, target)
    assert extra(opposes) == 0.0


def test_concordance_is_asked_for_within_each_source() -> None:
    rng = torch.Generator().manual_seed(6)
    first, second = 0.4 * torch.rand(16, 12, generator=rng), 0.6 + 0.4 * torch.rand(16, 12, generator=rng)
    labels = {"action_units": torch.cat([first, second])}
    # Knows which source a row is from, and nothing else.
    tells_them_apart = labels["action_units"].mean(1, keepdim=True).round().clamp(0.2, 0.8).logit().expand(-1, 12)

    def extra(rows: tuple[int, ...]) -> float:
        whole = [
            total_loss({"action_units": tells_them_apart}, labels, torch.ones(32), weight, rows)["action_units"]
            for weight in (0.5, 0.0)
        ]
        return float(whole[0] - whole[1])

    assert extra(()) < 0.2 * WEIGHTS["action_units"]
    assert extra((16, 16)) == pytest.approx(0.5 * WEIGHTS["action_units"], rel=1e-3)


def test_the_loss_of_concordance_is_the_metric() -> None:
    rng = np.random.default_rng(4)
    a, b = rng.normal(size=(2, 50))
    found = concordance(torch.from_numpy(a)[:, None], torch.from_numpy(b)[:, None])
    assert float(found) == pytest.approx(ccc(a, b), abs=1e-4)


def test_a_stopped_training_goes_on_as_if_it_had_not_been(films: PreparedClips, tmp_path: Path) -> None:
    sources = {"drawn": films.frames.take(np.arange(8, len(films.frames), 12))}
    (tmp_path / "whole").mkdir()
    (tmp_path / "parts").mkdir()
    whole = FrameTraining(recipe(), sources, tmp_path / "whole")
    whole.run()
    first = FrameTraining(recipe(), sources, tmp_path / "parts")
    first.one_step(first.batches(STAGE), STAGE, learning_rate(STAGE, 0))
    first.step = 1
    first.save()
    second = FrameTraining(recipe(), sources, tmp_path / "parts")
    second.resume()
    assert second.step == 1
    second.run()
    assert second.steps_total == whole.steps_total == 4
    # Dropout draws from torch's own generator, so the weights are alike, not the same.
    a, b = (t.average.state_dict()["backbone.fine.0.0.weight"] for t in (whole, second))
    assert torch.allclose(a, b, atol=5e-3)


def test_evaluation_of_perfect_estimates_is_perfect(films: PreparedClips) -> None:
    data = films.frames
    values = {
        "expressions": data.expressions, "valence_arousal": data.valence_arousal, "action_units": data.action_units,
    }  # fmt: skip
    found = {str(one["name"]): one["value"] for one in evaluation.all_scores(values, data, {"AU12": 0.3})}
    assert found["accuracy (majority)"] == 1.0
    assert found["valence CCC"] == pytest.approx(1.0)
    assert found["AU12 Pearson"] == pytest.approx(1.0)
    assert found["AU12 F1"] == 1.0


def test_a_stills_window_gives_what_the_frame_gives(films: PreparedClips) -> None:
    heads = ("valence_arousal", "expressions", "action_units")
    model = ClipNetwork(FrameNetwork(heads), heads).eval()
    data = films.frames.take(np.arange(2))
    (clip,) = evaluation.predict_windows([model], data, evaluation.still_windows(data), 224)
    frame = predict(EvenNetwork(model.frames.network), data, 224)
    for head in heads:
        assert np.allclose(clip[head], frame[head], atol=1e-3)


def test_variants_on_one_backbone_are_judged_together_as_alone(films: PreparedClips) -> None:
    heads = ("valence_arousal", "expressions", "action_units")
    family = ClipFamily(FrameNetwork(heads), heads, (3, 1), size_px=64).eval()
    models = [family.variant(3), family.variant(1)]
    with torch.no_grad():
        for model in models:
            model.head.output.weight.normal_(std=0.2)  # a new head adds nothing yet
    data, windows = films.frames, films.windows()[:60:20]
    together = evaluation.predict_windows(models, data, windows, 64)
    for values, model in zip(together, models, strict=True):
        (alone,) = evaluation.predict_windows([model], data, windows, 64)
        assert all(np.allclose(values[head], alone[head], atol=1e-6) for head in heads)
    assert not np.allclose(together[0]["action_units"], together[1]["action_units"], atol=1e-4)


def test_unsteadiness_sees_trembling_and_not_drift(films: PreparedClips) -> None:
    count = len(films.windows())
    length = drawn.FRAMES - films.stride * (STEPS - 1)
    drift = np.tile(np.linspace(0, 1, length, dtype=np.float32), count // length)[:, None]
    noise = np.random.default_rng(1).normal(0, 0.1, (count, 1)).astype(np.float32)
    assert evaluation.unsteadiness(drift, films) < 1e-6
    assert evaluation.unsteadiness(drift + noise, films) > 0.1


@pytest.mark.parametrize("kind", sorted(set(performances.KINDS)))
def test_performances_rise_within_bounds(kind: str) -> None:
    sided = (f"{name}_{side}" for name in (*performances.SINGLE, "eyeBlink") for side in "LR")
    names = (*sided, "mouthClose")
    weights, expressions = performances.perform(np.random.default_rng(9), kind, names)
    assert weights.shape == (performances.FRAMES, len(names))
    assert weights.min() >= 0
    assert weights.max() <= 1
    if kind == "random":
        assert np.isnan(expressions).all()
    else:
        assert expressions.sum(axis=1) == pytest.approx(np.ones(performances.FRAMES), abs=1e-5)
        assert expressions.shape[1] == len(EXPRESSIONS)


def test_steps_in_the_wrong_order_are_told_in_words(tmp_path: Path) -> None:
    workspace = Workspace(tmp_path, "tiny")
    with pytest.raises(WorkspaceError, match="has not been prepared"):
        commands.train(recipe(), workspace)
    with pytest.raises(WorkspaceError, match="has not been trained"):
        commands.evaluate(recipe(), workspace)


def test_prepared_data_come_back_as_they_were(films: PreparedClips, tmp_path: Path) -> None:
    workspace = Workspace(tmp_path, "tiny")
    workspace.store("drawn", films)
    back = workspace.sources(recipe()).films["drawn"]
    assert np.array_equal(back.frames.images, films.frames.images)
    assert np.array_equal(back.start, films.start)
    assert back.stride == films.stride
