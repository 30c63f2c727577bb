"""Metrics as the field defines them, in numpy; tests hold them against scipy and scikit-learn."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.floating[Any]]
Ints = NDArray[np.integer[Any]]
Bools = NDArray[np.bool_]


def ccc(prediction: Floats, target: Floats) -> float:
    """Lin's concordance correlation coefficient; 0 where nothing varies."""
    p, t = prediction.astype(np.float64), target.astype(np.float64)
    spread = p.var() + t.var() + (p.mean() - t.mean()) ** 2
    return float(2 * ((p - p.mean()) * (t - t.mean())).mean() / spread) if spread > 0 else 0.0


def pearson(prediction: Floats, target: Floats) -> float:
    """Pearson's correlation; NaN where one of the two does not vary."""
    p, t = prediction.astype(np.float64), target.astype(np.float64)
    p, t = p - p.mean(), t - t.mean()
    scale = float(np.sqrt((p**2).sum() * (t**2).sum()))
    return float((p * t).sum() / scale) if scale > 0 else float("nan")


def pearson_columns(prediction: Floats, target: Floats) -> NDArray[np.float64]:
    """Pearson's correlation of each column."""
    return np.asarray([pearson(prediction[:, i], target[:, i]) for i in range(target.shape[1])])


def mean_pearson(prediction: Floats, target: Floats) -> float:
    """The mean over the columns in which something varies; NaN where none does."""
    found = pearson_columns(prediction, target)
    return float(found[np.isfinite(found)].mean()) if np.isfinite(found).any() else float("nan")


def f1(prediction: Bools, target: Bools) -> float:
    """F1 of the positive class; 0 where it neither occurs nor is predicted."""
    hits = int((prediction & target).sum())
    wrong = int((prediction ^ target).sum())
    return 2 * hits / (2 * hits + wrong) if hits or wrong else 0.0


def mean_f1(prediction: Bools, target: Bools) -> float:
    """The mean over action units (columns) of their F1: ABAW's measure."""
    return float(np.mean([f1(prediction[:, i], target[:, i]) for i in range(target.shape[1])]))


def confusion(prediction: Ints, target: Ints, classes: int) -> NDArray[np.int64]:
    """Counts: rows are the truth, columns what was said."""
    return np.bincount(target.astype(np.int64) * classes + prediction, minlength=classes**2).reshape(classes, classes)


def accuracy(prediction: Ints, target: Ints) -> float:
    """Share of right answers."""
    return float((prediction == target).mean())


def class_f1(prediction: Ints, target: Ints, classes: int) -> NDArray[np.float64]:
    """F1 of every class."""
    return np.asarray([f1(prediction == k, target == k) for k in range(classes)])


def macro_f1(prediction: Ints, target: Ints, classes: int) -> float:
    """The mean of the classes' F1."""
    return float(class_f1(prediction, target, classes).mean())


def weighted_f1(prediction: Ints, target: Ints, classes: int) -> float:
    """The classes' F1 weighted by how often each is true."""
    counts = np.bincount(target, minlength=classes)
    return float((class_f1(prediction, target, classes) * counts).sum() / counts.sum())


def best_threshold(score: Floats, target: Bools, steps: int = 37) -> float:
    """The threshold with the highest F1; the middle of a plateau. Choose it on validation data only."""
    candidates = np.linspace(0.05, 0.95, steps)
    values = np.asarray([f1(score >= c, target) for c in candidates])
    return float(np.round(candidates[values >= values.max() - 1e-9].mean(), 3))


def bootstrap(
    measure: Callable[[NDArray[np.int64]], float], count: int, *, rounds: int = 300, seed: int = 0, share: float = 0.95
) -> tuple[float, float]:
    """The interval of a measure of rows, by drawing rows with replacement."""
    rng = np.random.default_rng(seed)
    values = np.asarray([measure(rng.integers(0, count, count)) for _ in range(rounds)])
    values = values[np.isfinite(values)]
    if not len(values):
        return float("nan"), float("nan")
    low, high = np.quantile(values, [(1 - share) / 2, (1 + share) / 2])
    return float(low), float(high)
