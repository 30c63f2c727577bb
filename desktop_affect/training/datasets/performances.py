"""What rendered heads do: short performances as expression weights for every frame, with their labels.

A performance is a background (rest or speech), blinks, and one event that rises, stays and falls. The events are
EMFACS-like prototypes or random combinations of single movements. Weights are exact, so action units are; the
expression of a prototype is our own attribution, as strong as the event, and is trusted less than people's votes.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from desktop_affect.core.types import EXPRESSIONS

Floats = NDArray[np.float32]
Range = tuple[float, float]

FPS = 14.0
FRAMES = 20

PROTOTYPES: Mapping[str, Mapping[str, Range]] = {
    "happiness": {"mouthSmile": (0.45, 1.0), "cheekSquint": (0.2, 0.9), "eyeSquint": (0.0, 0.5)},
    "sadness": {"browInnerUp": (0.4, 1.0), "mouthFrown": (0.4, 1.0), "mouthShrugLower": (0.1, 0.6)},
    "anger": {
        "browDown": (0.5, 1.0), "eyeSquint": (0.2, 0.8), "mouthPress": (0.2, 0.9), "mouthRollLower": (0.0, 0.6),
        "mouthRollUpper": (0.0, 0.5), "noseSneer": (0.0, 0.4),
    },
    "disgust": {
        "noseSneer": (0.5, 1.0), "mouthUpperUp": (0.3, 0.9), "browDown": (0.2, 0.7), "eyeSquint": (0.2, 0.6),
        "mouthFrown": (0.0, 0.4),
    },
    "fear": {
        "browInnerUp": (0.5, 1.0), "browOuterUp": (0.2, 0.8), "browDown": (0.0, 0.4), "eyeWide": (0.4, 1.0),
        "mouthStretch": (0.3, 0.9), "jawOpen": (0.0, 0.35),
    },
    "surprise": {"browInnerUp": (0.5, 1.0), "browOuterUp": (0.5, 1.0), "eyeWide": (0.2, 1.0), "jawOpen": (0.2, 0.8)},
}  # fmt: skip
OPEN_SMILE: Mapping[str, Range] = {"jawOpen": (0.05, 0.3), "mouthUpperUp": (0.1, 0.5), "mouthLowerDown": (0.1, 0.5)}
SINGLE = (
    "browInnerUp", "browOuterUp", "browDown", "cheekSquint", "eyeSquint", "mouthUpperUp", "mouthSmile", "mouthFrown",
    "mouthRollLower", "mouthRollUpper", "mouthPress", "jawOpen", "mouthLowerDown", "mouthStretch", "mouthDimple",
    "mouthFunnel", "mouthPucker", "mouthShrugLower", "noseSneer", "eyeWide",
)  # fmt: skip
LIPS_SHUT = frozenset({"mouthPress", "mouthRollLower", "mouthRollUpper"})
LIPS_APART = frozenset({"jawOpen", "mouthLowerDown", "mouthUpperUp", "mouthFunnel"})
KINDS = (*PROTOTYPES, "happiness", "random", "random", "random", "rest", "speech")
"""What is performed, each as often as the others; smiles and random movements more."""


def envelope(rng: np.random.Generator, seconds: NDArray[np.float64]) -> NDArray[np.float64]:
    """Rises, stays and falls smoothly, 0..1."""
    begin, rise = rng.uniform(-0.3, 0.8), rng.uniform(0.15, 0.6)
    end, fall = begin + rise + rng.uniform(0.2, 1.2), rng.uniform(0.2, 0.7)
    ramp = np.clip((seconds - begin) / rise, 0, 1) * np.clip((end + fall - seconds) / fall, 0, 1)
    return np.asarray(ramp * ramp * (3 - 2 * ramp))


def drawn(rng: np.random.Generator, ranges: Mapping[str, Range]) -> dict[str, float]:
    """One strength per movement."""
    return {name: float(rng.uniform(*limits)) for name, limits in ranges.items()}


def movements(rng: np.random.Generator, kind: str) -> dict[str, float]:
    """The event of a performance at its peak."""
    if kind in PROTOTYPES:
        chosen = drawn(rng, PROTOTYPES[kind])
        return {**chosen, **drawn(rng, OPEN_SMILE)} if kind == "happiness" and rng.random() < 0.45 else chosen
    if kind == "random":
        return possible(rng, {name: float(rng.uniform(0.1, 1.0)) for name in SINGLE if rng.random() < 0.22})
    return {}


def possible(rng: np.random.Generator, chosen: dict[str, float]) -> dict[str, float]:
    """Lips that press or roll in are shut: of movements that shut them and that part them one kind is kept.

    The head can do both at once, a face cannot, and then the weights do not say what is to be seen (pressed lips in a
    wide open mouth, parted lips that are rolled in).
    """
    dropped = LIPS_APART if rng.random() < 0.5 else LIPS_SHUT
    if not chosen.keys() & LIPS_APART or not chosen.keys() & LIPS_SHUT:
        return chosen
    return {name: strength for name, strength in chosen.items() if name not in dropped}


def speech(rng: np.random.Generator, seconds: NDArray[np.float64]) -> dict[str, NDArray[np.float64]]:
    """Jaw and lips of somebody talking."""
    rate, phase = rng.uniform(2.0, 4.5), rng.uniform(0, 6.3, 3)
    beats = [
        np.clip(np.sin(2 * np.pi * rate * f * seconds + p), 0, 1) for f, p in zip((1, 0.7, 0.45), phase, strict=True)
    ]
    return {"jawOpen": 0.3 * beats[0], "mouthLowerDown": 0.35 * beats[0] * beats[1], "mouthFunnel": 0.5 * beats[1],
            "mouthPucker": 0.4 * beats[2] * (1 - beats[0]), "mouthClose": 0.1 * beats[2]}  # fmt: skip


def blink(rng: np.random.Generator, seconds: NDArray[np.float64]) -> NDArray[np.float64]:
    """Half of the performances blink once."""
    at = rng.uniform(0, 2.8)
    return np.asarray(np.clip(1 - np.abs(seconds - at) / 0.12, 0, 1))


def sides(
    rng: np.random.Generator,
    name: str,
    course: NDArray[np.float64],
    names: tuple[str, ...],
    lean: float | None = None,
) -> dict[str, Floats]:
    """A movement for the shapes of both sides, a little uneven unless told how much; without sides as it is."""
    if name in names:
        return {name: course.astype(np.float32)}
    lean = float(rng.uniform(-0.12, 0.12)) if lean is None else lean
    both = {f"{name}_L": course * (1 + lean), f"{name}_R": course * (1 - lean)}
    return {shape: np.clip(value, 0, 1).astype(np.float32) for shape, value in both.items()}


def perform(rng: np.random.Generator, kind: str, names: tuple[str, ...]) -> tuple[Floats, Floats]:
    """Weights, frames x shapes, and expressions, frames x 8 (NaN where the movements mean nothing)."""
    seconds = np.arange(FRAMES) / FPS
    rising = envelope(rng, seconds)
    courses = {name: rising * peak for name, peak in movements(rng, kind).items()}
    courses["eyeBlink"] = blink(rng, seconds)
    if kind == "speech" or (kind != "random" and rng.random() < 0.3):
        quiet = 1 - 0.7 * rising * (kind != "speech")
        for name, course in speech(rng, seconds).items():
            courses[name] = np.maximum(courses.get(name, np.zeros(FRAMES)), course * quiet)
    weights = np.zeros((FRAMES, len(names)), np.float32)
    for name, course in courses.items():
        for shape, value in sides(rng, name, course, names).items():
            weights[:, names.index(shape)] = value
    return weights, meaning(kind, rising)


def meaning(kind: str, rising: NDArray[np.float64]) -> Floats:
    """The expressions of a performance."""
    result = np.zeros((FRAMES, len(EXPRESSIONS)), np.float32)
    if kind == "random":
        result[:] = np.nan
        return result
    if kind in PROTOTYPES:
        result[:, EXPRESSIONS.index(kind)] = rising
    result[:, 0] = 1 - result.sum(axis=1)
    return result
