"""Worker processes, really started: the same rows, a killed one costs its film one try, nobody stays behind."""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Callable
from pathlib import Path

import numpy as np
import psutil
import pytest

from desktop_affect.batch.analyst import Analyst
from desktop_affect.batch.batch import Batch, longest_first
from desktop_affect.batch.crew import LocalCrew, overlaps
from desktop_affect.batch.jobs import Job, JobKind, Outcome, Progress, State
from desktop_affect.core.errors import AffectError
from desktop_affect.session.format import SAMPLE_COLUMNS
from desktop_affect.session.reader import read_session
from tests.batch.films import face_film, faces, ignore, jobs_of, recipe, write_film
from tests.batch.test_analyst import TIMINGS

pytestmark = [pytest.mark.skipif(os.name == "nt", reason="kills with signals"), pytest.mark.timeout(600)]


def workers() -> list[psutil.Process]:
    """Ours, without the helper that Python keeps beside them."""
    children = psutil.Process().children()
    return [child for child in children if "resource_tracker" not in " ".join(child.cmdline())]


def run(batch: Batch, crew: LocalCrew, also: Callable[[Progress | Outcome], None] = ignore) -> dict[str, Outcome]:
    done: dict[str, Outcome] = {}

    def hear(happening: Progress | Outcome) -> None:
        if isinstance(happening, Outcome):
            done[happening.name] = happening
        also(happening)

    batch.run(crew, hear)
    return done


@pytest.fixture(scope="module")
def films(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("films")
    face_film(folder / "a.mp4", 20)
    write_film(folder / "b.mp4", faces(20, 300))
    (folder / "c.mp4").write_bytes(b"")
    return folder


@pytest.fixture(scope="module")
def long_film(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_film(tmp_path_factory.mktemp("films") / "long.mp4", faces(20) * 10)


def test_two_workers_give_the_rows_of_one(films: Path, tmp_path: Path) -> None:
    root = tmp_path / "two"
    done = run(Batch(jobs_of(root, films)), LocalCrew(2, recipe(), root, cores=2))
    assert {name: outcome.state for name, outcome in done.items()} == {
        "a.mp4": State.DONE, "b.mp4": State.DONE, "c.mp4": State.FAILED,
    }  # fmt: skip
    analyst = Analyst(recipe(), tmp_path / "one", threading.Event())
    for job in jobs_of(tmp_path / "one", films / "b.mp4", films / "a.mp4"):
        analyst.do(job, ignore)
        one, two = (read_session(tmp_path / name / job.folder) for name in ("one", "two"))
        for column in SAMPLE_COLUMNS:
            if column.name not in TIMINGS:
                np.testing.assert_array_equal(one[column.name], two[column.name], err_msg=column.name)
    analyst.close()
    assert workers() == []


@pytest.mark.parametrize(
    ("jobs", "cores", "overlap"),
    [(1, 1, False), (1, 2, True), (2, 2, False), (2, 3, True), (5, 8, True), (6, 8, False)],
)
def test_films_are_read_on_threads_of_their_own_only_where_cores_are_idle(jobs: int, cores: int, overlap: bool) -> None:
    assert overlaps(jobs, cores) == overlap


def test_long_films_come_first_and_equals_in_their_order() -> None:
    jobs = [Job(JobKind.FILM, Path(f"/{name}"), size_bytes=size) for name, size in (("a", 5), ("b", 9), ("c", 5))]
    assert [job.name for job in longest_first(jobs)] == ["b", "a", "c"]


def test_a_killed_worker_costs_one_try_and_no_other_film(films: Path, long_film: Path, tmp_path: Path) -> None:
    root = tmp_path / "out"
    killed: list[int] = []

    def kill_once(happening: Progress | Outcome) -> None:
        if isinstance(happening, Progress) and happening.folder == "long" and happening.frames > 0 and not killed:
            killed.extend(child.pid for child in workers())
            for pid in killed:
                os.kill(pid, signal.SIGKILL)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("desktop_affect.batch.crew.log.warning", lambda *words: None)
        done = run(Batch(jobs_of(root, long_film, films / "a.mp4")), LocalCrew(1, recipe(), root), kill_once)
    assert killed
    assert {name: outcome.state for name, outcome in done.items()} == {"a.mp4": State.DONE, "long.mp4": State.DONE}
    assert read_session(root / "long").rows == 200


def test_ctrl_c_reaches_no_worker_however_early(films: Path, tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    crew = LocalCrew(1, recipe(), tmp_path)
    try:
        crew.give(jobs_of(tmp_path, films / "a.mp4")[0])
        (worker,) = workers()
        worker.send_signal(signal.SIGINT)  # as a terminal does; it has not come to a line of ours yet
        found: list[Outcome] = []
        while not found:
            found += [one for one in crew.happened(0.2) if isinstance(one, Outcome)]
        assert found[0].state is State.DONE
        assert workers() == [worker], "the first one did it"
    finally:
        crew.close()
    assert "KeyboardInterrupt" not in capfd.readouterr().err


@pytest.mark.expected_log
def test_a_film_that_kills_its_worker_twice_is_reported(films: Path, long_film: Path, tmp_path: Path) -> None:
    root = tmp_path / "out"

    def kill(happening: Progress | Outcome) -> None:
        if isinstance(happening, Progress) and happening.folder == "long" and happening.frames > 0:
            for child in workers():
                os.kill(child.pid, signal.SIGKILL)

    done = run(Batch(jobs_of(root, long_film, films / "a.mp4")), LocalCrew(1, recipe(), root), kill)
    assert done["a.mp4"].state is State.DONE
    assert done["long.mp4"].problem is not None
    assert "SIGKILL" in done["long.mp4"].problem.message
    assert not (root / "long").exists()


def test_stopping_keeps_the_finished_and_leaves_the_rest(films: Path, long_film: Path, tmp_path: Path) -> None:
    root = tmp_path / "out"
    batch = Batch(jobs_of(root, films / "a.mp4", long_film))

    def stop(happening: Progress | Outcome) -> None:
        if isinstance(happening, Progress) and happening.folder == "long" and happening.frames > 0:
            batch.stop()

    done = run(batch, LocalCrew(1, recipe(), root), stop)
    assert set(done) == {"a.mp4"}
    assert sorted(path.name for path in root.iterdir()) == ["a"]
    assert workers() == []


def test_one_film_can_be_left_while_the_others_go_on(films: Path, long_film: Path, tmp_path: Path) -> None:
    root = tmp_path / "out"
    jobs: list[Job] = jobs_of(root, long_film, films / "a.mp4", films / "b.mp4")
    batch = Batch(jobs)

    def leave(happening: Progress | Outcome) -> None:
        if isinstance(happening, Progress) and happening.folder == "long" and happening.frames > 0:
            batch.leave("long")
            batch.leave("b")  # still waits

    done = run(batch, LocalCrew(1, recipe(), root), leave)
    assert set(done) == {"a.mp4"}
    assert not (root / "long").exists()


def test_a_model_that_is_not_here_ends_the_batch_in_words(films: Path, tmp_path: Path) -> None:
    from dataclasses import replace

    known = recipe()
    assert known.pin is not None
    other = replace(known, pin=replace(known.pin, sha256="0" * 64))
    with pytest.raises(AffectError, match="not the one that the other films"):
        run(Batch(jobs_of(tmp_path, films / "a.mp4")), LocalCrew(1, other, tmp_path))
    assert workers() == []
