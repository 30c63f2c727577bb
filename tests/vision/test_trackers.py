"""One suite for both trackers behind the port: the built-in mesh, and the task file where somebody has it."""

from __future__ import annotations

import gc
import weakref
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import numpy as np
import pytest

from desktop_affect.core.errors import TrackerError
from desktop_affect.core.ports import FaceTracker
from desktop_affect.core.types import Frame, RgbImage
from desktop_affect.sources.demo import DemoSource
from desktop_affect.vision.crop import alignment_points
from desktop_affect.vision.landmarks import COUNT
from desktop_affect.vision.mesh_graph import MeshFace, MeshGraph
from desktop_affect.vision.rgb_canvas import Part
from desktop_affect.vision.tasks_tracker import TasksTracker
from desktop_affect.vision.tracker import MediaPipeTracker
from tests.fakes import FakeClock
from tests.shared_data import shared

Make = Callable[[], FaceTracker]


@pytest.fixture(params=["mesh", "task"])
def make(request: pytest.FixtureRequest) -> Make:
    if request.param == "mesh":
        return MediaPipeTracker
    model = shared("teacher/face_landmarker.task")
    return lambda: TasksTracker(model)


@pytest.fixture
def tracker(make: Make) -> Iterator[FaceTracker]:
    made = make()
    made.open()
    yield made
    made.close()


@pytest.fixture(scope="module")
def portrait() -> RgbImage:
    """The demo participant, neutral, at the start of the film."""
    source = DemoSource(clock=FakeClock(), paced=False, loop=False)
    source.open()
    frame = source.read()
    source.close()
    assert frame is not None
    return frame.pixels


def watch(tracker: FaceTracker, pixels: RgbImage, start_s: float = 0.0, frames: int = 4) -> Frame:
    """Let the tracker settle; the last frame it was shown."""
    for k in range(frames):
        frame = Frame(k, start_s + k / 30, pixels)
        tracker.track(frame)
    return frame


def test_a_face_is_found_with_everything_about_it(tracker: FaceTracker, portrait: RgbImage) -> None:
    face = tracker.track(watch(tracker, portrait, frames=2))
    assert face is not None
    height_px, width_px = portrait.shape[:2]
    assert face.landmarks.shape == (COUNT, 3)
    assert not face.landmarks.flags.writeable
    assert 0 < face.box.left < face.box.left + face.box.width < width_px
    assert 0 < face.box.top < face.box.top + face.box.height < height_px
    assert 0.8 < face.confidence <= 1.0
    assert (face.track, face.other_faces) == (1, 0)
    assert max(abs(face.pose.pitch_deg), abs(face.pose.yaw_deg), abs(face.pose.roll_deg)) < 12
    assert 300 < face.pose.tz_mm < 1500
    assert not face.eyes.blink
    assert 0 < face.light.brightness < 1


def test_eyes_and_mouth_are_where_a_person_has_them(tracker: FaceTracker, portrait: RgbImage) -> None:
    face = tracker.track(watch(tracker, portrait, frames=2))
    assert face is not None
    right_eye, left_eye, mouth = alignment_points(face.landmarks)
    assert right_eye[0] < mouth[0] < left_eye[0]  # unmirrored: the person's right is the picture's left
    assert mouth[1] > max(right_eye[1], left_eye[1])


def test_nobody_is_nobody(tracker: FaceTracker) -> None:
    noise = np.random.default_rng(3).integers(0, 255, (720, 1280, 3)).astype(np.uint8)
    assert tracker.track(Frame(0, 0.0, np.full((720, 1280, 3), 80, np.uint8))) is None
    assert tracker.track(Frame(1, 0.1, noise)) is None


def test_a_mirrored_picture_mirrors_the_head(make: Make, portrait: RgbImage) -> None:
    turned = np.ascontiguousarray(_tilted(portrait))
    poses = []
    for pixels in (turned, np.ascontiguousarray(turned[:, ::-1])):
        tracker = make()
        tracker.open()
        face = tracker.track(watch(tracker, pixels))
        tracker.close()
        assert face is not None
        poses.append(face.pose)
    plain, mirrored = poses
    assert abs(plain.roll_deg) > 8
    assert mirrored.roll_deg == pytest.approx(-plain.roll_deg, abs=3)
    assert mirrored.yaw_deg == pytest.approx(-plain.yaw_deg, abs=4)
    assert mirrored.pitch_deg == pytest.approx(plain.pitch_deg, abs=4)


