"""The room behind: painted from a seed, far out of focus."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from desktop_affect.core.types import RgbImage
from desktop_affect.system.cv2_import import cv2

Canvas = NDArray[np.float32]

_HEIGHT, _WIDTH = 360, 640


def paint_room(seed: int) -> RgbImage:
    """A calm wall with some of a window, shelves, books, a plant, a picture and a lamp."""
    rng = np.random.default_rng(seed)
    canvas = _wall(rng)
    parts = [_window, _shelf, _plant, _picture, _lamp]
    for index in rng.permutation(len(parts))[: int(rng.integers(2, 5))]:
        parts[int(index)](canvas, rng)
    soft = cv2.GaussianBlur(canvas, (0, 0), float(rng.uniform(5, 11)))
    return np.asarray(np.clip(soft * 255, 0, 255), dtype=np.uint8)


def _wall(rng: np.random.Generator) -> Canvas:
    base = rng.uniform(0.35, 0.75) * (np.array([1.03, 1.0, 0.95]) + rng.normal(0, 0.04, 3))
    across = np.linspace(-1, 1, _WIDTH)[None, :] * rng.uniform(-0.25, 0.25)
    down = np.linspace(0.1, -0.2, _HEIGHT)[:, None]
    return np.asarray((1 + across + down)[:, :, None] * base[None, None], dtype=np.float32)


def _box(canvas: Canvas, left: float, top: float, right: float, bottom: float, colour: NDArray[np.float64]) -> None:
    height, width = canvas.shape[:2]
    corners = (int(left * width), int(top * height)), (int(right * width), int(bottom * height))
    cv2.rectangle(canvas, *corners, tuple(float(c) for c in colour), -1)


def _window(canvas: Canvas, rng: np.random.Generator) -> None:
    left = float(rng.choice([-0.08, 0.72])) + rng.uniform(-0.05, 0.05)
    _box(canvas, left - 0.015, -0.1, left + 0.335, 0.82, np.array([0.8, 0.8, 0.78]))
    for pane in range(2):
        begin = left + pane * 0.165
        _box(canvas, begin, -0.1, begin + 0.15, 0.78, np.array([0.86, 0.92, 0.98]) * rng.uniform(0.85, 1.02))


def _shelf(canvas: Canvas, rng: np.random.Generator) -> None:
    left = float(rng.choice([0.02, 0.68])) + rng.uniform(-0.03, 0.03)
    wood = np.array([0.42, 0.30, 0.20]) * rng.uniform(0.6, 1.4)
    for row in range(3):
        board = 0.2 + row * 0.26
        _box(canvas, left, board, left + 0.3, board + 0.025, wood)
        at = left + 0.01
        while at < left + 0.27:
            width = rng.uniform(0.008, 0.022)
            if rng.random() < 0.85:
                colour = rng.uniform(0.12, 0.6) * (1 + rng.normal(0, 0.17, 3))
                _box(canvas, at, board - rng.uniform(0.12, 0.19), at + width, board, np.clip(colour, 0.05, 0.8))
            at += width


def _plant(canvas: Canvas, rng: np.random.Generator) -> None:
    x, y = float(rng.choice([0.12, 0.86])) * _WIDTH, rng.uniform(0.5, 0.7) * _HEIGHT
    for _ in range(60):
        tip = np.array([x, y]) + rng.normal(0, 1, 2) * np.array([45, 55]) - np.array([0, 40])
        green = np.array([0.16, 0.30, 0.14]) * rng.uniform(0.5, 1.6)
        axes = (int(rng.uniform(8, 22)), int(rng.uniform(3, 8)))
        centre = (int(tip[0]), int(tip[1]))
        cv2.ellipse(canvas, centre, axes, float(rng.uniform(0, 180)), 0, 360, tuple(green.tolist()), -1)
    pot = np.array([0.5, 0.42, 0.36]) * rng.uniform(0.6, 1.3)
    _box(canvas, x / _WIDTH - 0.04, y / _HEIGHT, x / _WIDTH + 0.04, y / _HEIGHT + 0.16, pot)


def _picture(canvas: Canvas, rng: np.random.Generator) -> None:
    left, top = rng.uniform(0.1, 0.7), rng.uniform(0.05, 0.25)
    _box(canvas, left, top, left + 0.17, top + 0.36, np.array([0.2, 0.17, 0.15]))
    _box(canvas, left + 0.012, top + 0.02, left + 0.158, top + 0.34, _muted(rng, 0.35, 0.8))
    _box(canvas, left + 0.04, top + 0.12, left + 0.12, top + 0.3, _muted(rng, 0.2, 0.6))


def _muted(rng: np.random.Generator, dark: float, bright: float) -> NDArray[np.float64]:
    """A colour that does not shout."""
    return np.asarray(rng.uniform(dark, bright) * (1 + rng.normal(0, 0.12, 3)), dtype=np.float64)


def _lamp(canvas: Canvas, rng: np.random.Generator) -> None:
    x, y = float(rng.choice([0.14, 0.85])) * _WIDTH, rng.uniform(0.2, 0.4) * _HEIGHT
    rows, columns = np.mgrid[0:_HEIGHT, 0:_WIDTH]
    glow = np.exp(-((columns - x) ** 2 + (rows - y) ** 2) / (2 * 80.0**2))[:, :, None]
    canvas += (glow * np.array([0.30, 0.22, 0.12])).astype(np.float32)
    _box(
        canvas,
        x / _WIDTH - 0.045,
        y / _HEIGHT - 0.06,
        x / _WIDTH + 0.045,
        y / _HEIGHT + 0.08,
        np.array([1.0, 0.9, 0.7]),
    )
    _box(canvas, x / _WIDTH - 0.006, y / _HEIGHT + 0.08, x / _WIDTH + 0.006, 1.0, np.array([0.25, 0.2, 0.17]))
