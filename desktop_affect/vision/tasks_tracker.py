"""`FaceTracker` over MediaPipe Tasks, for people who have the file `face_landmarker.task`.

Slower than the mesh of `tracker.py` (about twice), with landmarks that sit a little better on turned heads. It gives no
score per face, so confidence is 1 for a face that it reports and nothing is said about how sure it is.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from desktop_affect.core.errors import TrackerError
from desktop_affect.core.types import Face, Frame
from desktop_affect.vision.faces import FaceBuilder, Found
from desktop_affect.vision.landmarks import from_list
from desktop_affect.vision.mediapipe_import import load, native_chatter_to_log
from desktop_affect.vision.tracker import MAX_FACES, broken

CONFIDENCE = 1.0


class TasksTracker:
    """See the `FaceTracker` port. Opened, used and closed on one thread."""

    def __init__(self, model: Path) -> None:
        self._model = model
        self._landmarker: Any = None
        self._image: Any = None
        self._builder = FaceBuilder()
        self._newest_ms = -1

    def open(self) -> None:
        if not self._model.is_file():
            raise TrackerError(
                f"The face model “{self._model}” is not there.",
                advice="Choose the file face_landmarker.task again, or use the built-in tracker.",
            )
        module = load("mediapipe.tasks.python.vision.face_landmarker")
        self._image = load("mediapipe.python._framework_bindings.image")
        with native_chatter_to_log():
            try:
                self._landmarker = module.FaceLandmarker.create_from_options(self._options(module))
            except (RuntimeError, ValueError) as error:
                raise broken(error) from error
        self._builder, self._newest_ms = FaceBuilder(), -1

    def _options(self, module: Any) -> Any:
        base = load("mediapipe.tasks.python.core.base_options")
        mode = load("mediapipe.tasks.python.vision.core.vision_task_running_mode")
        return module.FaceLandmarkerOptions(
            base_options=base.BaseOptions(model_asset_path=str(self._model)),
            running_mode=mode.VisionTaskRunningMode.VIDEO,
            num_faces=MAX_FACES,
        )

    def track(self, frame: Frame) -> Face | None:
        if self._landmarker is None:
            raise TrackerError("The face tracker is closed.", detail="track was called before open")
        # The task insists on whole, growing milliseconds; frames may come closer than that.
        self._newest_ms = max(self._newest_ms + 1, int(frame.t_s * 1e3))
        image = self._image.Image(image_format=_srgb(), data=frame.pixels)
        try:
            lists = self._landmarker.detect_for_video(image, self._newest_ms).face_landmarks
        except (RuntimeError, ValueError) as error:
            raise broken(error) from error
        height_px, width_px = frame.pixels.shape[:2]
        found = [Found(from_list(each, width_px, height_px), CONFIDENCE) for each in lists]
        return self._builder.build(frame, found)

    def close(self) -> None:
        if self._landmarker is not None:
            landmarker, self._landmarker = self._landmarker, None
            landmarker.close()


def _srgb() -> Any:
    return load("mediapipe.python._framework_bindings.image_frame").ImageFormat.SRGB