def test_a_face_that_is_found_is_looked_at_twice(portrait: RgbImage, monkeypatch: pytest.MonkeyPatch) -> None:
    """The second look starts from the first one's landmarks; on real clips it halves the error of a first frame."""
    runs: list[tuple[str, bool]] = []
    names: dict[MeshGraph, str] = {}
    really, made = MeshGraph.run, MeshGraph.__init__

    def make(self: MeshGraph, faces: int, *, follow: bool, mirrored: bool) -> None:
        made(self, faces, follow=follow, mirrored=mirrored)
        names[self] = "mirrored" if mirrored else "straight"

    def run(self: MeshGraph, pixels: RgbImage, *, look: bool, near: Sequence[Part] = ()) -> list[MeshFace]:
        if pixels.shape == portrait.shape:
            runs.append((names[self], look))
        return really(self, pixels, look=look, near=near)

    monkeypatch.setattr(MeshGraph, "__init__", make)
    monkeypatch.setattr(MeshGraph, "run", run)
    tracker = MediaPipeTracker()
    tracker.open()
    empty = np.zeros_like(portrait)
    asked = []
    for k, pixels in enumerate([portrait, portrait, portrait, empty, empty, portrait]):
        tracker.track(Frame(k, k / 30, pixels))
        asked.append([*runs])
        runs.clear()
    tracker.close()
    both = [("straight", True), ("straight", True), ("mirrored", True), ("mirrored", True)]
    ((follows, _),) = asked[1]
    looks = [[("straight", True), ("mirrored", True)], [("mirrored", True), ("straight", True)]]
    assert asked[0] == both
    assert asked[1] == asked[2] == [(follows, False)]
    assert asked[3][0] == (follows, False)
    assert asked[3][1:] in looks
    assert asked[4] in looks
    assert sorted(asked[5]) == sorted(both)
    assert asked[5][0] == (follows, True)


def test_the_participant_is_kept_when_a_larger_face_comes(tracker: FaceTracker, portrait: RgbImage) -> None:
    small, both = _small_left(portrait), _small_left(portrait)
    both[:, 640:] = portrait[:, 320:960]
    alone = tracker.track(watch(tracker, small))
    frame = watch(tracker, both, start_s=0.2, frames=8)
    kept = tracker.track(frame)
    assert alone is not None
    assert kept is not None
    assert (kept.other_faces, kept.track) == (1, alone.track)
    assert kept.box.left + kept.box.width / 2 < 640


def test_a_new_track_begins_after_an_absence(tracker: FaceTracker, portrait: RgbImage) -> None:
    empty = np.full_like(portrait, 80)
    before = tracker.track(watch(tracker, portrait))
    assert tracker.track(watch(tracker, empty, start_s=0.2)) is None
    after = tracker.track(watch(tracker, portrait, start_s=3.0))
    assert before is not None
    assert after is not None
    assert (before.track, after.track) == (1, 2)


def test_closing_twice_is_fine_and_a_closed_tracker_says_so(make: Make, portrait: RgbImage) -> None:
    tracker = make()
    tracker.open()
    tracker.close()
    tracker.close()
    with pytest.raises(TrackerError, match="closed"):
        tracker.track(Frame(0, 0.0, portrait))


def test_a_missing_task_file_is_told_in_words(tmp_path: Path) -> None:
    with pytest.raises(TrackerError, match=r"nowhere\.task"):
        TasksTracker(tmp_path / "nowhere.task").open()


def test_a_broken_task_file_is_told_in_words(tmp_path: Path) -> None:
    (tmp_path / "broken.task").write_bytes(b"not a model")
    with pytest.raises(TrackerError) as caught:
        TasksTracker(tmp_path / "broken.task").open()
    assert caught.value.advice


def _tilted(pixels: RgbImage) -> RgbImage:
    from desktop_affect.system.cv2_import import cv2

    height_px, width_px = pixels.shape[:2]
    turn = cv2.getRotationMatrix2D((width_px / 2, height_px / 2), 14, 1.0)
    return np.asarray(cv2.warpAffine(pixels, turn, (width_px, height_px)), dtype=np.uint8)


def _small_left(portrait: RgbImage) -> RgbImage:
    """The participant small, in the left half of the picture."""
    from desktop_affect.system.cv2_import import cv2

    canvas = np.full_like(portrait, 90)
    small = cv2.resize(portrait[:, 320:960], (480, 540), interpolation=cv2.INTER_AREA)
    canvas[90:630, 60:540] = small
    return canvas


def test_a_closed_graph_is_let_go() -> None:
    """Otherwise every run of the engine would keep 6 MB, and two thousand films more than most machines have."""
    graph = MeshGraph(1)
    graph.run(np.zeros((32, 32, 3), np.uint8), look=True)
    left = weakref.ref(graph)
    graph.close()
    del graph
    gc.collect()
    assert left() is None
