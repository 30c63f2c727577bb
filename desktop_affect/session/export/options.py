"""What a person asks of an export."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum
from typing import TypeAlias

from desktop_affect.core.errors import SessionError

Progress: TypeAlias = Callable[[int, int], None]
"""Told rows done and rows in all, on the caller's thread; whatever it raises ends the export and leaves no file."""


MOST_HZ = 1000.0
MOST_S = 7 * 86400.0
"""No session lasts longer than a week."""

FIRST_S = 10.0
"""As long as the guided calibration."""


class Smoothing(Enum):
    """Which values an export holds."""

    RAW = "raw"
    """As the model gave them."""
    LIVE = "live"
    """As they were shown and recorded: after baseline and causal smoothing, with that smoothing's delay."""
    OFFLINE = "offline"
    """Raw, smoothed afterwards without delay (zero-phase): a value also depends on what came after it."""


class Format(Enum):
    """What an export looks like."""

    CSV = "csv"
    JSON = "json"
    PARQUET = "parquet"
    OPENFACE = "openface"
    FEX = "fex"
    FACEREADER = "facereader"
    AGGREGATES = "aggregates"
    REPORT = "report"


@dataclass(frozen=True, slots=True)
class ExportOptions:
    """How to export; checked when it is made."""

    smoothing: Smoothing = Smoothing.LIVE
    resample_hz: float | None = None
    """Rows on an even grid instead of one per captured frame."""
    baseline: bool = False
    """Take the person's own neutral level away, as the live baseline does: the one that was measured while recording,
    else that of the first `FIRST_S`. Raw and offline values only: live ones hold what was applied while recording."""
    baseline_s: float | None = None
    """Measure it over this many seconds of usable face at the start instead."""
    window_s: float | None = None
    """Aggregates also per window of this length."""
    begin_s: float | None = None
    """Only rows captured from here on, on the clock of the session."""
    end_s: float | None = None
    """Only rows captured before."""

    def __post_init__(self) -> None:
        _check("--resample", self.resample_hz, MOST_HZ)
        _check("--baseline", self.baseline_s, 3600.0)
        _check("--window", self.window_s, 86400.0)
        _check("--from", self.begin_s or None, MOST_S)
        _check("--to", self.end_s, MOST_S)
        if self.begin_s is not None and self.end_s is not None and self.begin_s >= self.end_s:
            raise SessionError("The stretch to export ends before it begins.", advice="Let --to be later than --from.")
        if self.baseline and self.smoothing is Smoothing.LIVE:
            raise SessionError(
                "Live values already hold the baseline that was applied while recording.",
                advice="Use --baseline with --smoothing raw or offline.",
            )

    def label(self) -> str:
        """For the names of files: `raw`, `live_30Hz`, `raw_baseline` ..."""
        words = [self.smoothing.value]
        if self.resample_hz is not None:
            words.append(f"{self.resample_hz:g}Hz")
        if self.baseline:
            words.append("baseline")
        if self.begin_s is not None or self.end_s is not None:
            begin, end = f"{self.begin_s or 0:g}", "end" if self.end_s is None else f"{self.end_s:g}"
            words.append(f"{begin}-{end}s")
        return "_".join(words)


def _check(name: str, value: float | None, most: float) -> None:
    if value is not None and not (math.isfinite(value) and 0 < value <= most):
        raise SessionError(f"{name} must be more than 0 and at most {most:g}, not {value:g}.")
