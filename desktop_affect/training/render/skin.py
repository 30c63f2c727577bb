"""Skin from a portrait: the 3D head is laid over the picture, and the picture is spread over the head's texture.

Every portrait or composite gives another skin. MediaPipe finds the face on the portrait, `solvePnP` places the mean
head over it, a thin-plate warp takes up what is left, and where the surface turns away, or where hair and shirt stand
in the picture, the skin's own middle colour fills in. Portraits: Face Research Lab (DeBruine & Jones), CC BY 4.0.
"""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from desktop_affect.core.types import RgbImage
from desktop_affect.system.cv2_import import cv2
from desktop_affect.training.render.head import (
    NARROW_FACE_VERTICES,
    SKIN_VERTICES,
    Floats,
    HeadModel,
    RenderDataError,
    data_folder,
    normals_of,
)

# The same places on ICT-FaceKit's mesh (its 68 Multi-PIE points) and among MediaPipe's landmarks. The contour of the
# jaw depends on the view, so only its lowest points are used.
_MESH_POINTS = (
    1719, 1722, 2199, 1447, 966, 3661, 4390, 3927, 3924,
    268, 493, 1914, 2044, 1401, 3615, 4240, 4114, 2734, 2509,
    978, 4527, 4942, 4857, 1140, 2075, 1147, 4269, 3360,
    1507, 1542, 1537, 1528, 1518, 1511, 3742, 3751, 3756, 3721, 3725, 3732,
    5708, 5695, 2081, 0, 4275, 6200, 6213, 6346, 6461, 5518, 5957, 5841,
)  # fmt: skip
_MEDIAPIPE_POINTS = (
    136, 150, 149, 176, 152, 400, 378, 379, 365,
    70, 63, 105, 66, 107, 336, 296, 334, 293, 300,
    168, 197, 5, 4, 75, 97, 2, 326, 305,
    33, 160, 158, 133, 153, 144, 362, 385, 387, 263, 373, 380,
    61, 39, 37, 0, 267, 269, 291, 405, 314, 17, 84, 181,
)  # fmt: skip
_FIRST_RIGID = 9
"""The jaw's points take part in the warp, not in the placing."""
_EVENED = 0.65
"""The share of slow brightness changes over the face that is taken for light, not for skin."""
_LIDS_DOUBTED = 0.8
"""Of the folds of open lids a portrait shows lashes and shade rather than skin."""
DEMO_PORTRAIT = "composite_f_multi"
"""Held out: networks are measured on the demo film, so they may never learn from this skin."""
_LOWEST_NECK_CM = -8.0
"""Below the chin the portrait's shirt begins."""


class Laid:
    """A portrait with the mean head laid over it: per mesh vertex, where it lies and how far to trust it."""

    def __init__(self, pixels: RgbImage, places_px: Floats, trust: Floats, middle: Floats) -> None:
        self.pixels = pixels
        self.places_px = places_px
        self.trust = trust
        self.middle = middle
        """The skin's median colour, RGB 0..255."""


@lru_cache(maxsize=128)
def portrait_names(folder: Path | None = None) -> tuple[str, ...]:
    """The portraits that training may wear: everybody with a plain frontal picture but the demo participant."""
    pictures = (data_folder(folder) / "faces" / "research_lab").glob("*.jpg")
    names = {p.stem for p in pictures if p.stem.startswith(("canada_", "composite_"))}
    return tuple(sorted(names - {DEMO_PORTRAIT}))


def lay_over(head: HeadModel, name: str, folder: Path | None = None) -> Laid:
    """Lays the mean head over a portrait; about a second, so keep what it returns."""
    path = data_folder(folder) / "faces" / "research_lab" / f"{name}.jpg"
    bgr = cv2.imread(str(path))
    if bgr is None:
        raise RenderDataError(f"The portrait {name} is not on this machine.", detail=str(path))
    pixels: RgbImage = np.ascontiguousarray(bgr[:, :, ::-1])
    marks = _landmarks(pixels, name)[list(_MEDIAPIPE_POINTS)]
    places, towards = _placed(head, marks, pixels.shape[0])
    trust, middle = _trust(pixels, places, towards, head)
    return Laid(pixels, places, trust, middle)


