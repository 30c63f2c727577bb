"""A recorded session as the samples and events that it was made from, in the order in which they came.

What samples.csv does not hold is not invented: a replayed face has no landmarks (an array of none), and no picture.
"""

from __future__ import annotations

import heapq
import math
from collections.abc import Iterable, Iterator, Mapping
from types import MappingProxyType
from typing import Any

import numpy as np

from desktop_affect.core.types import (
    ACTION_UNITS,
    EXPRESSIONS,
    MIMICRY,
    NAN,
    Affect,
    Alert,
    AlertPhase,
    Box,
    ClockPair,
    CropAlignment,
    CropSpec,
    Event,
    Eyes,
    Face,
    HeadPose,
    Light,
    ModelInfo,
    Points,
    Quality,
    RunStart,
    Sample,
    Seen,
    SourceInfo,
    SourceKind,
)
from desktop_affect.session.format import REASON_SEPARATOR, SAMPLE_COLUMNS, SAMPLE_NAMES, Part
from desktop_affect.session.header import Document
from desktop_affect.session.reader import Session

Row = Mapping[str, Any]

_CHUNK_ROWS = 2048
_CUES = tuple(column.key for column in SAMPLE_COLUMNS if column.part is Part.CUES)
_BOX = ("face_left_px", "face_top_px", "face_width_px", "face_height_px")

_NO_LANDMARKS: Points = np.zeros((0, 3), dtype=np.float32)
_NO_LANDMARKS.flags.writeable = False


def samples(session: Session, begin_s: float = 0.0) -> Iterator[Sample]:
    """Every row from a time on; `t_s` counts from the session's first row."""
    first = int(np.searchsorted(np.maximum.accumulate(session["t_s"]), begin_s)) if session.rows else 0
    for begin in range(first, session.rows, _CHUNK_ROWS):
        piece = slice(begin, begin + _CHUNK_ROWS)
        columns = [session[name][piece].tolist() for name in SAMPLE_NAMES]
        for values in zip(*columns, strict=True):
            yield _sample(dict(zip(SAMPLE_NAMES, values, strict=True)))


def sample_at(session: Session, row: int) -> Sample:
    """One row. Raises IndexError."""
    return _sample({name: _python(value) for name, value in session.row(row).items()})


def _python(value: Any) -> Any:
    return value.item() if isinstance(value, np.generic) else value


def _sample(row: Row) -> Sample:
    return Sample(
        seq=row["seq"],
        t_s=row["t_s"],
        seen=Seen(row["seen"]),
        media_t_s=row["media_t_s"],
        face=_face(row) if row["face"] == 1 else None,
        raw=_affect(row, "_raw"),
        affect=_affect(row, ""),
        quality=_quality(row),
        present=MappingProxyType({u: bool(v) for u in ACTION_UNITS if not math.isnan(v := row[f"{u}_present"])}),
        cues=_known({name: row[name] for name in _CUES}),
        baseline_id=row["baseline_id"],
        tracking_ms=row["tracking_ms"],
        inference_ms=row["inference_ms"],
        latency_ms=row["latency_ms"],
    )


def _known(values: Mapping[str, float]) -> Mapping[str, float]:
    return MappingProxyType({name: value for name, value in values.items() if not math.isnan(value)})


def _affect(row: Row, tail: str) -> Affect | None:
    """None where the model said nothing; a head without any value is absent."""
    affect = Affect(
        valence=row[f"valence{tail}"],
        arousal=row[f"arousal{tail}"],
        action_units=_known({unit: row[f"{unit}{tail}"] for unit in ACTION_UNITS}),
        expressions=_known({name: row[f"expression_{name}{tail}"] for name in EXPRESSIONS}),
        mimicry=_known({name: row[f"mimicry_{name}{tail}"] for name in MIMICRY}),
        hesitancy=row[f"hesitancy_model{tail}"],
        confidence=row["model_confidence"],
    )
    dimensions = (affect.valence, affect.arousal, affect.hesitancy, affect.confidence)
    says = affect.action_units or affect.expressions or affect.mimicry or not all(map(math.isnan, dimensions))
    return affect if says else None


