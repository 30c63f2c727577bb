"""`FaceTracker` over MediaPipe's face mesh, whose models come inside its wheel.

Landmarks are followed from frame to frame; `looks` says when the detector runs. Up to `MAX_FACES` people are
followed, each costing about 2 ms a frame; the participant is chosen among them.

Confidence is the network's own score that its crop shows a face, a logit, put on 0..1: 0 at the threshold of the
graph, 1 from `CLEAR_LOGIT` on.
"""

from __future__ import annotations

import logging
from dataclasses import replace

from desktop_affect.core.errors import TrackerError
from desktop_affect.core.types import Face, Frame
from desktop_affect.vision.both_sides import BothSides
from desktop_affect.vision.faces import FaceBuilder, Found
from desktop_affect.vision.looks import Looks
from desktop_affect.vision.mediapipe_import import native_chatter_to_log

log = logging.getLogger(__name__)


class MediaPipeTracker:
    """See the `FaceTracker` port. Opened, used and closed on one thread."""

    def __init__(self, *, stills: bool = False) -> None:
        """`stills`: every picture stands for itself, as photographs do: nobody is followed, nothing is remembered, and
        each picture is a track of its own, so that nothing is carried on behind the tracker either."""
        self._stills = stills
        self._pictures = 0
        self._mesh: BothSides | None = None
        self._builder = FaceBuilder()
        self._looks = Looks()

    def open(self) -> None:
        self.close()
        with native_chatter_to_log():
            try:
                self._mesh = BothSides(follow=not self._stills)
            except (RuntimeError, ValueError, OSError) as error:
                raise broken(error) from error
        self._builder, self._looks = FaceBuilder(), Looks()

    def track(self, frame: Frame) -> Face | None:
        found = self._run(frame)
        return self._build_still(frame, found) if self._stills else self._builder.build(frame, found)

    def _build_still(self, frame: Frame, found: list[Found]) -> Face | None:
        face = FaceBuilder().build(frame, found)
        self._pictures += 1
        return None if face is None else replace(face, track=self._pictures)

    def close(self) -> None:
        mesh, self._mesh = self._mesh, None
        if mesh is None:
            return
        try:
            mesh.close()
        except (RuntimeError, ValueError) as error:  # a graph that broke says so once more; `track` has told it
            log.debug("closing the face mesh: %s", error)

    def _run(self, frame: Frame) -> list[Found]:
        if self._mesh is None:
            raise TrackerError("The face tracker is closed.", detail="track was called before open")
        try:
            found = self._mesh.run(frame, look=self._looks.due(frame.t_s))
        except (RuntimeError, ValueError) as error:
            raise broken(error) from error
        self._looks.saw(len(found))
        return found


def broken(error: Exception) -> TrackerError:
    """What a person is told when the native part fails."""
    return TrackerError(
        "The face tracker stopped working.",
        advice="Start again; if it happens again, install Desktop Affect again.",
        detail=f"{type(error).__name__}: {error}",
    )