def _landmarks(pixels: RgbImage, name: str) -> Floats:
    import mediapipe  # seconds to import, and wanted by the first portrait only

    with mediapipe.solutions.face_mesh.FaceMesh(static_image_mode=True, refine_landmarks=True) as mesh:
        found = mesh.process(pixels).multi_face_landmarks
    if not found:
        raise RenderDataError(f"No face was found on the portrait {name}.")
    height, width = pixels.shape[:2]
    return np.array([(mark.x * width, mark.y * height) for mark in found[0].landmark], dtype=np.float32)


def _placed(head: HeadModel, marks: Floats, side_px: int) -> tuple[Floats, Floats]:
    """Every vertex on the picture, and how far each turns towards the camera (1 is straight)."""
    lens = np.array([[side_px * 3.0, 0, side_px / 2], [0, side_px * 3.0, side_px / 2], [0, 0, 1]])
    flipped = head.neutral * np.array([1, -1, -1], dtype=np.float32)
    rigid = flipped[list(_MESH_POINTS[_FIRST_RIGID:])].astype(np.float64)
    straight = np.zeros(5)
    _, turn, shift = cv2.solvePnP(rigid, marks[_FIRST_RIGID:].astype(np.float64), lens, straight)
    seen = cv2.projectPoints(flipped.astype(np.float64), turn, shift, lens, straight)[0][:, 0].astype(np.float32)
    anchors = seen[list(_MESH_POINTS)]
    warped = seen + thin_plate(anchors, marks - anchors, seen)
    normals = normals_of(head.neutral, head.triangles) * np.array([1, -1, -1], dtype=np.float32)
    towards = -(normals @ cv2.Rodrigues(turn)[0].T)[:, 2]
    return warped, towards.astype(np.float32)


def thin_plate(anchors: Floats, shifts: Floats, points: Floats, stiffness: float = 20.0) -> Floats:
    """The smooth shift of any point that (nearly) gives the anchors their shifts."""

    def kernel(a: NDArray[np.float64], b: NDArray[np.float64]) -> NDArray[np.float64]:
        square = ((a[:, None] - b[None]) ** 2).sum(axis=2)
        return np.asarray(0.5 * square * np.log(square + 1e-9), dtype=np.float64)

    scale = float(np.ptp(anchors))
    a, p = anchors.astype(np.float64) / scale, points.astype(np.float64) / scale
    count = len(a)
    plane = np.column_stack([np.ones(count), a])
    system = np.zeros((count + 3, count + 3))
    system[:count, :count] = kernel(a, a) + stiffness / scale * 1e-2 * np.eye(count)
    system[:count, count:], system[count:, :count] = plane, plane.T
    weights = np.linalg.solve(system, np.vstack([shifts.astype(np.float64), np.zeros((3, 2))]))
    moved = kernel(p, a) @ weights[:count] + np.column_stack([np.ones(len(p)), p]) @ weights[count:]
    # Far from every anchor nothing is known: let the shift fade out instead of running away.
    near = np.exp(-((np.sqrt(((p[:, None] - a[None]) ** 2).sum(axis=2)).min(axis=1) / 0.25) ** 2))
    return np.asarray(moved * near[:, None], dtype=np.float32)


