"""A session with everything in it that an export must not lose, written by the real journal.

Thirty rows a second: a calm first second, a smile, two seconds without a face, a skipped frame in every ten.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from desktop_affect.core.types import (
    ACTION_UNITS,
    EXPRESSIONS,
    NAN,
    Affect,
    Alert,
    AlertPhase,
    Event,
    Eyes,
    HeadPose,
    Marker,
    Quality,
    Sample,
    Seen,
)
from desktop_affect.session.reader import Session, read_session
from tests.fakes import face
from tests.session.recorded import record

FPS = 30
BEGIN_S = 100.0
GONE_S = (4.0, 6.0)

EVENTS: tuple[Event, ...] = (
    Marker(BEGIN_S + 1.0, "stimulus 1, “Ferdinand”"),
    Marker(BEGIN_S + 3.0, "question\nwith a second line"),
    Alert(1, AlertPhase.BEGAN, "hesitancy", BEGIN_S + 2.0, BEGIN_S + 2.0, NAN, 0.7, 0.6, ("lips 0.7",), True),
    Alert(
        1, AlertPhase.ENDED, "hesitancy", BEGIN_S + 2.0, BEGIN_S + 2.5, BEGIN_S + 3.0, 0.8, 0.6,
        ("lip press 0.8", "looked away twice"), True,
    ),
)  # fmt: skip


def affect(t_s: float, shift: float) -> Affect:
    smile = max(0.0, math.sin((t_s - 1) * 0.8)) if t_s > 1 else 0.0
    units = dict.fromkeys(ACTION_UNITS, 0.125 + shift)
    return Affect(
        valence=0.25 + smile / 2 + shift,
        arousal=-0.5 + shift,
        action_units={**units, "AU12": min(1.0, 0.25 + smile / 2 + shift)},
        expressions={name: 0.125 for name in EXPRESSIONS},
        confidence=1.0,
    )


def sample(seq: int) -> Sample:
    t_s = seq / FPS
    if seq % 10 == 9:
        return Sample(seq, BEGIN_S + t_s, Seen.SKIPPED)
    if GONE_S[0] <= t_s < GONE_S[1]:
        return Sample(seq, BEGIN_S + t_s, Seen.NO_FACE, quality=Quality(0.0, ("no_face",)), latency_ms=9.0)
    seen = replace(
        face(),
        pose=HeadPose(pitch_deg=10.0, yaw_deg=-20.0, roll_deg=5.0, tx_mm=12.5, ty_mm=-8.0, tz_mm=600.0),
        eyes=Eyes(gaze_yaw_deg=15.0, gaze_pitch_deg=-10.0, left_openness=0.3, right_openness=0.3, blink=seq % 60 < 4),
    )
    live = affect(t_s, 0.0625)
    return Sample(
        seq=seq,
        t_s=BEGIN_S + t_s,
        seen=Seen.FACE,
        face=seen,
        raw=affect(t_s, 0.0),
        affect=live,
        quality=Quality(0.875, ("turned",), usable=True),
        present={unit: live.action_units[unit] > 0.5 for unit in ACTION_UNITS},
        cues={"hesitancy": 0.25, "blink_rate_per_min": 12.0},
        baseline_id="Nancy’s baseline",
        latency_ms=11.5,
        inference_ms=3.0,
        tracking_ms=4.0,
    )


def samples(duration_s: float = 8.0) -> Iterator[Sample]:
    return map(sample, range(int(duration_s * FPS)))


def performed(folder: Path, duration_s: float = 8.0) -> Session:
    return read_session(record(folder, samples(duration_s), EVENTS))
