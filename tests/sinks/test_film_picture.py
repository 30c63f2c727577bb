"""What is hidden is hidden, what is kept is kept; where it is not sure where the face is, all is hidden."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from numpy.typing import NDArray

from desktop_affect.core.types import Box, Face, Frame, RgbImage, Sample, Seen
from desktop_affect.session.plan import FilmConsent
from desktop_affect.sinks.film_picture import BLUR_MARGIN, FACE_SIDE_PX, film_size, keeper_for
from desktop_affect.sources.film import Film
from desktop_affect.system.paths import bundled
from desktop_affect.vision.tracker import MediaPipeTracker
from tests.fakes import face
from tests.session.samples import bare_sample

WIDTH_PX, HEIGHT_PX = 640, 480
MIDDLE = np.array([300.0, 220.0])
RADII = np.array([60.0, 80.0])


def noise(seed: int = 1, width_px: int = WIDTH_PX, height_px: int = HEIGHT_PX) -> RgbImage:
    """Every pixel tells: what is left of it is seen by its contrast."""
    return np.random.default_rng(seed).integers(0, 256, (height_px, width_px, 3), dtype=np.uint8)


def oval_face(middle: NDArray[np.float64] = MIDDLE, confidence: float = 0.99, others: int = 0) -> Face:
    angles = np.linspace(0, 2 * np.pi, 478, endpoint=False)
    around = middle + RADII * np.stack([np.cos(angles), np.sin(angles)], axis=1)
    landmarks = np.concatenate([around, np.zeros((478, 1))], axis=1).astype(np.float32)
    box = Box(*(middle - RADII), *(2 * RADII))
    return replace(face(), landmarks=landmarks, box=box, confidence=confidence, other_faces=others)


def with_face(seen: Face | None) -> Sample:
    return replace(bare_sample(seen=Seen.NO_FACE if seen is None else Seen.FACE), face=seen)


def kept(mode: FilmConsent, pixels: RgbImage, sample: Sample) -> RgbImage:
    return keeper_for(mode, pixels.shape[1], pixels.shape[0])(pixels, sample)


def distance() -> NDArray[np.float64]:
    """Of every pixel from the middle of the face, in its radii."""
    x, y = np.meshgrid(np.arange(WIDTH_PX), np.arange(HEIGHT_PX))
    return np.asarray(np.hypot((x - MIDDLE[0]) / RADII[0], (y - MIDDLE[1]) / RADII[1]))


def detail(picture: RgbImage) -> float:
    """Contrast between neighbours: noise has 85, a smooth picture next to none."""
    return float(np.abs(np.diff(picture.astype(int), axis=1)).mean())


def test_the_whole_picture_is_kept_as_it_is() -> None:
    pixels = noise()
    assert np.array_equal(kept(FilmConsent.WHOLE, pixels, with_face(None)), pixels)


def test_a_blurred_face_is_hidden_with_its_margin_and_the_rest_is_kept() -> None:
    pixels = noise()
    picture = kept(FilmConsent.BLURRED, pixels, with_face(oval_face()))
    away = distance()
    inside = away < BLUR_MARGIN - 0.02
    left, right = inside.any(axis=0).nonzero()[0][[0, -1]]
    rows = slice(int(MIDDLE[1]) - 40, int(MIDDLE[1]) + 40)
    assert detail(picture[rows, left + 15 : right - 15]) < 2.0
    assert (picture[inside] != pixels[inside]).mean() > 0.9
    outside = (away > BLUR_MARGIN * 1.5) | (np.abs(np.indices(away.shape)[0] - MIDDLE[1]) > RADII[1] * BLUR_MARGIN + 2)
    assert np.array_equal(picture[outside], pixels[outside])
    assert np.array_equal(pixels, noise()), "the frame itself, which others look at, is untouched"


def test_the_blur_follows_the_face() -> None:
    pixels = noise()
    for shift in (-150, 0, 200):
        middle = MIDDLE + np.array([shift, 0.0])
        picture = kept(FilmConsent.BLURRED, pixels, with_face(oval_face(middle)))
        x, y = middle.astype(int)
        assert detail(picture[y - 30 : y + 30, x - 30 : x + 30]) < 2.0


def test_hidden_pixels_do_not_come_back_by_a_face_that_is_known() -> None:
    """Two faces that differ in everything but their mean colour look the same when blurred."""
    hidden = [kept(FilmConsent.BLURRED, noise(seed), with_face(oval_face())) for seed in (1, 2)]
    x, y = MIDDLE.astype(int)
    patches = [picture[y - 50 : y + 50, x - 40 : x + 40].astype(int) for picture in hidden]
    assert np.abs(patches[0] - patches[1]).max() < 25


@pytest.mark.parametrize(
    "seen",
    [None, oval_face(confidence=0.3), oval_face(confidence=float("nan")), oval_face(others=1)],
    ids=["lost", "unsure", "unknown", "company"],
)
def test_a_picture_that_cannot_be_blurred_surely_is_blurred_whole(seen: Face | None) -> None:
    assert detail(kept(FilmConsent.BLURRED, noise(), with_face(seen))) < 2.0


def test_a_face_at_the_edge_is_blurred_as_far_as_it_is_in_view() -> None:
    pixels = noise()
    picture = kept(FilmConsent.BLURRED, pixels, with_face(oval_face(np.array([5.0, 220.0]))))
    assert detail(picture[200:240, :40]) < 2.0
    gone = kept(FilmConsent.BLURRED, pixels, with_face(oval_face(np.array([-500.0, 220.0]))))
    assert np.array_equal(gone, pixels)


def test_the_face_alone_is_on_black() -> None:
    pixels = noise()
    picture = kept(FilmConsent.FACE, pixels, with_face(oval_face()))
    assert picture.shape == (FACE_SIDE_PX, FACE_SIDE_PX, 3)
    assert (picture[:20, :20] == 0).all()
    assert (picture[:, [0, -1]] == 0).all()
    assert picture[FACE_SIDE_PX // 2 - 20 : FACE_SIDE_PX // 2 + 20, 100:280].mean() > 100


@pytest.mark.parametrize("seen", [None, oval_face(confidence=0.3)])
def test_without_a_sure_face_there_is_none(seen: Face | None) -> None:
    assert not kept(FilmConsent.FACE, noise(), with_face(seen)).any()


def test_large_pictures_are_made_smaller_and_the_blur_still_fits() -> None:
    assert film_size(1920, 1080) == (1280, 720)
    assert film_size(640, 480) == (640, 480)
    assert film_size(721, 1281) == (720, 1280)
    pixels = noise(1, 1920, 1440)
    seen = oval_face()
    large = replace(seen, landmarks=seen.landmarks * 3, box=Box(*(np.array(seen.box) * 3)))
    picture = kept(FilmConsent.BLURRED, pixels, with_face(large))
    assert picture.shape == (960, 1280, 3)
    x, y = (MIDDLE * 2).astype(int)
    assert detail(picture[y - 60 : y + 60, x - 60 : x + 60]) < 2.0
    assert detail(picture[:200, :200]) > 20


def test_a_source_that_changes_its_size_stays_in_the_film() -> None:
    keep = keeper_for(FilmConsent.WHOLE, 640, 480)
    assert keep(noise(1, 320, 240), with_face(None)).shape == (480, 640, 3)


def test_nothing_is_kept_without_consent() -> None:
    with pytest.raises(ValueError, match="consent"):
        keeper_for(FilmConsent.NONE, 640, 480)


def test_no_face_is_found_in_blurred_pictures_of_the_demo() -> None:
    """In a row, as in a film: a tracker that has once found a face follows faint traces of it."""
    tracker, blurred_tracker = MediaPipeTracker(), MediaPipeTracker()
    tracker.open()
    blurred_tracker.open()
    film, found = Film(bundled("resources/demo/participant.mp4")), []
    for seq in range(40):
        shown = film.next()
        assert shown is not None
        seen = tracker.track(Frame(seq, shown.time_s, shown.pixels))
        assert seen is not None
        picture = kept(FilmConsent.BLURRED, shown.pixels, with_face(seen))
        found.append(blurred_tracker.track(Frame(seq, shown.time_s, picture)) is not None)
    film.close()
    tracker.close()
    blurred_tracker.close()
    assert sum(found) == 0
