"""The values that travel through the house: frozen, slotted, published once and never changed after.

Conventions, stated once and kept everywhere (tests in tests/vision hold them against the demo's truth):

- Time: seconds on a monotonic clock, taken when the frame was captured. Offline film analysis uses the film's
  own presentation times instead. A `Sample` never carries wall-clock time.
- Picture coordinates: pixels of the unmirrored frame, x to the right, y down.
- "Left" and "right" of a person are the person's own.
- Head pose in degrees. Looking straight into the camera is (0, 0, 0). Yaw is positive when the person turns
  towards their own left (the picture's right in an unmirrored frame), pitch is positive when looking up,
  roll is positive when the head tilts towards their own left shoulder (the picture's right).
- Head position in millimetres in the camera's frame: tx to the picture's right, ty down, tz away from the camera.
- Gaze in degrees relative to the camera's axis, with the same signs as the head's yaw and pitch.
- What was not seen is NaN or None, never zero and never the last value.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum
from types import MappingProxyType
from typing import NamedTuple, TypeAlias

import numpy as np
from numpy.typing import NDArray

NAN = float("nan")

RgbImage: TypeAlias = NDArray[np.uint8]
"""Height × width × 3, RGB, uint8."""

Points: TypeAlias = NDArray[np.float32]
"""Count × 2 or count × 3, float32."""

ACTION_UNITS: tuple[str, ...] = (
    "AU01", "AU02", "AU04", "AU06", "AU07", "AU10", "AU12", "AU15", "AU23", "AU24", "AU25", "AU26",
)  # fmt: skip
"""The twelve action units of the ABAW challenge, in the order every table uses."""

EXPRESSIONS: tuple[str, ...] = (
    "neutral", "happiness", "surprise", "sadness", "anger", "disgust", "fear", "contempt",
)  # fmt: skip
"""The eight expression categories, in the order of the FER+ votes."""

MIMICRY: tuple[str, ...] = (
    "admiration", "amusement", "determination", "empathic_pain", "excitement", "joy",
)  # fmt: skip
"""The six emotional-mimicry intensities of Hume-Vidmimic2."""


def _nothing() -> Mapping[str, float]:
    return MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Frame:
    """One picture from a source."""

    seq: int
    """Counts every frame the source captured since it was opened, from 0; a jump means frames were lost."""
    t_s: float
    pixels: RgbImage
    """Read-only (`flags.writeable` is False). Not always contiguous: see core/colour_order.py."""
    media_t_s: float = NAN
    """The presentation time inside the film, for films and the demo; NaN for a camera."""


class FrameStamp(NamedTuple):
    """What remains of a frame that was captured but not looked at."""

    seq: int
    t_s: float
    media_t_s: float


class Box(NamedTuple):
    """A rectangle in picture pixels."""

    left: float
    top: float
    width: float
    height: float


@dataclass(frozen=True, slots=True)
class HeadPose:
    """Where the head is and where it faces; signs in the module's text."""

    pitch_deg: float
    yaw_deg: float
    roll_deg: float
    tx_mm: float
    ty_mm: float
    tz_mm: float


@dataclass(frozen=True, slots=True)
class Eyes:
    """Gaze and lids. Openness is lid distance over eye width, 0 when closed, about 0.3 when open."""

    gaze_yaw_deg: float
    gaze_pitch_deg: float
    left_openness: float
    right_openness: float
    blink: bool
    """True while both lids are closed."""


@dataclass(frozen=True, slots=True)
class Light:
    """What the picture of the face allows: measured on the face's pixels, judged by signals/quality."""

    brightness: float
    """Mean luminance of the face, 0..1."""
    contrast: float
    """Standard deviation of the luminance of the face, 0..1."""
    sharpness: float
    """Variance of the Laplacian of the face's luminance scaled to 112 px, 0 for flat; higher is sharper."""


@dataclass(frozen=True, slots=True)
class Face:
    """The participant's face on one frame."""

    landmarks: Points
    """478 × 3: x and y in picture pixels, z in the same scale (towards the camera is negative). Read-only.
    Order and meaning are MediaPipe's; 468..477 are the irises."""
    box: Box
    confidence: float
    """The tracker's own, 0..1."""
    track: int
    """Counts up when the participant was lost and somebody was found again: nothing may be carried over."""
    other_faces: int
    """How many other faces are in the picture."""
    pose: HeadPose
    eyes: Eyes
    light: Light


