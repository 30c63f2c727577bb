"""Losses that skip what is unknown (NaN) and weigh labels by how far they are trusted."""

from __future__ import annotations

from collections.abc import Sequence

import torch
import torch.nn.functional as nnf
from torch import Tensor

from desktop_affect.training.network import finished

WEIGHTS = {
    "expressions": 1.0, "valence_arousal": 1.0, "action_units": 4.0, "blendshapes": 1.0, "mimicry": 1.0,
    "hesitancy": 1.0,
}  # fmt: skip
"""How much each task counts; chosen so that none drowns the others in the first epochs."""


def concordance(prediction: Tensor, target: Tensor) -> Tensor:
    """Lin's concordance correlation coefficient along the first axis."""
    p_mean, t_mean = prediction.mean(0), target.mean(0)
    p, t = prediction - p_mean, target - t_mean
    spread = p.pow(2).mean(0) + t.pow(2).mean(0) + (p_mean - t_mean).pow(2)
    return 2 * (p * t).mean(0) / (spread + 1e-6)


def known_rows(target: Tensor) -> Tensor:
    """Which rows carry a label."""
    return ~target.isnan().any(dim=1)


def expression_loss(raw: Tensor, target: Tensor, weight: Tensor) -> Tensor:
    """Cross-entropy against the distribution of votes."""
    cost = -(target * raw.log_softmax(dim=1)).sum(dim=1)
    return (cost * weight).sum() / weight.sum().clamp_min(1e-6)


def valence_arousal_loss(raw: Tensor, target: Tensor, weight: Tensor) -> Tensor:
    """Squared error, and one minus the concordance that the field is judged by."""
    value = raw.tanh()
    error = ((value - target).pow(2) * weight[:, None]).sum(0) / weight.sum().clamp_min(1e-6)
    return error.sum() + 0.5 * (1 - concordance(value, target)).mean()


def unit_loss(raw: Tensor, target: Tensor) -> Tensor:
    """Cross-entropy against values 0..1, over what is known, cell by cell."""
    known = ~target.isnan()
    cost = nnf.binary_cross_entropy_with_logits(raw, target.nan_to_num(0.0).clamp(0, 1), reduction="none")
    return (cost * known).sum() / known.sum().clamp_min(1)


def unit_discordance(raw: Tensor, target: Tensor) -> Tensor:
    """One minus the concordance, on average over the columns, of the rows that are wholly known. Cross-entropy alone
    cares little for units that are seldom strong; this makes a unit's rare rise count as much as a common one's."""
    known = known_rows(target)
    if int(known.sum()) < 2:
        return raw.sum() * 0.0
    return (1 - concordance(raw[known].sigmoid(), target[known])).mean()


def discordance_by_source(raw: Tensor, target: Tensor, rows_of_sources: Sequence[int]) -> Tensor:
    """The same within each part of the batch, on average over its rows: across sources it would reward telling a
    photograph from a drawing, because a teacher's scores and exact weights lie at different heights."""
    rows = list(rows_of_sources)
    parts = zip(torch.split(raw, rows), torch.split(target, rows), strict=True)
    return torch.stack([unit_discordance(*part) * len(part[0]) for part in parts]).sum() / len(raw)


def total_loss(
    raw: dict[str, Tensor],
    targets: dict[str, Tensor],
    weight: Tensor,
    unit_concordance: float = 0.0,
    rows_of_sources: Sequence[int] = (),
) -> dict[str, Tensor]:
    """Each task's weighted loss; tasks without a single label in the batch are absent.

    `rows_of_sources`: how many rows in turn come from one data set; without it all count as one.
    """
    costs: dict[str, Tensor] = {}
    for name, target in targets.items():
        rows = known_rows(target) if name in ("expressions", "valence_arousal") else ~target.isnan().all(dim=1)
        if int(rows.sum()) < 2 or name not in raw:
            continue
        value, wanted = raw[name][rows].float(), target[rows]
        if name == "expressions":
            cost = expression_loss(value, wanted, weight[rows])
        elif name == "valence_arousal":
            cost = valence_arousal_loss(value, wanted, weight[rows])
        else:
            cost = unit_loss(value, wanted)
            if name == "action_units" and unit_concordance:
                parts = rows_of_sources or (len(target),)
                cost = cost + unit_concordance * discordance_by_source(raw[name].float(), target, parts)
        costs[name] = WEIGHTS[name] * cost
    return costs


def unsteadiness(raw: dict[str, Tensor], again: dict[str, Tensor]) -> Tensor:
    """The squared differences of all final values that people see, summed, of the same pictures seen twice."""
    shown = [name for name in raw if name != "blendshapes"]
    both = ((finished(name, raw[name].float()), finished(name, again[name].float())) for name in shown)
    return torch.stack([(first - second).pow(2).sum(1).mean() for first, second in both]).sum()


def summed(costs: dict[str, Tensor]) -> Tensor:
    """What is stepped on."""
    return torch.stack(list(costs.values())).sum()
