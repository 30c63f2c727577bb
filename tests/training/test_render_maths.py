"""The renderer's mathematics: mesh, shapes, camera and skin; no drawing, so no OpenGL."""

from __future__ import annotations

import numpy as np
import pytest

# The package opens its renderer on import, which needs the extra; the mathematics themselves do not draw.
pytest.importorskip("moderngl", reason="needs the extra `train`", exc_type=ImportError)

from desktop_affect.core.types import HeadPose
from desktop_affect.training.render.camera import Camera, angles, direction, place, rotation
from desktop_affect.training.render.head import HeadModel, RenderDataError, load_head, normals_of
from desktop_affect.training.render.kept import Kept
from desktop_affect.training.render.lighting import even_directions, shadow_matrix
from desktop_affect.training.render.look import HairStyle, random_look
from desktop_affect.training.render.posing import eye_middle, gaze_weights, pose_head
from desktop_affect.training.render.room import paint_room
from desktop_affect.training.render.shapes import eye_cap, hair_cover, sweater
from desktop_affect.training.render.skin import fill_in, portrait_names, thin_plate
from tests.shared_data import SHARED_DATA, shared

STRAIGHT = HeadPose(0.0, 0.0, 0.0, 0.0, 0.0, 600.0)
RIGHT_EYE_CORNER = 1507


@pytest.fixture(scope="module")
def head() -> HeadModel:
    shared("head/ict_facekit.npz")
    return load_head(SHARED_DATA)


def test_yaw_turns_towards_the_pictures_right_and_pitch_looks_up() -> None:
    forward = np.array([0, 0, 1], dtype=np.float32)
    assert (rotation(0, 20, 0) @ forward)[0] > 0.3
    assert (rotation(20, 0, 0) @ forward)[1] > 0.3


def test_roll_tilts_the_crown_towards_the_pictures_right() -> None:
    assert (rotation(0, 0, 20) @ np.array([0, 1, 0], dtype=np.float32))[0] > 0.3


@pytest.mark.parametrize(("yaw", "pitch"), [(0.0, 0.0), (30.0, -12.0), (-44.0, 20.0)])
def test_a_heads_forward_axis_gives_its_yaw_and_pitch_back_whatever_the_roll(yaw: float, pitch: float) -> None:
    assert angles(rotation(pitch, yaw, 17.0)[:, 2]) == pytest.approx((yaw, pitch), abs=1e-3)
    assert angles(direction(yaw, pitch)) == pytest.approx((yaw, pitch), abs=1e-3)


def test_the_projection_and_the_picture_point_agree() -> None:
    camera = Camera(1280, 720, 1000.0)
    spot = place(HeadPose(0, 0, 0, 120.0, -60.0, 600.0))
    clip = camera.projection() @ np.append(spot, 1.0)
    x, y = clip[:2] / clip[3]
    assert camera.picture_point(spot) == pytest.approx([640 * (1 + x), 360 * (1 - y)], abs=1e-2)
    assert camera.picture_point(spot) == pytest.approx([840.0, 260.0], abs=1e-2)


def test_normals_of_a_square_point_out_of_it() -> None:
    corners = np.array([[0, 0, 0], [1, 0, 0], [1, 1, 0], [0, 1, 0]], dtype=np.float32)
    normals = normals_of(corners, np.array([[0, 1, 2], [0, 2, 3]], dtype=np.int32))
    assert normals == pytest.approx(np.tile([0, 0, 1], (4, 1)))


def test_a_smile_moves_its_own_corner_of_the_mouth_up_and_leaves_the_other(head: HeadModel) -> None:
    moved = head.with_expression(head.neutral, {"mouthSmile_L": 1.0}) - head.neutral
    sides = [np.flatnonzero(np.sign(head.neutral[:, 0]) == sign) for sign in (1, -1)]
    left, right = (np.linalg.norm(moved[side], axis=1).max() for side in sides)
    assert left > 0.8
    assert right < 0.3 * left
    strongest = int(np.linalg.norm(moved, axis=1).argmax())
    assert moved[strongest, 1] > 0


def test_weights_add_up_linearly(head: HeadModel) -> None:
    one = head.with_expression(head.neutral, {"jawOpen": 0.3}) - head.neutral
    two = head.with_expression(head.neutral, {"browDown_L": 0.6}) - head.neutral
    both = head.with_expression(head.neutral, {"jawOpen": 0.3, "browDown_L": 0.6}) - head.neutral
    assert np.abs(both - one - two).max() < 1e-4


def test_an_unknown_expression_is_named(head: HeadModel) -> None:
    with pytest.raises(RenderDataError, match="eyebrowsOfWonder"):
        head.with_expression(head.neutral, {"eyebrowsOfWonder": 1.0})


def test_a_missing_head_says_which_variable_to_set(tmp_path_factory: pytest.TempPathFactory) -> None:
    with pytest.raises(RenderDataError) as caught:
        load_head(tmp_path_factory.mktemp("empty"))
    assert "DESKTOP_AFFECT_DATA" in caught.value.advice


def test_identity_weights_make_another_person_with_eyes_in_front(head: HeadModel) -> None:
    person = head.person((1.5, -1.0, 0.5))
    assert np.abs(person - head.neutral).max() > 0.2
    left, right = head.eyeball(person, "left"), head.eyeball(person, "right")
    assert left.centre[0] > 2 > -2 > right.centre[0]
    assert 1.2 < left.radius_cm < 1.8


def test_the_pose_speaks_of_the_point_between_the_eyes(head: HeadModel) -> None:
    pose = HeadPose(-10.0, 25.0, 8.0, 50.0, -20.0, 640.0)
    posed = pose_head(head, head.neutral, {}, pose, (0.0, 0.0))
    middle = (posed.eyes[0].centre + posed.eyes[1].centre) / 2
    assert middle == pytest.approx(place(pose), abs=1e-3)
    assert eye_middle(head, head.neutral)[0] == pytest.approx(0.0, abs=1e-3)


