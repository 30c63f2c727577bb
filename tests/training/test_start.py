"""A training that begins from an exported backbone begins with what the graph says."""

from __future__ import annotations

from pathlib import Path

import pytest

torch = pytest.importorskip("torch", reason="the workshop needs the extra `train`")
pytest.importorskip("onnx", reason="an extra of the workshop")

from torch import nn  # noqa: E402

from desktop_affect.core.types import CropSpec  # noqa: E402
from desktop_affect.training.export import Folder, export_frame, export_graph  # noqa: E402
from desktop_affect.training.network import FrameNetwork  # noqa: E402
from desktop_affect.training.recipe import RecipeError  # noqa: E402
from desktop_affect.training.start import begin_from  # noqa: E402
from desktop_affect.training.temporal import FrameFeatures  # noqa: E402

HEADS = ("valence_arousal", "expressions", "action_units")


def trained(backbone: str = "mobilenetv4") -> FrameNetwork:
    """Weights and statistics as after training."""
    torch.manual_seed(4)
    network = FrameNetwork(HEADS, dropout=0.0, backbone=backbone)
    for module in network.modules():
        if isinstance(module, nn.BatchNorm2d):
            module.running_mean = torch.randn(module.num_features) * 0.1
            module.running_var = torch.rand(module.num_features) + 0.5
        if isinstance(module, nn.Conv2d) and module.bias is not None:
            nn.init.normal_(module.bias, std=2.0)
    return network.eval()


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_it_begins_with_what_the_graph_says_and_can_go_on_learning(tmp_path: Path) -> None:
    network, file = trained(), tmp_path / "backbone.onnx"
    image = {"image": torch.zeros(1, 3, 64, 64)}
    export_graph("backbone", FrameFeatures(network), image, FrameFeatures(network).names, file)
    grey = torch.rand(16, 1, 64, 64)
    other = FrameNetwork(HEADS, dropout=0.0)
    begin_from(file, other, grey)
    with torch.no_grad():
        wanted, found = network(grey), other.eval()(grey)
        learning = other.train()(grey)
    for head in HEADS:
        torch.testing.assert_close(found[head], wanted[head], atol=1e-3, rtol=1e-3)
        # The statistics are those of these very pictures, so that batch normalisation changes little when it learns.
        torch.testing.assert_close(learning[head], wanted[head], atol=2e-2, rtol=2e-2)


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_a_whole_network_in_halves_can_be_begun_from_too(tmp_path: Path) -> None:
    """Some of EfficientNet's convolutions have a shift of their own and no normalisation."""
    network = trained("efficientnet-b0")
    crop = CropSpec(size_px=64)
    export_frame(network, Folder(tmp_path, "1", "frame", "", "", crop, HEADS, {}))
    grey = torch.rand(16, 1, 64, 64)
    other = FrameNetwork(HEADS, dropout=0.0, backbone="efficientnet-b0")
    begin_from(tmp_path / "network.onnx", other, grey)
    with torch.no_grad():
        wanted, found = network(grey), other.eval()(grey)
    for head in HEADS:
        torch.testing.assert_close(found[head], wanted[head], atol=2e-3, rtol=2e-3)


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_something_else_is_refused_in_words(tmp_path: Path) -> None:
    with pytest.raises(RecipeError, match="is not there"):
        begin_from(tmp_path / "none.onnx", FrameNetwork(HEADS), torch.rand(2, 1, 32, 32))
    file = tmp_path / "small.onnx"
    export_graph("network", nn.Conv2d(3, 4, 3), {"image": torch.zeros(1, 3, 8, 8)}, ["out"], file)
    with pytest.raises(RecipeError, match="can begin from"):
        begin_from(file, FrameNetwork(HEADS), torch.rand(2, 1, 32, 32))
