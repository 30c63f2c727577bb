"""`FaceTracker` over MediaPipe's face mesh, whose models come inside its wheel.

Landmarks are followed from frame to frame; `looks` says when the detector runs. Up to `MAX_FACES` people are
followed, each costing about 2 ms a frame; the participant is chosen among them.

Confidence is the network's own score that its crop shows a face, a logit, put on 0..1: 0 at the threshold of the
graph, 1 from `_CLEAR_LOGIT` on.
"""

from __future__ import annotations

import contextlib
import logging
from dataclasses import replace

import numpy as np

from desktop_affect.core.errors import TrackerError
from desktop_affect.core.types import Face, Frame
from desktop_affect.vision.faces import FaceBuilder, Found
from desktop_affect.vision.landmarks import to_points
from desktop_affect.vision.looks import Looks
from desktop_affect.vision.mediapipe_import import native_chatter_to_log
from desktop_affect.vision.mesh_graph import LOGIT_THRESHOLD, MeshFace, MeshGraph
from desktop_affect.vision.rgb_canvas import Part, looked_at

log = logging.getLogger(__name__)

# The participant, a second person, and one who looks over a shoulder.
MAX_FACES = 3
# Unobstructed faces of our test clips score 18 to 31, faces behind a hand or half out of the picture 5 to 17.
_CLEAR_LOGIT = 20.0


class MediaPipeTracker:
    """See the `FaceTracker` port. Opened, used and closed on one thread."""

    def __init__(self, *, stills: bool = False) -> None:
        """`stills`: every picture stands for itself, as photographs do: nobody is followed, nothing is remembered, and
        each picture is a track of its own, so that nothing is carried on behind the tracker either."""
        self._stills = stills
        self._pictures = 0
        self._graph: MeshGraph | None = None
        self._builder = FaceBuilder()
        self._looks = Looks()
        self._near: tuple[Part, ...] = ()
        self._warm = False

    def open(self) -> None:
        self.close()
        with native_chatter_to_log():
            try:
                self._graph = MeshGraph(MAX_FACES, follow=not self._stills)
                # The first picture loads the networks.
                self._graph.run(np.zeros((64, 64, 3), np.uint8), look=True)
            except (RuntimeError, ValueError, OSError) as error:
                self.close()
                raise broken(error) from error
        self._builder, self._looks, self._near, self._warm = FaceBuilder(), Looks(), (), False

    def track(self, frame: Frame) -> Face | None:
        # Its first face makes the graph write a warning of no use to the console; later frames are spared the detour.
        with contextlib.nullcontext() if self._warm else native_chatter_to_log():
            faces = self._run(frame)
        self._warm = self._warm or bool(faces)
        found = [_found(face, frame) for face in faces]
        self._near = tuple(looked_at(each.landmarks) for each in found)
        return self._build_still(frame, found) if self._stills else self._builder.build(frame, found)

    def _build_still(self, frame: Frame, found: list[Found]) -> Face | None:
        face = FaceBuilder().build(frame, found)
        self._pictures += 1
        return None if face is None else replace(face, track=self._pictures)

    def close(self) -> None:
        graph, self._graph = self._graph, None
        if graph is None:
            return
        try:
            graph.close()
        except (RuntimeError, ValueError) as error:  # a graph that broke says so once more; `track` has told it
            log.debug("closing the face mesh: %s", error)

    def _run(self, frame: Frame) -> list[MeshFace]:
        if self._graph is None:
            raise TrackerError("The face tracker is closed.", detail="track was called before open")
        try:
            look = self._stills or self._looks.due(frame.t_s)
            faces = self._graph.run(frame.pixels, look=look, near=self._near)
            if faces and not self._near and not self._stills:
                # What the detector says of a face is rough, and its first landmarks with it; a second look starts from
                # these. On real clips it halves their error: 0.7 instead of 1.3 hundredths of the eyes' distance.
                faces = self._graph.run(frame.pixels, look=True)
        except (RuntimeError, ValueError) as error:
            raise broken(error) from error
        self._looks.saw(len(faces))
        return faces


def _found(face: MeshFace, frame: Frame) -> Found:
    height_px, width_px = frame.pixels.shape[:2]
    confidence = (face.logit - LOGIT_THRESHOLD) / (_CLEAR_LOGIT - LOGIT_THRESHOLD)
    return Found(to_points(face.message, width_px, height_px), min(confidence, 1.0))


def broken(error: Exception) -> TrackerError:
    """What a person is told when the native part fails."""
    return TrackerError(
        "The face tracker stopped working.",
        advice="Start again; if it happens again, install Desktop Affect again.",
        detail=f"{type(error).__name__}: {error}",
    )
