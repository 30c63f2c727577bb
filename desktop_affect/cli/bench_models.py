"""The second half of `desktop-affect bench`: every model, runtime, thread count and precision side by side."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

from desktop_affect.core.errors import AffectError

if TYPE_CHECKING:
    from desktop_affect.inference.bench import Comparison, Row

log = logging.getLogger(__name__)

_DISTURBED = "Other programs kept this machine busy meanwhile: believe the processor times, not the times by the clock."


def compare_models(seconds: float, plot: Path | None = None) -> Comparison:
    """Measure all whole models and the untrained ones; with `plot` also write a picture."""
    from desktop_affect.inference.bench import compare
    from desktop_affect.inference.catalog import check_files, this_catalog

    manifests = []
    for entry in this_catalog().entries():
        if entry.manifest is not None:
            check_files(entry.manifest)
            manifests.append(entry.manifest)
    manifests.sort(key=lambda manifest: (manifest.family.value != "mixer", manifest.name))
    comparison = compare(manifests, budget_s=seconds)
    if plot is not None:
        _write(plot, comparison)
    return comparison


def document(comparison: Comparison) -> dict[str, object]:
    """For `--json`."""
    return {
        "peak_gmacs_per_s": {str(threads): rate for threads, rate in comparison.peak_gmacs_per_s.items()},
        "disturbed": comparison.disturbed,
        "rows": [_row(comparison, row) for row in comparison.rows],
    }


def _row(comparison: Comparison, row: Row) -> dict[str, object]:
    times = comparison.times(row)
    return {
        **asdict(row),
        "rival_times_wall": times.wall if times else None,
        "rival_times_processor": times.processor if times else None,
    }


def lines(comparison: Comparison) -> list[str]:
    """The table, and what it means."""
    head = f"{'model':<26}{'part':<12}{'runtime':<29}{'threads':>7}  {'prec.':<6}"
    head += f"{'median':>10}{'p95':>10}{'cpu':>10}{'×wall':>8}{'×cpu':>8}{'GMAC':>8}{'of peak':>9}"
    peaks = ", ".join(f"{t} thread{'s' * (t > 1)} {r:.0f}" for t, r in comparison.peak_gmacs_per_s.items())
    return [
        head,
        *(_line(comparison, row) for row in comparison.rows),
        "",
        *([_DISTURBED, ""] if comparison.disturbed else []),
        *_verdicts(comparison),
        "median, p95: by the clock; cpu: processor time of all threads, spinning included",
        "×wall, ×cpu: how many times as long the whole step of EfficientNet-B0 at 224 px takes as EmotiEffLib runs it",
        "    (ONNX Runtime's default options, that is every core, and that library's preprocessing)",
        "threads “all”: as many as the runtime likes",
        f"of peak: multiply-additions a second over those of a float32 matrix product (in billions: {peaks})",
        "untrained: random weights, which cost as much as learnt ones",
    ]


def _line(comparison: Comparison, row: Row) -> str:
    threads, times = str(row.threads) if row.threads else "all", comparison.times(row)
    place = f"{row.model:<26}{row.part:<12}{row.runtime:<29}{threads:>7}  {row.precision:<6}"
    took = f"{row.median_ms:>7.2f} ms{row.p95_ms:>7.2f} ms{row.processor_ms:>7.2f} ms"
    ratios = f"{times.wall:>7.2f}×{times.processor:>7.2f}×" if times else f"{'–':>8}{'–':>8}"
    return f"{place}{took}{ratios}{row.gmacs:>8.3f}{row.peak_share:>8.0%}"


def _verdicts(comparison: Comparison) -> Iterator[str]:
    """A sentence for each precision of the first model: its fastest runtime on one thread."""
    first = comparison.rows[0]
    whole = [r for r in comparison.rows if (r.model, r.part, r.threads) == (first.model, first.part, first.threads)]
    for precision in dict.fromkeys(row.precision for row in whole):
        best = min((row for row in whole if row.precision == precision), key=lambda row: row.median_ms)
        yield from _verdict(comparison, best)
    yield ""


def _verdict(comparison: Comparison, row: Row) -> Iterator[str]:
    times, share = comparison.times(row), comparison.temporal_share(row)
    place = f"{row.model}, {row.precision}, {row.runtime} on {row.threads} thread{'s' * (row.threads != 1)}"
    if times is not None:
        yield (
            f"{place}: {row.median_ms:.2f} ms a step; EfficientNet-B0 as EmotiEffLib runs it takes {times.wall:.1f} "
            f"times as long by the clock, {times.processor:.1f} times in processor time"
        )
    if share is not None:
        yield f"{place}: the temporal head costs {share:.2f} of the backbone"


def _write(plot: Path, comparison: Comparison) -> None:
    from desktop_affect.cli.bench_plot import svg

    try:
        plot.write_text(svg(comparison), "utf-8")
    except OSError as error:
        raise AffectError(f"“{plot}” cannot be written.", detail=str(error)) from error
    log.info("wrote %s", plot)
