"""An int8 backbone is kept when it holds and leaves no trace when it does not."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

torch = pytest.importorskip("torch", reason="needs the optional extra “train”")
pytest.importorskip("onnxruntime.quantization", reason="needs the optional extra “train”")

from desktop_affect.core.errors import ModelError  # noqa: E402
from desktop_affect.core.types import CropSpec  # noqa: E402
from desktop_affect.inference.catalog import verify  # noqa: E402
from desktop_affect.inference.manifest import Precision  # noqa: E402
from desktop_affect.inference.manifest_file import read_manifest  # noqa: E402
from desktop_affect.training import quantise  # noqa: E402
from desktop_affect.training.export import Folder, export_frame, write_manifest  # noqa: E402
from desktop_affect.training.network import FrameNetwork  # noqa: E402
from desktop_affect.training.prepared import Prepared, blank  # noqa: E402

HEADS = ("valence_arousal", "expressions", "action_units")


def pictures(count: int) -> Prepared:
    random = np.random.default_rng(4)
    data = blank(random.integers(0, 256, (count, 40, 40), dtype=np.uint8), np.zeros(count, np.int8))
    circumplex = random.uniform(-1, 1, (count, 2)).astype(np.float32)
    return replace(data, valence_arousal=circumplex)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    torch.manual_seed(0)
    target = Folder(tmp_path / "tiny", "0.1.0", "frame", "Tiny", "nothing", CropSpec(32), HEADS, {})
    write_manifest(target, export_frame(FrameNetwork(HEADS), target))
    return target.path


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_lower_precisions_are_kept_when_they_hold_and_only_then(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = (folder / "model.toml").read_text("utf-8")
    monkeypatch.setattr(quantise, "POINT", -2.0)
    assert not any(verdict.holds for verdict in quantise.quantise(folder, pictures(4), pictures(6)).every)
    assert (folder / "model.toml").read_text("utf-8") == before
    assert sorted(file.name for file in folder.iterdir()) == ["model.toml", "network.onnx"]

    monkeypatch.setattr(quantise, "POINT", 2.0)
    verdicts = quantise.quantise(folder, pictures(4), pictures(6))
    halves, calibrated = verdicts.every
    assert halves.holds
    assert calibrated.holds
    assert set(halves.fp32) == set(halves.lower) == set(calibrated.lower) == {"valence CCC", "arousal CCC"}
    assert "fp16 holds" in verdicts.table()
    assert "int8 holds" in verdicts.table()
    manifest = read_manifest(folder)
    assert manifest.precisions == (Precision.FP32, Precision.FP16, Precision.INT8)
    verify(manifest)
    assert (folder / "network.int8.onnx").stat().st_size < 0.75 * (folder / "network.onnx").stat().st_size
    assert not (folder / "network.fp16.onnx").exists(), "a frame-level network is stored in halves anyway"
    with pytest.raises(ModelError, match="fp16 files already"):
        quantise.quantise(folder, pictures(4), pictures(6))


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_only_what_is_wanted_is_made(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(quantise, "POINT", 2.0)
    quantise.quantise(folder, pictures(4), pictures(6), [Precision.FP16])
    assert read_manifest(folder).precisions == (Precision.FP32, Precision.FP16)
    assert sorted(file.name for file in folder.iterdir()) == ["model.toml", "network.onnx"]
