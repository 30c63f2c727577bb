"""The graphs of 0.1.0 made blind to left and right: what they say of a face and of its mirror image is the same."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

torch = pytest.importorskip("torch", reason="the workshop needs the extra `train`")
pytest.importorskip("onnx", reason="an extra of the workshop")

from torch import Tensor, nn  # noqa: E402

from desktop_affect.training.even import HEADS, SIZE_PX, both_ways, even_temporal, main  # noqa: E402
from desktop_affect.training.export import export_graph, sha256  # noqa: E402
from desktop_affect.training.fused import FusedHead  # noqa: E402
from desktop_affect.training.network import FrameNetwork  # noqa: E402
from desktop_affect.training.recipe import RecipeError  # noqa: E402
from desktop_affect.training.temporal import STEPS, WIDTH, WIDTH_AXIS, FrameFeatures, Mix, TemporalHead  # noqa: E402

pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning")
LEVELS = ("level1", "level2", "level3")
SIDE = SIZE_PX // 32


class OneView(nn.Module):
    """The backbone as 0.1.0 had it: one view, three channels, a layer per head."""

    def __init__(self) -> None:
        super().__init__()
        self.network = FrameNetwork(HEADS)
        self.embed = FrameFeatures(self.network).embed
        for norm in (part for part in self.modules() if isinstance(part, nn.BatchNorm2d)):
            nn.init.normal_(norm.bias, std=0.1)  # alike ones would be stored once
            nn.init.constant_(norm.weight, 2.0)  # else little of the picture is left after 45 layers

    def forward(self, image: Tensor) -> tuple[Tensor, ...]:
        maps = self.network.mobile(image)
        tokens = [layer(level) for layer, level in zip(self.embed, maps, strict=True)]
        return (*tokens, self.network.estimate(maps[2]))


def one_sided_head() -> TemporalHead:
    """Mixers whose mixing along the width knows left from right, as those of 0.1.0 did."""
    head = TemporalHead(HEADS, 3, size_px=SIZE_PX)
    for mix in (part for part in head.modules() if isinstance(part, Mix) and part.axis == WIDTH_AXIS):
        mix.mlp = nn.Sequential(nn.Linear(SIDE, 2 * SIDE), nn.ReLU(), nn.Linear(2 * SIDE, SIDE))
    nn.init.normal_(head.output.weight)
    return head


def said(file: Path, **inputs: np.ndarray) -> list[np.ndarray]:  # type: ignore[type-arg]
    import onnxruntime

    found: list[np.ndarray] = onnxruntime.InferenceSession(str(file)).run(None, inputs)  # type: ignore[type-arg]
    return found


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    torch.manual_seed(6)
    image = torch.zeros(1, 3, SIZE_PX, SIZE_PX)
    export_graph("backbone", OneView(), {"image": image}, [*LEVELS, "estimate"], tmp_path / "backbone.onnx")
    window = {name: torch.zeros(1, STEPS, WIDTH, SIDE, SIDE) for name in LEVELS} | {
        "estimate": torch.zeros(1, STEPS, 22)
    }
    export_graph("temporal", FusedHead(one_sided_head()), window, HEADS, tmp_path / "temporal.onnx")
    hashes = [sha256(tmp_path / name) for name in ("backbone.onnx", "temporal.onnx")]
    (tmp_path / "model.toml").write_text(f"{' '.join(hashes)}\nshape = [1, 3, {SIZE_PX}, {SIZE_PX}]", encoding="utf-8")
    return tmp_path


def test_the_backbone_says_the_mean_of_both_views(folder: Path) -> None:
    grey = np.random.default_rng(1).random((1, 1, SIZE_PX, SIZE_PX), np.float32)
    other = np.ascontiguousarray(grey[..., ::-1])
    straight, mirrored = (said(folder / "backbone.onnx", image=np.repeat(view, 3, 1)) for view in (grey, other))
    main(folder)
    *levels, estimate = said(folder / "backbone.onnx", image=grey)
    for level, one, two in zip(levels, straight, mirrored, strict=False):
        np.testing.assert_allclose(level, (one + two[..., ::-1]) / 2, atol=1e-4)
    np.testing.assert_allclose(estimate, (straight[3] + mirrored[3]) / 2, atol=1e-4)
    assert np.abs(straight[3] - mirrored[3]).max() > 1e-3


def test_the_mixers_say_the_same_of_a_mirrored_window(folder: Path) -> None:
    rng = np.random.default_rng(2)
    window = {name: rng.normal(size=(1, STEPS, WIDTH, SIDE, SIDE)).astype(np.float32) for name in LEVELS}
    turned = {name: np.ascontiguousarray(tokens[..., ::-1]) for name, tokens in window.items()}
    estimate = rng.normal(size=(1, STEPS, 22)).astype(np.float32)

    def moved() -> float:
        views = [said(folder / "temporal.onnx", estimate=estimate, **tokens) for tokens in (window, turned)]
        return max(float(np.abs(one - two).max()) for one, two in zip(*views, strict=True))

    assert moved() > 1e-3
    main(folder)
    assert moved() < 1e-5


def test_the_manifest_names_the_new_files_and_their_shape(folder: Path) -> None:
    main(folder)
    hashes = [sha256(folder / name) for name in ("backbone.onnx", "temporal.onnx")]
    expected = f"{' '.join(hashes)}\nshape = [1, 1, {SIZE_PX}, {SIZE_PX}]"
    assert (folder / "model.toml").read_text(encoding="utf-8") == expected


def test_mixing_both_ways_is_the_mean_of_a_mixing_and_its_mirror_image() -> None:
    rng = np.random.default_rng(3)
    shapes = {"weights.0": (3, 1, 6, 3), "biases.0": (3, 1, 6, 1), "weights.1": (3, 1, 3, 6), "biases.1": (3, 1, 3, 1)}
    held = {f"b.{name}": rng.normal(size=shape).astype(np.float32) for name, shape in shapes.items()}

    def mixed(layers: dict[str, np.ndarray], x: np.ndarray) -> np.ndarray:  # type: ignore[type-arg]
        inner = np.maximum(layers["b.weights.0"] @ x + layers["b.biases.0"], 0)
        return np.asarray(layers["b.weights.1"] @ inner + layers["b.biases.1"])

    x = rng.normal(size=(3, 5, 3, 7)).astype(np.float32)
    mean = (mixed(held, x) + mixed(held, x[:, :, ::-1])[:, :, ::-1]) / 2
    np.testing.assert_allclose(mixed(both_ways(held, "b"), x), mean, atol=1e-5)


def test_another_graph_is_refused_in_words(folder: Path) -> None:
    with pytest.raises(RecipeError, match=r"temporal graph of 0\.1\.0"):
        even_temporal(folder / "backbone.onnx")
