"""MediaPipe is entered without its heavy parts, and still whole for whoever wants them afterwards."""

from __future__ import annotations

import subprocess
import sys

import pytest

from desktop_affect.core.errors import TrackerError
from desktop_affect.vision import mediapipe_import
from desktop_affect.vision.looks import LOOK_S, Looks

_AFTERWARDS = """
import sys
from desktop_affect.vision.tracker import MediaPipeTracker
tracker = MediaPipeTracker()
tracker.open()
heavy = {"matplotlib", "jax", "tensorflow", "mediapipe.python.solutions.pose"} & set(sys.modules)
assert not heavy, heavy
import mediapipe
assert mediapipe.__version__
assert mediapipe.solutions.pose.Pose
assert mediapipe.tasks.vision.FaceLandmarker
tracker.close()
print("whole")
"""


def test_a_later_import_of_mediapipe_gets_all_of_it() -> None:
    done = subprocess.run([sys.executable, "-c", _AFTERWARDS], capture_output=True, text=True, timeout=60, check=False)
    assert (done.returncode, done.stdout.strip()) == (0, "whole"), done.stderr


def test_a_missing_module_is_told_in_words() -> None:
    with pytest.raises(TrackerError) as caught:
        mediapipe_import.load("mediapipe.python.nowhere")
    assert "MediaPipe" in caught.value.message
    assert "nowhere" in caught.value.detail


def looked_at(fps: float, faces: list[int]) -> list[bool]:
    looks, due = Looks(), []
    for k, seen in enumerate(faces):
        due.append(looks.due(k / fps))
        looks.saw(seen)
    return due


def test_while_nobody_is_followed_every_picture_is_looked_at() -> None:
    assert all(looked_at(30, [0] * 10))


@pytest.mark.parametrize("fps", [15, 30, 60])
def test_while_somebody_is_followed_others_are_looked_for_some_times_a_second(fps: float) -> None:
    due = looked_at(fps, [1] * int(fps * 4))
    assert sum(due[1:]) == pytest.approx(4 / LOOK_S, rel=0.2)


def test_a_lost_face_is_looked_for_at_once() -> None:
    assert looked_at(30, [2, 2, 1, 1])[3]


def test_times_that_go_back_begin_anew() -> None:
    looks = Looks()
    looks.due(100.0)
    looks.saw(1)
    assert looks.due(3.0)
    looks.saw(1)
    assert not looks.due(3.01)
