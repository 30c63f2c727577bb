"""Samples for the tests of sessions."""

from __future__ import annotations

from dataclasses import replace
from types import MappingProxyType

import numpy as np

from desktop_affect.core.types import (
    ACTION_UNITS,
    EXPRESSIONS,
    MIMICRY,
    Affect,
    Box,
    Eyes,
    HeadPose,
    Light,
    Quality,
    RunStart,
    Sample,
    Seen,
)
from desktop_affect.session.format import SAMPLE_COLUMNS, Part
from tests.fakes import INFO, MODEL_INFO, clock_pair, face

CUES = tuple(column.key for column in SAMPLE_COLUMNS if column.part is Part.CUES)


def start(live: bool = True) -> RunStart:
    return RunStart(clock_pair(), replace(INFO, live=live), MODEL_INFO, "0.1.0", MappingProxyType({"schema": 1}))


def float32s(rng: np.random.Generator, count: int) -> list[float]:
    return [float(value) for value in rng.random(count, dtype=np.float32)]


def affect(rng: np.random.Generator) -> Affect:
    valence, arousal, hesitancy, confidence = float32s(rng, 4)
    return Affect(
        valence=valence,
        arousal=arousal,
        action_units=dict(zip(ACTION_UNITS, float32s(rng, len(ACTION_UNITS)), strict=True)),
        expressions=dict(zip(EXPRESSIONS, float32s(rng, len(EXPRESSIONS)), strict=True)),
        mimicry=dict(zip(MIMICRY, float32s(rng, len(MIMICRY)), strict=True)),
        hesitancy=hesitancy,
        confidence=confidence,
    )


def full_sample(seq: int = 0, t_s: float = 100.0, seed: int = 1) -> Sample:
    """Every column is known."""
    rng = np.random.default_rng(seed)
    values = float32s(rng, 22)
    seen_face = replace(
        face(),
        pose=HeadPose(*values[:6]),
        eyes=Eyes(values[6], values[7], values[8], values[9], bool(rng.integers(2))),
        light=Light(*values[10:13]),
        box=Box(*values[13:17]),
        other_faces=2,
    )
    return Sample(
        seq=seq,
        t_s=t_s,
        seen=Seen.FACE,
        media_t_s=t_s - 50,
        face=seen_face,
        raw=affect(rng),
        affect=affect(rng),
        quality=Quality(values[17], ("dark", "turned_away"), usable=True),
        present={unit: bool(rng.integers(2)) for unit in ACTION_UNITS},
        cues=dict(zip(CUES, float32s(rng, len(CUES)), strict=True)),
        baseline_id="P07, first 10 s",
        tracking_ms=values[20],
        inference_ms=values[21],
        latency_ms=11.5,
    )


def bare_sample(seq: int = 0, t_s: float = 100.0, seen: Seen = Seen.SKIPPED) -> Sample:
    return Sample(seq, t_s, seen)
