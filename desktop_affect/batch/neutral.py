"""The neutral face of a film: measured over its first seconds before it is analysed, or read from a file.

A live calibration corrects what comes after it. A film can be read twice, so here all rows are corrected by the same
neutral face, the first ones too.
"""

from __future__ import annotations

import json
import math
import threading
from collections.abc import Mapping
from pathlib import Path

from desktop_affect.core.errors import SettingsError
from desktop_affect.core.types import Event, Frame, ModelInfo, RunStart, Sample
from desktop_affect.inference.pinned import Pin
from desktop_affect.session.format import HEADER_FILE
from desktop_affect.signals.baseline import Baseline, measure

LEAST_ROWS = 15
"""Half a second at 30 fps: a median of fewer is one expression, not a face at rest."""


class NeutralWatch:
    """A sink: the rows that may be believed in the first seconds after a face was first seen."""

    name = "neutral face"

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        self._begin_s = math.nan
        self._model: ModelInfo | None = None
        self._samples: list[Sample] = []
        self.over = threading.Event()
        """Nothing more is needed."""

    def open(self, start: RunStart) -> None:
        self._model = start.model

    def on_sample(self, sample: Sample, frame: Frame | None) -> None:
        if self.over.is_set() or sample.face is None:
            return
        if math.isnan(self._begin_s):
            self._begin_s = sample.t_s
        if sample.t_s - self._begin_s >= self._seconds:
            self.over.set()
        elif sample.quality.usable and sample.raw is not None:
            self._samples.append(sample)

    def on_event(self, event: Event) -> None:
        """Nothing but rows counts."""

    def close(self) -> None:
        """Nothing is held."""

    def baseline(self) -> Baseline | None:
        """None when too little of the face was seen."""
        if self._model is None or len(self._samples) < LEAST_ROWS:
            return None
        return measure(self._samples, self._seconds, f"{self._model.name} {self._model.version}")


def check_fits(baseline: Mapping[str, object], pin: Pin | None) -> None:
    """Raises SettingsError for a neutral face that was measured with another model."""
    if pin is None or baseline.get("model") != pin.label:
        raise SettingsError(
            f"The neutral face was measured with {baseline.get('model')}, not with the model of this analysis.",
            advice="Name the same --model, or measure it anew with --baseline first:10s.",
        )


def read_baseline(path: Path) -> Baseline:
    """A neutral face from a JSON file, or the last one of a recorded session. Raises AffectError in words."""
    if (path / HEADER_FILE).exists():
        from desktop_affect.session.reader import read_session

        found = list(read_session(path).baselines.values())
        if not found:
            raise SettingsError(f"No neutral face was measured in the session “{path}”.", advice="Name another one.")
        return Baseline.from_dict(found[-1])
    try:
        document = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise SettingsError(
            f"The neutral face in “{path}” cannot be read.",
            advice="Name a baseline as JSON, a session in which one was measured, or first:10s.",
            detail=str(error),
        ) from error
    if not isinstance(document, dict):
        raise SettingsError(f"“{path}” holds no neutral face.", advice="Name another file.")
    return Baseline.from_dict(document)
