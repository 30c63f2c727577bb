"""A look's lamps as the numbers that the shaders want."""

from __future__ import annotations

import numpy as np

from desktop_affect.training.render.camera import direction
from desktop_affect.training.render.head import Floats
from desktop_affect.training.render.look import Lamps

_WARM = np.array([0.22, 0.0, -0.30])
_SHADOW_HALF_CM = 24.0


def light_values(lamps: Lamps) -> dict[str, Floats | float]:
    """Uniform name → value."""
    warm, cool = 1 + _WARM * lamps.warmth, 1 - 0.6 * _WARM * lamps.warmth
    key = direction(lamps.key_yaw_deg, lamps.key_pitch_deg)
    aside = -1.0 if lamps.key_yaw_deg > 0 else 1.0
    values = {
        "key_dir": key,
        "key_colour": lamps.key * warm * 1.25,
        "fill_dir": direction(aside * 50.0, 8.0),
        "fill_colour": lamps.fill * cool,
        "rim_dir": direction(aside * 140.0, 30.0),
        "rim_colour": lamps.rim * cool,
        "sky_colour": lamps.ambient * cool,
        "ground_colour": lamps.ambient * 0.55 * warm,
    }
    vectors = {name: np.asarray(value, dtype=np.float32) for name, value in values.items()}
    return {**vectors, "exposure": lamps.brightness}


def shadow_matrix(towards_light: Floats, middle: Floats) -> Floats:
    """Drawing space → the shadow map's clip space: an orthographic view from the lamp on the head."""
    forward = -towards_light / np.linalg.norm(towards_light)
    right = np.cross(forward, np.array([0.0, 1.0, 0.0]))
    right = right / np.linalg.norm(right) if np.linalg.norm(right) > 1e-4 else np.array([1.0, 0.0, 0.0])
    axes = np.stack([right, np.cross(right, forward), forward])
    matrix = np.eye(4)
    matrix[:3, :3] = axes / np.array([_SHADOW_HALF_CM, _SHADOW_HALF_CM, _SHADOW_HALF_CM * 1.6])[:, None]
    matrix[:3, 3] = -matrix[:3, :3] @ middle
    return matrix.astype(np.float32)


def even_directions(count: int) -> Floats:
    """Even directions on a sphere (Fibonacci)."""
    k = np.arange(count) + 0.5
    polar, angle = np.arccos(1 - 2 * k / count), np.pi * (1 + 5**0.5) * k
    ways = [np.cos(angle) * np.sin(polar), np.cos(polar), np.sin(angle) * np.sin(polar)]
    return np.asarray(np.stack(ways, axis=1), dtype=np.float32)
