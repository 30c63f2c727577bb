"""Judges trained networks on pictures they never learned from: numbers with bootstrap intervals."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from desktop_affect.core.types import ACTION_UNITS, EXPRESSIONS, MIMICRY
from desktop_affect.training import metrics
from desktop_affect.training.augment import crop, to_batch
from desktop_affect.training.clips import PreparedClips
from desktop_affect.training.network import finished
from desktop_affect.training.prepared import Prepared
from desktop_affect.training.temporal import STEPS, ClipNetwork

Values = Mapping[str, NDArray[np.float32]]
Rows = NDArray[np.int64]
Array = NDArray[Any]

PRESENT = 0.3
"""A unit labelled at least this strong counts as present where labels are intensities."""


@dataclass(frozen=True)
class Score:
    """One number."""

    name: str
    value: float
    low: float
    high: float
    count: int


def score(name: str, count: int, measure: Callable[[Rows], float]) -> Score:
    """A measure with its interval."""
    low, high = metrics.bootstrap(measure, count)
    return Score(name, measure(np.arange(count)), low, high, count)


def rated(name: str, measure: Callable[..., float], said: Array, true: Array, *extra: int) -> Score:
    """A measure of two arrays of rows."""
    return score(name, len(said), lambda rows: measure(said[rows], true[rows], *extra))


def expression_scores(values: Values, data: Prepared) -> list[Score]:
    """Against the majority, by both protocols."""
    found = []
    classes = len(EXPRESSIONS)
    for label, known in (("plurality", data.majority >= 0), ("majority", (data.majority >= 0) & data.agreed)):
        rows = np.flatnonzero(known)
        if not len(rows):
            continue
        said, true = values["expressions"][rows].argmax(axis=1), data.majority[rows].astype(np.int64)
        found += [
            rated(f"accuracy ({label})", metrics.accuracy, said, true),
            rated(f"macro F1 ({label})", metrics.macro_f1, said, true, classes),
        ]
    return found


def valence_arousal_scores(values: Values, data: Prepared) -> list[Score]:
    """Concordance of both dimensions and their mean."""
    rows = np.flatnonzero(np.isfinite(data.valence_arousal).all(axis=1))
    if not len(rows):
        return []
    said, true = values["valence_arousal"][rows], data.valence_arousal[rows]

    return [rated(f"{name} CCC", metrics.ccc, said[:, i], true[:, i]) for i, name in enumerate(("valence", "arousal"))]


def unit_scores(values: Values, data: Prepared, thresholds: Mapping[str, float]) -> list[Score]:
    """Pearson and F1 of every unit, and their means."""
    rows = np.flatnonzero(np.isfinite(data.action_units).all(axis=1))
    if not len(rows):
        return []
    said, true = values["action_units"][rows], data.action_units[rows]
    cut = np.asarray([thresholds.get(unit, 0.5) for unit in ACTION_UNITS], np.float32)
    seen, present = said >= cut, true >= PRESENT
    found = [
        rated("AU mean Pearson", metrics.mean_pearson, said, true),
        rated("AU mean F1", metrics.mean_f1, seen, present),
    ]
    for i, unit in enumerate(ACTION_UNITS):
        found.append(rated(f"{unit} Pearson", metrics.pearson, said[:, i], true[:, i]))
        found.append(rated(f"{unit} F1", metrics.f1, seen[:, i], present[:, i]))
    return found


def mimicry_scores(values: Values, data: Prepared) -> list[Score]:
    """The mean Pearson of the six intensities."""
    rows = np.flatnonzero(np.isfinite(data.mimicry).all(axis=1))
    if not len(rows) or "mimicry" not in values:
        return []
    said, true = values["mimicry"][rows], data.mimicry[rows]
    found = [rated("EMI Pearson", metrics.mean_pearson, said, true)]
    for i, name in enumerate(MIMICRY):
        found.append(rated(f"{name} Pearson", metrics.pearson, said[:, i], true[:, i]))
    return found


def hesitancy_scores(values: Values, data: Prepared) -> list[Score]:
    """Binary, macro and weighted F1, beside what always saying no would reach."""
    rows = np.flatnonzero(np.isfinite(data.hesitancy).all(axis=1))
    if not len(rows) or "hesitancy" not in values:
        return []
    said = (values["hesitancy"][rows, 0] >= 0.5).astype(np.int64)
    true = data.hesitancy[rows, 0].astype(np.int64)
    never = np.zeros_like(true)
    return [
        rated("AH F1", metrics.f1, said == 1, true == 1),
        rated("AH macro F1", metrics.macro_f1, said, true, 2),
        rated("AH weighted F1", metrics.weighted_f1, said, true, 2),
        rated("AH macro F1 of always no", metrics.macro_f1, never, true, 2),
        rated("AH weighted F1 of always no", metrics.weighted_f1, never, true, 2),
    ]


def all_scores(values: Values, data: Prepared, thresholds: Mapping[str, float]) -> list[dict[str, object]]:
    """Everything that a data set's labels allow."""
    found = [
        *expression_scores(values, data), *valence_arousal_scores(values, data),
        *unit_scores(values, data, thresholds), *mimicry_scores(values, data), *hesitancy_scores(values, data),
    ]  # fmt: skip
    return [asdict(one) for one in found]


def chosen_thresholds(values: Values, data: Prepared) -> dict[str, float]:
    """Per unit the threshold with the best F1; validation data only."""
    rows = np.isfinite(data.action_units).all(axis=1)
    return {
        unit: metrics.best_threshold(values["action_units"][rows, i], data.action_units[rows, i] >= PRESENT)
        for i, unit in enumerate(ACTION_UNITS)
    }


@torch.no_grad()
def predict_windows(
    models: Sequence[ClipNetwork], data: Prepared, windows: Rows, size_px: int, *, mirror: bool = False
) -> list[dict[str, NDArray[np.float32]]]:
    """Final values of clip networks that share a backbone, for windows of pictures.

    Every picture of a batch goes through the backbone once, however many windows show it.
    """
    found: list[dict[str, list[Tensor]]] = [{} for _ in models]
    for begin in range(0, len(windows), 48):
        rows = windows[begin : begin + 48]
        unique, place = np.unique(rows, return_inverse=True)
        grey = crop(to_batch(data.images[unique]), size_px)
        maps = models[0].eval().maps(grey.flip(3) if mirror else grey)
        index = torch.from_numpy(place.reshape(rows.shape))
        for model, parts in zip(models, found, strict=True):
            raw: dict[str, Tensor] = model.eval().head(*(feature[index] for feature in model.features_of(maps)))
            for name, value in raw.items():
                parts.setdefault(name, []).append(finished(name, value.float()))
    return [{name: torch.cat(values).numpy() for name, values in parts.items()} for parts in found]


def still_windows(data: Prepared) -> Rows:
    """Windows that hold one picture each."""
    return np.repeat(np.arange(len(data))[:, None], STEPS, axis=1)


def unsteadiness(values: NDArray[np.float32], film: PreparedClips) -> float:
    """Mean absolute second difference within clips: what a curve trembles, not what it moves."""
    span = film.stride * (STEPS - 1)
    parts, begin = [], 0
    for length in np.diff(film.start) - span:
        part = values[begin : begin + length]
        parts.append(np.abs(np.diff(part, n=2, axis=0)).ravel())
        begin += length
    return float(np.concatenate(parts).mean())
