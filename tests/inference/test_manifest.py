"""A manifest that is wrong is refused in words that name the key."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from desktop_affect.core.errors import ModelError
from desktop_affect.core.types import CropAlignment
from desktop_affect.inference.manifest import Family, Precision
from desktop_affect.inference.manifest_file import read_manifest
from tests.inference import tiny


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tiny.mixer_folder(tmp_path)


def test_a_whole_manifest_is_read(folder: Path) -> None:
    manifest = read_manifest(folder)
    assert manifest.family is Family.MIXER
    assert manifest.window is not None
    assert (manifest.window.span_s, manifest.window.steps) == (tiny.SPAN_S, tiny.STEPS)
    assert [head.name for head in manifest.heads] == ["valence_arousal", "expressions"]
    assert manifest.precisions == (Precision.FP32,)
    assert manifest.crop.alignment is CropAlignment.EYES_MOUTH
    assert manifest.crop.size_px == manifest.input.size_px == tiny.SIDE
    assert manifest.network("temporal").inputs[0].shape == (1, tiny.STEPS, 3, 4, 4)
    assert manifest.network("backbone").file(Precision.INT8).path == "backbone.onnx"
    assert manifest.label == "models/tiny-mixer"


def test_luminance_may_come_in_one_channel_but_colours_may_not(folder: Path) -> None:
    tiny.edit(folder, "shape = [1, 3, 16, 16]", "shape = [1, 1, 16, 16]")
    with pytest.raises(ModelError, match=r"not one image of shape \[1, 3, 16, 16\]"):
        read_manifest(folder)
    tiny.edit(folder, 'channels = "rgb"', 'channels = "luminance"')
    assert read_manifest(folder).input.planes == 1
    tiny.edit(folder, "shape = [1, 1, 16, 16]", "shape = [1, 3, 16, 16]")
    assert read_manifest(folder).input.planes == 3


def test_a_frame_manifest_needs_no_window(tmp_path: Path) -> None:
    assert read_manifest(tiny.frame_folder(tmp_path)).window is None


def test_thresholds_and_precisions_are_read(tmp_path: Path) -> None:
    folder = tiny.frame_folder(tmp_path)
    tiny.edit(folder, "[outputs.valence_arousal]\nlabels = ", "[outputs.action_units]\nlabels = ")
    tiny.edit(folder, '["valence", "arousal"]', '["AU12", "AU01"]\nthresholds = { AU12 = 0.4 }')
    tiny.edit(folder, '"valence_arousal"', '"action_units"')
    tiny.edit(folder, "[files.network]\n", f'[files.network]\nint8 = {{ path = "i.onnx", sha256 = "{"0" * 64}" }}\n')
    manifest = read_manifest(folder)
    assert dict(manifest.thresholds) == {"AU12": 0.4}
    assert manifest.precisions == (Precision.FP32, Precision.INT8)


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("schema = 1", "schema = 2", "“schema” in model.toml is 2; this version of Desktop Affect reads 1"),
        ("schema = 1\n", "", "“schema” in model.toml is missing"),
        ('family = "mixer"', 'family = "transformer"', "“family” in model.toml is “transformer”, not one of mixer"),
        ('version = "0.1.0"', "version = 1", "“version” in model.toml is not a text"),
        ('licence = "Apache-2.0"\n', "", "“licence” in model.toml is missing"),
        ('name = "tiny-mixer"', 'name = "other"', "the folder is called “tiny-mixer”"),
        ('name = "tiny-mixer"', 'name = "../x"', "“name” in model.toml may only have small letters"),
        ("size_px = 16", "size_px = 16.5", "“input.size_px” in model.toml is not a whole number"),
        ("size_px = 16", "size_px = true", "“input.size_px” in model.toml is not a whole number"),
        ("size_px = 16", "size_px = 32", "“tensors.backbone.inputs” in model.toml is not one image"),
        ('channels = "rgb"', 'channels = "bgr"', "“input.channels” in model.toml is “bgr”"),
        ("mean = [0.5, 0.5, 0.5]", "mean = [0.5]", "“input.mean” in model.toml is not a list of 3 numbers"),
        ("mean = [0.5, 0.5, 0.5]", 'mean = [0.5, "a", 1]', "“input.mean” in model.toml is not a number"),
        ("std = [0.5, 0.5, 0.5]", "std = [0.5, 0.0, 0.5]", "“input.std” in model.toml must be above 0"),
        ("[input]", "[[input]]", "“input” in model.toml is not a table"),
        ('alignment = "eyes_mouth"', 'alignment = "nose"', "“crop.alignment” in model.toml is “nose”"),
        ("span_s = 1.0", "span_s = -1", "“window.span_s” in model.toml is not between"),
        ("steps = 4", "steps = 1", "“window.steps” in model.toml is not a whole number of at least 2"),
        ("steps = 4", "steps = 5", "“tensors.temporal.inputs” in model.toml is not what the backbone gives, with 5"),
        ("[files.temporal]", "[files.head]", "“files.temporal” in model.toml is missing"),
        ("fp32 = { path", "int8 = { path", "“files.backbone.fp32” in model.toml is missing"),
        ('path = "backbone.onnx"', 'path = "../backbone.onnx"', "is not the plain name of a file"),
        ('path = "backbone.onnx"', 'path = "C:\\\\backbone.onnx"', "is not the plain name of a file"),
        ('sha256 = "', 'sha256 = "zz', "is not a SHA-256"),
        ("shape = [1, 3, 4, 4]", "shape = [1, 3, -4, 4]", "is not a list of whole numbers above 0"),
        (
            'name = "level2"\nshape = [1, 3, 1, 1]',
            'name = "other"\nshape = [1, 3, 1, 1]',
            "not what the backbone gives",
        ),
        ("[[tensors.temporal.outputs]]\nname", "[[tensors.temporal.outs]]\nname", "“tensors.temporal.outputs”"),
        ("shape = [1, 8]", "shape = [1, 7]", "“tensors.temporal.outputs” in model.toml does not fit the labels"),
        ('["valence", "arousal"]', '["valence", "joy"]', "has an unknown or repeated label: joy"),
        ('["valence", "arousal"]', '["valence", "valence"]', "has an unknown or repeated label"),
        (
            "[outputs.expressions]",
            "[outputs.feelings]",
            "“outputs.feelings” in model.toml is not one of the known heads",
        ),
        (
            '["valence", "arousal"]',
            '["valence", "arousal"]\nthresholds = { joy = 0.5 }',
            "“outputs.valence_arousal.thresholds.joy” in model.toml is the threshold of a label",
        ),
        ("schema = 1", "schema = = 1", "model.toml is not a TOML file"),
    ],
)
def test_what_is_wrong_is_said_in_words(folder: Path, old: str, new: str, words: str) -> None:
    tiny.edit(folder, old, new)
    with pytest.raises(ModelError) as refused:
        read_manifest(folder)
    assert refused.value.message.startswith("models/tiny-mixer: ")
    assert words in refused.value.message


OPTIONAL = {"padding", "eye_y", "eye_spread", "mouth_y"}
KEYS = sorted({key for key in re.findall(r"^(\w+) = ", tiny._HEAD + tiny._MIXER, flags=re.MULTILINE)} - OPTIONAL)


@pytest.mark.parametrize("key", KEYS)
def test_every_key_that_is_missing_is_named(folder: Path, key: str) -> None:
    """All keys of a manifest, each left out once."""
    file = folder / "model.toml"
    lines = file.read_text("utf-8").splitlines(keepends=True)
    first = next(index for index, line in enumerate(lines) if line.startswith(f"{key} = "))
    file.write_text("".join(lines[:first] + lines[first + 1 :]), "utf-8")
    with pytest.raises(ModelError) as refused:
        read_manifest(folder)
    assert f"{key}” in model.toml is missing" in refused.value.message


@pytest.mark.parametrize("table", ["input", "crop", "window", "files.backbone", "files.temporal", "outputs"])
def test_every_table_that_is_missing_is_named(folder: Path, table: str) -> None:
    file = folder / "model.toml"
    parts = re.split(r"(?m)^(?=\[)", file.read_text("utf-8"))
    kept = [part for part in parts if not part.startswith((f"[{table}]", f"[{table}."))]
    assert len(kept) < len(parts)
    file.write_text("".join(kept), "utf-8")
    with pytest.raises(ModelError) as refused:
        read_manifest(folder)
    assert f"“{table}” in model.toml is missing" in refused.value.message


def test_bytes_that_are_no_text_are_refused(folder: Path) -> None:
    (folder / "model.toml").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(ModelError, match="not a TOML file"):
        read_manifest(folder)


def test_an_absent_manifest_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match=r"models/nothing: model\.toml cannot be read"):
        read_manifest(tmp_path / "nothing")


def test_a_model_without_outputs_is_refused(tmp_path: Path) -> None:
    folder = tiny.frame_folder(tmp_path)
    tiny.edit(folder, '[outputs.valence_arousal]\nlabels = ["valence", "arousal"]', "[outputs]")
    with pytest.raises(ModelError, match="has no outputs"):
        read_manifest(folder)
