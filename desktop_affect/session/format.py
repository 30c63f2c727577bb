"""What a session folder holds, schema version 1: file names and the one table of columns.

The table drives the writer, the reader and the exports; `docs/format.md` is held against it by a test.

Every session of a schema version has the same columns, whatever model ran: a head that the model lacks is a column
whose cells are all empty, and `model.outputs` in session.json says which heads there were. Nothing is ever invented,
so an empty cell always means "not known", never zero.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from desktop_affect.core.types import ACTION_UNITS, EXPRESSIONS, MIMICRY

SCHEMA = 1
FORMAT_NAME = "desktop-affect session"

HEADER_FILE = "session.json"
SAMPLES_FILE = "samples.csv"
MARKERS_FILE = "markers.csv"
ALERTS_FILE = "alerts.csv"
EVENTS_FILE = "events.log"
LABELS_FILE = "labels.json"
ANNOTATIONS_FILE = "annotations.log"
FILM_FILE = "film.mkv"
"""Its first part; a film that had to change its encoder goes on in `film_2.mkv`."""
DROPPED_FILE = "film_dropped.csv"
GROUP_FILE = ".film_group.mp4"
"""What a system's encoder is writing at the moment; gone a second later."""

REASON_SEPARATOR = ";"
ALERT_REASON_SEPARATOR = " | "


class Kind(Enum):
    """How a cell is printed, and what it becomes when it is read."""

    COUNT = "whole number"
    TIME = "seconds to the microsecond"
    VALUE = "number, nine significant digits: a float32 reads back equal"
    FLAG = "0 or 1"
    TEXT = "text"


