"""Reads and checks `model.toml`, before anything else of a model is touched.

The format is described in docs/models.md. A manifest that passes here is complete and agrees with itself; whether the
ONNX files are the ones it describes is for `catalog.py` and the runtimes to find out.
"""

from __future__ import annotations

import hashlib
import re
import sys
from collections.abc import Mapping
from enum import Enum
from pathlib import Path
from types import MappingProxyType
from typing import TypeVar

from desktop_affect.core.errors import ModelError
from desktop_affect.core.types import CropAlignment, CropSpec
from desktop_affect.inference.fields import Fields
from desktop_affect.inference.manifest import (
    HEAD_LABELS,
    ROLES,
    Family,
    FileSpec,
    Head,
    InputSpec,
    Manifest,
    NetworkSpec,
    Precision,
    TensorSpec,
    WindowSpec,
    model_label,
)

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

SCHEMA = 1
FILE_NAME = "model.toml"

_NAME = re.compile(r"[a-z0-9][a-z0-9._-]*")
_SHA256 = re.compile(r"[0-9a-f]{64}")


def read_manifest(folder: Path) -> Manifest:
    """The checked manifest of a model folder. Raises ModelError in words."""
    label = model_label(folder)
    try:
        data = (folder / FILE_NAME).read_bytes()
        table = tomllib.loads(data.decode("utf-8"))
    except OSError as error:
        raise ModelError(f"{label}: {FILE_NAME} cannot be read.", detail=str(error)) from error
    except (UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise ModelError(f"{label}: {FILE_NAME} is not a TOML file.", detail=str(error)) from error
    return _manifest(folder, hashlib.sha256(data).hexdigest(), Fields(table, label))


def _manifest(folder: Path, sha256: str, top: Fields) -> Manifest:
    schema = top.whole("schema")
    if schema != SCHEMA:
        raise top.refuse("schema", f"is {schema}; this version of Desktop Affect reads {SCHEMA}")
    family = _choice(top, "family", Family)
    networks = tuple(_network(top, role) for role in ROLES[family])
    pixels = _input(top.table("input"), networks[0])
    manifest = Manifest(
        folder=folder,
        sha256=sha256,
        name=_name(top, folder),
        version=top.text("version"),
        family=family,
        title=top.text("title"),
        licence=top.text("licence"),
        trained_on=top.text("trained_on"),
        input=pixels,
        crop=_crop(top.table("crop"), pixels.size_px),
        window=_window(top.table("window")) if family is Family.MIXER else None,
        networks=networks,
        heads=_heads(top.table("outputs")),
    )
    _check_tensors(manifest, top)
    return manifest


def _name(top: Fields, folder: Path) -> str:
    name = top.text("name")
    if not _NAME.fullmatch(name):
        raise top.refuse("name", "may only have small letters, digits, dots, dashes and underscores")
    if name != folder.name:
        raise top.refuse("name", f"is “{name}”, but the folder is called “{folder.name}”")
    return name


def _input(fields: Fields, first: NetworkSpec) -> InputSpec:
    channels = fields.text("channels")
    if channels not in ("rgb", "luminance"):
        raise fields.refuse("channels", f"is “{channels}”, not “rgb” or “luminance”")
    std = fields.numbers("std", 3)
    if min(std) <= 0:
        raise fields.refuse("std", "must be above 0")
    luminance = channels == "luminance"
    planes = 1 if luminance and {tensor.shape[1:2] for tensor in first.inputs} == {(1,)} else 3
    return InputSpec(fields.whole("size_px", 16), luminance, fields.numbers("mean", 3), std, planes)


def _crop(fields: Fields, size_px: int) -> CropSpec:
    usual = CropSpec(size_px)
    return CropSpec(
        size_px,
        _choice(fields, "alignment", CropAlignment),
        eye_y=fields.number("eye_y", usual.eye_y),
        eye_spread=fields.number("eye_spread", usual.eye_spread),
        mouth_y=fields.number("mouth_y", usual.mouth_y),
        padding=fields.number("padding", usual.padding),
    )


def _window(fields: Fields) -> WindowSpec:
    span_s = fields.number("span_s")
    if not 0 < span_s <= 10:
        raise fields.refuse("span_s", "is not between 0 and 10 seconds")
    return WindowSpec(span_s, fields.whole("steps", 2))


def _network(top: Fields, role: str) -> NetworkSpec:
    files = top.table("files").table(role)
    tensors = top.table("tensors").table(role)
    if Precision.FP32.value not in files:
        raise files.refuse(Precision.FP32.value, "is missing")
    return NetworkSpec(
        role,
        MappingProxyType({p: _file(files.table(p.value)) for p in Precision if p.value in files}),
        tuple(TensorSpec(tensor.text("name"), tensor.shape("shape")) for tensor in tensors.tables("inputs")),
        tuple(TensorSpec(tensor.text("name"), tensor.shape("shape")) for tensor in tensors.tables("outputs")),
    )


def _file(fields: Fields) -> FileSpec:
    path, sha256 = fields.text("path"), fields.text("sha256").lower()
    if not path or "/" in path or "\\" in path or path.startswith("."):
        raise fields.refuse("path", "is not the plain name of a file in the same folder")
    if not _SHA256.fullmatch(sha256):
        raise fields.refuse("sha256", "is not a SHA-256 of 64 hexadecimal digits")
    return FileSpec(path, sha256)


def _heads(fields: Fields) -> tuple[Head, ...]:
    if not fields.keys:
        raise fields.refuse("valence_arousal", "or another head is needed: the model has no outputs")
    return tuple(_head(fields, name) for name in fields.keys)


def _head(outputs: Fields, name: str) -> Head:
    if name not in HEAD_LABELS:
        raise outputs.refuse(name, f"is not one of the known heads ({', '.join(HEAD_LABELS)})")
    fields = outputs.table(name)
    labels = fields.texts("labels")
    unknown = [label for label in labels if label not in HEAD_LABELS[name]]
    if unknown or len(set(labels)) != len(labels):
        raise fields.refuse("labels", f"has an unknown or repeated label: {', '.join(unknown or labels)}")
    return Head(name, labels, _thresholds(fields.table("thresholds", {}), labels))


def _thresholds(fields: Fields, labels: tuple[str, ...]) -> Mapping[str, float]:
    strange = [key for key in fields.keys if key not in labels]
    if strange:
        raise fields.refuse(strange[0], "is the threshold of a label that the head does not have")
    return MappingProxyType({key: fields.number(key) for key in fields.keys})


def _check_tensors(manifest: Manifest, top: Fields) -> None:
    """The tensors agree with the picture's size, with each other and with the heads."""
    first, last = manifest.networks[0], manifest.networks[-1]
    image = (1, manifest.input.planes, manifest.input.size_px, manifest.input.size_px)
    if [tensor.shape for tensor in first.inputs] != [image]:
        raise top.refuse(f"tensors.{first.role}.inputs", f"is not one image of shape {list(image)}")
    if manifest.window is not None and set(last.inputs) != set(_windowed(first.outputs, manifest.window.steps)):
        raise top.refuse(
            f"tensors.{last.role}.inputs", f"is not what the backbone gives, with {manifest.window.steps} steps"
        )
    wanted = set(_emotiefflib_outputs(manifest) if manifest.family is Family.EMOTIEFFLIB else _head_outputs(manifest))
    found = {(tensor.name, tensor.shape) for tensor in last.outputs}
    if manifest.family is Family.EMOTIEFFLIB:
        found = {("", shape) for _, shape in found}
    if found != wanted:
        raise top.refuse(f"tensors.{last.role}.outputs", "does not fit the labels under “outputs”")


def _windowed(features: tuple[TensorSpec, ...], steps: int) -> list[TensorSpec]:
    return [TensorSpec(level.name, (1, steps, *level.shape[1:])) for level in features]


def _head_outputs(manifest: Manifest) -> list[tuple[str, tuple[int, ...]]]:
    return [(head.name, (1, len(head.labels))) for head in manifest.heads]


def _emotiefflib_outputs(manifest: Manifest) -> list[tuple[str, tuple[int, ...]]]:
    """All heads stand side by side in one tensor of any name."""
    return [("", (1, sum(len(head.labels) for head in manifest.heads)))]


_E = TypeVar("_E", bound=Enum)


def _choice(fields: Fields, key: str, kind: type[_E]) -> _E:
    text = fields.text(key)
    for member in kind:
        if member.value == text:
            return member
    raise fields.refuse(key, f"is “{text}”, not one of {', '.join(str(member.value) for member in kind)}")
