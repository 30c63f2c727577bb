"""Every data set's plug-in on a small tree of its official layout, and what it says of an incomplete one."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

pytest.importorskip("torch", reason="the workshop needs the extra `train`")

from desktop_affect.core.types import EXPRESSIONS, CropSpec
from desktop_affect.system.cv2_import import cv2
from desktop_affect.training.clips import PreparedClips
from desktop_affect.training.datasets import open_faces
from desktop_affect.training.datasets.base import DataSetError
from desktop_affect.training.datasets.registry import DATA_SETS, data_set
from desktop_affect.training.prepared import TEST, TRAIN, VALIDATION, Prepared
from desktop_affect.training.targets import BLENDSHAPES_OF, SYMMETRIC_BLENDSHAPES

CROP = CropSpec(224)
SINGLE = {"browInnerUp", "cheekPuff", "jawOpen", "mouthFunnel", "mouthPucker", "mouthRollLower", "mouthRollUpper",
          "mouthShrugLower", "mouthShrugUpper"}  # fmt: skip
NAMES = ["mouthClose"] + [
    name for stem in SYMMETRIC_BLENDSHAPES for name in ([stem] if stem in SINGLE else [f"{stem}Left", f"{stem}Right"])
]


def write_picture(path: Path, shade: int = 120, side: int = 112) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    picture = np.full((side, side, 3), shade, np.uint8)
    cv2.circle(picture, (side // 2, side // 2), side // 4, (255, 255, 255), -1)
    path.write_bytes(bytes(cv2.imencode(".jpg", picture)[1]))


def write_lines(path: Path, *lines: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")


def clips(name: str, root: Path) -> PreparedClips:
    made = data_set(name).prepare(root, CROP)
    assert isinstance(made, PreparedClips)
    return made


@pytest.fixture
def affwild2(tmp_path: Path) -> Path:
    for number in (1, 2, 3, 5):
        write_picture(tmp_path / "cropped_aligned" / "one" / f"{number:05d}.jpg")
    write_picture(tmp_path / "cropped_aligned" / "two" / "00001.jpg")
    notes = tmp_path / "Annotations"
    va, expr, au = (notes / f for f in
                    ("VA_Estimation_Challenge", "EXPR_Recognition_Challenge", "AU_Detection_Challenge"))  # fmt: skip
    write_lines(va / "Train_Set" / "one.txt", "valence,arousal", "0.5,0.1", "-5,-5", "0.2,-0.3", "0.1,0.1", "-0.4,0.9")
    write_lines(va / "Validation_Set" / "two.txt", "valence,arousal", "-0.5,0.5")
    write_lines(expr / "Train_Set" / "one.txt", "Neutral,Anger,Disgust", "4", "-1", "7", "0", "1")
    write_lines(expr / "Validation_Set" / "two.txt", "Neutral,Anger,Disgust", "0")
    units = ",".join(["1"] + ["0"] * 11)
    write_lines(au / "Train_Set" / "one.txt", "AU1,AU2", units, ",".join(["-1"] * 12), units, units, units)
    write_lines(au / "Validation_Set" / "two.txt", "AU1,AU2", units)
    return tmp_path


def test_affwild2_skips_marked_rows_and_absent_pictures(affwild2: Path) -> None:
    film = clips("affwild2_va", affwild2)
    # Row 2 is marked −5, picture 4 is absent.
    wanted = np.array([[0.5, 0.1], [0.2, -0.3], [-0.4, 0.9], [-0.5, 0.5]])
    assert film.frames.valence_arousal == pytest.approx(wanted)
    assert film.start.tolist() == [0, 3, 4]
    assert film.frames.split.tolist() == [TRAIN] * 3 + [VALIDATION]


def test_affwild2_categories_are_brought_to_our_order(affwild2: Path) -> None:
    film = clips("affwild2_expr", affwild2)
    named = [EXPRESSIONS[k] if k >= 0 else "none" for k in film.frames.majority]
    assert named == ["happiness", "none", "anger", "neutral"]
    assert np.isnan(film.frames.expressions[1]).all()


def test_affwild2_units(affwild2: Path) -> None:
    film = clips("affwild2_au", affwild2)
    assert film.frames.action_units[:, 0].tolist() == [1, 1, 1, 1]
    assert film.frames.action_units[:, 1:].sum() == 0


def test_affwild2_refuses_a_table_of_another_width(affwild2: Path) -> None:
    place = affwild2 / "Annotations" / "VA_Estimation_Challenge" / "Train_Set" / "one.txt"
    write_lines(place, "valence,arousal", "0.1,0.2,0.3")
    with pytest.raises(DataSetError, match="3 columns instead of 2"):
        clips("affwild2_va", affwild2)


def test_affectnet(tmp_path: Path) -> None:
    points = np.zeros((68, 2))
    points[[36, 39]], points[[42, 45]], points[[48, 54]] = [80, 90], [140, 90], [112, 150]
    values = {"1": (1, 0.8, 0.3), "2": (9, -2, -2), "3": (6, -0.5, 0.6)}
    for split in ("train_set", "val_set"):
        (tmp_path / split / "annotations").mkdir(parents=True)
        for stem, (category, valence, arousal) in values.items():
            write_picture(tmp_path / split / "images" / f"{stem}.jpg", side=224)
            for kind, value in (("exp", str(category)), ("val", str(valence)), ("aro", str(arousal))):
                np.save(tmp_path / split / "annotations" / f"{stem}_{kind}.npy", value)
            np.save(tmp_path / split / "annotations" / f"{stem}_lnd.npy", points.ravel())
    data = data_set("affectnet").prepare(tmp_path, CROP)
    assert isinstance(data, Prepared)
    assert data.split.tolist() == [TRAIN] * 3 + [VALIDATION] * 3
    assert [EXPRESSIONS[k] for k in data.majority[[0, 2]]] == ["happiness", "anger"]
    assert data.majority[1] == -1
    assert np.isnan(data.valence_arousal[1]).all()
    assert data.valence_arousal[2].tolist() == pytest.approx([-0.5, 0.6])


def test_vidmimic2_brings_hundreds_to_ones(tmp_path: Path) -> None:
    head = "Filename,Admiration,Amusement,Determination,Empathic Pain,Excitement,Joy"
    write_lines(tmp_path / "train_split.csv", head, "00001,10,20,30,40,50,60", "00009,1,1,1,1,1,1")
    write_lines(tmp_path / "valid_split.csv", head, "00002,0.1,0.2,0.3,0.4,0.5,0.6")
    for name in ("00001", "00002"):
        for number in range(3):
            write_picture(tmp_path / "face_images" / name / f"{number}.jpg")
    film = clips("vidmimic2", tmp_path)
    assert film.start.tolist() == [0, 3, 6]
    assert film.frames.mimicry == pytest.approx(np.tile([0.1, 0.2, 0.3, 0.4, 0.5, 0.6], (6, 1)))


def test_bah(tmp_path: Path) -> None:
    for name in ("p1/a/1", "p1/a/2", "p2/b/1"):
        write_picture(tmp_path / "cropped-aligned-faces" / f"{name}.jpg")
    write_lines(tmp_path / "split" / "train.txt", "p1/a/1.jpg,0", "p1/a/2.jpg,1", "p1/a/3.jpg,1")
    write_lines(tmp_path / "split" / "val.txt", "p2/b/1.jpg,1")
    write_lines(tmp_path / "split" / "test.txt", "")
    film = clips("bah", tmp_path)
    assert film.frames.hesitancy[:, 0].tolist() == [0, 1, 1]
    assert film.frames.split.tolist() == [TRAIN, TRAIN, VALIDATION]
    write_lines(tmp_path / "split" / "val.txt", "p2/b/1.jpg,-1")
    with pytest.raises(DataSetError, match="not 0 or 1"):
        clips("bah", tmp_path)


@pytest.mark.parametrize("name", [name for name, data in DATA_SETS.items() if data.needs not in ((), (".",))])
def test_an_empty_folder_is_told_what_it_lacks(name: str, tmp_path: Path) -> None:
    data = data_set(name)
    assert data.missing(tmp_path) == [str(tmp_path / need) for need in data.needs]
    with pytest.raises(DataSetError, match="is incomplete") as told:
        data.prepare(tmp_path, CROP)
    assert data.needs[0] in told.value.message
    # Gated sets say whom to ask and that a signature is needed, open ones where they are described.
    assert ("models/README.md" if name.startswith("rendered") else "signed agreement") in told.value.advice


def test_an_unknown_name_is_told_the_known_ones() -> None:
    with pytest.raises(DataSetError, match="no data set called fer2014") as told:
        data_set("fer2014")
    assert "fer" in told.value.advice


def archive(path: Path, **more: object) -> Path:
    """Four faces in the format of the open archives."""
    picture = bytes(cv2.imencode(".png", np.full((48, 48), 90, np.uint8))[1])
    shapes = np.zeros((4, len(NAMES)), np.float16)
    shapes[0, NAMES.index("mouthSmileLeft")] = shapes[0, NAMES.index("mouthSmileRight")] = 0.8
    shapes[3] = np.nan
    points = np.tile(np.array([[15, 18], [32, 18], [24, 37]], np.float32), (4, 1, 1))
    points[3] = np.nan
    np.savez(
        path, data=np.frombuffer(picture * 4, np.uint8), offset=np.arange(5) * len(picture),
        name=np.array(["a", "b", "c", "d"]), keypoints=points, blendshapes=shapes,
        blendshape_names=np.array(NAMES), **more,  # type: ignore[arg-type]
    )  # fmt: skip
    return path


def test_fer_leaves_leaks_out_and_keeps_faces_that_were_not_found(tmp_path: Path) -> None:
    votes = np.zeros((4, 10), np.uint8)
    votes[0, 1] = 10
    votes[1, :3] = [5, 4, 1]
    votes[2, 9] = 10
    votes[3, 3] = 8
    votes[3, 8] = 2
    path = archive(
        tmp_path / "fer.npz", votes=votes, split=np.array(["Training", "Training", "Training", "PrivateTest"]),
        train_leaks_to_eval=np.array([True, False, False, True]),
    )  # fmt: skip
    data = data_set("fer").prepare(path, CROP)
    assert isinstance(data, Prepared)
    # The first leaks into the test, the third is no face to anybody; a test picture may not be dropped.
    assert data.split.tolist() == [TRAIN, TEST]
    assert data.expressions[0, :3].tolist() == pytest.approx([5 / 9, 4 / 9, 0])
    assert data.weight.tolist() == pytest.approx([1.0, 0.8])
    assert data.majority.tolist() == [0, 3]
    assert data.agreed.tolist() == [True, True]
    assert np.isnan(data.action_units[1]).all()
    assert data.images.shape == (2, 80, 80)


def test_lfw_never_splits_a_person(tmp_path: Path) -> None:
    path = archive(
        tmp_path / "lfw.npz", person=np.array(["A", "A", "B", "B"]),
        expression=np.array(["happiness", "", "anger", "neutral"]),
    )  # fmt: skip
    data = data_set("lfw").prepare(path, CROP)
    assert isinstance(data, Prepared)
    assert data.split[0] == data.split[1] == open_faces.split_of_person("A")
    assert data.majority.tolist() == [1, -1, 4, 0]
    assert data.action_units[0, 6] == pytest.approx(0.8, abs=1e-3)
    people = [open_faces.split_of_person(f"person {n}") for n in range(500)]
    assert 0.7 < people.count(TRAIN) / 500 < 0.9


def test_every_unit_of_the_teacher_is_named(tmp_path: Path) -> None:
    assert {name for group in BLENDSHAPES_OF.values() for name in group} <= set(NAMES)
