"""Synthetic samples for the widgets."""

from __future__ import annotations

import math
from dataclasses import replace

from desktop_affect.core.types import (
    ACTION_UNITS,
    NAN,
    Affect,
    CropSpec,
    Eyes,
    HeadPose,
    Light,
    ModelInfo,
    Quality,
    Sample,
    Seen,
)
from desktop_affect.sinks.history import History
from tests.fakes import face


def sample(t_s: float, valence: float = 0.4, arousal: float = 0.1, score: float = 0.9) -> Sample:
    """One with everything in it."""
    affect = Affect(valence, arousal, {unit: 0.1 * i % 1 for i, unit in enumerate(ACTION_UNITS)})
    return Sample(
        seq=round(t_s * 30), t_s=t_s, seen=Seen.FACE, face=face(), raw=affect, affect=affect,
        quality=Quality(score, (), score > 0.5), cues={"hesitancy": 0.3}, present={"AU12": True},
    )  # fmt: skip


def no_face(t_s: float) -> Sample:
    return Sample(round(t_s * 30), t_s, Seen.NO_FACE)


def posed(
    yaw_deg: float = 0, pitch_deg: float = 0, gaze_deg: tuple[float, float] = (0, 0), blink: bool = False
) -> Sample:
    pose = HeadPose(pitch_deg, yaw_deg, 0, 0, 0, 600)
    eyes = Eyes(gaze_deg[0], gaze_deg[1], 0.3, 0.3, blink)
    return replace(sample(1.0), face=replace(face(), pose=pose, eyes=eyes, light=Light(0.5, 0.2, 100)))


def history(seconds: float, begin_s: float = 100.0, fps: float = 30.0) -> History:
    made = History()
    for i in range(int(seconds * fps)):
        made.on_sample(sample(begin_s + i / fps, math.sin(i / 50), math.cos(i / 70)), None)
    return made


def model(*outputs: str) -> ModelInfo:
    return ModelInfo("test", "1", "frame", "00", outputs, CropSpec(32), 0.0, "CPU", {"AU12": 0.5}, "")


__all__ = ["NAN", "history", "model", "no_face", "posed", "sample"]
