"""`FaceTracker` over MediaPipe's face mesh, whose models come inside its wheel.

Landmarks are followed from frame to frame; detection runs only while a face is missing. Up to `MAX_FACES` people are
followed (the cost grows with the people that are there, not with this number), the participant is chosen among them.
Confidence is the network's own score that its crop shows a face, a logit, put on 0..1: 0 at the threshold of the graph,
1 from `_CLEAR` on. A sigmoid would say 1.000 for every face that is followed at all.
"""

from __future__ import annotations

import contextlib
import math
from typing import Any

import numpy as np

from desktop_affect.core.errors import TrackerError
from desktop_affect.core.types import Face, Frame
from desktop_affect.vision.faces import FaceBuilder, Found
from desktop_affect.vision.landmarks import to_points
from desktop_affect.vision.mediapipe_import import load, native_chatter_to_log

# The participant, a second person, and one who looks over a shoulder.
MAX_FACES = 3

_GRAPH = "mediapipe/modules/face_landmark/face_landmark_front_cpu.binarypb"
_LANDMARKS = "multi_face_landmarks"
# An inner stream of the graph; one packet per face, in the order of the landmark lists.
_SCORE = "facelandmarkcpu__face_presence_score"
_THRESHOLD = 0.5
# Unobstructed faces of our test clips score 18 to 31, faces behind a hand or half out of the picture 5 to 17.
_CLEAR = 20.0
_DETECTION_THRESHOLD = (
    "facedetectionshortrangecpu__facedetectionshortrange__facedetection__TensorsToDetectionsCalculator.min_score_thresh"
)
_PRESENCE_THRESHOLD = "facelandmarkcpu__ThresholdingCalculator.threshold"


class _Outputs(dict[str, Any]):
    """What the graph gave for one picture, keeping every score instead of the last."""

    def __init__(self) -> None:
        super().__init__()
        self.scores: list[Any] = []

    def __setitem__(self, stream: str, packet: Any) -> None:
        if stream == _SCORE and not packet.is_empty():
            self.scores.append(packet)
        super().__setitem__(stream, packet)

    def clear(self) -> None:
        super().clear()
        self.scores.clear()


class MediaPipeTracker:
    """See the `FaceTracker` port. Opened, used and closed on one thread."""

    def __init__(self) -> None:
        self._graph: Any = None
        self._outputs = _Outputs()
        self._read_float: Any = None
        self._builder = FaceBuilder()
        self._warm = False

    def open(self) -> None:
        # Not solution_base itself: this module also registers the options of the graph's calculators.
        face_mesh = load("mediapipe.python.solutions.face_mesh")
        self._read_float = load("mediapipe.python.packet_getter").get_float
        with native_chatter_to_log():
            try:
                self._graph = face_mesh.SolutionBase(
                    binary_graph_path=_GRAPH,
                    side_inputs={"num_faces": MAX_FACES, "with_attention": True, "use_prev_landmarks": True},
                    calculator_params={_DETECTION_THRESHOLD: 0.5, _PRESENCE_THRESHOLD: _THRESHOLD},
                    outputs=[_LANDMARKS, _SCORE],
                )
                self._outputs = self._graph._graph_outputs = _Outputs()
                self._graph.process({"image": np.zeros((64, 64, 3), np.uint8)})
            except (RuntimeError, ValueError, FileNotFoundError) as error:
                self.close()
                raise broken(error) from error
        self._builder = FaceBuilder()

    def track(self, frame: Frame) -> Face | None:
        if self._graph is None:
            raise TrackerError("The face tracker is closed.", detail="track was called before open")
        # Its first face makes the graph write a warning of no use to the console; later frames are spared the detour.
        with contextlib.nullcontext() if self._warm else native_chatter_to_log():
            lists = self._process(frame)
        self._warm = self._warm or bool(lists)
        return self._builder.build(frame, self._found(frame, lists))

    def close(self) -> None:
        if self._graph is not None:
            graph, self._graph = self._graph, None
            graph.close()

    def _process(self, frame: Frame) -> Any:
        try:
            return self._graph.process({"image": frame.pixels}).multi_face_landmarks or ()
        except (RuntimeError, ValueError) as error:
            raise broken(error) from error

    def _found(self, frame: Frame, lists: Any) -> list[Found]:
        height_px, width_px = frame.pixels.shape[:2]
        # Scores below the threshold belong to crops without a face, which give no landmarks.
        scores = [s for s in (self._read_float(packet) for packet in self._outputs.scores) if s > _THRESHOLD]
        if len(scores) != len(lists):
            scores = [math.nan] * len(lists)
        return [
            Found(to_points(each, width_px, height_px), min((score - _THRESHOLD) / (_CLEAR - _THRESHOLD), 1.0))
            for each, score in zip(lists, scores, strict=True)
        ]


def broken(error: Exception) -> TrackerError:
    """What a person is told when the native part fails."""
    return TrackerError(
        "The face tracker stopped working.",
        advice="Start again; if it happens again, install Desktop Affect again.",
        detail=f"{type(error).__name__}: {error}",
    )