class Part(Enum):
    """Where in a `Sample` a value is found; a part that is absent leaves its cells empty."""

    SAMPLE = "sample"
    DERIVED = "derived"
    AFFECT = "affect"
    RAW = "raw"
    ACTION_UNITS = "affect.action_units"
    RAW_ACTION_UNITS = "raw.action_units"
    PRESENT = "present"
    EXPRESSIONS = "affect.expressions"
    RAW_EXPRESSIONS = "raw.expressions"
    MIMICRY = "affect.mimicry"
    RAW_MIMICRY = "raw.mimicry"
    CUES = "cues"
    FACE = "face"
    BOX = "face.box"
    POSE = "face.pose"
    EYES = "face.eyes"
    LIGHT = "face.light"


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a table on disk."""

    name: str
    unit: str
    """Empty for texts, flags and plain counts."""
    meaning: str
    kind: Kind
    part: Part
    key: str
    """The attribute, or the key of the mapping, inside the part."""


def _value(name: str, unit: str, meaning: str, part: Part, key: str = "") -> Column:
    return Column(name, unit, meaning, Kind.VALUE, part, key or name)


def _flag(name: str, meaning: str, part: Part, key: str = "") -> Column:
    return Column(name, "", meaning, Kind.FLAG, part, key or name)


def _text(name: str, meaning: str, part: Part) -> Column:
    return Column(name, "", meaning, Kind.TEXT, part, name)


_TIME_AND_SIGHT = (
    Column(
        "seq", "", "counts the source's frames from 0; a jump means frames were lost", Kind.COUNT, Part.SAMPLE, "seq"
    ),
    Column("t_s", "s", "capture time since the first row, on a monotonic clock", Kind.TIME, Part.SAMPLE, "t_s"),
    Column(
        "media_t_s", "s", "presentation time inside the film; empty for a camera", Kind.TIME, Part.SAMPLE, "media_t_s"
    ),
    _text("seen", "`face`, `no_face`, or `skipped`: captured while the analysis was busy", Part.DERIVED),
    _flag("face", "1 when the participant's face was found; empty for a skipped frame", Part.DERIVED),
    _value("quality", "0..1", "how far the row may be believed; empty where nothing judged", Part.DERIVED),
    _flag("quality_usable", "1 when the quality is over the gate", Part.DERIVED),
    _text(
        "quality_reasons", f"what is wrong, most severe first, separated by `{REASON_SEPARATOR}`", Part.DERIVED
    ),
)  # fmt: skip

_AFFECT = (
    _value("valence", "-1..1", "unpleasant to pleasant, after baseline and smoothing", Part.AFFECT),
    _value("arousal", "-1..1", "calm to activated, after baseline and smoothing", Part.AFFECT),
    _value("valence_raw", "-1..1", "as the model gave it", Part.RAW, "valence"),
    _value("arousal_raw", "-1..1", "as the model gave it", Part.RAW, "arousal"),
    *(_value(unit, "0..1", "action unit, after baseline and smoothing", Part.ACTION_UNITS) for unit in ACTION_UNITS),
    *(
        _value(f"{unit}_raw", "0..1", "action unit, as the model gave it", Part.RAW_ACTION_UNITS, unit)
        for unit in ACTION_UNITS
    ),
    *(_flag(f"{unit}_present", "present, by the model's threshold", Part.PRESENT, unit) for unit in ACTION_UNITS),
    *(
        _value(f"expression_{name}", "0..1", "probability, after smoothing", Part.EXPRESSIONS, name)
        for name in EXPRESSIONS
    ),
    *(
        _value(f"expression_{name}_raw", "0..1", "probability, as the model gave it", Part.RAW_EXPRESSIONS, name)
        for name in EXPRESSIONS
    ),
    *(_value(f"mimicry_{name}", "0..1", "intensity, after smoothing", Part.MIMICRY, name) for name in MIMICRY),
    *(
        _value(f"mimicry_{name}_raw", "0..1", "intensity, as the model gave it", Part.RAW_MIMICRY, name)
        for name in MIMICRY
    ),
    _value("hesitancy_model", "0..1", "a trained hesitancy head, after smoothing", Part.AFFECT, "hesitancy"),
    _value("hesitancy_model_raw", "0..1", "the same, as the model gave it", Part.RAW, "hesitancy"),
    _value("model_confidence", "0..1", "how full the model's window was; below 1 it warms up", Part.RAW, "confidence"),
)  # fmt: skip

# What signals/catalogue.py calls behaviour and hesitancy; a test keeps the two the same.
_CUES = (
    _value("blink_rate_per_min", "1/min", "blinks over the last window", Part.CUES),
    _value("gaze_away_share", "0..1", "share of the last window in which the eyes pointed away", Part.CUES),
    _value("head_shake_rate_per_min", "1/min", "head shakes over the last window", Part.CUES),
    _value("nod_rate_per_min", "1/min", "nods over the last window", Part.CUES),
    _value("hesitancy", "0..1", "index from the cues below, or the model's own (experimental)", Part.CUES),
    _value("hesitancy_mixed_smile", "0..1", "cue: a smile that other parts of the face contradict", Part.CUES),
    _value("hesitancy_gaze_aversion", "0..1", "cue: looks away in the last seconds", Part.CUES),
    _value("hesitancy_head_shake", "0..1", "cue: swings of the head in the last seconds", Part.CUES),
    _value("hesitancy_tense_aversion", "0..1", "cue: looks away with lowered brows or pressed lips", Part.CUES),
    _value("hesitancy_lip_press", "0..1", "cue: lips pressed or tightened, not while speaking", Part.CUES),
    _value("hesitancy_brow_conflict", "0..1", "cue: brows raised and lowered at once", Part.CUES),
    _value("hesitancy_valence_flips", "0..1", "cue: valence changed its sign in the last seconds", Part.CUES),
    _value("hesitancy_blink_burst", "0..1", "cue: many blinks in the last seconds", Part.CUES),
    _value("hesitancy_head_aversion", "0..1", "cue: the head turned away from where it usually is", Part.CUES),
)

_FACE = (
    _value("pitch_deg", "deg", "head, positive looking up", Part.POSE),
    _value("yaw_deg", "deg", "head, positive towards the person's own left", Part.POSE),
    _value("roll_deg", "deg", "head, positive tilting to the person's own left shoulder", Part.POSE),
    _value("tx_mm", "mm", "head from the camera, to the picture's right", Part.POSE),
    _value("ty_mm", "mm", "head from the camera, downwards", Part.POSE),
    _value("tz_mm", "mm", "head from the camera, away from it", Part.POSE),
    _value("gaze_yaw_deg", "deg", "gaze from the camera's axis, sign as yaw_deg", Part.EYES),
    _value("gaze_pitch_deg", "deg", "gaze from the camera's axis, sign as pitch_deg", Part.EYES),
    _value("left_openness", "ratio", "lid distance over eye width, the person's own left eye", Part.EYES),
    _value("right_openness", "ratio", "lid distance over eye width, the person's own right eye", Part.EYES),
    _flag("blink", "1 while both lids are closed", Part.EYES),
    _value("other_faces", "count", "other faces in the picture", Part.FACE),
    _value("track", "count", "grows when the participant was lost and somebody was found again", Part.FACE),
    _value("face_confidence", "0..1", "the face tracker's own", Part.FACE, "confidence"),
    _value("face_left_px", "px", "left edge of the face's box", Part.BOX, "left"),
    _value("face_top_px", "px", "top edge of the face's box", Part.BOX, "top"),
    _value("face_width_px", "px", "width of the face's box", Part.BOX, "width"),
    _value("face_height_px", "px", "height of the face's box", Part.BOX, "height"),
    _value("brightness", "0..1", "mean luminance of the face", Part.LIGHT),
    _value("contrast", "0..1", "standard deviation of the luminance of the face", Part.LIGHT),
    _value("sharpness", "", "variance of the Laplacian of the face at 112 px; higher is sharper", Part.LIGHT),
)

_WORK = (
    _text("baseline_id", "which personal baseline was applied; empty for none", Part.SAMPLE),
    _value("latency_ms", "ms", "capture to the end of the analysis; empty offline", Part.SAMPLE),
    _value("inference_ms", "ms", "time in the networks", Part.SAMPLE),
    _value("tracking_ms", "ms", "time in the face tracker", Part.SAMPLE),
)

SAMPLE_COLUMNS: tuple[Column, ...] = (*_TIME_AND_SIGHT, *_AFFECT, *_CUES, *_FACE, *_WORK)
"""samples.csv, in order: one row per captured frame, also those without a face and those skipped."""

SAMPLE_NAMES: tuple[str, ...] = tuple(column.name for column in SAMPLE_COLUMNS)

MARKER_NAMES: tuple[str, ...] = ("t_s", "kind", "text")
ALERT_NAMES: tuple[str, ...] = (
    "number", "phase", "rule", "begin_s", "peak_s", "end_s", "peak", "threshold", "reasons", "experimental",
)  # fmt: skip

DROPPED_NAMES: tuple[str, ...] = ("seq", "t_s", "reason")
"""Frames that have a row but no picture in the film."""


def header_line(names: tuple[str, ...]) -> str:
    """The first line of a table on disk."""
    return ",".join(names) + "\n"
