"""Looking for people on the picture and on its mirror image: who is taken, who is kept, and that both films agree."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence

import numpy as np
import pytest

from desktop_affect.core.types import Face, Frame, RgbImage
from desktop_affect.sources.demo import DEMO_FILM, truth
from desktop_affect.sources.film import Film
from desktop_affect.system.paths import bundled
from desktop_affect.vision import both_sides
from desktop_affect.vision.both_sides import BothSides, believed
from desktop_affect.vision.faces import Found
from desktop_affect.vision.landmarks import COUNT
from desktop_affect.vision.mirror import mirrored_back
from desktop_affect.vision.tracker import MediaPipeTracker

# By the size of the picture a scripted side knows what it is to see.
Script = dict[int, float]
CLEAR, UNCLEAR = 18.0, 6.0


def somebody(logit: float, x: float = 100.0) -> Found:
    """A face of 40 pixels around `x`; its confidence as the tracker would have it."""
    points = np.zeros((COUNT, 3), np.float32)
    points[0, :2], points[1, :2] = (x - 20, 80), (x + 20, 120)
    return Found(points, logit / 20)


class ScriptedSide:
    """Sees what its script says; remembers what it was asked."""

    def __init__(self, script: Script, x: float) -> None:
        self.script, self.x = script, x
        self.score = -math.inf
        self.asked: list[str] = []

    def run(self, frame: Frame, *, look: bool) -> list[Found]:
        self.asked.append("look" if look else "follow")
        self.score = self.script.get(frame.seq, -math.inf)
        return [somebody(self.score, self.x)] if self.score > 0 else []

    def forget(self) -> None:
        self.asked.append("forget")

    def close(self) -> None:
        self.asked.append("close")


Sides = Callable[..., tuple[BothSides, ScriptedSide, ScriptedSide]]


@pytest.fixture
def sides(monkeypatch: pytest.MonkeyPatch) -> Sides:
    def make(straight: Script, mirrored: Script, *, follow: bool = True, mirrored_x: float = 100.0) -> object:
        made = {False: ScriptedSide(straight, 100.0), True: ScriptedSide(mirrored, mirrored_x)}
        monkeypatch.setattr(both_sides, "MeshSide", lambda *, follow, mirrored: made[mirrored])
        return BothSides(follow=follow), made[False], made[True]

    return make  # type: ignore[return-value]


def show(mesh: BothSides, frames: int, *, look: bool = False) -> list[bool]:
    """Whether somebody was found on each of these pictures."""
    blank = np.zeros((4, 4, 3), np.uint8)
    return [bool(mesh.run(Frame(seq, seq / 30, blank), look=look)) for seq in range(frames)]


def always(logit: float) -> Script:
    return dict.fromkeys(range(10), logit)


def test_the_side_that_sees_better_follows_and_the_other_forgets(sides: Sides) -> None:
    mesh, straight, mirrored = sides(always(CLEAR), always(CLEAR + 1))
    assert show(mesh, 3) == [True] * 3
    assert straight.asked == ["look", "forget"]
    assert mirrored.asked == ["look", "follow", "follow"]


def test_where_both_see_alike_it_is_the_picture_as_it_is(sides: Sides) -> None:
    mesh, straight, _ = sides(always(CLEAR), always(CLEAR))
    show(mesh, 2)
    assert straight.asked == ["look", "follow"]


def test_who_is_seen_on_one_side_only_is_found(sides: Sides) -> None:
    mesh, _, mirrored = sides({}, always(CLEAR))
    assert show(mesh, 2) == [True, True]
    assert mirrored.asked == ["look", "follow"]


def test_after_an_absence_the_same_side_is_taken_though_the_other_sees_better(sides: Sides) -> None:
    mesh, straight, mirrored = sides({0: CLEAR, 2: CLEAR}, {0: CLEAR - 1, 2: CLEAR + 5})
    assert show(mesh, 3) == [True, False, True]
    assert straight.asked == ["look", "follow", "look", "forget", "look"]
    assert mirrored.asked[-1] == "forget"


def test_who_is_lost_is_looked_for_on_the_same_picture(sides: Sides) -> None:
    mesh, _, mirrored = sides({0: CLEAR}, {1: CLEAR, 2: CLEAR})
    assert show(mesh, 3) == [True, True, True]
    assert mirrored.asked == ["look", "forget", "look", "follow"]


def test_an_unclear_face_must_be_seen_on_both_sides(sides: Sides) -> None:
    alone, *_ = sides({}, always(UNCLEAR))
    assert show(alone, 2) == [False, False]
    apart, straight, mirrored = sides(always(UNCLEAR), always(UNCLEAR), mirrored_x=300.0)
    assert show(apart, 1) == [False]
    assert straight.asked == mirrored.asked == ["look", "forget"]
    together, *_ = sides(always(UNCLEAR), always(UNCLEAR))
    assert show(together, 1) == [True]


def test_one_clear_face_among_others_is_enough() -> None:
    assert believed([somebody(UNCLEAR, 900.0), somebody(CLEAR)], [])
    assert not believed([], [somebody(CLEAR)])


def test_every_still_is_looked_at_on_both_sides(sides: Sides) -> None:
    mesh, straight, mirrored = sides({0: CLEAR, 1: CLEAR}, {0: CLEAR - 1, 1: CLEAR + 1}, follow=False)
    show(mesh, 2, look=True)
    assert straight.asked == ["look", "look", "forget"]
    assert mirrored.asked == ["look", "forget", "look"]


def test_both_sides_are_closed(sides: Sides) -> None:
    mesh, straight, mirrored = sides({}, {})
    mesh.close()
    mesh.close()
    assert straight.asked == mirrored.asked == ["close"]


@pytest.fixture(scope="module")
def pictures() -> list[RgbImage]:
    """The demo participant turns away and leaves; the empty room with its bookshelf; they come back and turn."""
    film, shown = Film(bundled(DEMO_FILM)), []
    for number in range(1500):
        frame = film.next()
        assert frame is not None
        if number >= 1240 and number % 4 == 0:
            shown.append(frame.pixels.copy())
    film.close()
    return shown


def watched(pictures: Sequence[RgbImage], *, stills: bool = False) -> list[Face | None]:
    tracker = MediaPipeTracker(stills=stills)
    tracker.open()
    seen = [tracker.track(Frame(n, n / 7.5, pixels)) for n, pixels in enumerate(pictures)]
    tracker.close()
    return seen


def mirror_images(pictures: Sequence[RgbImage]) -> list[RgbImage]:
    return [np.ascontiguousarray(pixels[:, ::-1]) for pixels in pictures]


@pytest.mark.parametrize("stills", [False, True])
def test_a_film_and_its_mirror_image_give_the_same_faces(pictures: list[RgbImage], stills: bool) -> None:
    """To the last hundredth of a pixel, and on the same pictures."""
    shown = pictures[::5] if stills else pictures
    straight, mirrored = watched(shown, stills=stills), watched(mirror_images(shown), stills=stills)
    assert sum(face is not None for face in straight) > len(shown) / 3
    for one, other in zip(straight, mirrored, strict=True):
        assert (one is None) == (other is None)
        if one is None or other is None:
            continue
        back = mirrored_back(other.landmarks, shown[0].shape[1])
        assert np.abs(back - one.landmarks).max() < 0.01
        assert other.confidence == one.confidence
        assert other.pose.yaw_deg == pytest.approx(-one.pose.yaw_deg, abs=0.5)


def test_the_bookshelf_is_nobody(pictures: list[RgbImage]) -> None:
    """In the mirror image MediaPipe takes it for a face, for two seconds."""
    gone = truth()["in_view"][1240:1500:4] < 0.5
    for shown in (pictures, mirror_images(pictures)):
        found = np.array([face is not None for face in watched(shown)])
        assert found[~gone].mean() > 0.95
        assert found[gone].mean() < 0.1
