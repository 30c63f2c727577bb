"""Models side by side on this machine, in one run, taking turns: runtimes, threads, precisions, parts.

`compare` is pure measuring; `desktop-affect bench --models` prints what it returns. A whole step goes from the pixels
of a crop to the numbers of an estimate: preprocessing, every network, the window.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from itertools import product
from typing import NamedTuple

import numpy as np

from desktop_affect.core.errors import ModelError
from desktop_affect.core.ports import AffectModel
from desktop_affect.core.types import FaceCrop, RgbImage
from desktop_affect.inference.catalog import graphs
from desktop_affect.inference.choice import ChoiceMemory
from desktop_affect.inference.fallback import SteadyNetworks
from desktop_affect.inference.load import assemble
from desktop_affect.inference.manifest import Family, Manifest, Precision
from desktop_affect.inference.measure import Samples, Step, Timing, sample_alternating
from desktop_affect.inference.network import CPU, Arrays, Graph, Network, Runtime
from desktop_affect.inference.onnx_runtime import OnnxRuntime
from desktop_affect.inference.openvino_runtime import OpenVinoRuntime
from desktop_affect.inference.runtime import Machine, suited
from desktop_affect.inference.yardstick import multiply_adds, peak_gmacs_per_s
from desktop_affect.system.cv2_import import cv2

log = logging.getLogger(__name__)

WHOLE = "whole step"
AS_EMOTIEFFLIB = "ONNX Runtime as EmotiEffLib"
_REST_S = 0.002
_CYCLES = 3
_CAMERA_INTERVAL_S = 1 / 30


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
    """The contender's multiply-adds a second over the most that the machine gave with as many threads."""


@dataclass(frozen=True, slots=True)
class Comparison:
    """All rows of one run, and the machine's measured peak by threads in billions of multiply-adds a second."""

    rows: tuple[Row, ...]
    peak_gmacs_per_s: Mapping[int, float]

    def ratio(self, row: Row) -> float:
        """How many times as long as the first row it took."""
        return row.median_ms / self.rows[0].median_ms


class _Place(NamedTuple):
    """Where a contender runs."""

    runtime: Runtime
    threads: int
    precision: Precision


@dataclass(frozen=True, slots=True)
class _Contender:
    model: str
    part: str
    runtime: str
    threads: int
    precision: Precision
    macs: int
    step: Step
    close: Callable[[], None]
    """For a contender that spins also between cycles; its next step opens it again."""
    spins: bool = False

    @property
    def key(self) -> str:
        return f"{self.model}/{self.part}/{self.runtime}/{self.threads}/{self.precision.value}"


def compare(
    manifests: Iterable[Manifest],
    *,
    budget_s: float = 10.0,
    threads: tuple[int, ...] = (1, 2),
    parts: bool = True,
    runtimes: tuple[Runtime, ...] = (),
) -> Comparison:
    """Measure everything that works here. `parts` also measures each network of a mixer alone."""
    contenders: list[_Contender] = []
    try:
        for manifest in manifests:
            contenders += _contenders(manifest, runtimes or (OpenVinoRuntime(), OnnxRuntime()), threads, parts)
        samples = {one.key: Samples() for one in contenders}
        for _ in range(_CYCLES):
            _measure_cycle(contenders, samples, budget_s / _CYCLES)
    finally:
        for contender in contenders:
            contender.close()
    peaks = {count: peak_gmacs_per_s(count) for count in threads}
    return Comparison(tuple(_row(one, samples[one.key].timing(), peaks) for one in contenders), peaks)


def _measure_cycle(contenders: list[_Contender], samples: Mapping[str, Samples], budget_s: float) -> None:
    """The quiet ones in turns; then, each by itself, those whose threads spin on and would slow all others."""
    rest = partial(time.sleep, _REST_S)
    quiet = {one.key: one.step for one in contenders if not one.spins}
    share_s = budget_s / max(len(contenders), 1)
    sample_alternating(quiet, samples, share_s * len(quiet), least=2, rest=rest)
    for one in contenders:
        if one.spins:
            sample_alternating({one.key: one.step}, samples, share_s, least=2, rest=rest)
            one.close()


def _row(one: _Contender, timing: Timing, peaks: Mapping[int, float]) -> Row:
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


