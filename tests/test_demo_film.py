"""The demo film and its truth belong together, and are what newcomers, tests and the smoke test count on."""

from __future__ import annotations

import csv
from itertools import groupby, pairwise
from pathlib import Path

import pytest

from desktop_affect.system.cv2_import import cv2
from desktop_affect.system.paths import bundled

FILM, TRUTH = "resources/demo/participant.mp4", "resources/demo/truth.csv"
SCRIPT = ["smile", "surprise", "displeasure", "sadness", "hesitant", "away", "turn", "dim"]
GEOMETRY = ["pitch_deg", "yaw_deg", "roll_deg", "tx_mm", "ty_mm", "tz_mm", "gaze_yaw_deg", "gaze_pitch_deg"]
FIRST_COLUMNS = ["frame", "t_s", "passage", "in_view", *GEOMETRY, "blink", "brightness"]
Rows = list[dict[str, str]]


@pytest.fixture(scope="module")
def rows() -> Rows:
    with bundled(TRUTH).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def _passages(rows: Rows) -> list[tuple[str, Rows]]:
    return [(name, list(group)) for name, group in groupby(rows, key=lambda row: row["passage"])]


def _mean(rows: Rows, column: str) -> float:
    return sum(float(row[column]) for row in rows) / len(rows)


def test_film_and_truth_have_the_same_frames() -> None:
    film = cv2.VideoCapture(str(bundled(FILM)))
    try:
        count, rate = int(film.get(cv2.CAP_PROP_FRAME_COUNT)), film.get(cv2.CAP_PROP_FPS)
        size = [film.get(cv2.CAP_PROP_FRAME_WIDTH), film.get(cv2.CAP_PROP_FRAME_HEIGHT)]
        film.set(cv2.CAP_PROP_POS_FRAMES, count - 1)
        last = film.read()[1]
    finally:
        film.release()
    with bundled(TRUTH).open(encoding="utf-8") as file:
        assert sum(1 for _ in file) - 1 == count
    assert rate == pytest.approx(30.0)
    assert size == [1280.0, 720.0]
    assert last is not None
    assert 55 <= count / rate <= 65


def test_the_film_is_small_and_its_index_comes_first() -> None:
    film = Path(bundled(FILM))
    assert film.stat().st_size < 10_000_000
    with film.open("rb") as file:
        beginning = file.read(200_000)
    assert 0 < beginning.find(b"moov") < beginning.find(b"mdat")


def test_passages_come_in_the_order_of_the_script_with_neutral_between(rows: Rows) -> None:
    names = [name for name, _ in _passages(rows)]
    assert names[1::2] == SCRIPT
    assert set(names[0::2]) == {"neutral"}
    assert len(names) == 2 * len(SCRIPT) + 1
    assert float(_passages(rows)[0][1][-1]["t_s"]) >= 5.9


def test_frames_count_up_and_times_are_even(rows: Rows) -> None:
    assert [int(row["frame"]) for row in rows] == list(range(len(rows)))
    assert max(abs(float(row["t_s"]) - k / 30) for k, row in enumerate(rows)) < 1e-4


def test_columns_are_the_documented_ones_and_weights_stay_in_range(rows: Rows) -> None:
    columns = list(rows[0])
    assert columns[: len(FIRST_COLUMNS)] == FIRST_COLUMNS
    weights = columns[len(FIRST_COLUMNS) :]
    assert len(weights) == 57
    assert all(0 <= float(row[name]) <= 1 for row in rows for name in weights)
    assert {row["blink"] for row in rows} == {row["in_view"] for row in rows} == {"0", "1"}


def test_every_passage_shows_what_its_name_says(rows: Rows) -> None:
    by_name = dict(_passages(rows))
    assert max(float(row["mouthSmile_L"]) for row in by_name["smile"]) > 0.7
    assert max(float(row["cheekSquint_L"]) for row in by_name["smile"]) > 0.4
    assert max(float(row["browInnerUp_L"]) for row in by_name["surprise"]) > 0.7
    assert max(float(row["mouthPress_L"]) for row in by_name["displeasure"]) > 0.6
    assert max(float(row["mouthFrown_L"]) for row in by_name["sadness"]) > 0.6
    assert _mean(by_name["hesitant"], "browDown_L") > 0.2
    assert max(float(row["yaw_deg"]) for row in by_name["turn"]) == pytest.approx(40, abs=3)
    assert min(float(row["brightness"]) for row in by_name["dim"]) < 0.4
    assert max(float(row["mouthSmile_L"]) for row in by_name["neutral"]) == 0


def test_the_participant_is_away_for_two_seconds_and_in_view_otherwise(rows: Rows) -> None:
    away = [int(row["in_view"]) for name, group in _passages(rows) for row in group if name == "away"]
    longest = max(len(list(group)) for present, group in groupby(away) if not present)
    assert longest / 30 >= 2.0
    assert away[0] == away[-1] == 1
    assert all(row["in_view"] == "1" for row in rows if row["passage"] != "away")


def test_eyes_leave_the_screen_twice_while_hesitating(rows: Rows) -> None:
    hesitant = [row for row in rows if row["passage"] == "hesitant"]
    looks_away = [abs(float(row["gaze_yaw_deg"])) > 12 for row in hesitant]
    assert sum(1 for away, _ in groupby(looks_away) if away) >= 2


def test_blinks_are_natural(rows: Rows) -> None:
    begins = [
        k for k in range(1, len(rows)) if rows[k]["eyeBlink_L"] != "0.0000" and rows[k - 1]["eyeBlink_L"] == "0.0000"
    ]
    gaps_s = [(b - a) / 30 for a, b in pairwise(begins)]
    assert len(begins) >= 12
    assert 1.8 <= min(gaps_s) <= max(gaps_s) <= 5.2
    closed = [len(list(group)) for is_closed, group in groupby(row["blink"] for row in rows) if is_closed == "1"]
    assert len(closed) == len(begins)
    assert all(1 <= frames <= 6 for frames in closed)
