"""`desktop-affect bench --models`: every installed model, runtime, thread count and precision side by side."""

from __future__ import annotations

import logging
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

from desktop_affect.core.errors import AffectError

if TYPE_CHECKING:
    from desktop_affect.inference.bench import Comparison, Row

log = logging.getLogger(__name__)


def compare_models(seconds: float, plot: Path | None = None) -> Comparison:
    """Measure all whole models; with `plot` also write a picture. Raises AffectError when there is no model."""
    from desktop_affect.inference.bench import compare
    from desktop_affect.inference.catalog import check_files, this_catalog

    manifests = []
    for entry in this_catalog().entries():
        if entry.manifest is not None:
            check_files(entry.manifest)
            manifests.append(entry.manifest)
    if not manifests:
        raise AffectError("There is no model to measure.", advice="Add one: desktop-affect models add FOLDER.")
    manifests.sort(key=lambda manifest: (manifest.family.value != "mixer", manifest.name))
    comparison = compare(manifests, budget_s=seconds)
    if plot is not None:
        _write(plot, comparison)
    return comparison


def document(comparison: Comparison) -> dict[str, object]:
    """For `--json`."""
    return {
        "peak_gmacs_per_s": {str(threads): rate for threads, rate in comparison.peak_gmacs_per_s.items()},
        "rows": [{**asdict(row), "ratio": comparison.ratio(row)} for row in comparison.rows],
    }


def lines(comparison: Comparison) -> list[str]:
    """The table, and what it means."""
    head = f"{'model':<24}{'part':<12}{'runtime':<29}{'threads':>7}  {'prec.':<6}"
    head += f"{'median':>10}{'p95':>10}{'cpu':>10}{'ratio':>8}{'GMAC':>8}{'of peak':>9}"
    peaks = ", ".join(f"{t} thread{'s' * (t > 1)} {r:.0f}" for t, r in comparison.peak_gmacs_per_s.items())
    return [
        head,
        *(_line(row, comparison.ratio(row)) for row in comparison.rows),
        "",
        f"measured peak, billions of multiply-additions a second: {peaks}",
        "cpu: processor time of all threads, spinning included; ratio: times the first row",
        "threads “all”: as many as the runtime likes",
    ]


def _line(row: Row, ratio: float) -> str:
    threads = str(row.threads) if row.threads else "all"
    place = f"{row.model:<24}{row.part:<12}{row.runtime:<29}{threads:>7}  {row.precision:<6}"
    times = f"{row.median_ms:>7.2f} ms{row.p95_ms:>7.2f} ms{row.processor_ms:>7.2f} ms"
    return f"{place}{times}{ratio:>7.2f}×{row.gmacs:>8.3f}{row.peak_share:>8.0%}"


def _write(plot: Path, comparison: Comparison) -> None:
    from desktop_affect.cli.bench_plot import svg

    try:
        plot.write_text(svg(comparison), "utf-8")
    except OSError as error:
        raise AffectError(f"“{plot}” cannot be written.", detail=str(error)) from error
    log.info("wrote %s", plot)
