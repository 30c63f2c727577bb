"""Who takes part in a comparison: every model on every runtime, thread count and precision that works here.

A whole step goes from the pixels of a crop to the numbers of an estimate: preprocessing, every network, the window.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator, Mapping
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
from desktop_affect.inference.measure import Step
from desktop_affect.inference.network import CPU, Arrays, Graph, Network, Runtime
from desktop_affect.inference.onnx_runtime import OnnxRuntime
from desktop_affect.inference.runtime import Machine, suited
from desktop_affect.inference.yardstick import multiply_adds
from desktop_affect.system.cv2_import import cv2

log = logging.getLogger(__name__)

WHOLE = "whole step"
AS_EMOTIEFFLIB = "ONNX Runtime as EmotiEffLib"
_CAMERA_INTERVAL_S = 1 / 30


class Place(NamedTuple):
    """Where a contender runs."""

    runtime: Runtime
    threads: int
    precision: Precision


@dataclass(frozen=True, slots=True)
class Contender:
    """One line of the comparison, ready to run."""

    model: str
    part: str
    runtime: str
    threads: int
    precision: Precision
    macs: int
    step: Step
    close: Callable[[], None]
    """Safe to call twice."""
    spins: bool = False
    """Its threads spin on after a step and would slow all others: it is closed after each turn, and its next step
    opens it again."""

    @property
    def key(self) -> str:
        return f"{self.model}/{self.part}/{self.runtime}/{self.threads}/{self.precision.value}"


def contenders(
    manifest: Manifest, runtimes: tuple[Runtime, ...], threads: tuple[int, ...], *, parts: bool
) -> Iterator[Contender]:
    """Those that work here; the log names the others. `parts` also measures each network of a mixer alone."""
    for make in _makers(manifest, runtimes, threads, parts):
        try:
            yield make()
        except ModelError as error:
            log.info("left out of the comparison: %s %s", error, error.detail)


def _makers(
    manifest: Manifest, runtimes: tuple[Runtime, ...], threads: tuple[int, ...], parts: bool
) -> Iterator[Callable[[], Contender]]:
    is_mixer = manifest.family is Family.MIXER
    for precision, runtime, count in product(suited(CPU, manifest.precisions), runtimes, threads):
        place = Place(runtime, count, precision)
        yield partial(_whole, manifest, place)
        if parts and is_mixer and count == threads[0]:
            for role, graph in graphs(manifest, precision).items():
                yield partial(_part, manifest.name, role, graph, place)
    if not is_mixer:
        yield partial(_as_emotiefflib, manifest)


def _whole(manifest: Manifest, place: Place) -> Contender:
    networks = graphs(manifest, place.precision)
    macs = sum(multiply_adds(graph) for graph in networks.values())
    model = _on(manifest, place, networks)
    model.open()
    return _contender(manifest.name, WHOLE, place, macs, _streaming(model, manifest), model.close)


def _on(manifest: Manifest, place: Place, networks: Mapping[str, Graph]) -> AffectModel:
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


def _part(model: str, role: str, graph: Graph, place: Place) -> Contender:
    network = place.runtime.open(graph, CPU, place.threads)
    random = np.random.default_rng(0)
    feeds = {spec.name: random.standard_normal(spec.shape, np.float32) for spec in graph.inputs}
    return _contender(model, role, place, multiply_adds(graph), partial(network.run, feeds), network.close)


def _contender(model: str, part: str, place: Place, macs: int, step: Step, close: Callable[[], None]) -> Contender:
    return Contender(model, part, place.runtime.name, place.threads, place.precision, macs, step, close)


def _as_emotiefflib(manifest: Manifest) -> Contender:
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
    return Contender(manifest.name, WHOLE, AS_EMOTIEFFLIB, 0, Precision.FP32, macs, step, close, spins=True)


def emotiefflib_step(network: Network, graph: Graph, manifest: Manifest, face: RgbImage) -> Arrays:
    """Resize, scale to 0..1 in float64, normalise channel by channel, transpose, run."""
    side = manifest.input.size_px
    x = cv2.resize(face, (side, side)) / 255.0
    for channel in range(3):
        x[..., channel] = (x[..., channel] - manifest.input.mean[channel]) / manifest.input.std[channel]
    return network.run({graph.inputs[0].name: x.transpose(2, 0, 1).astype(np.float32)[np.newaxis]})


def _picture(side: int) -> RgbImage:
    return np.random.default_rng(0).integers(0, 256, (side, side, 3), dtype=np.uint8)
