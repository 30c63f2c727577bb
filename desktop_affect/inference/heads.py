"""Tensors to words: the last network's outputs as an `Affect`.

A value that is not a number stays none: the whole head it belongs to becomes NaN, because a network that gives one
NaN cannot be trusted with the numbers beside it. Nothing is replaced by a default or by the last good value.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from types import MappingProxyType
from typing import NamedTuple

import numpy as np

from desktop_affect.core.types import NAN, Affect
from desktop_affect.inference.manifest import Head, Manifest
from desktop_affect.inference.network import Arrays, FloatArray

_NONE: Mapping[str, float] = MappingProxyType({})


class Reading(NamedTuple):
    """What the outputs say, and the heads that had no usable numbers."""

    affect: Affect
    broken: tuple[str, ...]


def read_heads(manifest: Manifest, outputs: Arrays, confidence: float) -> Reading:
    """Of networks whose outputs are named after their heads and hold final values."""
    return _reading({head.name: _values(head, outputs[head.name]) for head in manifest.heads}, confidence)


def read_emotiefflib(manifest: Manifest, outputs: Arrays, confidence: float) -> Reading:
    """Of networks with one output: the logits of the expressions and then, in some, valence and arousal."""
    row = next(iter(outputs.values())).reshape(-1)
    values, begin = {}, 0
    for head in manifest.heads:
        part = row[begin : begin + len(head.labels)]
        values[head.name] = _values(head, _softmax(part) if head.name == "expressions" else part)
        begin += len(head.labels)
    return _reading(values, confidence)


def nothing(manifest: Manifest) -> Affect:
    """Every head of the model, all values NaN."""
    return _reading({head.name: dict.fromkeys(head.labels, NAN) for head in manifest.heads}, NAN).affect


def _reading(values: Mapping[str, Mapping[str, float]], confidence: float) -> Reading:
    circumplex = values.get("valence_arousal", _NONE)
    affect = Affect(
        valence=circumplex.get("valence", NAN),
        arousal=circumplex.get("arousal", NAN),
        action_units=MappingProxyType(values.get("action_units", _NONE)),
        expressions=MappingProxyType(values.get("expressions", _NONE)),
        mimicry=MappingProxyType(values.get("mimicry", _NONE)),
        hesitancy=values.get("hesitancy", _NONE).get("hesitancy", NAN),
        confidence=confidence,
    )
    broken = tuple(name for name, head in values.items() if any(math.isnan(value) for value in head.values()))
    return Reading(affect, broken)


def _values(head: Head, row: FloatArray) -> dict[str, float]:
    """Final values by label. Rounding and quantisation may step over the ends of the scale; that is cut off."""
    if not np.isfinite(row).all():
        return dict.fromkeys(head.labels, NAN)
    low = -1.0 if head.name == "valence_arousal" else 0.0
    return dict(zip(head.labels, np.clip(row.reshape(-1), low, 1.0).tolist(), strict=True))


def _softmax(logits: FloatArray) -> FloatArray:
    raised = np.exp(logits - logits.max())
    return np.asarray(raised / raised.sum(), dtype=np.float32)