@dataclass(frozen=True, slots=True)
class Affect:
    """What a model, or a model and the rules after it, says a face expresses. An absent head is absent, not zero."""

    valence: float = NAN
    """−1 unpleasant .. +1 pleasant."""
    arousal: float = NAN
    """−1 calm .. +1 activated."""
    action_units: Mapping[str, float] = field(default_factory=_nothing)
    """`AU01` .. `AU26` → 0..1."""
    expressions: Mapping[str, float] = field(default_factory=_nothing)
    """Name → probability."""
    mimicry: Mapping[str, float] = field(default_factory=_nothing)
    """Name → 0..1."""
    hesitancy: float = NAN
    """The probability of a trained ambivalence/hesitancy head; NaN when the model has none."""
    confidence: float = NAN
    """0..1: how full the model's time window is; below 1 the estimate is still warming up."""


class Seen(Enum):
    """What became of a captured frame."""

    FACE = "face"
    NO_FACE = "no_face"
    SKIPPED = "skipped"
    """Captured, but the analysis was busy: the row exists, its values are NaN."""


@dataclass(frozen=True, slots=True)
class Quality:
    """How far the values of a sample may be believed."""

    score: float
    """0 unusable .. 1 good; NaN where no rule judged."""
    reasons: tuple[str, ...] = ()
    """Machine names of what is wrong, most severe first (`signals/quality.py` has their words)."""
    usable: bool = False
    """Over the gate: alerts may fire and plots draw it strong."""


UNJUDGED = Quality(score=NAN)


@dataclass(frozen=True, slots=True)
class Sample:
    """Everything known about one captured frame. One per frame, whether or not anybody was seen on it."""

    seq: int
    t_s: float
    seen: Seen
    media_t_s: float = NAN
    face: Face | None = None
    raw: Affect | None = None
    """As the model gave it."""
    affect: Affect | None = None
    """After baseline correction and smoothing."""
    quality: Quality = UNJUDGED
    present: Mapping[str, bool] = field(default_factory=lambda: MappingProxyType({}))
    """Action unit → present, by the model's thresholds with hysteresis."""
    cues: Mapping[str, float] = field(default_factory=_nothing)
    """Behaviour over windows: `hesitancy`, `blink_rate_per_min`, `gaze_away_share`, ... (docs/signals.md)."""
    baseline_id: str = ""
    tracking_ms: float = NAN
    inference_ms: float = NAN
    latency_ms: float = NAN
    """Capture to the end of this frame's analysis; NaN when a film is analysed offline."""


@dataclass(frozen=True, slots=True)
class Marker:
    """Something the experimenter (or a script) wrote down at a moment."""

    t_s: float
    text: str
    kind: str = "marker"
    """`marker`, `note`, or the name of whatever sent it."""


class AlertPhase(Enum):
    """An alert is published when it begins and again, complete, when it ends."""

    BEGAN = "began"
    ENDED = "ended"


@dataclass(frozen=True, slots=True)
class Alert:
    """A rule fired."""

    number: int
    """Counts alerts of a session from 1; the two phases of one alert share it."""
    phase: AlertPhase
    rule: str
    begin_s: float
    peak_s: float
    end_s: float
    """NaN while it lasts."""
    peak: float
    threshold: float
    reasons: tuple[str, ...]
    """In words, each with its value."""
    experimental: bool = False


class Severity(Enum):
    """How bad a fault is."""

    NOTICE = "notice"
    """Good to know; nothing is missing."""
    WARNING = "warning"
    """Something is missing or late, and is being dealt with."""
    ERROR = "error"
    """A part stopped; the rest goes on."""


@dataclass(frozen=True, slots=True)
class Fault:
    """The one road from an error to a person."""

    t_s: float
    where: str
    """The part: `camera`, `tracker`, `model`, `recorder`, ..."""
    severity: Severity
    message: str
    """In the person's words: what happened."""
    advice: str = ""
    """What to do."""
    detail: str = ""
    """For the log."""


Event: TypeAlias = Marker | Alert | Fault


