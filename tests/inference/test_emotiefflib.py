"""Files of the EmotiEffLib family by their real names, with small networks of the same signatures."""

from __future__ import annotations

import math
from pathlib import Path

import numpy as np
import pytest

from desktop_affect.core.errors import ModelError
from desktop_affect.core.types import CropAlignment, FaceCrop
from desktop_affect.inference.adding import add
from desktop_affect.inference.catalog import Catalog
from desktop_affect.inference.emotiefflib import conventions
from desktop_affect.inference.load import build
from desktop_affect.inference.onnx_runtime import OnnxRuntime
from desktop_affect.inference.runtime import Machine
from tests.inference import tiny

FAMILY = [
    ("enet_b0_8_best_vgaf", 224, 8),
    ("enet_b0_8_best_afew", 224, 8),
    ("enet_b2_8", 260, 8),
    ("enet_b2_7", 260, 7),
    ("enet_b0_8_va_mtl", 224, 10),
    ("mbf_va_mtl", 112, 10),
    ("mobilevit_va_mtl", 224, 10),
]
ORDER = ("anger", "contempt", "disgust", "fear", "happiness", "neutral", "sadness", "surprise")


@pytest.fixture
def catalog(tmp_path: Path) -> Catalog:
    return Catalog(tmp_path / "installed", tmp_path / "own")


def made(tmp_path: Path, stem: str, side: int, outputs: int) -> Path:
    file = tmp_path / f"{stem}.onnx"
    file.write_bytes(tiny.classifier(outputs, side))
    return file


@pytest.mark.parametrize(("stem", "side", "outputs"), FAMILY)
def test_the_family_works_as_its_makers_say(
    catalog: Catalog, tmp_path: Path, stem: str, side: int, outputs: int
) -> None:
    manifest = add(catalog, made(tmp_path, stem, side, outputs), "emotiefflib")
    model = build(manifest, "cpu", 1, Machine([OnnxRuntime()]))
    info = model.open()
    pixels = np.random.default_rng(3).integers(0, 256, (side, side, 3), dtype=np.uint8)
    affect = model.estimate(FaceCrop(pixels, 0.0, 1))
    model.close()

    mean, std = (
        (0.5, 0.5) if stem.startswith("mbf") else (np.array([0.485, 0.456, 0.406]), np.array([0.229, 0.224, 0.225]))
    )
    colour = ((pixels / 255.0 - mean) / std).mean(axis=(0, 1))
    logits = colour @ np.random.default_rng(2).standard_normal((3, outputs)).astype(np.float32)
    order = [name for name in ORDER if outputs != 7 or name != "contempt"]
    raised = np.exp(logits[: len(order)])
    expected = dict(zip(order, raised / raised.sum(), strict=True))
    assert dict(affect.expressions) == pytest.approx(expected, abs=1e-4)
    if outputs == 10:
        assert (affect.valence, affect.arousal) == pytest.approx(tuple(np.clip(logits[-2:], -1, 1)), abs=1e-4)
        assert info.outputs == ("expressions", "valence_arousal")
    else:
        assert math.isnan(affect.valence)
        assert info.outputs == ("expressions",)
    assert affect.confidence == 1.0
    assert (info.name, info.family, info.window_s) == (stem, "emotiefflib", 0.0)
    assert (info.crop.alignment, info.crop.size_px, info.crop.padding) == (CropAlignment.BOX, side, 0.0)


@pytest.mark.parametrize(
    ("stem", "side", "outputs", "words"),
    [
        ("enet_b0_8_best_vgaf", 224, 10, "one row of 8 numbers was expected"),
        ("enet_b2_8", 224, 8, "one picture of 3 × 260 × 260 was expected"),
    ],
)
def test_a_file_that_is_not_what_its_name_says_is_refused(
    catalog: Catalog, tmp_path: Path, stem: str, side: int, outputs: int, words: str
) -> None:
    with pytest.raises(ModelError, match=words):
        add(catalog, made(tmp_path, stem, side, outputs), "emotiefflib")
    assert catalog.entries() == []


def test_what_cannot_be_read_is_refused(catalog: Catalog, tmp_path: Path) -> None:
    file = tmp_path / "enet_b0_8_best_vgaf.onnx"
    file.write_bytes(tiny.classifier(8, 224)[:100])
    with pytest.raises(ModelError, match="not a network that can be read"):
        add(catalog, file, "emotiefflib")


def test_the_family_must_be_said_and_known(catalog: Catalog, tmp_path: Path) -> None:
    file = made(tmp_path, "enet_b0_8_best_vgaf", 224, 8)
    with pytest.raises(ModelError, match="its family is not known"):
        add(catalog, file)
    with pytest.raises(ModelError, match="“resnet” is not a family"):
        add(catalog, file, "resnet")


def test_a_strange_file_name_still_makes_a_good_folder() -> None:
    assert conventions("My Model (1)").name == "my-model-1"