def _quality(row: Row) -> Quality:
    reasons = tuple(row["quality_reasons"].split(REASON_SEPARATOR)) if row["quality_reasons"] else ()
    return Quality(row["quality"], reasons, usable=row["quality_usable"] == 1)


def _face(row: Row) -> Face:
    return Face(
        landmarks=_NO_LANDMARKS,
        box=Box(*(row[name] for name in _BOX)),
        confidence=row["face_confidence"],
        track=_count(row["track"]),
        other_faces=_count(row["other_faces"]),
        pose=HeadPose(*(row[name] for name in ("pitch_deg", "yaw_deg", "roll_deg", "tx_mm", "ty_mm", "tz_mm"))),
        eyes=Eyes(
            gaze_yaw_deg=row["gaze_yaw_deg"],
            gaze_pitch_deg=row["gaze_pitch_deg"],
            left_openness=row["left_openness"],
            right_openness=row["right_openness"],
            blink=row["blink"] == 1,
        ),
        light=Light(row["brightness"], row["contrast"], row["sharpness"]),
    )


def _count(value: float) -> int:
    return 0 if math.isnan(value) else int(value)


def recording(session: Session, begin_s: float = 0.0) -> Iterator[tuple[float, Sample | Event]]:
    """Samples, markers and alerts with their moments, in order. An alert comes when it begins and when it ends."""
    events = sorted((event for event in _events(session) if event[0] >= begin_s), key=_moment)
    rows = ((sample.t_s, sample) for sample in samples(session, begin_s))
    return heapq.merge(rows, events, key=_moment)


def _moment(timed: tuple[float, Sample | Event]) -> float:
    return timed[0]


def _events(session: Session) -> Iterator[tuple[float, Event]]:
    for marker in session.markers:
        yield marker.t_s, marker
    for alert in session.alerts:
        yield from _phases(alert)


def _phases(alert: Alert) -> Iterable[tuple[float, Event]]:
    yield alert.begin_s, _began(alert)
    if alert.phase is AlertPhase.ENDED:
        yield alert.end_s, alert


def _began(alert: Alert) -> Alert:
    """As it was when it began; its peak and reasons are those of the end, which are all that is known."""
    return Alert(
        alert.number, AlertPhase.BEGAN, alert.rule, alert.begin_s, alert.peak_s, NAN, alert.peak, alert.threshold,
        alert.reasons, alert.experimental,
    )  # fmt: skip


def run_start(session: Session) -> RunStart:
    """What sinks were told when the session was recorded."""
    document = session.header
    clock = document["clock"]["opened"]
    return RunStart(
        clock=ClockPair(clock["monotonic_s"], clock["wall_utc"], clock["uncertainty_s"]),
        source=_source(document["source"]),
        model=None if document["model"] is None else _model(document["model"]),
        app_version=document["app"]["version"],
        settings=MappingProxyType(dict(document["settings"])),
    )


def _source(facts: Document) -> SourceInfo:
    return SourceInfo(
        kind=SourceKind(facts["kind"]),
        name=facts["name"],
        stable_id=facts["stable_id"],
        width_px=facts["width_px"],
        height_px=facts["height_px"],
        nominal_fps=NAN if facts["nominal_fps"] is None else facts["nominal_fps"],
        live=facts["live"],
        frame_count=facts["frame_count"],
    )


def _model(facts: Document) -> ModelInfo:
    crop = facts["crop"]
    places = {name: crop[name] for name in ("eye_y", "eye_spread", "mouth_y", "padding")}
    return ModelInfo(
        name=facts["name"],
        version=facts["version"],
        family=facts["family"],
        sha256=facts["sha256"],
        outputs=tuple(facts["outputs"]),
        crop=CropSpec(crop["size_px"], CropAlignment(crop["alignment"]), **places),
        window_s=facts["window_s"],
        device=facts["device"],
        thresholds=MappingProxyType(dict(facts["thresholds"])),
        trained_on=facts["trained_on"],
    )
