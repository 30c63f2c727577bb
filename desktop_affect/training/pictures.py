"""An evaluation as one picture: confusion matrix, units as bars, valence and arousal against their labels."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from desktop_affect.core.types import ACTION_UNITS, EXPRESSIONS
from desktop_affect.training import metrics
from desktop_affect.training.prepared import Prepared


def draw_evaluation(values: Mapping[str, NDArray[np.float32]], data: Prepared, path: Path) -> None:
    """Writes the picture."""
    from matplotlib.figure import Figure

    figure = Figure(figsize=(16, 4.5), layout="constrained")
    axes = figure.subplots(1, 4)
    confusion_matrix(axes[0], values, data)
    unit_bars(axes[1], values, data)
    for axis, column, name in ((axes[2], 0, "valence"), (axes[3], 1, "arousal")):
        scatter(axis, values, data, column, name)
    figure.savefig(path, dpi=90)


def confusion_matrix(axis: Any, values: Mapping[str, NDArray[np.float32]], data: Prepared) -> None:
    """Rows: what most people said; columns: what the network says; shares of the row."""
    known = data.majority >= 0
    if not known.any():
        axis.set_axis_off()
        return
    counts = metrics.confusion(
        values["expressions"][known].argmax(axis=1), data.majority[known].astype(np.int64), len(EXPRESSIONS)
    )
    shares = counts / np.maximum(counts.sum(axis=1, keepdims=True), 1)
    axis.imshow(shares, vmin=0, vmax=1, cmap="Blues")
    for (row, column), share in np.ndenumerate(shares):
        axis.text(column, row, f"{share:.2f}", ha="center", va="center", fontsize=7)
    axis.set_xticks(range(len(EXPRESSIONS)), EXPRESSIONS, rotation=60, fontsize=7)
    axis.set_yticks(range(len(EXPRESSIONS)), EXPRESSIONS, fontsize=7)
    axis.set_title("expressions", fontsize=9)


def unit_bars(axis: Any, values: Mapping[str, NDArray[np.float32]], data: Prepared) -> None:
    """Pearson's correlation of every unit."""
    rows = np.isfinite(data.action_units).all(axis=1)
    if not rows.any():
        axis.set_axis_off()
        return
    found = metrics.pearson_columns(values["action_units"][rows], data.action_units[rows])
    axis.bar(ACTION_UNITS, np.nan_to_num(found))
    axis.set_ylim(0, 1)
    axis.tick_params(axis="x", rotation=60, labelsize=7)
    axis.set_title("action units, Pearson", fontsize=9)


def scatter(axis: Any, values: Mapping[str, NDArray[np.float32]], data: Prepared, column: int, name: str) -> None:
    """Labels against estimates."""
    rows = np.isfinite(data.valence_arousal).all(axis=1)
    if not rows.any():
        axis.set_axis_off()
        return
    true, said = data.valence_arousal[rows, column], values["valence_arousal"][rows, column]
    axis.scatter(true, said, s=3, alpha=0.3)
    axis.plot([-1, 1], [-1, 1], linewidth=0.8)
    axis.set_title(f"{name}, CCC {metrics.ccc(said, true):.3f}", fontsize=9)
