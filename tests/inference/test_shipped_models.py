"""The models that ship, on the demo participant: whole, independent of the frame rate, streamed like at once."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from types import MappingProxyType
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from desktop_affect.core.types import Affect, FaceCrop
from desktop_affect.inference.catalog import Catalog, graphs, verify
from desktop_affect.inference.load import build
from desktop_affect.inference.manifest import Family, Manifest, Precision
from desktop_affect.inference.network import CPU
from desktop_affect.inference.onnx_runtime import OnnxRuntime
from desktop_affect.inference.preprocess import Preprocessor
from desktop_affect.inference.runtime import Machine
from desktop_affect.sources.demo import DEMO_FILM, DemoSource
from desktop_affect.system.clock import MonotonicClock
from desktop_affect.system.paths import bundled
from desktop_affect.vision.crop import crop_face
from desktop_affect.vision.tracker import MediaPipeTracker

CATALOG = Catalog(bundled("models"), Path("nobody's"))
SECONDS = 2.5


def shipped(family: Family) -> Manifest:
    for entry in CATALOG.entries():
        if entry.manifest is not None and entry.manifest.family is family:
            return entry.manifest
    pytest.skip(f"no {family.value} model is installed in models/")


@pytest.fixture(scope="module")
def mixer() -> Manifest:
    return shipped(Family.MIXER)


@pytest.fixture(scope="module", params=[Family.MIXER, Family.FRAME], ids=lambda family: str(family.value))
def either(request: pytest.FixtureRequest) -> Manifest:
    return shipped(request.param)


@pytest.fixture(scope="module")
def crops_of() -> dict[str, list[FaceCrop]]:
    """The first seconds of the demo as each model sees them."""
    if not bundled(DEMO_FILM).is_file():
        pytest.skip("the demo film is not there")
    source, tracker = DemoSource(clock=MonotonicClock(), paced=False, loop=False), MediaPipeTracker()
    installed = [shipped(family) for family in (Family.MIXER, Family.FRAME)]
    found: dict[str, list[FaceCrop]] = {manifest.name: [] for manifest in installed}
    try:
        source.open()
        tracker.open()
        while (frame := source.read()) is not None and frame.media_t_s <= SECONDS:
            face = tracker.track(frame)
            assert face is not None, f"no face on the demo at {frame.media_t_s:.2f} s"
            for manifest in installed:
                pixels = crop_face(frame, face, manifest.crop).pixels
                found[manifest.name].append(FaceCrop(pixels, frame.media_t_s, 1))
    finally:
        tracker.close()
        source.close()
    return found


@pytest.fixture(scope="module")
def crops(mixer: Manifest, crops_of: dict[str, list[FaceCrop]]) -> list[FaceCrop]:
    return crops_of[mixer.name]


def in_precision(manifest: Manifest, precision: Precision) -> Manifest:
    """The model with the files of one precision alone, so that nothing is left to measuring."""
    networks = [
        replace(network, files=MappingProxyType({Precision.FP32: network.file(precision)}))
        for network in manifest.networks
    ]
    return replace(manifest, networks=tuple(networks))


def stream(manifest: Manifest, crops: list[FaceCrop], precision: Precision = Precision.FP32) -> list[Affect]:
    model = build(in_precision(manifest, precision), "cpu", 1, Machine([OnnxRuntime()]))
    model.open()
    estimates = [model.estimate(crop) for crop in crops]
    model.close()
    return estimates


def values(affect: Affect) -> list[float]:
    return [affect.valence, affect.arousal, *affect.expressions.values(), *affect.action_units.values()]


@pytest.mark.parametrize("entry", CATALOG.entries(), ids=lambda entry: str(entry.name))
def test_every_installed_model_is_whole(entry: object) -> None:
    manifest = getattr(entry, "manifest", None)
    assert isinstance(manifest, Manifest), getattr(entry, "problem", "")
    verify(manifest)
    assert (manifest.folder / "CARD.md").is_file(), "every model has its card"


def test_the_demo_says_the_same_at_15_30_and_60_frames_a_second(mixer: Manifest, crops: list[FaceCrop]) -> None:
    # What a faster camera would have seen between two frames of the film is nearly their mean.
    between = [
        FaceCrop(((a.pixels.astype(np.uint16) + b.pixels) // 2).astype(np.uint8), (a.t_s + b.t_s) / 2, 1)
        for a, b in pairwise(crops)
    ]
    both = sorted([*crops, *between], key=lambda crop: crop.t_s)
    at_30 = {crop.t_s: values(said) for crop, said in zip(crops, stream(mixer, crops), strict=True)}
    for other in (crops[::2], both):
        for crop, said in zip(other, stream(mixer, other), strict=True):
            if crop.t_s in at_30 and said.confidence == 1.0:
                np.testing.assert_allclose(values(said), at_30[crop.t_s], atol=0.05, err_msg=f"at {crop.t_s:.2f} s")


def test_their_crops_are_alike_and_the_mixer_is_preferred(mixer: Manifest, either: Manifest) -> None:
    assert replace(either.crop, size_px=mixer.crop.size_px) == mixer.crop
    best, problems = CATALOG.best()
    assert (best, problems) == (mixer, [])


def test_a_mirrored_face_reads_the_same(either: Manifest, crops_of: dict[str, list[FaceCrop]]) -> None:
    # The crops themselves are mirrored: what the tracker does differently on a mirrored film is its own.
    some = crops_of[either.name][:45:3]
    mirrored = [FaceCrop(np.ascontiguousarray(crop.pixels[:, ::-1]), crop.t_s, 1) for crop in some]
    for straight, other in zip(stream(either, some), stream(either, mirrored), strict=True):
        np.testing.assert_allclose(values(other), values(straight), atol=1e-3)


@pytest.mark.parametrize("precision", list(Precision))
def test_streaming_the_demo_equals_the_clip_at_once(
    mixer: Manifest, crops: list[FaceCrop], precision: Precision
) -> None:
    if precision not in mixer.precisions:
        pytest.skip(f"the mixer has no {precision.value} files")
    assert mixer.window is not None
    runtime, files = OnnxRuntime(), graphs(mixer, precision)
    backbone, head = (runtime.open(files[role], CPU, 1) for role in ("backbone", "temporal"))
    prepare = Preprocessor(mixer.input)
    (image,) = mixer.network("backbone").inputs
    rows: dict[str, list[NDArray[Any]]] = {}
    for crop in crops:
        for name, value in backbone.run({image.name: prepare(crop.pixels)}).items():
            rows.setdefault(name, []).append(value.ravel().copy())
    times = np.array([crop.t_s for crop in crops])
    steps = times[-1] - mixer.window.span_s * (1 - np.arange(mixer.window.steps) / (mixer.window.steps - 1))
    feeds = {
        spec.name: np.stack([np.interp(steps, times, column) for column in np.stack(rows[spec.name]).T], axis=-1)
        .reshape(spec.shape)
        .astype(np.float32)
        for spec in mixer.network("temporal").inputs
    }
    at_once = head.run(feeds)
    streamed = stream(mixer, crops, precision)[-1]
    assert [streamed.valence, streamed.arousal] == pytest.approx(at_once["valence_arousal"][0].tolist(), abs=1e-4)
    assert list(streamed.expressions.values()) == pytest.approx(at_once["expressions"][0].tolist(), abs=1e-4)


def test_lower_precisions_say_on_the_demo_what_fp32_says(either: Manifest, crops_of: dict[str, list[FaceCrop]]) -> None:
    """The card's measures are of single pictures; this is what a person sees."""
    crops = crops_of[either.name]
    full = np.array([values(said) for said in stream(either, crops)])
    for precision in either.precisions:
        lower = np.array([values(said) for said in stream(either, crops, precision)])
        assert np.abs(lower - full).mean() < 0.02, precision
