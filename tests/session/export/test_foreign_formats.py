"""openface, fex and facereader: names, order, units and signs, read back the way their own tools read them."""

from __future__ import annotations

import csv
import io
import math
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop_affect.session.export import fex, openface
from desktop_affect.session.export.exporter import export_session
from desktop_affect.session.export.facereader import FIND_FAILED, UNITS, video_time
from desktop_affect.session.export.options import ExportOptions, Format, Smoothing
from desktop_affect.session.export.turns import openface_gaze_rad, openface_turn_rad
from desktop_affect.session.reader import Session
from tests.session.export.performed import FPS, GONE_S
from tests.shared_data import shared

RAW = ExportOptions(smoothing=Smoothing.RAW)
GONE_ROW = int(GONE_S[0] * FPS) + 1
SKIPPED_ROW = 9

OPENFACE_HEADER = (
    "frame, face_id, timestamp, confidence, success, gaze_0_x, gaze_0_y, gaze_0_z, gaze_1_x, gaze_1_y, gaze_1_z, "
    "gaze_angle_x, gaze_angle_y, pose_Tx, pose_Ty, pose_Tz, pose_Rx, pose_Ry, pose_Rz, AU01_r, AU02_r, AU04_r, AU05_r, "
    "AU06_r, AU07_r, AU09_r, AU10_r, AU12_r, AU14_r, AU15_r, AU17_r, AU20_r, AU23_r, AU25_r, AU26_r, AU45_r, AU01_c, "
    "AU02_c, AU04_c, AU05_c, AU06_c, AU07_c, AU09_c, AU10_c, AU12_c, AU14_c, AU15_c, AU17_c, AU20_c, AU23_c, AU25_c, "
    "AU26_c, AU28_c, AU45_c"
)


def openface_rows(session: Session, target: Path) -> list[dict[str, str]]:
    text = export_session(session, Format.OPENFACE, RAW, target / "a.csv").read_text("utf-8")
    assert text.splitlines()[0] == OPENFACE_HEADER
    return list(csv.DictReader(io.StringIO(text), skipinitialspace=True))


def test_openface_has_its_columns_and_units(session: Session, target: Path) -> None:
    rows = openface_rows(session, target)
    first = rows[0]
    assert len(rows) == session.rows
    assert (first["frame"], first["face_id"], first["success"]) == ("1", "0", "1")
    assert float(first["timestamp"]) == 0.0
    assert float(first["AU12_r"]) == pytest.approx(0.25 * 5)
    assert [float(first[f"pose_T{axis}"]) for axis in "xyz"] == [12.5, -8.0, 600.0]
    assert float(first["AU45_c"]) == 1.0


def test_what_is_not_modelled_is_empty_in_openface(session: Session, target: Path) -> None:
    rows = openface_rows(session, target)
    for name in ("gaze_0_x", "gaze_1_z", "AU05_r", "AU09_c", "AU28_c", "AU45_r"):
        assert {row[name] for row in rows} == {""}, name
    for row in (GONE_ROW, SKIPPED_ROW):
        assert rows[row]["success"] == "0"
        assert {rows[row][name] for name in ("confidence", "pose_Tz", "AU12_r", "AU12_c")} == {""}


def test_openface_signs_of_head_and_gaze(session: Session, target: Path) -> None:
    first = openface_rows(session, target)[0]
    looks_up, turned_right, tilted_left = (float(first[f"pose_R{axis}"]) for axis in "xyz")
    assert looks_up < 0  # ours: pitch +10, up; theirs: positive is down
    assert turned_right > 0  # ours: yaw -20, to the own right
    assert tilted_left > 0  # ours: roll +5, to the own left shoulder
    assert float(first["gaze_angle_x"]) == pytest.approx(math.radians(15), abs=1e-4)
    assert float(first["gaze_angle_y"]) == pytest.approx(math.radians(10), abs=7e-3)  # ours -10, down; theirs positive


angle = st.floats(-60, 60)


@given(pitch=angle, yaw=angle, roll=angle)
def test_openface_angles_make_the_same_turn(pitch: float, yaw: float, roll: float) -> None:
    def rx(a: float) -> np.ndarray[tuple[int, int], np.dtype[np.float64]]:
        return np.array([[1, 0, 0], [0, math.cos(a), -math.sin(a)], [0, math.sin(a), math.cos(a)]])

    def ry(a: float) -> np.ndarray[tuple[int, int], np.dtype[np.float64]]:
        return np.array([[math.cos(a), 0, math.sin(a)], [0, 1, 0], [-math.sin(a), 0, math.cos(a)]])

    def rz(a: float) -> np.ndarray[tuple[int, int], np.dtype[np.float64]]:
        return np.array([[math.cos(a), -math.sin(a), 0], [math.sin(a), math.cos(a), 0], [0, 0, 1]])

    ours = ry(math.radians(-yaw)) @ rx(math.radians(-pitch)) @ rz(math.radians(roll))
    x, y, z = (float(a[0]) for a in openface_turn_rad(np.array([pitch]), np.array([yaw]), np.array([roll])))
    np.testing.assert_allclose(rx(x) @ ry(y) @ rz(z), ours, atol=1e-9)


@given(yaw=angle, pitch=angle)
def test_openface_gaze_is_the_same_direction(yaw: float, pitch: float) -> None:
    y, p = math.radians(yaw), math.radians(pitch)
    looks = (math.cos(p) * math.sin(y), -math.sin(p), -math.cos(p) * math.cos(y))
    across, down = openface_gaze_rad(np.array([yaw]), np.array([pitch]))
    assert across[0] == pytest.approx(math.atan2(looks[0], -looks[2]), abs=1e-9)
    assert down[0] == pytest.approx(math.atan2(looks[1], -looks[2]), abs=1e-9)


