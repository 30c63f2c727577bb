"""Graphs made blind to left and right: the mean of both views, tokens turned back, hashes that fit."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

torch = pytest.importorskip("torch", reason="the workshop needs the extra `train`")
pytest.importorskip("onnx", reason="an extra of the workshop")

from torch import Tensor, nn  # noqa: E402

from desktop_affect.training.even import main  # noqa: E402
from desktop_affect.training.export import export_graph, sha256  # noqa: E402


class Frames(nn.Module):
    """A level of tokens and an estimate, both of which know left from right."""

    def __init__(self) -> None:
        super().__init__()
        self.conv = nn.Conv2d(3, 4, 4, 4)
        self.line = nn.Linear(4 * 16, 5)

    def forward(self, image: Tensor) -> tuple[Tensor, ...]:
        tokens = self.conv(image).tanh()
        return tokens, self.line(tokens.flatten(1))


class Window(nn.Module):
    """Outputs that read the tokens' places."""

    def __init__(self) -> None:
        super().__init__()
        self.line = nn.Linear(2 * 4 * 16, 3)

    def forward(self, tokens: Tensor, estimates: Tensor) -> tuple[Tensor, ...]:
        return (self.line(tokens.flatten(1)).sigmoid(), estimates.mean(dim=1).tanh())


def said(file: Path, **inputs: np.ndarray) -> list[np.ndarray]:  # type: ignore[type-arg]
    import onnxruntime

    found: list[np.ndarray] = onnxruntime.InferenceSession(str(file)).run(None, inputs)  # type: ignore[type-arg]
    return found


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_both_graphs_say_the_mean_of_both_views(tmp_path: Path) -> None:
    torch.manual_seed(6)
    image, tokens = torch.randn(1, 3, 16, 16), torch.randn(1, 2, 4, 4, 4)
    estimates = torch.randn(1, 2, 5)
    backbone, temporal = tmp_path / "backbone.onnx", tmp_path / "temporal.onnx"
    export_graph("backbone", Frames(), {"image": image}, ["level1", "estimate"], backbone)
    export_graph("temporal", Window(), {"level1": tokens, "estimate": estimates}, ["units", "mood"], temporal)
    picture, window = image.numpy(), tokens.numpy()
    other = np.ascontiguousarray(picture[..., ::-1])
    before, mirrored = said(backbone, image=picture), said(backbone, image=other)
    turned = np.ascontiguousarray(window[..., ::-1])
    units = [said(temporal, level1=view, estimate=estimates.numpy()) for view in (window, turned)]
    (tmp_path / "model.toml").write_text(f"{sha256(backbone)} {sha256(temporal)}", encoding="utf-8")

    main(tmp_path)

    assert (tmp_path / "model.toml").read_text(encoding="utf-8") == f"{sha256(backbone)} {sha256(temporal)}"
    level, estimate = said(backbone, image=picture)
    np.testing.assert_allclose(level, (before[0] + mirrored[0][..., ::-1]) / 2, atol=1e-6)
    np.testing.assert_allclose(estimate, (before[1] + mirrored[1]) / 2, atol=1e-6)
    assert np.abs(before[1] - mirrored[1]).max() > 0.01
    now = said(temporal, level1=window, estimate=estimates.numpy())
    for value, straight, flipped in zip(now, *units, strict=True):
        np.testing.assert_allclose(value, (straight + flipped) / 2, atol=1e-6)
    assert np.abs(units[0][0] - units[1][0]).max() > 0.01
