"""Counts and latencies of a run, in constant memory, for the summary of a headless run and for the bench."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from desktop_affect.core.types import NAN, Event, Fault, Frame, RunStart, Sample, Seen

# Latencies are kept as a histogram: steps of 0.1 ms up to two seconds, everything slower in the last bin.
_STEP_MS = 0.1
_BINS = 20_001


@dataclass(frozen=True, slots=True)
class Summary:
    """One run in numbers. NaN where nothing was measured."""

    frames: int
    """Captured: one row each."""
    analysed: int
    faces: int
    dropped: int
    """Captured but not looked at, plus those the source itself lost on the way."""
    duration_s: float
    """First to last frame, by their own times."""
    fps: float
    latency_ms_p50: float
    latency_ms_p95: float
    faults: tuple[str, ...]


class Tally:
    """The sink. Written on the analysis thread; read the summary after the engine has stopped."""

    name = "summary"

    def __init__(self) -> None:
        self._frames = self._analysed = self._faces = self._missing = 0
        self._next_seq = 0
        self._first_s = self._last_s = NAN
        self._latencies = np.zeros(_BINS, dtype=np.int64)
        self._faults: list[str] = []
        self.newest: Sample | None = None
        self.start: RunStart | None = None

    def open(self, start: RunStart) -> None:
        self.start = start

    def on_sample(self, sample: Sample, frame: Frame | None) -> None:
        self._missing += sample.seq - self._next_seq
        self._next_seq = sample.seq + 1
        self._frames += 1
        self._faces += sample.face is not None
        if math.isnan(self._first_s):
            self._first_s = sample.t_s
        self._last_s = sample.t_s
        if sample.seen is not Seen.SKIPPED:
            self._analysed += 1
            self.newest = sample
        if math.isfinite(sample.latency_ms):
            self._latencies[min(max(int(sample.latency_ms / _STEP_MS), 0), _BINS - 1)] += 1

    def on_event(self, event: Event) -> None:
        # A run that faults for hours must not grow: the log has them all, the summary the first hundred.
        if isinstance(event, Fault) and len(self._faults) < 100:
            self._faults.append(event.message)

    def close(self) -> None:
        """Nothing is held."""

    def summary(self) -> Summary:
        duration_s = self._last_s - self._first_s
        return Summary(
            frames=self._frames,
            analysed=self._analysed,
            faces=self._faces,
            dropped=self._frames - self._analysed + self._missing,
            duration_s=duration_s,
            fps=(self._analysed - 1) / duration_s if duration_s > 0 else NAN,
            latency_ms_p50=self._percentile(50),
            latency_ms_p95=self._percentile(95),
            faults=tuple(self._faults),
        )

    def _percentile(self, percent: float) -> float:
        total = int(self._latencies.sum())
        if total == 0:
            return NAN
        rank = math.ceil(total * percent / 100)
        return (int(np.searchsorted(np.cumsum(self._latencies), rank)) + 0.5) * _STEP_MS
