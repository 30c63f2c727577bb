"""Who is drawn, in what light and where: a `Look` is everything about a picture that is not expression or pose."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum

import numpy as np

Rgb = tuple[float, float, float]


class HairStyle(Enum):
    """What covers the scalp."""

    BARE = "bare"
    SHORT = "short"
    BACK = "back"
    """Combed back from the hairline and tied."""
    CAP = "cap"


@dataclass(frozen=True, slots=True)
class Hair:
    """Hair or a knitted cap; colours are linear RGB."""

    style: HairStyle = HairStyle.BACK
    colour: Rgb = (0.055, 0.034, 0.021)
    length_cm: float = 1.3


@dataclass(frozen=True, slots=True)
class Lamps:
    """A soft key light, a fill, a rim from behind and the room's own light. Directions from the head: yaw towards
    the picture's right, pitch up, degrees. Strengths are relative; 1 is well exposed."""

    key_yaw_deg: float = -38.0
    key_pitch_deg: float = 32.0
    key: float = 1.0
    fill: float = 0.35
    rim: float = 0.25
    ambient: float = 0.42
    warmth: float = 0.15
    """0 is neutral, +1 the orange of a bulb, −1 the blue of a north window; the fill leans the other way."""
    brightness: float = 1.0
    """Of everything, the room included."""


@dataclass(frozen=True, slots=True)
class Look:
    """One person in one place."""

    portrait: str = "composite_f_multi"
    """A file stem in faces/research_lab whose skin the head wears."""
    identity: tuple[float, ...] = ()
    """Weights of the identity shapes in standard deviations."""
    tint: Rgb = (1.0, 1.0, 1.0)
    oil: float = 0.8
    """How much the skin shines."""
    iris: Rgb = (0.13, 0.065, 0.028)
    lids: float = 0.12
    """How far this person's lids hang at rest, as a blink's weight: part of the face, not of an expression."""
    brows: float = -0.35
    """How high they rest, as the weight of raised brows: part of the face too, and lower than the mean mesh's."""
    pupil: float = 0.36
    """Its share of the iris."""
    hair: Hair = field(default_factory=Hair)
    garment: Rgb = (0.055, 0.105, 0.125)
    lamps: Lamps = field(default_factory=Lamps)
    room: int = 1
    """Seed of the room behind."""


_IRIDES: tuple[Rgb, ...] = (
    (0.13, 0.065, 0.028),
    (0.07, 0.035, 0.018),
    (0.17, 0.13, 0.06),
    (0.12, 0.17, 0.10),
    (0.16, 0.24, 0.32),
    (0.22, 0.26, 0.28),
)
_IRIS_SHARES = (0.35, 0.3, 0.1, 0.08, 0.12, 0.05)
_HAIRS: tuple[Rgb, ...] = (
    (0.008, 0.007, 0.007),
    (0.030, 0.019, 0.013),
    (0.070, 0.038, 0.018),
    (0.20, 0.12, 0.05),
    (0.16, 0.055, 0.02),
    (0.30, 0.29, 0.28),
)


def random_look(rng: np.random.Generator, portraits: tuple[str, ...]) -> Look:
    """Anybody, anywhere, in any light that a webcam still works in."""
    depth = float(rng.uniform(-0.35, 0.35))
    return Look(
        portrait=str(rng.choice(portraits)),
        identity=tuple(float(w) for w in rng.normal(0.0, 0.8, 40).clip(-2.0, 2.0)),
        tint=_triple((1 - depth) * (np.array([0.97, 1.0, 1.0]) + rng.normal(0, 0.03, 3))),
        oil=float(rng.uniform(0.2, 1.4)),
        iris=_IRIDES[int(rng.choice(len(_IRIDES), p=_IRIS_SHARES))],
        lids=float(rng.uniform(0.0, 0.22)),
        brows=float(rng.uniform(-0.6, 0.1)),
        pupil=float(rng.uniform(0.28, 0.5)),
        hair=_random_hair(rng),
        garment=_triple(rng.uniform(0.01, 0.7, 3) * rng.uniform(0.2, 1.0)),
        lamps=_random_lamps(rng),
        room=int(rng.integers(1 << 30)),
    )


def _random_hair(rng: np.random.Generator) -> Hair:
    style = list(HairStyle)[int(rng.choice(4, p=[0.1, 0.4, 0.35, 0.15]))]
    wool = rng.uniform(0.02, 0.35) * (1 + rng.normal(0, 0.3, 3)).clip(0.2)
    colour = wool if style is HairStyle.CAP else np.array(_HAIRS[int(rng.integers(len(_HAIRS)))])
    thickness = rng.uniform(0.4, 0.8) if style is HairStyle.CAP else rng.uniform(0.3, 2.2)
    return Hair(style, _triple(colour * rng.uniform(0.7, 1.3)), float(thickness))


def _random_lamps(rng: np.random.Generator) -> Lamps:
    return Lamps(
        key_yaw_deg=float(rng.uniform(-80, 80)),
        key_pitch_deg=float(rng.uniform(-10, 65)),
        key=float(rng.uniform(0.2, 1.2)),
        fill=float(rng.uniform(0.0, 0.6)),
        rim=float(rng.uniform(0.0, 0.6)),
        ambient=float(rng.uniform(0.15, 0.8)),
        warmth=float(rng.uniform(-0.6, 0.5)),
        brightness=float(np.exp(rng.uniform(np.log(0.3), np.log(1.4)))),
    )


def _triple(values: np.ndarray[tuple[int], np.dtype[np.float64]]) -> Rgb:
    red, green, blue = (float(value) for value in values)
    return red, green, blue
