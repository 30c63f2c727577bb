"""Surfaces that the head's mesh does not bring: a sweater, the eyeballs' caps, and where hair grows."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from desktop_affect.training.render.head import Floats, Ints
from desktop_affect.training.render.look import HairStyle


@dataclass(frozen=True, slots=True)
class Surface:
    """Vertices with texture places, and triangles."""

    vertices: Floats
    uv: Floats
    triangles: Ints


# Rings of the sweater from the collar's inside down, in the head's centimetres:
# height of the ring's side, half width, half depth, z of its middle, how much the front hangs lower than the side.
_RINGS = np.array(
    [
        (-10.9, 6.6, 6.2, -1.4, 2.3),
        (-10.2, 7.0, 6.6, -1.4, 2.4),
        (-10.0, 7.5, 7.1, -1.4, 2.5),
        (-10.4, 8.0, 7.6, -1.4, 2.6),
        (-11.4, 8.5, 8.0, -1.4, 2.6),
        (-12.0, 9.6, 8.5, -1.6, 2.8),
        (-13.0, 12.4, 9.2, -1.9, 3.2),
        (-14.2, 15.5, 9.8, -2.2, 3.6),
        (-15.8, 18.3, 10.2, -2.5, 3.6),
        (-18.2, 20.6, 10.5, -2.7, 3.2),
        (-22.0, 22.2, 11.0, -2.7, 2.4),
        (-28.0, 23.0, 11.6, -2.5, 1.2),
        (-38.0, 23.4, 12.0, -2.4, 0.4),
        (-60.0, 23.6, 12.2, -2.4, 0.0),
    ]
)
_AROUND = 96


def sweater() -> Surface:
    """A crew-neck sweater; its uv runs in centimetres of cloth, roughly."""
    fine = _smoothed(_RINGS, 4)
    angle = np.linspace(0, 2 * np.pi, _AROUND + 1)
    height, wide, deep, middle, hang = (fine[:, k, None] for k in range(5))
    front = (1 + np.sin(angle)[None]) / 2
    x = wide * np.cos(angle)[None]
    y = height - hang * front**1.5
    z = middle + deep * np.sin(angle)[None]
    vertices = np.stack([x, y, z], axis=2)
    lengths = np.linalg.norm(np.diff(vertices, axis=0), axis=2).mean(axis=1)
    down = np.concatenate([[0.0], np.cumsum(lengths)])
    uv = np.stack(np.broadcast_arrays(angle[None] * 14.0, down[:, None]), axis=2)
    return Surface(_flat(vertices, 3), _flat(uv, 2), _grid(len(fine), _AROUND + 1))


def _smoothed(
    rings: np.ndarray[tuple[int, int], np.dtype[np.float64]], times: int
) -> np.ndarray[tuple[int, int], np.dtype[np.float64]]:
    """Catmull-Rom between the rings."""
    padded = np.concatenate([rings[:1], rings, rings[-1:]])
    steps = np.arange(times)[:, None] / times
    pieces = []
    for a, b, c, d in zip(padded, padded[1:], padded[2:], padded[3:], strict=False):
        pieces.append(
            0.5
            * (2 * b + (c - a) * steps + (2 * a - 5 * b + 4 * c - d) * steps**2 + (3 * b - a - 3 * c + d) * steps**3)
        )
    return np.concatenate([*pieces, rings[-1:]])


def eye_cap() -> Surface:
    """Unit directions of the front of an eyeball that looks along +z, fine where iris and pupil are."""
    polar = np.linspace(0, 1, 40) ** 1.2 * 1.9
    angle = np.linspace(2 * np.pi, 0, 65)
    way = np.stack(
        [
            np.sin(polar)[:, None] * np.cos(angle)[None],
            np.sin(polar)[:, None] * np.sin(angle)[None],
            np.broadcast_to(np.cos(polar)[:, None], (40, 65)),
        ],
        axis=2,
    )
    return Surface(_flat(way, 3), np.zeros((way.shape[0] * way.shape[1], 2), dtype=np.float32), _grid(40, 65))


def _flat(array: np.ndarray[tuple[int, ...], np.dtype[np.float64]], width: int) -> Floats:
    return np.ascontiguousarray(array.reshape(-1, width), dtype=np.float32)


def _grid(rows: int, columns: int) -> Ints:
    at = np.arange(rows * columns).reshape(rows, columns)
    a, b, c, d = at[:-1, :-1].ravel(), at[:-1, 1:].ravel(), at[1:, 1:].ravel(), at[1:, :-1].ravel()
    both = np.stack([a, b, c, a, c, d], axis=1)
    return np.asarray(both.reshape(-1, 3), dtype=np.int32)


# The hairline: how high (cm) hair begins at an angle from straight ahead (degrees), seen from above.
_HAIRLINE_DEG = np.array([0, 20, 38, 52, 64, 74, 84, 96, 112, 140, 180])
_HAIRLINE_CM = {
    HairStyle.SHORT: np.array([10.2, 10.2, 9.6, 8.6, 5.4, 3.6, 4.6, 5.4, 0.0, -3.0, -4.2]),
    HairStyle.BACK: np.array([9.7, 9.6, 8.8, 7.4, 5.6, 4.4, 4.4, 5.2, 0.5, -2.0, -3.0]),
    HairStyle.CAP: np.array([9.0, 8.9, 8.6, 8.0, 7.2, 6.4, 5.8, 5.2, 4.0, 2.0, 1.0]),
}
_BRIM_CM = 4.5
_AXIS_Z_CM = 1.5
HAIR_POLE = {
    HairStyle.SHORT: np.array([0.0, 12.5, -7.0], dtype=np.float32),
    HairStyle.BACK: np.array([0.0, 6.5, -11.5], dtype=np.float32),
    HairStyle.CAP: np.array([0.0, 16.0, -2.0], dtype=np.float32),
}


def hair_cover(neutral: Floats, style: HairStyle) -> tuple[Floats, Floats]:
    """Per vertex of the mean head: how far inside the hairline it lies (below 0 outside, 1 well inside), and the share
    of the hair's full length that stands there: hair lies flat at its line and rises behind it."""
    if style is HairStyle.BARE:
        return np.full(len(neutral), -1, dtype=np.float32), np.zeros(len(neutral), dtype=np.float32)
    around = np.arctan2(neutral[:, 0], neutral[:, 2] - _AXIS_Z_CM)
    line = np.interp(np.degrees(np.abs(around)), _HAIRLINE_DEG, _HAIRLINE_CM[style])
    if style is not HairStyle.CAP:
        line = line + 0.10 * np.sin(around * 7 + 1) + 0.06 * np.sin(around * 17 + 2)  # nobody's is drawn with a ruler
    inside = neutral[:, 1] - line
    if style is HairStyle.CAP:  # the brim is turned up, so it is thicker
        thick = np.where(inside < _BRIM_CM, 1.0, 0.6) * np.clip(inside / 0.3, 0.3, 1)
        return np.clip(inside / _BRIM_CM, -1, 1).astype(np.float32), thick.astype(np.float32)
    return np.clip(inside / 1.7, -1, 1).astype(np.float32), np.clip(inside / 3.0, 0.06, 1).astype(np.float32)
