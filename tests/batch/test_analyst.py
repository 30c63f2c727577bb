"""One film in, one session out: the same rows as live, every frame, nothing kept that was not asked for."""

from __future__ import annotations

import csv
import json
import threading
from pathlib import Path

import numpy as np
import pytest

from desktop_affect.assembly import RunPlan, build_run, parts_around
from desktop_affect.batch.analyst import Abandoned, Analyst
from desktop_affect.batch.jobs import Outcome, Progress, State, Thumbnails
from desktop_affect.batch.picture_list import PICTURES_FILE
from desktop_affect.batch.results import RECORD_FILE, read_record
from desktop_affect.core.settings_table import default_settings
from desktop_affect.core.types import Frame, SourceInfo
from desktop_affect.inference.pinned import load_pinned
from desktop_affect.pipeline.engine import Engine
from desktop_affect.session.aggregate import Aggregator, intervals
from desktop_affect.session.export.options import ExportOptions
from desktop_affect.session.export.table import ExportTable
from desktop_affect.session.format import SAMPLE_COLUMNS, Kind
from desktop_affect.session.plan import SessionPlan
from desktop_affect.session.reader import Session, read_session
from desktop_affect.sources.video import VideoSource
from desktop_affect.system.clock import MonotonicClock
from tests.batch.films import (
    face_film,
    faces,
    ignore,
    jobs_of,
    nothing,
    pin,
    recipe,
    two_people,
    write_film,
    write_picture,
)
from tests.shared_data import shared

pytestmark = pytest.mark.timeout(600)  # seconds of work, on machines that may be busy

TIMINGS = ("latency_ms", "inference_ms", "tracking_ms")


def analyse(root: Path, *paths: Path, **changes: object) -> list[Outcome]:
    analyst = Analyst(recipe(**changes), root, threading.Event())
    try:
        return [analyst.do(job, ignore) for job in jobs_of(root, *paths)]
    finally:
        analyst.close()


