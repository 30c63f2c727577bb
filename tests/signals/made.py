"""Samples made by hand: what a tracker and a model would say of a face that does as it is told."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from types import MappingProxyType

import numpy as np

from desktop_affect.core.settings import Value
from desktop_affect.core.settings_table import default_settings
from desktop_affect.core.types import (
    ACTION_UNITS,
    NAN,
    Affect,
    Alert,
    Box,
    CropSpec,
    Eyes,
    Face,
    HeadPose,
    Light,
    ModelInfo,
    Sample,
    Seen,
)
from desktop_affect.signals.baseline import Baseline
from desktop_affect.signals.chain import SignalChain

FPS = 30.0
_NO_LANDMARKS = np.zeros((478, 3), dtype=np.float32)
_NO_LANDMARKS.flags.writeable = False

MODEL = ModelInfo(
    name="made",
    version="1",
    family="frame",
    sha256="00",
    outputs=("valence_arousal", "action_units"),
    crop=CropSpec(112),
    window_s=0.0,
    device="nothing",
    thresholds=MappingProxyType(dict.fromkeys(ACTION_UNITS, 0.3)),
)


def face(
    *,
    yaw_deg: float = 0.0,
    pitch_deg: float = 0.0,
    gaze_yaw_deg: float = 0.0,
    gaze_pitch_deg: float = -3.0,
    blink: bool = False,
    brightness: float = 0.46,
    sharpness: float = 300.0,
    confidence: float = 1.0,
    height_px: float = 250.0,
    track: int = 1,
    other_faces: int = 0,
) -> Face:
    """Near, frontal, well lit, looking at the screen, unless told otherwise."""
    return Face(
        landmarks=_NO_LANDMARKS,
        box=Box(500.0, 200.0, height_px * 0.8, height_px),
        confidence=confidence,
        track=track,
        other_faces=other_faces,
        pose=HeadPose(pitch_deg, yaw_deg, 0.0, 0.0, 0.0, 600.0),
        eyes=Eyes(gaze_yaw_deg, gaze_pitch_deg, 0.3, 0.3, blink),
        light=Light(brightness, 0.13, sharpness),
    )


def affect(
    valence: float = 0.0, arousal: float = 0.0, units: Mapping[str, float] | None = None, hesitancy: float = NAN
) -> Affect:
    """Action units that are not named are at rest."""
    values = {**dict.fromkeys(ACTION_UNITS, 0.0), **(units or {})}
    return Affect(valence, arousal, MappingProxyType(values), hesitancy=hesitancy, confidence=1.0)


def sample(
    t_s: float, shown: Face | None, said: Affect | None = None, *, seq: int | None = None, skipped: bool = False
) -> Sample:
    seen = Seen.SKIPPED if skipped else Seen.NO_FACE if shown is None else Seen.FACE
    number = round(t_s * FPS) if seq is None else seq
    return Sample(seq=number, t_s=t_s, seen=seen, face=shown, raw=said, affect=said)


def still(seconds: float, begin_s: float = 0.0, fps: float = FPS) -> list[Sample]:
    """Somebody at rest."""
    return [sample(begin_s + k / fps, face(), affect()) for k in range(round(seconds * fps))]


def chain(
    changes: Mapping[str, Value] | None = None, model: ModelInfo | None = MODEL, baseline: Baseline | None = None
) -> SignalChain:
    return SignalChain(default_settings().with_changes(changes or {}), model, baseline)


def judged(through: SignalChain, samples: Iterable[Sample]) -> tuple[list[Sample], list[Alert]]:
    """Everything that comes out."""
    out: list[Sample] = []
    alerts: list[Alert] = []
    for each in samples:
        one, some = through.judge(each)
        out.append(one)
        alerts += some
    return out, alerts


def with_units(base: Affect, **units: float) -> Affect:
    return replace(base, action_units=MappingProxyType({**base.action_units, **units}))
