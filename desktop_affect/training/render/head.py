"""The head's shape: ICT-FaceKit's neutral mesh, 100 identity shapes and 57 expression shapes (MIT licence).

Vertices are in centimetres, x to the person's left (the picture's right), y up, z out of the face. A drawn corner is
a pair of mesh vertex and texture place, because the texture has seams where the surface has none.
"""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from functools import lru_cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from desktop_affect.core.errors import AffectError

Floats = NDArray[np.float32]
Ints = NDArray[np.int32]

DATA_VARIABLE = "DESKTOP_AFFECT_DATA"

# Ranges of quads, from ICT-FaceKit's README; the parts that only Unreal's shaders need are left out.
_QUADS = {
    "FACE": (0, 9230),
    "BACK": (9230, 11144),
    "SOCKETS": (11144, 14034),
    "GUMS": (14034, 17006),
    "TEETH": (17006, 21496),
    "OCCLUSION": (25048, 25304),
    "LASHES": (25304, 26384),
}
_EYEBALL_VERTICES = {"left": (21451, 22221), "right": (23021, 23791)}
SKIN_VERTICES = 11248
"""Face, head and neck come first; what follows lies inside the head or in front of the eyes."""
NARROW_FACE_VERTICES = 6706


class Part(Enum):
    """What is drawn with its own material."""

    FACE = "FACE"
    BACK = "BACK"
    SOCKETS = "SOCKETS"
    GUMS = "GUMS"
    TEETH = "TEETH"
    OCCLUSION = "OCCLUSION"
    LASHES = "LASHES"


class RenderDataError(AffectError):
    """The 3D head or the portraits are not where they were looked for."""


def data_folder(folder: Path | None = None) -> Path:
    """Where the training data lie: the argument, else the environment variable, else beside the checkout."""
    if folder is not None:
        return folder
    named = os.environ.get(DATA_VARIABLE)
    return Path(named) if named else Path(__file__).resolve().parents[4] / "shared" / "data"


@dataclass(frozen=True, slots=True)
class Eyeball:
    """A sphere that turns inside its socket."""

    centre: Floats
    radius_cm: float


@dataclass(frozen=True, slots=True)
class HeadModel:
    """The mesh and its shapes; read-only, shared by all renderers of a process."""

    neutral: Floats
    expressions: Floats
    """57 × vertices × 3."""
    expression_names: tuple[str, ...]
    identities: Floats
    """100 × vertices × 3, for weights of unit variance."""
    triangles: Ints
    """Of mesh vertices; normals are made from these."""
    corner_vertex: Ints
    corner_uv: Floats
    """The face in 0..1, the back of the head one to the right of it."""
    part_triangles: Mapping[Part, Ints]
    """Of corners."""

    def person(self, identity: Sequence[float] | Floats) -> Floats:
        """The neutral vertices of somebody: identity weights in standard deviations, as many as wanted."""
        weights = np.asarray(identity, dtype=np.float32)
        shapes = self.identities[: len(weights)]
        return np.asarray(self.neutral + np.tensordot(weights, shapes, axes=1), dtype=np.float32)

    def with_expression(self, person: Floats, weights: Mapping[str, float]) -> Floats:
        """A person's vertices with expression weights (0..1) by name."""
        moved = person.copy()
        for name, weight in weights.items():
            if weight:
                moved += np.float32(weight) * self.expressions[self.expression_index(name)]
        return moved

    def expression_index(self, name: str) -> int:
        try:
            return self.expression_names.index(name)
        except ValueError:
            raise RenderDataError(f"The 3D head has no expression called {name}.") from None

    def lids(self) -> Floats:
        """Per vertex: 1 on the folds of the upper lids, which an open eye hides, 0 where a blink moves nothing."""
        blinks = [self.expressions[self.expression_index(name)] for name in ("eyeBlink_L", "eyeBlink_R")]
        travel_cm = np.linalg.norm(blinks, axis=2).max(axis=0)
        return np.asarray(np.clip((travel_cm - 0.15) / 0.3, 0, 1), dtype=np.float32)

    def eyeball(self, person: Floats, side: str) -> Eyeball:
        """Where a person's eye (`left` or `right`, their own) turns."""
        first, last = _EYEBALL_VERTICES[side]
        sclera = person[first:last]
        low, high = sclera.min(axis=0), sclera.max(axis=0)
        radius = float(high[0] - low[0]) / 2
        middle = (low + high) / 2
        return Eyeball(np.array([middle[0], middle[1], low[2] + radius], dtype=np.float32), radius)


def normals_of(vertices: Floats, triangles: Ints) -> Floats:
    """Unit normals, weighted by the area of the triangles that meet in each vertex."""
    a, b, c = (vertices[triangles[:, k]] for k in range(3))
    faces = np.cross(b - a, c - a)
    index = triangles.ravel()
    sums = [np.bincount(index, np.repeat(faces[:, k], 3), minlength=len(vertices)) for k in range(3)]
    normals = np.stack(sums, axis=1)
    length = np.linalg.norm(normals, axis=1, keepdims=True)
    return np.asarray(normals / np.maximum(length, 1e-12), dtype=np.float32)


@lru_cache(maxsize=2)
def load_head(folder: Path | None = None) -> HeadModel:
    """Reads the head; about half a second, once a process."""
    path = data_folder(folder) / "head" / "ict_facekit.npz"
    if not path.is_file():
        raise RenderDataError(
            "The 3D head is not on this machine.",
            advice=f"Set {DATA_VARIABLE} to the folder that holds head/ict_facekit.npz.",
            detail=str(path),
        )
    with np.load(path) as archive:
        return _model(dict(archive))


def _model(data: Mapping[str, NDArray[np.generic]]) -> HeadModel:
    quads, uv_quads = np.asarray(data["faces"], dtype=np.int32), np.asarray(data["faces_uv"], dtype=np.int32)
    pairs: list[Ints] = []
    lengths: dict[Part, int] = {}
    for part in Part:
        first, last = _QUADS[part.value]
        corners = np.stack([quads[first:last], uv_quads[first:last]], axis=2)
        split = _triangles_of(corners)
        pairs.append(split.reshape(-1, 2))
        lengths[part] = len(split)
    unique, inverse = np.unique(np.concatenate(pairs), axis=0, return_inverse=True)
    corners_of = inverse.reshape(-1, 3).astype(np.int32)
    bounds = np.cumsum([0, *lengths.values()])
    return HeadModel(
        neutral=np.asarray(data["neutral"], dtype=np.float32),
        expressions=np.asarray(data["expr"], dtype=np.float32),
        expression_names=tuple(str(name) for name in data["expr_names"]),
        identities=np.asarray(data["identity"], dtype=np.float32),
        triangles=unique[corners_of, 0].astype(np.int32),
        corner_vertex=unique[:, 0].astype(np.int32),
        corner_uv=np.asarray(data["uv"], dtype=np.float32)[unique[:, 1]],
        part_triangles={part: corners_of[bounds[i] : bounds[i + 1]] for i, part in enumerate(lengths)},
    )


def _triangles_of(quads: Ints) -> Ints:
    """Two triangles a quad; a fourth corner of −1 means that it is a triangle already."""
    both = quads[:, [[0, 1, 2], [0, 2, 3]]]  # side by side, so that neighbours are drawn together
    real = np.ones(both.shape[:2], dtype=bool)
    real[:, 1] = quads[:, 3, 0] >= 0
    return np.asarray(both[real], dtype=np.int32)
