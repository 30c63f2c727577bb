"""The temporal network as it ships gives the numbers of the one that was trained."""

from __future__ import annotations

import pytest

torch = pytest.importorskip("torch", reason="needs the optional extra “train”")

from desktop_affect.training.fused import FusedHead  # noqa: E402
from desktop_affect.training.temporal import REDUCTION, STEPS, WIDTH, ExportedHead, TemporalHead  # noqa: E402


@pytest.mark.parametrize(("mixers", "size_px"), [(1, 224), (2, 128), (3, 224)])
def test_fused_and_trained_agree(mixers: int, size_px: int) -> None:
    torch.manual_seed(mixers)
    side = size_px // REDUCTION
    head = TemporalHead(("expressions", "valence_arousal", "action_units"), mixers, size_px=size_px).eval()
    with torch.no_grad():
        for parameter in head.parameters():
            parameter.normal_(std=0.3)  # the branches begin as zero and would hide a mistake
        features = [torch.randn(1, STEPS, WIDTH, side, side) for _ in range(mixers)]
        features.append(torch.randn(1, STEPS, 22))
        expected = ExportedHead(head).eval()(*features)
        found = FusedHead(head).eval()(*features)
    for name, a, b in zip(head.heads, expected, found, strict=True):
        assert a.shape == b.shape
        torch.testing.assert_close(b, a, atol=1e-5, rtol=1e-5, msg=name)
    assert float(expected[1].abs().max()) > 0.01
