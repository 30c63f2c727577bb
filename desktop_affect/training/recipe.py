"""A TOML per experiment: what is learned from what, in which stages."""

from __future__ import annotations

import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from desktop_affect.core.errors import AffectError
from desktop_affect.core.types import CropSpec

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib


class RecipeError(AffectError):
    """An experiment file that cannot be followed."""


@dataclass(frozen=True)
class Stage:
    """One part of a training: so many images at one size, with one rise and fall of the learning rate."""

    size_px: int
    images: int
    batch: int
    peak_rate: float
    final_rate: float
    shares: dict[str, float]
    """Data set → share of every batch."""
    warm_up: float = 0.05
    """Share of the stage in which the rate rises."""
    unit_concordance: float = 0.0
    """How much one minus the units' concordance counts beside their cross-entropy."""
    steadiness: float = 0.0
    """How much it counts that pictures moved a little are read alike; above 0 some are shown a second time."""


@dataclass(frozen=True)
class Recipe:
    """An experiment."""

    name: str
    title: str
    family: str
    """"mixer" or "frame"."""
    seed: int
    heads: tuple[str, ...]
    crop: CropSpec
    data: dict[str, Path]
    """Data set → where its source lies."""
    stages: tuple[Stage, ...]
    backbone: str = "mobilenetv4"
    averaging: float = 0.999
    """Weights kept of the running average at each step."""
    weight_decay: float = 0.05
    dropout: float = 0.2
    start: str = ""
    """An exported backbone to begin from, a path relative to the experiment; else from random weights."""
    temporal: dict[str, Any] = field(default_factory=dict)
    path: Path = Path()


def stage_of(table: dict[str, Any]) -> Stage:
    """One [[stages]] table."""
    return Stage(**table)


def read_recipe(path: Path) -> Recipe:
    """The experiment of a file; says in words what is wrong with it."""
    try:
        table = tomllib.loads(path.read_text(encoding="utf-8"))
        crop = CropSpec(**table.pop("crop"))
        stages = tuple(stage_of(stage) for stage in table.pop("stages"))
        data = {name: (path.parent / place).resolve() for name, place in table.pop("data").items()}
        heads = tuple(table.pop("heads"))
        return Recipe(crop=crop, stages=stages, data=data, heads=heads, path=path, **table)
    except (OSError, KeyError, TypeError, ValueError) as error:
        raise RecipeError(
            f"The experiment file {path.name} cannot be used.",
            advice="Compare it with the ones in desktop_affect/training/experiments.",
            detail=str(error),
        ) from error