def _trust(pixels: RgbImage, places: Floats, towards: Floats, head: HeadModel) -> tuple[Floats, Floats]:
    lab = cv2.cvtColor(pixels, cv2.COLOR_RGB2LAB).astype(np.float32)
    at = np.clip(np.round(places).astype(int), 0, np.array(pixels.shape[1::-1]) - 1)
    seen = lab[at[:, 1], at[:, 0]]
    inner = np.zeros(len(places), dtype=bool)
    inner[:NARROW_FACE_VERTICES] = True
    straight = np.clip((towards - 0.35) / 0.35, 0, 1)
    cheeks = inner & (towards > 0.6) & (head.neutral[:, 1] < 2.0) & (head.neutral[:, 1] > -2.0)
    middle_lab = np.median(seen[cheeks], axis=0)
    odd = np.linalg.norm((seen - middle_lab) / np.array([34.0, 13.0, 13.0], dtype=np.float32), axis=1)
    skin_like = np.where(inner, 1.0, np.exp(-(np.maximum(odd - 0.7, 0) ** 2) * 3))
    above_neck = np.clip((head.neutral[:, 1] - _LOWEST_NECK_CM) / 2.0, 0, 1)
    trust = straight * skin_like * above_neck * (1 - _LIDS_DOUBTED * head.lids())
    trust[SKIN_VERTICES:] = 0
    middle = np.median(pixels[at[cheeks, 1], at[cheeks, 0]].astype(np.float32), axis=0)
    return trust.astype(np.float32), middle.astype(np.float32)


def fill_in(baked: NDArray[np.uint8], middle: Floats) -> RgbImage:
    """The texture (height × width × 3) from what was baked (RGB and trust): untrusted places take on the colours
    around them, and far from anything trusted the middle colour."""
    trust = baked[:, :, 3].astype(np.float32) / 255
    finest_px = baked.shape[0] / 128
    colour = _evenly_lit(_crisper(baked[:, :, :3].astype(np.float32), finest_px), trust, middle, finest_px * 6)
    filled = np.broadcast_to(middle, colour.shape).astype(np.float32)
    for spread_px in (finest_px * 12, finest_px * 4, finest_px):
        weight = _blurred(trust, spread_px)
        average = _blurred(colour * trust[:, :, None], spread_px) / np.maximum(weight, 1e-4)[:, :, None]
        share = np.clip(weight * 2.0, 0, 1)[:, :, None]
        filled = filled * (1 - share) + average * share
    filled *= _pores(trust.shape[0], trust.shape[1], finest_px)[:, :, None]
    share = trust[:, :, None]
    return np.asarray(np.clip(colour * share + filled * (1 - share), 0, 255), dtype=np.uint8)


def _pores(height: int, width: int, finest_px: float) -> Floats:
    """A factor around 1: what is filled in should not be smoother than what was seen."""
    rng = np.random.default_rng(3)
    fine = cv2.GaussianBlur(rng.normal(0, 1, (height, width)).astype(np.float32), (0, 0), finest_px / 8)
    blotches = rng.normal(0, 1, (height // 32, width // 32)).astype(np.float32)
    wide = cv2.resize(blotches, (width, height), interpolation=cv2.INTER_CUBIC)
    return np.asarray(1 + 0.016 * fine / fine.std() + 0.012 * wide, dtype=np.float32)


def _crisper(colour: Floats, finest_px: float) -> Floats:
    """Gives back some of what the portrait's resolution took from brows and lips."""
    soft = cv2.GaussianBlur(colour, (0, 0), finest_px / 4)
    return np.asarray(np.clip(colour + 0.6 * (colour - soft), 0, 255), dtype=np.float32)


def _evenly_lit(colour: Floats, trust: Floats, middle: Floats, spread_px: float) -> Floats:
    """Takes most of the portrait's own light and shade out: the renderer brings its own."""
    shade = colour.mean(axis=2)
    low = _blurred(shade * trust, spread_px) / np.maximum(_blurred(trust, spread_px), 1e-3)
    gain = np.clip(float(middle.mean()) / np.maximum(low, 1.0), 0.6, 1.6) ** _EVENED
    return np.asarray(colour * np.where(trust > 0, gain, 1.0)[:, :, None], dtype=np.float32)


def _blurred(picture: Floats, spread_px: float) -> Floats:
    """A wide Gaussian, done on a smaller picture."""
    shrink = max(1, int(spread_px / 4))
    height, width = picture.shape[:2]
    small = cv2.resize(picture, (width // shrink, height // shrink), interpolation=cv2.INTER_AREA)
    soft = cv2.GaussianBlur(small, (0, 0), spread_px / shrink)
    return np.asarray(cv2.resize(soft, (width, height), interpolation=cv2.INTER_LINEAR), dtype=np.float32)
