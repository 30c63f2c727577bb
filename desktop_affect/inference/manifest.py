"""What a model folder says about itself, as frozen values; `manifest_file.py` reads and checks it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from pathlib import Path
from types import MappingProxyType

from desktop_affect.core.types import ACTION_UNITS, EXPRESSIONS, MIMICRY, CropSpec


class Family(Enum):
    """How the networks of a model work together."""

    MIXER = "mixer"
    """A backbone once per frame, a temporal head over a window of its features."""
    FRAME = "frame"
    """One network that looks at one frame."""
    EMOTIEFFLIB = "emotiefflib"
    """One network with the raw outputs of the EmotiEffLib family; made by `models add`."""


class Precision(Enum):
    """The number format of a network's file."""

    FP32 = "fp32"
    FP16 = "fp16"
    INT8 = "int8"


ROLES: Mapping[Family, tuple[str, ...]] = MappingProxyType(
    {Family.MIXER: ("backbone", "temporal"), Family.FRAME: ("network",), Family.EMOTIEFFLIB: ("network",)}
)

HEAD_LABELS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "valence_arousal": ("valence", "arousal"),
        "expressions": EXPRESSIONS,
        "action_units": ACTION_UNITS,
        "mimicry": MIMICRY,
        "hesitancy": ("hesitancy",),
    }
)
"""Every head the house knows, with the labels that it may have."""


@dataclass(frozen=True, slots=True)
class TensorSpec:
    """A named float32 tensor of a fixed shape."""

    name: str
    shape: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class FileSpec:
    """An ONNX file beside the manifest."""

    path: str
    sha256: str


@dataclass(frozen=True, slots=True)
class NetworkSpec:
    """One network of a model."""

    role: str
    files: Mapping[Precision, FileSpec]
    inputs: tuple[TensorSpec, ...]
    outputs: tuple[TensorSpec, ...]

    def file(self, precision: Precision) -> FileSpec:
        """The file for a precision; fp32, which every network has, where there is none."""
        return self.files.get(precision, self.files[Precision.FP32])


@dataclass(frozen=True, slots=True)
class InputSpec:
    """How the pixels of a crop become the numbers of the image tensor."""

    size_px: int
    luminance: bool
    mean: tuple[float, ...]
    std: tuple[float, ...]
    planes: int = 3
    """Channels of the image tensor; 1 only for luminance, whose three would be the same."""


@dataclass(frozen=True, slots=True)
class WindowSpec:
    """Causal: step k stands at t_newest - span_s * (1 - k / (steps - 1))."""

    span_s: float
    steps: int


@dataclass(frozen=True, slots=True)
class Head:
    """One kind of output with its labels in the order of the tensor."""

    name: str
    labels: tuple[str, ...]
    thresholds: Mapping[str, float]


@dataclass(frozen=True, slots=True)
class Manifest:
    """A model folder's own description."""

    folder: Path
    sha256: str
    """Of the manifest file, which holds the hashes of the networks."""
    name: str
    version: str
    family: Family
    title: str
    licence: str
    trained_on: str
    input: InputSpec
    crop: CropSpec
    window: WindowSpec | None
    networks: tuple[NetworkSpec, ...]
    heads: tuple[Head, ...]

    @property
    def label(self) -> str:
        """How messages name the model."""
        return model_label(self.folder)

    def network(self, role: str) -> NetworkSpec:
        return next(network for network in self.networks if network.role == role)

    @property
    def precisions(self) -> tuple[Precision, ...]:
        """Every precision for which at least one network has a file."""
        return tuple(p for p in Precision if any(p in network.files for network in self.networks))

    @property
    def thresholds(self) -> Mapping[str, float]:
        return next((head.thresholds for head in self.heads if head.name == "action_units"), MappingProxyType({}))


def model_label(folder: Path) -> str:
    """How messages name the model of a folder."""
    return f"models/{folder.name}"