class CropAlignment(Enum):
    """How a face is cut out for a network."""

    EYES_MOUTH = "eyes_mouth"
    """Similarity transform that brings both eyes and the mouth's centre to fixed places."""
    BOX = "box"
    """The face's bounding box, resized without alignment."""


@dataclass(frozen=True, slots=True)
class CropSpec:
    """The crop a model was trained on; comes from its manifest. Places are shares of the crop's side."""

    size_px: int
    alignment: CropAlignment = CropAlignment.EYES_MOUTH
    eye_y: float = 0.38
    eye_spread: float = 0.36
    """Distance between the eye centres."""
    mouth_y: float = 0.76
    padding: float = 0.0
    """For BOX: how much the box grows on every side, as a share of its size."""


@dataclass(frozen=True, slots=True)
class FaceCrop:
    """A face made ready for a network."""

    pixels: RgbImage
    """size_px × size_px × 3, RGB."""
    t_s: float
    track: int


@dataclass(frozen=True, slots=True)
class ModelInfo:
    """What is known of a loaded model; goes into session headers, `doctor` and the About page."""

    name: str
    version: str
    family: str
    sha256: str
    """Of the manifest, which holds the hashes of the weights."""
    outputs: tuple[str, ...]
    """Heads it has: of `valence_arousal`, `action_units`, `expressions`, `mimicry`, `hesitancy`."""
    crop: CropSpec
    window_s: float
    """0 for a frame-level model."""
    device: str
    """What runs it, e.g. `OpenVINO CPU`."""
    thresholds: Mapping[str, float] = field(default_factory=_nothing)
    """Action unit → presence threshold."""
    trained_on: str = ""
    """One sentence of the card for the interface."""


class SourceKind(Enum):
    """Where frames come from."""

    CAMERA = "camera"
    VIDEO = "video"
    DEMO = "demo"
    PICTURES = "pictures"
    """Photographs, each looked at by itself."""


@dataclass(frozen=True, slots=True)
class SourceInfo:
    """An opened source, as it really is."""

    kind: SourceKind
    name: str
    """For people."""
    stable_id: str
    """The same for the same device tomorrow; a film's path."""
    width_px: int
    height_px: int
    nominal_fps: float
    """What the device or file claims; the status shows what was measured."""
    live: bool
    """True when frames that nobody takes in time are gone (camera, paced film)."""
    frame_count: int = 0
    """0 when unknown or endless."""


class EngineState(Enum):
    """The engine's life: IDLE → OPENING → RUNNING ⇄ LOST → STOPPING → STOPPED; FAILED from anywhere."""

    IDLE = "idle"
    OPENING = "opening"
    RUNNING = "running"
    LOST = "lost"
    """The source vanished and is being looked for; time goes on, rows do not."""
    STOPPING = "stopping"
    STOPPED = "stopped"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Status:
    """A snapshot of the engine for whoever asks."""

    state: EngineState = EngineState.IDLE
    source: SourceInfo | None = None
    model: ModelInfo | None = None
    waiting_for: str = ""
    """What is being opened or loaded, in words; empty when nothing is."""
    captured: int = 0
    analysed: int = 0
    faces: int = 0
    skipped: int = 0
    """Captured, but replaced by a newer frame before the analysis took it."""
    fps_in: float = NAN
    fps_analysed: float = NAN
    latency_ms: float = NAN
    """Median over the last seconds."""
    fault: Fault | None = None
    """The newest."""


@dataclass(frozen=True, slots=True)
class Preview:
    """The newest analysed frame with what was found on it, for the window."""

    frame: Frame
    sample: Sample


@dataclass(frozen=True, slots=True)
class ClockPair:
    """The monotonic clock and the wall clock read at the same moment, so that times can be placed in the day."""

    monotonic_s: float
    wall_utc: str
    """ISO 8601 with offset."""
    uncertainty_s: float


@dataclass(frozen=True, slots=True)
class RunStart:
    """What every sink is told before the first sample."""

    clock: ClockPair
    source: SourceInfo
    model: ModelInfo | None
    app_version: str
    settings: Mapping[str, object] = field(default_factory=lambda: MappingProxyType({}))
    """The settings in force, as the settings file would hold them."""