def _contenders(
    manifest: Manifest, runtimes: tuple[Runtime, ...], threads: tuple[int, ...], parts: bool
) -> Iterator[_Contender]:
    """Those that work here; the log names the others."""
    for make in _makers(manifest, runtimes, threads, parts):
        try:
            yield make()
        except ModelError as error:
            log.info("left out of the comparison: %s %s", error, error.detail)


def _makers(
    manifest: Manifest, runtimes: tuple[Runtime, ...], threads: tuple[int, ...], parts: bool
) -> Iterator[Callable[[], _Contender]]:
    for precision, runtime, count in product(suited(CPU, manifest.precisions), runtimes, threads):
        place = _Place(runtime, count, precision)
        yield partial(_whole, manifest, place)
        if parts and manifest.family is Family.MIXER:
            for role, graph in graphs(manifest, precision).items():
                yield partial(_part, manifest.name, role, graph, place)
    if manifest.family is not Family.MIXER:
        yield partial(_as_emotiefflib, manifest)


def _whole(manifest: Manifest, place: _Place) -> _Contender:
    networks = graphs(manifest, place.precision)
    macs = sum(multiply_adds(graph) for graph in networks.values())
    model = _on(manifest, place, networks)
    model.open()
    return _contender(manifest.name, WHOLE, place, macs, _streaming(model, manifest), model.close)


def _on(manifest: Manifest, place: _Place, networks: Mapping[str, Graph]) -> AffectModel:
    """The model on this one runtime, with the given files whatever their precision."""
    steady = SteadyNetworks(
        lambda: Machine([place.runtime]),
        lambda _: networks,
        (Precision.FP32,),
        model_sha256=manifest.sha256,
        wanted="cpu",
        threads=place.threads,
        memory=ChoiceMemory(None),
    )
    return assemble(manifest, steady)


def _streaming(model: AffectModel, manifest: Manifest) -> Step:
    pixels = _picture(manifest.input.size_px)
    frame = 0

    def step() -> None:
        nonlocal frame
        frame += 1
        model.estimate(FaceCrop(pixels, frame * _CAMERA_INTERVAL_S, 1))

    return step


def _part(model: str, role: str, graph: Graph, place: _Place) -> _Contender:
    network = place.runtime.open(graph, CPU, place.threads)
    random = np.random.default_rng(0)
    feeds = {spec.name: random.standard_normal(spec.shape, np.float32) for spec in graph.inputs}
    return _contender(model, role, place, multiply_adds(graph), partial(network.run, feeds), network.close)


def _contender(model: str, part: str, place: _Place, macs: int, step: Step, close: Callable[[], None]) -> _Contender:
    return _Contender(model, part, place.runtime.name, place.threads, place.precision, macs, step, close)


def _as_emotiefflib(manifest: Manifest) -> _Contender:
    """The same network the way that library runs it: default options, and its own preprocessing of the face."""
    (graph,) = graphs(manifest, Precision.FP32).values()
    face = _picture(manifest.input.size_px)
    opened: list[Network] = []

    def step() -> None:
        if not opened:
            opened.append(OnnxRuntime(spinning=True).open(graph, CPU, 0))
        emotiefflib_step(opened[0], graph, manifest, face)

    def close() -> None:
        for network in opened:
            network.close()
        opened.clear()

    macs = multiply_adds(graph)
    return _Contender(manifest.name, WHOLE, AS_EMOTIEFFLIB, 0, Precision.FP32, macs, step, close, spins=True)


def emotiefflib_step(network: Network, graph: Graph, manifest: Manifest, face: RgbImage) -> Arrays:
    """Resize, scale to 0..1 in float64, normalise channel by channel, transpose, run."""
    side = manifest.input.size_px
    x = cv2.resize(face, (side, side)) / 255.0
    for channel in range(3):
        x[..., channel] = (x[..., channel] - manifest.input.mean[channel]) / manifest.input.std[channel]
    return network.run({graph.inputs[0].name: x.transpose(2, 0, 1).astype(np.float32)[np.newaxis]})


def _picture(side: int) -> RgbImage:
    return np.random.default_rng(0).integers(0, 256, (side, side, 3), dtype=np.uint8)
