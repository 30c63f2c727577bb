"""The numbers of an `Affect` as one vector, so that baseline and smoothing treat all outputs at once."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from desktop_affect.core.types import ACTION_UNITS, EXPRESSIONS, MIMICRY, NAN, Affect

Vector: TypeAlias = NDArray[np.float64]

OUTPUTS: tuple[str, ...] = (
    "valence",
    "arousal",
    *ACTION_UNITS,
    *(f"expression_{name}" for name in EXPRESSIONS),
    *(f"mimicry_{name}" for name in MIMICRY),
    "hesitancy_model",
)
"""The names and the order of the vector."""

_UNITS_AT = 2
_EXPRESSIONS_AT = _UNITS_AT + len(ACTION_UNITS)
_MIMICRY_AT = _EXPRESSIONS_AT + len(EXPRESSIONS)
DIMENSIONS = slice(0, _UNITS_AT)
"""Valence and arousal: −1..1."""
UNITS = slice(_UNITS_AT, _EXPRESSIONS_AT)
MIMICRIES = slice(_MIMICRY_AT, _MIMICRY_AT + len(MIMICRY))

_ABSENT = np.full(len(OUTPUTS), NAN)
_ABSENT.flags.writeable = False


def to_vector(affect: Affect | None) -> Vector:
    """NaN for every output that the model does not have."""
    if affect is None:
        return _ABSENT
    units, expressions, mimicry = affect.action_units, affect.expressions, affect.mimicry
    return np.array(
        [
            affect.valence,
            affect.arousal,
            *[units.get(name, NAN) for name in ACTION_UNITS],
            *[expressions.get(name, NAN) for name in EXPRESSIONS],
            *[mimicry.get(name, NAN) for name in MIMICRY],
            affect.hesitancy,
        ],
        dtype=np.float64,
    )


def to_affect(vector: Vector, like: Affect) -> Affect:
    """The heads that `like` has, with the values of the vector."""
    values = vector.tolist()
    return Affect(
        valence=values[0],
        arousal=values[1],
        action_units=_head(ACTION_UNITS, values[UNITS], like.action_units),
        expressions=_head(EXPRESSIONS, values[_EXPRESSIONS_AT:_MIMICRY_AT], like.expressions),
        mimicry=_head(MIMICRY, values[MIMICRIES], like.mimicry),
        hesitancy=values[-1],
        confidence=like.confidence,
    )


def _head(names: tuple[str, ...], values: list[float], like: Mapping[str, float]) -> Mapping[str, float]:
    return MappingProxyType({name: value for name, value in zip(names, values, strict=True) if name in like})
