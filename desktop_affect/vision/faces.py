"""From the landmarks of everybody in the picture to the participant's `Face`; shared by both trackers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from desktop_affect.core.types import Box, Eyes, Face, Frame, Points
from desktop_affect.vision import landmarks as lm
from desktop_affect.vision.gaze import BlinkDetector, gaze_deg, openness
from desktop_affect.vision.head_pose import HeadFit, PinholeCamera, fit_head
from desktop_affect.vision.light import measure_light
from desktop_affect.vision.participant import Candidate, Participant


@dataclass(frozen=True, slots=True)
class Found:
    """One face as a detector gave it."""

    landmarks: Points
    confidence: float


class FaceBuilder:
    """Keeps what must be remembered from frame to frame: who the participant is, and their open eyes."""

    def __init__(self) -> None:
        self._participant = Participant()
        self._blinks = BlinkDetector()
        self._track = 0

    def build(self, frame: Frame, found: Sequence[Found]) -> Face | None:
        candidates = [Candidate(bounding_box(each.landmarks), each.confidence) for each in found]
        chosen = self._participant.choose(frame.t_s, candidates)
        if chosen is None:
            return None
        if chosen.track != self._track:
            self._track, self._blinks = chosen.track, BlinkDetector()
        landmarks, box = found[chosen.number].landmarks, candidates[chosen.number].box
        height_px, width_px = frame.pixels.shape[:2]
        camera = PinholeCamera.of(width_px, height_px)
        head = fit_head(landmarks, camera)
        return Face(
            landmarks=landmarks,
            box=box,
            confidence=found[chosen.number].confidence,
            track=chosen.track,
            other_faces=chosen.others,
            pose=head.pose(),
            eyes=self._eyes(frame.t_s, landmarks, head, camera),
            light=measure_light(frame.pixels, box),
        )

    def _eyes(self, t_s: float, landmarks: Points, head: HeadFit, camera: PinholeCamera) -> Eyes:
        left = openness(landmarks, lm.LEFT_EYE, lm.LEFT_LIDS)
        right = openness(landmarks, lm.RIGHT_EYE, lm.RIGHT_LIDS)
        yaw, pitch = gaze_deg(landmarks, head, camera)
        return Eyes(yaw, pitch, left, right, self._blinks.see(t_s, left, right))


def bounding_box(landmarks: Points) -> Box:
    """Around all landmarks: chin to hairline, ear to ear."""
    left, top = landmarks[:, :2].min(axis=0)
    right, bottom = landmarks[:, :2].max(axis=0)
    return Box(float(left), float(top), float(right - left), float(bottom - top))
