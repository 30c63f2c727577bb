"""The backbone's graph as it ships gives the numbers of the one that was trained."""

from __future__ import annotations

import pytest

torch = pytest.importorskip("torch", reason="needs the optional extra “train”")

from desktop_affect.training.lean import LeanFeatures  # noqa: E402
from desktop_affect.training.network import FrameNetwork  # noqa: E402
from desktop_affect.training.temporal import FrameFeatures  # noqa: E402


@pytest.mark.parametrize("mixers", [1, 3])
def test_lean_and_trained_agree(mixers: int) -> None:
    torch.manual_seed(mixers)
    network = FrameNetwork(("valence_arousal", "expressions", "action_units"))
    with torch.no_grad():
        network(torch.rand(8, 1, 64, 64))  # batch normalisation with statistics
        frames = FrameFeatures(network, mixers).eval()
        image = torch.randn(1, 1, 64, 64)
        expected = frames(image.expand(-1, 3, -1, -1))
        found = LeanFeatures(frames).eval()(image)
        again = frames(image.expand(-1, 3, -1, -1))
    assert len(found) == len(expected) == mixers + 1
    for a, b, c in zip(expected, found, again, strict=True):
        torch.testing.assert_close(b, a, atol=1e-5, rtol=1e-5)
        torch.testing.assert_close(c, a, msg="the trained network is left alone")