@pytest.fixture(scope="module")
def film(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return face_film(tmp_path_factory.mktemp("films") / "Anna.mp4", 40)


@pytest.fixture(scope="module")
def analysed(film: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Outcome, Session]:
    root = tmp_path_factory.mktemp("out")
    (outcome,) = analyse(root, film)
    return outcome, read_session(root / outcome.folder)


class EveryFrame(VideoSource):
    """A live film that waits until each frame was analysed, so that none is replaced by the next."""

    engine: Engine | None = None

    def open(self) -> SourceInfo:
        info = super().open()
        self._given = 0
        return info

    def read(self) -> Frame | None:
        while self.engine is not None and self.engine.status().analysed < self._given:
            threading.Event().wait(0.001)
        frame = super().read()
        self._given += frame is not None
        return frame


def live_rows(film: Path, root: Path) -> Session:
    source = EveryFrame(film, clock=MonotonicClock(), paced=True)
    settings = default_settings()
    chosen = parts_around(load_pinned(pin()), settings)
    run = build_run(RunPlan(session=SessionPlan(root)), settings, chosen=chosen, make=lambda clock: source)
    source.engine = run.engine
    run.engine.start()
    assert run.engine.finished.wait(60)
    run.stop()
    assert run.recorder is not None
    assert run.recorder.folder is not None
    return read_session(run.recorder.folder)


def test_the_rows_are_those_of_a_live_analysis(film: Path, analysed: tuple[Outcome, Session], tmp_path: Path) -> None:
    _, ours = analysed
    live = live_rows(film, tmp_path)
    assert live.header["source"]["live"] is True
    assert ours.rows == live.rows == 40
    for column in SAMPLE_COLUMNS:
        if column.name in TIMINGS:
            continue
        if column.kind is Kind.TEXT:
            assert list(ours[column.name]) == list(live[column.name]), column.name
        else:
            np.testing.assert_allclose(ours[column.name], live[column.name], atol=1e-4, err_msg=column.name)


def test_every_frame_has_a_row_with_the_films_own_time(analysed: tuple[Outcome, Session]) -> None:
    outcome, session = analysed
    assert (outcome.state, outcome.problem) == (State.DONE, None)
    assert session.state.value == "closed"
    assert list(session["seq"]) == list(range(40))
    np.testing.assert_allclose(session["media_t_s"], np.arange(40) / 30, atol=1e-6)
    assert (session["face"] == 1).mean() > 0.9
    assert session.header["source"]["kind"] == "video"
    assert session.header["source"]["live"] is False


def test_the_summary_is_what_the_aggregates_say(analysed: tuple[Outcome, Session]) -> None:
    outcome, session = analysed
    table = ExportTable(session, ExportOptions())
    expected = Aggregator(table).row(next(iter(intervals(table))))
    compared = [name for name in expected if name in outcome.figures]
    assert len(compared) > 60
    for name in compared:
        ours = outcome.figures[name]
        assert (np.nan if ours is None else ours) == pytest.approx(expected[name], abs=1e-5, nan_ok=True), name


def test_a_film_of_one_frame_lasts_as_long_as_its_container_says(tmp_path: Path) -> None:
    analyst = Analyst(recipe(), tmp_path / "out", threading.Event())
    (outcome,) = (analyst.do(job, ignore) for job in jobs_of(tmp_path / "out", face_film(tmp_path / "one.mp4", 1)))
    analyst.close()
    assert (outcome.figures["frames"], outcome.figures["face_share"]) == (1, 1.0)
    table = ExportTable(read_session(tmp_path / "out" / outcome.folder), ExportOptions())
    expected = Aggregator(table).row(next(iter(intervals(table))))
    for name in ("duration_s", "face_share", "valid_share"):
        assert outcome.figures[name] == pytest.approx(expected[name]), name
    assert outcome.figures["duration_s"] == pytest.approx(1 / 30, abs=1e-6)


def test_the_same_film_gives_the_same_rows_again_from_a_kept_model(film: Path, tmp_path: Path) -> None:
    other = write_film(tmp_path / "other.mp4", faces(10, 400))
    analyst = Analyst(recipe(), tmp_path / "out", threading.Event())
    first, _, again = (
        analyst.do(job, ignore) for path in (film, other, film) for job in jobs_of(tmp_path / "out", path)
    )
    analyst.close()
    one, two = (read_session(tmp_path / "out" / outcome.folder) for outcome in (first, again))
    assert first.folder != again.folder
    for column in SAMPLE_COLUMNS:
        if column.name not in TIMINGS:
            np.testing.assert_array_equal(one[column.name], two[column.name], err_msg=column.name)


def test_the_record_says_all_that_is_known(analysed: tuple[Outcome, Session]) -> None:
    outcome, session = analysed
    assert outcome.content_sha256
    read = read_record(session.path)
    assert read is not None
    assert read.document() | {"took_s": 0} == outcome.document() | {"took_s": 0}
    assert len(outcome.curves["valence"]["values"]) == 6  # 1.3 s in steps of a quarter


def test_a_face_that_comes_late_and_two_people(tmp_path: Path) -> None:
    late = write_film(tmp_path / "late.mp4", (*nothing(15), *faces(10)))
    pair = write_film(tmp_path / "pair.mp4", two_people())
    first, second = analyse(tmp_path / "out", late, pair)
    seen = read_session(tmp_path / "out" / first.folder)["face"]
    assert not seen[:15].any()
    assert seen[-5:].all()
    assert first.figures["face_share"] == pytest.approx(seen.mean(), abs=0.01)
    others = read_session(tmp_path / "out" / second.folder)["other_faces"]
    assert np.nanmax(others) == 1


def test_no_picture_is_kept_unless_asked_for(film: Path, tmp_path: Path) -> None:
    for choice in Thumbnails:
        (outcome,) = analyse(tmp_path / choice.value, film, thumbnails=choice)
        pictures = [file for file in (tmp_path / choice.value).rglob("*") if file.suffix in (".jpg", ".png", ".mp4")]
        assert len(pictures) == int(choice is not Thumbnails.NONE)
        assert bool(outcome.thumbnail) is bool(pictures)


def test_a_blurred_picture_shows_nobody(film: Path, tmp_path: Path) -> None:
    """The tracker finds the face on the plain thumbnail and none on the blurred one."""
    found = {}
    for choice in (Thumbnails.PLAIN, Thumbnails.BLURRED):
        (kept,) = analyse(tmp_path / choice.value, film, thumbnails=choice)
        (again,) = analyse(tmp_path / f"{choice.value} again", tmp_path / choice.value / kept.folder / kept.thumbnail)
        found[choice] = again.figures["faces"]
    assert found == {Thumbnails.PLAIN: 1, Thumbnails.BLURRED: 0}


def test_the_neutral_face_of_the_first_seconds_corrects_all_rows(tmp_path: Path) -> None:
    film = face_film(tmp_path / "Anna.mp4", 75)
    (plain,) = analyse(tmp_path / "plain", film)
    (outcome,) = analyse(tmp_path / "corrected", film, baseline_first_s=3.0)
    assert outcome.state is State.DONE
    raw, corrected = (
        read_session(tmp_path / name / each.folder) for name, each in (("plain", plain), ("corrected", outcome))
    )
    np.testing.assert_allclose(raw["valence_raw"], corrected["valence_raw"], atol=1e-6)
    names = set(corrected["baseline_id"])
    assert len(names) == 1
    assert list(corrected.baselines) == list(names)
    assert abs(np.nanmedian(corrected["valence"][-30:])) < abs(np.nanmedian(raw["valence"][-30:]))


def test_the_first_look_of_a_baseline_is_no_progress(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("desktop_affect.batch.analyst._TELL_S", 0.001)
    told: list[Progress] = []
    analyst = Analyst(recipe(baseline_first_s=1.0), tmp_path / "out", threading.Event())
    (outcome,) = (
        analyst.do(job, told.append) for job in jobs_of(tmp_path / "out", face_film(tmp_path / "Anna.mp4", 60))
    )
    analyst.close()
    assert outcome.state is State.DONE
    frames = [progress.frames for progress in told]
    assert frames == sorted(frames), "a film never falls back to its beginning"


def test_a_film_without_a_face_has_no_neutral_one_and_says_so(tmp_path: Path) -> None:
    (outcome,) = analyse(tmp_path / "out", write_film(tmp_path / "room.mp4", nothing(20)), baseline_first_s=2.0)
    assert outcome.state is State.PARTIAL
    assert outcome.problem is not None
    assert "neutral face" in outcome.problem.message
    assert outcome.frames == 20


@pytest.mark.expected_log
@pytest.mark.parametrize(
    ("name", "content", "words"),
    [("empty.mp4", b"", "is empty"), ("noise.mp4", bytes(range(256)) * 20, "no picture"), ("a.mp4", b"Hi\n", "text")],
)
def test_what_is_no_film_is_told_and_leaves_nothing(tmp_path: Path, name: str, content: bytes, words: str) -> None:
    (tmp_path / name).write_bytes(content)
    (outcome,) = analyse(tmp_path / "out", tmp_path / name)
    assert outcome.state is State.FAILED
    assert outcome.problem is not None
    assert words in outcome.problem.message
    assert [path.name for path in (tmp_path / "out").rglob("*")] == [".unfinished"]


@pytest.mark.expected_log
def test_a_film_that_breaks_off_keeps_what_could_be_read(tmp_path: Path) -> None:
    whole = face_film(tmp_path / "whole.avi", 30).read_bytes()
    (tmp_path / "cut.avi").write_bytes(whole[: len(whole) * 2 // 3])
    (outcome,) = analyse(tmp_path / "out", tmp_path / "cut.avi")
    assert outcome.state is State.PARTIAL
    assert outcome.problem is not None
    assert "is damaged after" in outcome.problem.message
    assert 5 < outcome.frames < 30
    assert read_session(tmp_path / "out" / outcome.folder).rows == outcome.frames


def test_one_frame_and_any_name(tmp_path: Path) -> None:
    long = "日本 – Prüfung {x} " + "sehr lang " * 15
    film = face_film(tmp_path / f"{long.strip()}.mp4", 1)
    (outcome,) = analyse(tmp_path / "out", film)
    assert (outcome.state, outcome.frames) == (State.DONE, 1)
    assert outcome.name == film.name
    assert read_session(tmp_path / "out" / outcome.folder).rows == 1


def test_a_stop_leaves_nothing_behind(tmp_path: Path) -> None:
    film = face_film(tmp_path / "a.mp4", 200)
    stop = threading.Event()
    stop.set()
    analyst = Analyst(recipe(), tmp_path / "out", stop)
    (job,) = jobs_of(tmp_path / "out", film)
    with pytest.raises(Abandoned):
        analyst.do(job, ignore)
    analyst.close()
    assert [path.name for path in (tmp_path / "out").iterdir()] == [".unfinished"]
    assert list((tmp_path / "out" / ".unfinished").iterdir()) == []


def test_exports_stand_beside_the_session_and_a_broken_one_costs_no_rows(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    film = face_film(tmp_path / "a.mp4", 5)
    (outcome,) = analyse(tmp_path / "out", film, formats=("csv", "report"))
    assert set(outcome.exports) == {"csv", "report"}
    assert all((tmp_path / "out" / outcome.folder / name).is_file() for name in outcome.exports.values())
    monkeypatch.setattr("desktop_affect.session.report.page.STYLE", "resources/none.css")
    (broken,) = analyse(tmp_path / "other", film, formats=("report",))
    assert broken.state is State.DONE
    assert broken.export_problem is not None
    assert broken.trouble is broken.export_problem


@pytest.fixture(scope="module")
def album(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("album")
    smile, calm = faces(1, 800)[0], faces(1)[0]
    write_picture(folder / "p2.png", smile)
    write_picture(folder / "p10.jpg", calm)
    write_picture(folder / "p1.png", calm)
    write_picture(folder / "room.png", nothing(1)[0])
    (folder / "broken.png").write_bytes((folder / "p1.png").read_bytes()[:60])
    return folder


def test_photographs_are_one_session_with_a_row_each(album: Path, tmp_path: Path) -> None:
    (outcome,) = analyse(tmp_path / "out", album, formats=("csv",))
    session = read_session(tmp_path / "out" / outcome.folder)
    assert session.header["source"]["kind"] == "pictures"
    with (session.path / PICTURES_FILE).open(encoding="utf-8") as file:
        beside = {int(row["seq"]): row for row in csv.DictReader(file)}
    assert [beside[seq]["file"] for seq in sorted(beside)] == ["broken.png", "p1.png", "p2.png", "p10.jpg", "room.png"]
    assert list(session["seq"]) == [1, 2, 3, 4]
    assert list(session["face"]) == [1, 1, 1, 0]
    assert "broken.png" in beside[0]["problem"]
    assert outcome.state is State.PARTIAL
    with (session.path / outcome.exports["csv"]).open(encoding="utf-8") as file:
        assert [row["marker"] for row in csv.DictReader(file)] == ["p1.png", "p2.png", "p10.jpg", "room.png"]


def test_each_photograph_is_looked_at_by_itself(album: Path, tmp_path: Path) -> None:
    """In company or alone, before or after another face: the same row; and the rules judge it as usable."""
    (whole,) = analyse(tmp_path / "whole", album)
    (alone,) = analyse(tmp_path / "alone", album / "p2.png")
    rows, row = (read_session(tmp_path / name / o.folder) for name, o in (("whole", whole), ("alone", alone)))
    for column in SAMPLE_COLUMNS:
        if column.name in (*TIMINGS, "seq", "t_s", "track") or column.kind is Kind.TEXT:
            continue
        np.testing.assert_allclose(rows[column.name][1], row[column.name][0], atol=1e-6, err_msg=column.name)
    assert row["quality_usable"][0] == 1
    assert row["model_confidence"][0] == 1
    assert whole.figures["face_share"] == pytest.approx(3 / 4)


def test_a_photograph_is_turned_as_its_camera_noted(tmp_path: Path) -> None:
    upright = write_picture(tmp_path / "upright.jpg", faces(1)[0])
    lying = write_picture(tmp_path / "lying.jpg", np.rot90(faces(1)[0], 1).copy())
    exif = b"Exif\0\0MM\0*\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0\x06\0\0\0\0\0\0"  # orientation 6: turn right
    data = lying.read_bytes()
    lying.write_bytes(data[:2] + b"\xff\xe1" + (len(exif) + 2).to_bytes(2, "big") + exif + data[2:])
    one, two = (analyse(tmp_path / f"out {path.stem}", path)[0] for path in (upright, lying))
    assert two.figures["faces"] == 1
    assert two.figures["valence_mean"] == pytest.approx(one.figures["valence_mean"], abs=0.1)


def test_the_record_is_json_without_nan(analysed: tuple[Outcome, Session]) -> None:
    _, session = analysed
    json.loads((session.path / RECORD_FILE).read_text("utf-8"), parse_constant=pytest.fail)


def test_real_clips_with_and_without_a_face(tmp_path: Path) -> None:
    clips = [shared(f"clips/pyfeat/{name}") for name in ("no_face.mp4", "noface_face.mov")]
    without, late = analyse(tmp_path / "out", *clips)
    assert (without.state, without.frames, without.figures["faces"]) == (State.DONE, 95, 0)
    assert (late.state, late.frames) == (State.DONE, 169)
    assert 0.3 < late.figures["face_share"] < 0.5
    seen = read_session(tmp_path / "out" / late.folder)["face"]
    assert not seen[:60].any()
    assert seen[-30:-1].all()
