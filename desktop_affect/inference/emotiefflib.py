"""Other people's models: the EmotiEffLib (HSEmotion) ONNX family, whose conventions hang on the file's name.

`_b2_` networks see 260 px, `mbf_` ones 112 px with other colours, all others 224 px; a `_7` lacks contempt; `_mtl`
appends valence and arousal. The face box is resized without alignment. Outputs are raw logits.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from desktop_affect.core.errors import ModelError
from desktop_affect.inference.network import Found

_EIGHT = ("anger", "contempt", "disgust", "fear", "happiness", "neutral", "sadness", "surprise")
_IMAGENET = ((0.485, 0.456, 0.406), (0.229, 0.224, 0.225))
_HALF = ((0.5, 0.5, 0.5), (0.5, 0.5, 0.5))


@dataclass(frozen=True, slots=True)
class Conventions:
    """What the name of a file says about it."""

    name: str
    size_px: int
    mean: tuple[float, ...]
    std: tuple[float, ...]
    labels: tuple[str, ...]
    circumplex: bool

    @property
    def outputs(self) -> int:
        return len(self.labels) + (2 if self.circumplex else 0)


def conventions(stem: str) -> Conventions:
    """By the file's name without `.onnx`."""
    stem = stem.lower()
    mean, std = _HALF if stem.startswith("mbf_") else _IMAGENET
    size_px = 112 if stem.startswith("mbf_") else 260 if "_b2_" in stem else 224
    without_contempt = re.search(r"_7(_|$)", stem) is not None
    return Conventions(
        name=re.sub(r"[^a-z0-9._-]+", "-", stem).strip("._-") or "emotiefflib",
        size_px=size_px,
        mean=mean,
        std=std,
        labels=tuple(label for label in _EIGHT if not (without_contempt and label == "contempt")),
        circumplex=stem.endswith("_mtl"),
    )


def manifest_text(file: Path, sha256: str, inputs: list[Found], outputs: list[Found]) -> str:
    """The `model.toml` of such a file. Raises ModelError when its tensors do not fit its name."""
    known = conventions(file.stem)
    if len(inputs) != 1 or not _fits(inputs[0], (1, 3, known.size_px, known.size_px)):
        raise _misfit(file, f"one picture of 3 × {known.size_px} × {known.size_px}", inputs)
    if len(outputs) != 1 or not _fits(outputs[0], (1, known.outputs)):
        raise _misfit(file, f"one row of {known.outputs} numbers", outputs)
    return _TEXT.format(
        name=known.name,
        size_px=known.size_px,
        mean=list(known.mean),
        std=list(known.std),
        path=_quoted(file.name),
        sha256=sha256,
        input=_quoted(inputs[0].name),
        output=_quoted(outputs[0].name),
        outputs=known.outputs,
        labels=", ".join(_quoted(label) for label in known.labels),
        circumplex=_CIRCUMPLEX if known.circumplex else "",
    )


def _fits(found: Found, shape: tuple[int, ...]) -> bool:
    same_rank = found.is_float32 and len(found.shape) == len(shape)
    return same_rank and all(f in (None, s) for f, s in zip(found.shape, shape, strict=True))


def _misfit(file: Path, wanted: str, found: list[Found]) -> ModelError:
    real = ", ".join(f"{tensor.name} {list(tensor.shape)}" for tensor in found)
    return ModelError(
        f"{file.name} is not what its name says: {wanted} was expected, but the file has {real}.",
        advice="Keep the name that the file had where it came from: size and outputs are read from it.",
    )


def _quoted(text: str) -> str:
    """A TOML string."""
    escaped = "".join(f"\\u{ord(c):04x}" if ord(c) < 32 or c in '"\\' else c for c in text)
    return f'"{escaped}"'


_TEXT = """# Made by `desktop-affect models add --family emotiefflib`.
schema = 1
name = "{name}"
version = "1"
family = "emotiefflib"
title = "EmotiEffLib {name}"
licence = "stated by its makers, not known here"
trained_on = "Not trained by us: a file of the EmotiEffLib family that was added on this computer."

[input]
size_px = {size_px}
channels = "rgb"
mean = {mean}
std = {std}

[crop]
alignment = "box"

[files.network]
fp32 = {{ path = {path}, sha256 = "{sha256}" }}

[[tensors.network.inputs]]
name = {input}
shape = [1, 3, {size_px}, {size_px}]
[[tensors.network.outputs]]
name = {output}
shape = [1, {outputs}]

[outputs.expressions]
labels = [{labels}]
{circumplex}"""

_CIRCUMPLEX = """[outputs.valence_arousal]
labels = ["valence", "arousal"]
"""
