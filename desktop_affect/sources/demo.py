"""The demo participant: our own film as a source, for newcomers, tests and the smoke test of the frozen app."""

from __future__ import annotations

import csv
from dataclasses import replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from desktop_affect.core.errors import SourceError
from desktop_affect.core.ports import Clock
from desktop_affect.core.types import SourceInfo, SourceKind
from desktop_affect.sources.video import VideoSource
from desktop_affect.system.paths import bundled

DEMO_FILM = "resources/demo/participant.mp4"
DEMO_TRUTH = "resources/demo/truth.csv"


class DemoSource(VideoSource):
    """The bundled film, looped and paced like a camera unless told otherwise."""

    def __init__(self, *, clock: Clock, paced: bool = True, loop: bool = True, film: Path | None = None) -> None:
        self._demo_film = film or bundled(DEMO_FILM)
        super().__init__(self._demo_film, clock=clock, paced=paced, loop=loop)

    def open(self) -> SourceInfo:
        if not self._demo_film.is_file():
            raise SourceError(
                "The demo participant is missing from this installation.",
                advice="Install Desktop Affect again, or choose a camera or a film.",
                detail=str(self._demo_film),
            )
        return replace(super().open(), kind=SourceKind.DEMO, name="Demo participant", stable_id="demo")


def truth(table: Path | None = None) -> dict[str, NDArray[np.float64]]:
    """What the demo participant really does: one array per column of numbers, one entry per frame."""
    with (table or bundled(DEMO_TRUTH)).open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(line for line in file if not line.startswith("#")))
    columns = rows[0].keys() if rows else ()
    return {name: np.array([float(row[name]) for row in rows]) for name in columns if _is_number(rows[0][name])}


def _is_number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True
