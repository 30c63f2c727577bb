"""What keeps a graphics card busy: the next batch is drawn ahead, and the network's steps are recorded."""

from __future__ import annotations

import threading
from dataclasses import replace
from pathlib import Path

import pytest

torch = pytest.importorskip("torch", reason="the workshop needs the extra `train`")

from torch import Tensor, nn  # noqa: E402

from desktop_affect.core.types import CropSpec  # noqa: E402
from desktop_affect.training import device, frame_training  # noqa: E402
from desktop_affect.training.datasets import drawn  # noqa: E402
from desktop_affect.training.frame_training import SEEN_TWICE, FrameTraining  # noqa: E402
from desktop_affect.training.recipe import Recipe, Stage  # noqa: E402
from desktop_affect.training.sampling import Ahead, Batch, Batches  # noqa: E402

CROP = CropSpec(64)
STAGE = Stage(64, 16, 8, 1e-3, 1e-4, {"drawn": 1.0})
HEADS = ("valence_arousal", "expressions", "action_units")


@pytest.fixture(scope="module")
def batches() -> Batches:
    return Batches({"drawn": drawn.read(Path(), CROP).frames}, {"drawn": 1.0}, 8, seed=3)


def assert_same(first: Batch, second: Batch) -> None:
    assert torch.equal(first[0], second[0])
    assert all(torch.equal(first[1][name].nan_to_num(), second[1][name].nan_to_num()) for name in second[1])
    assert torch.equal(first[2], second[2])


@pytest.mark.parametrize("asked", [[(0, 32), (1, 32), (2, 32)], [(5, 32), (1, 32)], [(0, 32), (1, 48), (1, 48)]])
def test_batches_drawn_ahead_are_those_that_were_asked_for(batches: Batches, asked: list[tuple[int, int]]) -> None:
    ahead = Ahead(batches)
    for step, size_px in asked:
        assert_same(ahead.at(step, size_px), batches.at(step, size_px))


def test_the_next_batch_is_drawn_on_a_thread(batches: Batches, monkeypatch: pytest.MonkeyPatch) -> None:
    drawing = batches.at
    drew: list[tuple[int, bool]] = []

    def watched(step: int, size_px: int) -> Batch:
        drew.append((step, threading.current_thread() is threading.main_thread()))
        return drawing(step, size_px)

    monkeypatch.setattr(batches, "at", watched)
    ahead = Ahead(batches)
    ahead.at(0, 32)
    ahead.at(1, 32)
    assert drew[:2] == [(0, True), (1, False)]
    assert (1, True) not in drew, "a batch is drawn once"


def training(tmp_path: Path, stage: Stage) -> FrameTraining:
    recipe = Recipe("tiny", "Tiny", "frame", 5, HEADS, CROP, {"drawn": Path()}, (stage,))
    return FrameTraining(recipe, {"drawn": drawn.read(Path(), CROP).frames}, tmp_path)


@pytest.mark.skipif(torch.cuda.is_available(), reason="is for processors")
def test_a_processor_neither_draws_ahead_nor_records(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("Ahead", "record"):
        monkeypatch.delattr(frame_training, name)
    run = training(tmp_path, STAGE)
    run.run()
    assert run.stage == 1


@pytest.mark.parametrize(("steadiness", "seen"), [(0.0, 8), (1.0, 8 + 8 // SEEN_TWICE)])
def test_a_stage_is_recorded_with_as_many_pictures_as_a_step_sees(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, steadiness: float, seen: int
) -> None:
    stage = replace(STAGE, steadiness=steadiness)
    run = training(tmp_path, stage)
    recorded: list[tuple[bool, Tensor]] = []
    monkeypatch.setattr(frame_training, "record", lambda model, sample: recorded.append((model.training, sample)))
    images = torch.rand(8, 1, 64, 64)
    run.record(images, stage)
    [(learning, sample)] = recorded
    assert learning, "dropout and batch statistics are part of it"
    assert sample.shape == (seen, 1, 64, 64)
    assert torch.equal(sample[:8], images)


def test_a_recording_of_another_shape_makes_room(monkeypatch: pytest.MonkeyPatch) -> None:
    model = nn.Linear(2, 2)
    plain = model.forward
    found: list[object] = []
    monkeypatch.setattr(torch.cuda, "synchronize", lambda: None)

    def play(module: nn.Module, sample: tuple[Tensor, ...], *, allow_unused_input: bool) -> None:
        found.append(module.forward == plain)
        vars(module)["forward"] = lambda _: None

    monkeypatch.setattr(torch.cuda, "make_graphed_callables", play)
    monkeypatch.setattr(torch.backends.cudnn, "benchmark", torch.backends.cudnn.benchmark)
    device.record(model, torch.zeros(1, 2))
    device.record(model, torch.zeros(2, 2))
    assert found == [True, True], "a recording is made of the network, not of an earlier recording"


@pytest.mark.skipif(not torch.cuda.is_available(), reason="needs a graphics card")
def test_a_recorded_network_says_and_learns_the_same() -> None:
    torch.manual_seed(1)
    plain = nn.Sequential(nn.Linear(4, 8), nn.BatchNorm1d(8), nn.Linear(8, 3)).cuda()
    played = nn.Sequential(nn.Linear(4, 8), nn.BatchNorm1d(8), nn.Linear(8, 3)).cuda()
    played.load_state_dict(plain.state_dict())
    device.record(played, torch.randn(6, 4, device="cuda"))
    inputs = torch.randn(6, 4, device="cuda")
    torch.testing.assert_close(plain(inputs), played(inputs))
    for model in (plain, played):
        model(inputs).pow(2).sum().backward()
    for one, other in zip(plain.parameters(), played.parameters(), strict=True):
        assert one.grad is not None
        assert other.grad is not None
        torch.testing.assert_close(one.grad, other.grad)
