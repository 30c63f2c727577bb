"""How far a frame may be believed: a score in 0..1 and named reasons, from limits in the settings.

Every aspect has one limit, at which it scores 0.5; the score falls from 1 to 0 between 40 % before and 40 % beyond the
limit. The frame's score is that of its worst aspect, so that a person can see what to mend; an aspect below
`NAMED_BELOW` is a reason. A skipped frame was not judged: its score is NaN.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from desktop_affect.core.settings import Settings
from desktop_affect.core.types import NAN, Face, Quality, Sample, Seen

NAMED_BELOW = 0.7
"""The window calls a frame good from here on."""
OTHER_FACES_SCORE = 0.65
"""Named, but over the gate: the participant is told apart from others by place and size."""
_SPREAD = 0.4

REASONS: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        "skipped": ("not analysed: the computer was busy", "Close other programs or ask the camera for fewer frames."),
        "no_face": ("no face in view", "Ask the participant to sit in front of the camera."),
        "occluded": ("part of the face is hidden or outside the picture", "Look for a hand, or the picture's edge."),
        "low_confidence": ("the face tracker is unsure", "Mend the light, the distance or the camera's place."),
        "turned_away": ("the head is turned too far", "Put the camera where the participant looks."),
        "too_small": ("the face is too small in the picture", "Move the camera closer."),
        "too_dark": ("the face is too dark", "Turn on a light in front of the participant."),
        "too_bright": ("the face is too bright", "Dim the light or turn the camera's exposure down."),
        "blurred": ("the face is blurred", "Clean the lens, focus, or add light so that the camera exposes shorter."),
        "other_faces": ("somebody else is in the picture", "Ask others to stay out of the picture."),
        "warming_up": ("the estimate is still warming up", "Wait a moment: the model needs a second of the face."),
    }
)  # fmt: skip
"""Machine name → what a person reads, and what helps."""


@dataclass(frozen=True, slots=True)
class QualityLimits:
    """What the settings say; each is where an aspect scores 0.5."""

    gate: float = 0.5
    confidence: float = 0.5
    yaw_deg: float = 35.0
    pitch_deg: float = 28.0
    face_px: float = 64.0
    dark: float = 0.12
    dimmed_share: float = 0.6
    bright: float = 0.85
    sharpness: float = 8.0

    @classmethod
    def of(cls, settings: Settings) -> QualityLimits:
        names = cls.__dataclass_fields__
        return cls(**{name: settings.number(f"quality.{name}") for name in names})


class QualityJudge:
    """Scores samples in order of time; remembers only how bright this participant's face usually is."""

    def __init__(self, limits: QualityLimits | None = None) -> None:
        self._limits = limits or QualityLimits()
        self._usual = UsualBrightness()

    def judge(self, sample: Sample) -> Quality:
        """Does not raise, whatever is NaN."""
        if sample.seen is Seen.SKIPPED:
            return Quality(NAN, ("skipped",))
        if sample.face is None:
            return Quality(0.0, ("no_face",))
        usual = self._usual.see(sample.t_s, sample.face)
        scores = dict(self._aspects(sample.face, usual))
        if sample.raw is not None and sample.raw.confidence < 1.0:
            scores["warming_up"] = max(sample.raw.confidence, 0.0)
        return self._sum_up(scores)

    def _sum_up(self, scores: dict[str, float]) -> Quality:
        worst_first = sorted(scores, key=lambda name: scores[name])
        score = scores[worst_first[0]]
        named = tuple(name for name in worst_first if scores[name] < NAMED_BELOW)
        return Quality(score, named, usable=score >= self._limits.gate)

    def _aspects(self, face: Face, usual: float) -> Iterator[tuple[str, float]]:
        limits, pose, light = self._limits, face.pose, face.light
        turned = min(_below(abs(pose.yaw_deg), limits.yaw_deg), _below(abs(pose.pitch_deg), limits.pitch_deg))
        small = _above(max(face.box.width, face.box.height), limits.face_px)
        dark = _above(light.brightness, limits.dark)
        dimmed = _above(light.brightness / usual, limits.dimmed_share) if usual > 0 else 1.0
        sure = _above(face.confidence, limits.confidence)
        yield "turned_away", turned
        yield "too_small", small
        yield "too_dark", min(dark, dimmed)
        yield "too_bright", _below(light.brightness, limits.bright)
        yield "blurred", _above(light.sharpness, limits.sharpness)
        # A tracker that is unsure of a near, frontal, well-lit face sees something in front of it, or its other half
        # outside the picture.
        yield ("occluded" if min(turned, small, dark) >= NAMED_BELOW else "low_confidence"), sure
        if face.other_faces > 0:
            yield "other_faces", OTHER_FACES_SCORE


class UsualBrightness:
    """The running mean of a participant's brightness: skins and cameras differ, so a fall is judged against oneself."""

    LEARN_S = 2.0
    """Before that nothing is compared."""
    FORGET_S = 30.0

    def __init__(self) -> None:
        self._track = -1
        self._forget()

    def _forget(self) -> None:
        self._mean, self._seen_s, self._t_s = NAN, 0.0, NAN

    def see(self, t_s: float, face: Face) -> float:
        """The usual brightness; NaN while it is being learnt."""
        if face.track != self._track:
            self._track = face.track
            self._forget()
        if not math.isfinite(face.light.brightness):
            return NAN
        self._learn(t_s, face.light.brightness)
        return self._mean if self._seen_s >= self.LEARN_S else NAN

    def _learn(self, t_s: float, brightness: float) -> None:
        dt_s = min(t_s - self._t_s, 0.5) if t_s > self._t_s else 0.0
        self._t_s = t_s
        if math.isnan(self._mean):
            self._mean = brightness
            return
        self._seen_s += dt_s
        self._mean += (brightness - self._mean) * -math.expm1(-dt_s / min(max(self._seen_s, dt_s, 1e-3), self.FORGET_S))


def _above(value: float, limit: float) -> float:
    """1 well above the limit, 0.5 at it, 0 well below; an unknown value is no reason."""
    return _between((value / limit - 1.0) / (2 * _SPREAD) + 0.5)


def _below(value: float, limit: float) -> float:
    return _between((1.0 - value / limit) / (2 * _SPREAD) + 0.5)


def _between(share: float) -> float:
    return 1.0 if math.isnan(share) else min(max(share, 0.0), 1.0)