def test_the_shoulders_stay_when_the_head_turns(head: HeadModel) -> None:
    straight = pose_head(head, head.neutral, {}, STRAIGHT, (0.0, 0.0))
    turned = pose_head(head, head.neutral, {}, HeadPose(0, 30, 0, 0, 0, 600), (0.0, 0.0))
    low = head.neutral[:, 1] < -14.5
    still = (turned.vertices - turned.pivot)[low] - (straight.vertices - straight.pivot)[low]
    assert np.abs(still).max() < 1e-3


def test_eyes_look_where_the_gaze_says_even_from_a_turned_head(head: HeadModel) -> None:
    posed = pose_head(head, head.neutral, {}, HeadPose(5, 30, 4, 0, 0, 600), (-8.0, -6.0))
    yaws, pitches = zip(*(angles(eye.turn[:, 2]) for eye in posed.eyes), strict=True)
    assert np.mean(yaws) == pytest.approx(-8.0, abs=0.5)
    assert np.mean(pitches) == pytest.approx(-6.0, abs=0.5)


def test_lids_follow_the_gaze_relative_to_the_head() -> None:
    weights = gaze_weights((20.0, 0.0), rotation(0, 0, 0))
    assert weights["eyeLookOut_L"] == weights["eyeLookIn_R"] == pytest.approx(0.5)
    assert weights["eyeLookOut_R"] == weights["eyeLookIn_L"] == 0
    assert gaze_weights((20.0, 0.0), rotation(0, 20, 0))["eyeLookOut_L"] == pytest.approx(0.0, abs=1e-5)


def test_the_shadow_view_is_centred_and_looks_away_from_the_lamp() -> None:
    middle, lamp = np.array([3, -4, -60], dtype=np.float32), direction(-38, 32)
    matrix = shadow_matrix(lamp, middle)
    assert matrix @ np.append(middle, 1.0) == pytest.approx([0, 0, 0, 1], abs=1e-4)
    nearer = matrix @ np.append(middle + lamp, 1.0)
    assert nearer[2] < 0
    assert np.abs(nearer[:2]).max() < 1e-4


def test_even_directions_are_unit_vectors_without_a_preferred_side() -> None:
    ways = even_directions(56)
    assert np.linalg.norm(ways, axis=1) == pytest.approx(np.ones(56), abs=1e-5)
    assert np.abs(ways.mean(axis=0)).max() < 0.03


def test_thin_plate_gives_the_anchors_their_shifts_and_fades_out_far_away() -> None:
    anchors = np.array([[0, 0], [100, 0], [0, 100], [100, 100], [50, 50]], dtype=np.float32)
    shifts = np.array([[2, 0], [0, 2], [-2, 0], [0, -2], [1, 1]], dtype=np.float32)
    assert thin_plate(anchors, shifts, anchors, stiffness=0.0) == pytest.approx(shifts, abs=0.05)
    assert np.abs(thin_plate(anchors, shifts, np.array([[500, 500]], dtype=np.float32))).max() < 0.01


def test_untrusted_texture_takes_the_middle_colour_and_trusted_stays() -> None:
    baked = np.zeros((128, 256, 4), dtype=np.uint8)
    baked[40:90, 40:90] = (180, 120, 100, 255)
    filled = fill_in(baked, np.array([180, 120, 100], dtype=np.float32))
    assert filled[60:70, 60:70].reshape(-1, 3).mean(axis=0) == pytest.approx([180, 120, 100], abs=4)
    assert filled[110:, 220:].reshape(-1, 3).mean(axis=0) == pytest.approx([180, 120, 100], abs=8)


def test_hair_leaves_the_face_free_and_covers_the_crown(head: HeadModel) -> None:
    for style in (HairStyle.SHORT, HairStyle.BACK, HairStyle.CAP):
        cover, length = hair_cover(head.neutral, style)
        assert cover[RIGHT_EYE_CORNER] < 0
        assert cover[int(head.neutral[:, 1].argmax())] == 1
        assert length.min() > 0
        assert length.max() == 1
    assert hair_cover(head.neutral, HairStyle.BARE)[0].max() < 0


def test_surfaces_are_closed_grids_inside_their_bounds() -> None:
    for surface in (sweater(), eye_cap()):
        assert surface.triangles.max() < len(surface.vertices) == len(surface.uv)
        assert np.isfinite(surface.vertices).all()


def test_the_same_seed_paints_the_same_room_and_dresses_the_same_person() -> None:
    assert (paint_room(3) == paint_room(3)).all()
    assert not (paint_room(3) == paint_room(4)).all()
    looks = [random_look(np.random.default_rng(seed), ("composite_f_multi",)) for seed in (1, 1, 2)]
    assert looks[0] == looks[1] != looks[2]


def test_kept_things_are_made_once_and_the_longest_unused_is_dropped() -> None:
    made: list[str] = []
    dropped: list[str] = []

    def make(name: str) -> str:
        made.append(name)
        return name

    kept: Kept[str] = Kept(2, dropped.append)
    for name in ("a", "b", "a", "c"):
        kept.get(name, lambda name=name: make(name))  # type: ignore[misc]
    assert made == ["a", "b", "c"]
    assert dropped == ["b"]


def test_the_demo_participants_skin_is_never_trained_on() -> None:
    shared("faces/research_lab/composite_f_multi.jpg")
    names = portrait_names(SHARED_DATA)
    assert len(names) == 49
    assert "composite_f_multi" not in names