def test_pandas_reads_openface_as_numbers(session: Session, target: Path) -> None:
    """As Py-Feat's `read_openface` does: plain `read_csv`, then the names stripped."""
    pandas = pytest.importorskip("pandas", reason="pandas is not installed")
    frame = pandas.read_csv(export_session(session, Format.OPENFACE, RAW, target / "a.csv"), sep=",")
    frame.columns = frame.columns.str.strip(" ")
    assert all(kind.kind in "fi" for kind in frame.dtypes)
    assert frame["AU12_r"].max() <= openface.HIGHEST_INTENSITY
    assert frame["AU05_r"].isna().all()


def test_fex_reads_back_as_py_feat_picks_its_columns(session: Session, target: Path) -> None:
    """Py-Feat needs torch and its weights; its `read_feat` takes as action unit whatever holds the letters AU."""
    with export_session(session, Format.FEX, RAW, target / "a.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert [name for name in rows[0] if "AU" in name] == list(fex.UNITS)
    assert list(rows[0])[:11] == [
        "FaceRectX", "FaceRectY", "FaceRectWidth", "FaceRectHeight", "FaceScore", "Pitch", "Roll", "Yaw", "X", "Y", "Z",
    ]  # fmt: skip
    valence = [float(row["valence"]) if row["valence"] else np.nan for row in rows]
    np.testing.assert_allclose(valence, session["valence_raw"], rtol=1e-6)
    assert {row["AU05"] for row in rows} == {""}
    assert rows[0]["Happy"] == "0.125"
    assert (rows[-1]["frame"], rows[-1]["approx_time"], rows[-1]["input"]) == ("239", "00:07", "Scripted camera")
    assert rows[GONE_ROW]["FaceScore"] == ""
    assert (rows[0]["FrameWidth"], rows[0]["FrameHeight"]) == ("64", "48")


def test_fex_names_are_those_of_real_py_feat_output() -> None:
    with shared("tracks/pyfeat_tracks.csv").open(encoding="utf-8", newline="") as file:
        theirs = next(csv.reader(file))
    units = [name for name in theirs if name.startswith("AU")]
    assert set(units) <= set(fex.UNITS)
    emotions = theirs[theirs.index("Neutral") : theirs.index("valence")]
    assert set(emotions) <= set(fex.EMOTIONS)
    assert {"Pitch", "Roll", "Yaw", "valence", "arousal", "gaze_pitch", "gaze_yaw", "frame", "approx_time"} <= set(
        theirs
    )


def facereader_lines(session: Session, target: Path) -> list[list[str]]:
    path = export_session(session, Format.FACEREADER, RAW, target / "a.txt")
    return [line.split("\t") for line in path.read_text("utf-8").splitlines()]


def test_facereader_looks_like_a_detailed_log(session: Session, target: Path) -> None:
    lines = facereader_lines(session, target)
    assert lines[0] == ["Video analysis detailed log"]
    assert [line[0] for line in lines[2:7]] == ["Face Model", "Calibration", "Start time", "Filename", "Frame rate"]
    assert lines[4][1] == "11/21/2026 09:00:00.000"
    names = lines[8]
    assert names[:11] == [
        "Video Time", "Neutral", "Happy", "Sad", "Angry", "Surprised", "Scared", "Disgusted", "Contempt", "Valence",
        "Arousal",
    ]  # fmt: skip
    assert "Action Unit 01 - Inner Brow Raiser" in names
    assert sum(name.startswith("Action Unit") for name in names) == len(UNITS)
    assert {len(line) for line in lines[8:]} == {len(names)}
    assert len(lines) == 9 + session.rows


def test_facereader_says_where_it_failed(session: Session, target: Path) -> None:
    lines = facereader_lines(session, target)
    rows = [dict(zip(lines[8], line, strict=True)) for line in lines[9:]]
    assert (rows[0]["Video Time"], rows[GONE_ROW]["Video Time"]) == ("00:00:00.000", "00:00:04.033")
    assert rows[0]["Valence"] == "0.2500"
    assert rows[0]["Arousal"] == "0.2500"  # -0.5 of -1..1 on their 0..1
    assert rows[GONE_ROW]["Neutral"] == rows[GONE_ROW]["Action Unit 12 - Lip Corner Puller"] == FIND_FAILED
    assert rows[GONE_ROW]["Action Unit 05 - Upper Lid Raiser"] == ""
    assert set(list(rows[SKIPPED_ROW].values())[1:]) == {""}
    assert [row["Event Marker"] for row in rows if row["Event Marker"]] == [
        "stimulus 1, “Ferdinand”", "question with a second line",
    ]  # fmt: skip


def test_pandas_reads_facereader_as_its_users_do(session: Session, target: Path) -> None:
    pandas = pytest.importorskip("pandas", reason="pandas is not installed")
    path = export_session(session, Format.FACEREADER, RAW, target / "a.txt")
    frame = pandas.read_table(path, sep="\t", skiprows=8, index_col=False, na_values=["FIND_FAILED", "FIT_FAILED"])
    np.testing.assert_allclose(frame["Valence"], session["valence_raw"], atol=5e-5)


def test_video_time() -> None:
    assert [video_time(t_s) for t_s in (0.0, 59.9996, 3661.5)] == ["00:00:00.000", "00:01:00.000", "01:01:01.500"]


@pytest.mark.parametrize("look", [Format.OPENFACE, Format.FEX, Format.FACEREADER])
def test_foreign_formats_on_a_grid(session: Session, target: Path, look: Format) -> None:
    path = export_session(session, look, ExportOptions(resample_hz=10), target / "a")
    lines = path.read_text("utf-8").splitlines()
    assert len(lines) == (9 if look is Format.FACEREADER else 1) + 80
