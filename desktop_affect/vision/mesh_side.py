"""Whom the face mesh finds on pictures as they are, or on their mirror images; told in the picture's coordinates."""

from __future__ import annotations

import contextlib
import math

import numpy as np

from desktop_affect.core.types import Frame
from desktop_affect.vision.faces import Found
from desktop_affect.vision.landmarks import to_points
from desktop_affect.vision.mediapipe_import import native_chatter_to_log
from desktop_affect.vision.mesh_graph import LOGIT_THRESHOLD, MeshFace, MeshGraph
from desktop_affect.vision.mirror import mirrored_back
from desktop_affect.vision.rgb_canvas import Part, looked_at

MAX_FACES = 3
"""The participant, a second person, and one who looks over a shoulder."""

# Unobstructed faces of our test clips score 18 to 31, faces behind a hand or half out of the picture 5 to 17.
CLEAR_LOGIT = 20.0
_NOBODY = np.zeros((64, 64, 3), np.uint8)


class MeshSide:
    """One graph and whom it follows. Made, used and closed on one thread; raises what MediaPipe raises."""

    def __init__(self, *, follow: bool, mirrored: bool) -> None:
        self._follow, self._mirrored = follow, mirrored
        self._graph = MeshGraph(MAX_FACES, follow=follow, mirrored=mirrored)
        self._near: tuple[Part, ...] = ()
        self.score = -math.inf
        """How sure the network was of the surest face of the last picture: a logit, which has no upper end."""
        self._warm = False
        self._graph.run(_NOBODY, look=True)  # the first picture loads the networks

    def run(self, frame: Frame, *, look: bool) -> list[Found]:
        """The faces on this picture; `look` for more than those that are followed already."""
        # Its first face makes the graph write a warning of no use to the console; later frames are spared the detour.
        with contextlib.nullcontext() if self._warm else native_chatter_to_log():
            faces = self._faces(frame, look)
        self._warm = self._warm or bool(faces)
        self.score = max((face.logit for face in faces), default=-math.inf)
        found = [_found(face, frame) for face in faces]
        self._near = tuple(looked_at(each.landmarks) for each in found)
        return [self._back(each, frame) for each in found]

    def _faces(self, frame: Frame, look: bool) -> list[MeshFace]:
        faces = self._graph.run(frame.pixels, look=look, near=self._near)
        if faces and not self._near and self._follow:
            # What the detector says of a face is rough, and its first landmarks with it; a second look starts from
            # these. On real clips it halves their error: 0.7 instead of 1.3 hundredths of the eyes' distance.
            return self._graph.run(frame.pixels, look=True)
        return faces

    def forget(self) -> None:
        """Follow nobody: when it is asked again, those whom it follows now may be long gone."""
        if self._near:
            self._graph.run(_NOBODY, look=False)
            self._near = ()

    def close(self) -> None:
        self._graph.close()

    def _back(self, found: Found, frame: Frame) -> Found:
        if not self._mirrored:
            return found
        return Found(mirrored_back(found.landmarks, frame.pixels.shape[1]), found.confidence)


def _found(face: MeshFace, frame: Frame) -> Found:
    height_px, width_px = frame.pixels.shape[:2]
    confidence = (face.logit - LOGIT_THRESHOLD) / (CLEAR_LOGIT - LOGIT_THRESHOLD)
    return Found(to_points(face.message, width_px, height_px), min(confidence, 1.0))
