"""Models side by side on this machine, in one run, taking turns: runtimes, threads, precisions, parts.

`compare` is pure measuring; `desktop-affect bench` prints what it returns.
"""

from __future__ import annotations

import statistics
import tempfile
import time
from collections.abc import Iterable, Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import NamedTuple

from desktop_affect.inference.architectures import REDUCTION
from desktop_affect.inference.catalog import graphs
from desktop_affect.inference.contenders import AS_EMOTIEFFLIB, Contender, contenders
from desktop_affect.inference.lineup import EFFICIENTNET, USUAL_SIZE_PX, backbone_graph, untrained_models
from desktop_affect.inference.manifest import Family, Manifest, Precision
from desktop_affect.inference.measure import Samples, Timing, sample_turn
from desktop_affect.inference.network import Runtime
from desktop_affect.inference.onnx_runtime import OnnxRuntime
from desktop_affect.inference.openvino_runtime import OpenVinoRuntime
from desktop_affect.inference.yardstick import multiply_adds, peak_gmacs_per_s

_REST_S = 0.002
_DISTURBED = 1.3
"""A step on one thread that takes this many times its processor time had to wait for somebody else."""


@dataclass(frozen=True, slots=True)
class Row:
    """One contender's result."""

    model: str
    part: str
    """The whole step, or one network of a model alone."""
    runtime: str
    threads: int
    """0: as many as the runtime likes."""
    precision: str
    median_ms: float
    p95_ms: float
    processor_ms: float
    """Processor time of all threads a step; hardly changes when other programs run."""
    runs: int
    gmacs: float
    peak_share: float
    """The contender's multiply-adds a second over the most that float32 gave here with as many threads."""


class Times(NamedTuple):
    """How many times as long the rival takes."""

    wall: float
    processor: float


@dataclass(frozen=True, slots=True)
class Comparison:
    """All rows of one run, and the machine's measured peak by threads in billions of multiply-adds a second."""

    rows: tuple[Row, ...]
    peak_gmacs_per_s: Mapping[int, float]

    @property
    def disturbed(self) -> bool:
        """Other programs took so much of the machine that times by the clock say little."""
        waits = [row.median_ms / row.processor_ms for row in self.rows if row.threads == 1]
        return bool(waits) and statistics.median(waits) > _DISTURBED

    @property
    def rival(self) -> Row | None:
        """EfficientNet-B0 as EmotiEffLib runs it."""
        found = (row for row in self.rows if row.runtime == AS_EMOTIEFFLIB and row.model == EFFICIENTNET)
        return next(found, None)

    def times(self, row: Row) -> Times | None:
        """The rival's whole step over this row; None where the rival did not run."""
        rival = self.rival
        if rival is None:
            return None
        return Times(rival.median_ms / row.median_ms, rival.processor_ms / row.processor_ms)

    def temporal_share(self, whole: Row) -> float | None:
        """The temporal head's time over the backbone's, on the same runtime and thread, where both were measured."""
        alike = (whole.model, whole.runtime, whole.threads, whole.precision)
        parts = {r.part: r for r in self.rows if (r.model, r.runtime, r.threads, r.precision) == alike}
        if not {"backbone", "temporal"} <= set(parts):
            return None
        return parts["temporal"].median_ms / parts["backbone"].median_ms


def compare(
    manifests: Iterable[Manifest],
    *,
    budget_s: float = 10.0,
    threads: tuple[int, ...] = (1, 2),
    runtimes: tuple[Runtime, ...] = (),
    untrained: bool = True,
) -> Comparison:
    """Measure everything that works here: the given models and, unless told otherwise, the untrained ones."""
    installed = list(manifests)
    found = runtimes or (OpenVinoRuntime(), OnnxRuntime())
    with ExitStack() as stack:
        everybody = [one for manifest in installed for one in contenders(manifest, found, threads, parts=True)]
        if untrained:
            folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="desktop-affect-bench-")))
            for manifest in untrained_models(folder, *_like(installed)):
                everybody += contenders(manifest, found, threads, parts=False)
        for one in everybody:
            stack.callback(one.close)
        samples = _take_turns(everybody, budget_s)
    peaks = {count: peak_gmacs_per_s(count) for count in threads}
    return Comparison(tuple(_row(one, samples[one.key].timing(), peaks) for one in everybody), peaks)


def _like(installed: list[Manifest]) -> tuple[int, int]:
    """Size of the picture and number of views (the mirror image is the second) of the first installed mixer."""
    mixer = next((manifest for manifest in installed if manifest.family is Family.MIXER), None)
    if mixer is None:
        return USUAL_SIZE_PX, 1
    size_px = max(mixer.input.size_px // REDUCTION, 1) * REDUCTION
    work = multiply_adds(graphs(mixer, Precision.FP32)["backbone"])
    return size_px, 2 if work > 1.5 * multiply_adds(backbone_graph(size_px)) else 1


def _take_turns(everybody: list[Contender], budget_s: float) -> dict[str, Samples]:
    samples = {one.key: Samples() for one in everybody}
    rest = partial(time.sleep, _REST_S)
    end_s = time.perf_counter() + budget_s
    while True:
        for one in everybody:
            sample_turn(one.step, samples[one.key], rest=rest)
            if one.spins:
                one.close()
        if time.perf_counter() >= end_s:
            return samples


def _row(one: Contender, timing: Timing, peaks: Mapping[int, float]) -> Row:
    gmacs = one.macs / 1e9
    peak = peaks.get(one.threads, max(peaks.values()))
    return Row(
        one.model,
        one.part,
        one.runtime,
        one.threads,
        one.precision.value,
        timing.median_ms,
        timing.p95_ms,
        timing.processor_ms,
        timing.runs,
        gmacs,
        peak_share=gmacs / (timing.median_ms / 1e3) / peak,
    )
