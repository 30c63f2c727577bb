"""What the networks learn, in numbers: valence and arousal from categories, action units from blendshapes.

Both are proxies, and every card says so: nobody rated these faces on valence and arousal, nobody coded them in FACS.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from desktop_affect.core.types import ACTION_UNITS, EXPRESSIONS

Floats = NDArray[np.float32]

COORDINATES: dict[str, tuple[float, float]] = {
    "neutral": (0.0, 0.0),
    "happiness": (0.81, 0.51),
    "surprise": (0.40, 0.67),
    "sadness": (-0.63, -0.27),
    "anger": (-0.51, 0.59),
    "disgust": (-0.60, 0.35),
    "fear": (-0.64, 0.60),
    "contempt": (-0.555, 0.47),
}
"""Pleasure and arousal of emotion words after Russell & Mehrabian (1977), Evidence for a three-factor theory of
emotions, Journal of Research in Personality 11, 273-294. The paper was not at hand. All six words agree to the last
digit with a public list (GamSeong-HwaBaek/GamSeong-HwaBaek, Emotion-PAD.md) that does not name its source but numbers
its terms up to 151, as many as the paper has. Neutral is the origin; contempt stands half way between anger and disgust
(0.6 % of the training votes)."""

BLENDSHAPES_OF: dict[str, tuple[str, ...]] = {
    "AU01": ("browInnerUp",),
    "AU02": ("browOuterUpLeft", "browOuterUpRight"),
    "AU04": ("browDownLeft", "browDownRight"),
    "AU06": ("cheekSquintLeft", "cheekSquintRight"),
    "AU07": ("eyeSquintLeft", "eyeSquintRight"),
    "AU10": ("mouthUpperUpLeft", "mouthUpperUpRight"),
    "AU12": ("mouthSmileLeft", "mouthSmileRight"),
    "AU15": ("mouthFrownLeft", "mouthFrownRight"),
    "AU23": ("mouthRollLower", "mouthRollUpper"),
    "AU24": ("mouthPressLeft", "mouthPressRight"),
    "AU26": ("jawOpen",),
}
"""Each action unit is the mean of these. No blendshape tightens the lips; rolling them in is the nearest to AU23.
AU25 has its own rule, `lips_part`."""

RANKED = ("AU06", "AU15")
"""MediaPipe gives these hardly any range, but their order is right: they are replaced by a power of their rank."""
RANK_POWER = 3.0
"""A uniform rank would call half of all faces half active; its cube leaves the median at an eighth."""

SYMMETRIC_BLENDSHAPES: tuple[str, ...] = (
    "browDown", "browInnerUp", "browOuterUp", "cheekPuff", "cheekSquint", "eyeBlink", "eyeSquint", "eyeWide", "jawOpen",
    "mouthDimple", "mouthFrown", "mouthFunnel", "mouthLowerDown", "mouthPress", "mouthPucker", "mouthRollLower",
    "mouthRollUpper", "mouthShrugLower", "mouthShrugUpper", "mouthSmile", "mouthStretch", "mouthUpperUp", "noseSneer",
)  # fmt: skip
"""Targets of the auxiliary head; left and right are averaged so that a mirrored picture keeps its target."""


def coordinates_of(expressions: Floats) -> Floats:
    """Valence and arousal, N × 2, of distributions over the expressions, N × 8."""
    table = np.asarray([COORDINATES[name] for name in EXPRESSIONS], dtype=np.float32)
    return (expressions @ table).astype(np.float32)


def column(blendshapes: Floats, names: list[str], wanted: tuple[str, ...]) -> Floats:
    """The mean of some blendshapes."""
    return np.asarray(blendshapes[:, [names.index(name) for name in wanted]].mean(axis=1), dtype=np.float32)


def lips_part(blendshapes: Floats, names: list[str]) -> Floats:
    """AU25: the lips part when the jaw drops or either lip is pulled away, less what keeps the mouth shut."""
    jaw = column(blendshapes, names, ("jawOpen",))
    lower = column(blendshapes, names, ("mouthLowerDownLeft", "mouthLowerDownRight"))
    upper = column(blendshapes, names, ("mouthUpperUpLeft", "mouthUpperUpRight"))
    shut = column(blendshapes, names, ("mouthClose",))
    return np.asarray(np.clip(np.maximum(np.maximum(2.0 * jaw, lower), upper) - shut, 0.0, 1.0), dtype=np.float32)


def exact_action_units(weights: Floats, names: list[str]) -> Floats:
    """The twelve action units of blendshape weights, N × 12, as they stand (rendered heads)."""
    columns = [
        lips_part(weights, names) if unit == "AU25" else column(weights, names, BLENDSHAPES_OF[unit])
        for unit in ACTION_UNITS
    ]
    return np.stack(columns, axis=1)


def ranked(values: Floats) -> Floats:
    """Each value's rank among the known ones, 0..1, to the power that keeps most faces low; NaN stays NaN."""
    known = np.isfinite(values)
    result = np.full(values.shape, np.nan, np.float32)
    order = values[known].argsort(kind="stable").argsort(kind="stable")
    result[known] = (order / max(int(known.sum()) - 1, 1)) ** RANK_POWER
    return result


def teacher_action_units(blendshapes: Floats, names: list[str]) -> Floats:
    """The twelve action units of a teacher's blendshape scores, N × 12, those without range ranked; NaN: no face."""
    units = exact_action_units(blendshapes, names)
    for unit in RANKED:
        index = ACTION_UNITS.index(unit)
        units[:, index] = ranked(units[:, index])
    return units


def symmetric(blendshapes: Floats, names: list[str]) -> Floats:
    """The auxiliary targets, N × 23."""
    columns = []
    for name in SYMMETRIC_BLENDSHAPES:
        sides = (name,) if name in names else (f"{name}Left", f"{name}Right")
        columns.append(column(blendshapes, names, sides))
    return np.stack(columns, axis=1)
