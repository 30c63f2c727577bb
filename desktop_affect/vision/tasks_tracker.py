"""`FaceTracker` over MediaPipe Tasks, for people who have the file `face_landmarker.task`.

It takes 2.6 times the processor time of the built-in mesh (`tracker.py`). It gives no score per face, so confidence is
1 for every face that passes its own threshold of 0.5: a proxy that says found or not, never how sure.
"""

from __future__ import annotations

import contextlib
import logging
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

from desktop_affect.core.errors import TrackerError
from desktop_affect.core.types import Face, Frame, RgbImage
from desktop_affect.system.colours import in_rgb_memory
from desktop_affect.vision.faces import FaceBuilder, Found
from desktop_affect.vision.landmarks import from_list
from desktop_affect.vision.mediapipe_import import load, native_chatter_to_log
from desktop_affect.vision.mesh_side import MAX_FACES
from desktop_affect.vision.tracker import broken

log = logging.getLogger(__name__)

CONFIDENCE = 1.0


class TasksTracker:
    """See the `FaceTracker` port. Opened, used and closed on one thread."""

    def __init__(self, model: Path) -> None:
        self._model = model
        self._landmarker: Any = None
        self._to_image: Callable[[RgbImage], Any] | None = None
        self._builder = FaceBuilder()
        self._newest_ms = -1
        self._warm = False

    def open(self) -> None:
        if not self._model.is_file():
            raise TrackerError(
                f"The face model “{self._model}” is not there.",
                advice="Choose the file face_landmarker.task again, or use the built-in tracker.",
            )
        self.close()
        module = load("mediapipe.tasks.python.vision.face_landmarker")
        rgb = load("mediapipe.python._framework_bindings.image_frame").ImageFormat.SRGB
        self._to_image = partial(load("mediapipe.python._framework_bindings.image").Image, rgb)
        with native_chatter_to_log():
            try:
                self._landmarker = module.FaceLandmarker.create_from_options(self._options(module))
            except (RuntimeError, ValueError) as error:
                raise broken(error) from error
        self._builder, self._newest_ms, self._warm = FaceBuilder(), -1, False

    def _options(self, module: Any) -> Any:
        base = load("mediapipe.tasks.python.core.base_options")
        mode = load("mediapipe.tasks.python.vision.core.vision_task_running_mode")
        return module.FaceLandmarkerOptions(
            base_options=base.BaseOptions(model_asset_path=str(self._model)),
            running_mode=mode.VisionTaskRunningMode.VIDEO,
            num_faces=MAX_FACES,
        )

    def track(self, frame: Frame) -> Face | None:
        # See tracker.py: the first face is announced on the console.
        with contextlib.nullcontext() if self._warm else native_chatter_to_log():
            faces = self._run(frame)
        self._warm = self._warm or bool(faces)
        height_px, width_px = frame.pixels.shape[:2]
        found = [Found(from_list(each, width_px, height_px), CONFIDENCE) for each in faces]
        return self._builder.build(frame, found)

    def _run(self, frame: Frame) -> Any:
        if self._landmarker is None or self._to_image is None:
            raise TrackerError("The face tracker is closed.", detail="track was called before open")
        # The task insists on whole, growing milliseconds; frames may come closer than that, or begin again.
        self._newest_ms = max(self._newest_ms + 1, int(frame.t_s * 1e3))
        try:
            picture = self._to_image(in_rgb_memory(frame.pixels))
            return self._landmarker.detect_for_video(picture, self._newest_ms).face_landmarks
        except (RuntimeError, ValueError) as error:
            raise broken(error) from error

    def close(self) -> None:
        landmarker, self._landmarker = self._landmarker, None
        if landmarker is None:
            return
        try:
            landmarker.close()
        except (RuntimeError, ValueError) as error:  # a graph that broke says so once more; `track` has told it
            log.debug("closing the face landmarker: %s", error)
