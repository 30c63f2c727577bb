"""The summary of a run counts right and in constant memory."""

from __future__ import annotations

import math

import numpy as np
import pytest

from desktop_affect.core.types import Fault, Sample, Seen, Severity
from desktop_affect.sinks.tally import Tally
from tests.fakes import face


def sample(seq: int, seen: Seen = Seen.FACE, latency_ms: float = 5.0) -> Sample:
    return Sample(seq, seq / 30, seen, face=face() if seen is Seen.FACE else None, latency_ms=latency_ms)


def test_counts_faces_skips_and_frames_the_source_lost() -> None:
    tally = Tally()
    for made in (sample(0), sample(1, Seen.NO_FACE), sample(2, Seen.SKIPPED, math.nan), sample(5)):
        tally.on_sample(made, None)
    summary = tally.summary()
    assert (summary.frames, summary.analysed, summary.faces, summary.dropped) == (4, 3, 2, 3)
    assert summary.duration_s == pytest.approx(5 / 30)


def test_percentiles_agree_with_numpy_to_the_bin() -> None:
    values = np.random.default_rng(1).gamma(4, 3, 1000)
    tally = Tally()
    for seq, value in enumerate(values):
        tally.on_sample(sample(seq, latency_ms=float(value)), None)
    summary = tally.summary()
    expected = np.percentile(values, [50, 95], method="inverted_cdf")
    assert [summary.latency_ms_p50, summary.latency_ms_p95] == pytest.approx(list(expected), abs=0.06)


def test_an_empty_run_has_no_invented_numbers() -> None:
    summary = Tally().summary()
    assert summary.frames == 0
    assert math.isnan(summary.fps)
    assert math.isnan(summary.latency_ms_p50)


def test_faults_are_kept_but_bounded() -> None:
    tally = Tally()
    for number in range(500):
        tally.on_event(Fault(0.0, "source", Severity.WARNING, f"fault {number}"))
    assert tally.summary().faults[0] == "fault 0"
    assert len(tally.summary().faults) == 100
