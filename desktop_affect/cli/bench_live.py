"""`desktop-affect bench --live S`: what the application costs while somebody sits in front of it, windowless."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from desktop_affect.core.settings import Settings

_SETTLED_SHARE = 0.25
"""The first part of the time fills caches and windows; growth of memory counts from there."""
_MB = 2**20


@dataclass(frozen=True, slots=True)
class Live:
    """The engine at the camera's pace."""

    seconds: float
    analysed: int
    dropped: int
    latency_ms_p50: float
    latency_ms_p95: float
    processor_share: float
    """Processor seconds per second; 1.0 is one core."""
    memory_mb: float
    """Resident memory of the whole process at the end."""
    memory_growth_mb: float
    """Since a quarter of the time had passed."""


def measure_live(settings: Settings, seconds: float) -> Live:
    """Run the demo participant live for so long."""
    from desktop_affect.assembly import RunPlan, build_run
    from desktop_affect.sinks.tally import Tally

    tally = Tally()
    run = build_run(RunPlan(source="demo", live=True, loop=True), settings, (tally,))
    run.engine.start()
    while not run.engine.status().analysed and not run.engine.finished.wait(0.05):
        pass
    processor_s, began_s = time.process_time(), time.perf_counter()
    run.engine.finished.wait(seconds * _SETTLED_SHARE)
    settled_mb = memory_mb()
    run.engine.finished.wait(seconds * (1 - _SETTLED_SHARE))
    share = (time.process_time() - processor_s) / (time.perf_counter() - began_s)
    ended_mb = memory_mb()
    run.stop()
    summary = tally.summary()
    return Live(
        seconds=summary.duration_s,
        analysed=summary.analysed,
        dropped=summary.dropped,
        latency_ms_p50=summary.latency_ms_p50,
        latency_ms_p95=summary.latency_ms_p95,
        processor_share=share,
        memory_mb=ended_mb,
        memory_growth_mb=ended_mb - settled_mb,
    )


def memory_mb() -> float:
    """Of this process, resident."""
    import psutil

    return float(psutil.Process().memory_info().rss) / _MB


def line(live: Live) -> str:
    """For people."""
    return (
        f"live for {live.seconds:.0f} s: {live.analysed} frames analysed, {live.dropped} dropped, capture to estimate "
        f"{live.latency_ms_p50:.1f} ms (median) {live.latency_ms_p95:.1f} ms (p95), {live.processor_share:.2f} of one "
        f"core, {live.memory_mb:.0f} MB of memory, {live.memory_growth_mb:+.1f} MB in the last three quarters"
    )
