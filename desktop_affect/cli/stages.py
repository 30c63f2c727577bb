"""Measures each stage alone, on one thread, over the same stretch of the demo film."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import partial
from time import perf_counter, process_time
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from desktop_affect.core.ports import FrameSource
from desktop_affect.core.types import Affect, Face, Frame, ModelInfo, Sample, Seen
from desktop_affect.pipeline.analysis import AnalysisParts

T = TypeVar("T")

# The first calls find the face, fill caches and wake the processor up; a study runs for minutes after them.
WARM_UP = 20


@dataclass(frozen=True, slots=True)
class StageTime:
    """How long one stage takes for one frame."""

    name: str
    median_ms: float
    p95_ms: float
    per_second: float
    """How many frames a second the stage alone could do: 1 / mean."""
    processor_ms: float
    """Mean processor time, which other programs hardly change."""


def summarise(name: str, durations_s: NDArray[np.float64], processor_s: NDArray[np.float64]) -> StageTime:
    median_ms, p95_ms = (float(value) * 1e3 for value in np.percentile(durations_s, [50, 95]))
    return StageTime(name, median_ms, p95_ms, 1 / float(durations_s.mean()), float(processor_s.mean()) * 1e3)


def timed(name: str, calls: Iterable[Callable[[], T]]) -> tuple[StageTime, list[T]]:
    """Run the calls one after the other; their results, and their times without the warm-up."""
    results, times_s = [], []
    for call in calls:
        processor_s, began_s = process_time(), perf_counter()
        results.append(call())
        times_s.append((perf_counter() - began_s, process_time() - processor_s))
    durations_s, processor = np.array(times_s[WARM_UP:] or times_s).T
    return summarise(name, durations_s, processor), results


def measure_stages(source: FrameSource, parts: AnalysisParts, count: int) -> list[StageTime]:
    """Decode, track, crop, estimate and judge `count` frames in a row."""
    source.open()
    parts.tracker.open()
    info = parts.model.open() if parts.model is not None else None
    try:
        # Frames that are kept need fresh memory, which costs more than decoding; the application keeps none.
        decode, _ = timed("decode", [lambda: source.read() is not None] * (count + WARM_UP))
        kept = [frame for frame in (source.read() for _ in range(count + WARM_UP)) if frame is not None]
        return [decode, *_analysis(parts, info, kept)]
    finally:
        source.close()
        parts.tracker.close()
        if parts.model is not None:
            parts.model.close()


def _analysis(parts: AnalysisParts, info: ModelInfo | None, frames: list[Frame]) -> list[StageTime]:
    parts.signals.use_model(info)
    track, faces = timed("track", [partial(parts.tracker.track, frame) for frame in frames])
    crop_and_estimate, affects = _network(parts, info, frames, faces)
    samples = [_sample(*each) for each in zip(frames, faces, affects, strict=True)]
    return [
        track,
        *crop_and_estimate,
        timed("signals", [partial(parts.signals.judge, sample) for sample in samples])[0],
    ]


def _network(
    parts: AnalysisParts, info: ModelInfo | None, frames: list[Frame], faces: list[Face | None]
) -> tuple[list[StageTime], list[Affect | None]]:
    """The times of the network's stages, and an estimate for every frame with a face."""
    model = parts.model
    if model is None or info is None:
        return [], [None] * len(frames)
    seen = [(frame, face) for frame, face in zip(frames, faces, strict=True) if face is not None]
    crop, crops = timed("crop", [partial(parts.cropper, frame, face, info.crop) for frame, face in seen])
    estimate, estimates = timed("estimate", [partial(model.estimate, each) for each in crops])
    left = iter(estimates)
    return [crop, estimate], [next(left) if face is not None else None for face in faces]


def _sample(frame: Frame, face: Face | None, affect: Affect | None) -> Sample:
    seen = Seen.FACE if face else Seen.NO_FACE
    return Sample(frame.seq, frame.t_s, seen, frame.media_t_s, face, raw=affect, affect=affect)
