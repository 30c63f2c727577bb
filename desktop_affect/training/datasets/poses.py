"""What a single rendered head does: sparse mixtures of movements of every strength, weak ones above all, as exact
expression weights. Smiles with closed lips, half smiles under lowered brows, pressed and rolled lips, speech and
blinks come often, because networks that learn from photographs miss them.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from desktop_affect.core.types import EXPRESSIONS
from desktop_affect.training.datasets.performances import OPEN_SMILE, PROTOTYPES, SINGLE, Floats, Range, drawn, sides

Moves = dict[str, float]

SPEECH: Mapping[str, Range] = {
    "jawOpen": (0.0, 0.35), "mouthLowerDown": (0.0, 0.35), "mouthFunnel": (0.0, 0.5), "mouthPucker": (0.0, 0.4),
}  # fmt: skip
LIPS: tuple[tuple[str, ...], ...] = (
    ("mouthRollLower", "mouthRollUpper"), ("mouthRollLower", "mouthRollUpper", "mouthPress"), ("mouthPress",),
    ("mouthRollLower",), ("mouthPress", "mouthShrugLower"), ("mouthPucker",), ("mouthUpperUp",), ("mouthFrown",),
)  # fmt: skip
KINDS = (*PROTOTYPES, "smile", "smile", "half smile", "half smile", "lips", "lips", "lips", "eyes", "eyes",
         "random", "random", "random", "random", "random", "rest", "speech")  # fmt: skip
"""Each as often as the others."""
FULL_SMILE = 0.7
"""From here on a smile is wholly happiness."""
WINK_SHARE = 0.1
"""Movements that belong mostly to one side of the face; the others lean by an eighth at most."""
BLINK_SHARE = 0.15
STRAY_SHARE = 0.06
"""How likely each movement joins weakly in whatever else the face does."""
FAINT_SHARE = 0.4
FAINT = 0.15
"""Of faces at rest: how many move at all, and how far at most."""


def level(rng: np.random.Generator) -> float:
    """A strength, 0..1; half of them below 0.4."""
    return float(rng.uniform() ** 1.3)


def smile(rng: np.random.Generator, strongest: float) -> Moves:
    """With closed lips, or with teeth in four of ten."""
    strength = float(rng.uniform(0.05, strongest))
    moves = {"mouthSmile": strength, "cheekSquint": strength * float(rng.uniform(0, 0.9))}
    if rng.random() < 0.4:
        moves |= {name: value * strength for name, value in drawn(rng, OPEN_SMILE).items()}
    return moves


def half_smile(rng: np.random.Generator) -> Moves:
    """A weak smile under brows or lids that say something else."""
    return smile(rng, 0.45) | {"browDown": level(rng), "eyeSquint": level(rng) * 0.6, "browInnerUp": level(rng) * 0.4}


def lips(rng: np.random.Generator) -> Moves:
    """Something that lips alone do."""
    chosen = LIPS[int(rng.integers(len(LIPS)))]
    strength = float(rng.uniform(0.1, 1.0))
    return {name: float(np.clip(strength * rng.uniform(0.7, 1.3), 0, 1)) for name in chosen}


def eyes(rng: np.random.Generator) -> Moves:
    """Brows, lids and nose."""
    chosen = rng.choice(["browDown", "browInnerUp", "browOuterUp", "eyeSquint", "noseSneer", "eyeWide"], 2, False)
    return {str(name): float(rng.uniform(0.1, 1.0)) for name in chosen}


def moves_of(rng: np.random.Generator, kind: str) -> tuple[Moves, Floats]:
    """Movements and the expressions they mean, NaN where they mean nothing."""
    if kind in PROTOTYPES:
        strength = float(rng.uniform(0.1, 1.0))
        return {name: value * strength for name, value in drawn(rng, PROTOTYPES[kind]).items()}, share(kind, strength)
    if kind == "smile":
        moves = smile(rng, 1.0)
        return moves, share("happiness", min(moves["mouthSmile"] / FULL_SMILE, 1.0))
    if kind in ("rest", "speech"):
        return drawn(rng, SPEECH) if kind == "speech" else {}, share("neutral", 1.0)
    made = {"half smile": half_smile, "lips": lips, "eyes": eyes}
    moves = made[kind](rng) if kind in made else {name: level(rng) for name in SINGLE if rng.random() < 0.2}
    return moves, np.full(len(EXPRESSIONS), np.nan, np.float32)


def share(expression: str, strength: float) -> Floats:
    """An expression as strong as this, the rest neutral."""
    result = np.zeros(len(EXPRESSIONS), np.float32)
    result[0] = 1 - strength
    result[EXPRESSIONS.index(expression)] += strength
    return result


def with_strays(rng: np.random.Generator, moves: Moves) -> Moves:
    """Weak movements join, eyes blink, and a shut mouth hides a lowered jaw now and then."""
    for name in SINGLE:
        if name not in moves and rng.random() < STRAY_SHARE:
            moves[name] = 0.35 * level(rng)
    if rng.random() < BLINK_SHARE:
        moves["eyeBlink"] = float(rng.uniform(0.1, 1.0))
    if moves.get("jawOpen", 0.0) > 0 and rng.random() < 0.2:
        moves["mouthClose"] = moves["jawOpen"] * float(rng.uniform(0.5, 1.0))
    return moves


def rest(rng: np.random.Generator, names: tuple[str, ...]) -> tuple[Floats, Floats]:
    """Weights and expressions of one still of somebody at rest: eyes open or shut, now and then a faint movement."""
    moves: Moves = {}
    if rng.random() < FAINT_SHARE:
        moves[str(rng.choice(SINGLE))] = FAINT * float(rng.uniform())
    if rng.random() < BLINK_SHARE:
        moves["eyeBlink"] = float(rng.uniform(0.1, 1.0))
    return weights_of(rng, moves, names), share("neutral", 1.0)


def strike(rng: np.random.Generator, names: tuple[str, ...]) -> tuple[Floats, Floats]:
    """Weights by shape and expressions of one still."""
    moves, expressions = moves_of(rng, str(rng.choice(KINDS)))
    return weights_of(rng, with_strays(rng, moves), names), expressions


def weights_of(rng: np.random.Generator, moves: Moves, names: tuple[str, ...]) -> Floats:
    """Movements as weights of the head's shapes; some of them lean to one side."""
    weights = np.zeros(len(names), np.float32)
    for name, value in moves.items():
        lean = float(rng.uniform(-1, 1)) if rng.random() < WINK_SHARE else None
        for shape, course in sides(rng, name, np.array([value]), names, lean).items():
            weights[names.index(shape)] = course[0]
    return weights
