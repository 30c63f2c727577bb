"""Signals for photographs: every picture meets rules that have seen nothing yet.

Smoothing, rates and alerts have no meaning there: nothing is carried from one picture to the next, and none alerts.
"""

from __future__ import annotations

from desktop_affect.core.settings import Settings
from desktop_affect.core.types import Alert, ModelInfo, Sample
from desktop_affect.signals.baseline import Baseline
from desktop_affect.signals.chain import SignalChain


class StillSignals:
    """The `Signals` port with a fresh chain for every picture."""

    def __init__(self, settings: Settings, baseline: Baseline | None = None) -> None:
        self._settings = settings
        self._model: ModelInfo | None = None
        self._baseline = baseline

    def use_model(self, model: ModelInfo | None) -> None:
        self._model = model

    def judge(self, sample: Sample) -> tuple[Sample, tuple[Alert, ...]]:
        judged, _ = SignalChain(self._settings, self._model, self._baseline).judge(sample)
        return judged, ()

    def finish(self) -> tuple[Alert, ...]:
        return ()
