"""The queue behind the window: films come at any time, one can be cancelled, closing ends it."""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from desktop_affect.batch.film_queue import FilmQueue, RowState
from desktop_affect.batch.jobs import Recipe
from desktop_affect.core.settings_table import default_settings
from tests.batch.films import pin
from tests.batch.scripted_crew import ScriptedCrew
from tests.batch.test_finding import MP4, tree


def until(ready: Callable[[], bool]) -> None:
    until_s = time.monotonic() + 60.0
    while not ready():
        assert time.monotonic() < until_s
        time.sleep(0.005)


@pytest.fixture
def crews(monkeypatch: pytest.MonkeyPatch) -> list[ScriptedCrew]:
    monkeypatch.setattr("desktop_affect.batch.film_queue.choose_pin", lambda settings: pin())
    return []


@pytest.fixture
def films(tmp_path: Path) -> Path:
    return tree(tmp_path / "films", a_dot_mp4=MP4, b_dot_mp4=MP4, other__a_dot_mp4=MP4)


@pytest.fixture
def queue(tmp_path: Path, crews: list[ScriptedCrew]) -> Iterator[FilmQueue]:
    def hire(recipe: Recipe, root: Path) -> ScriptedCrew:
        crews.append(ScriptedCrew(recipe, root))
        return crews[-1]

    made = FilmQueue(default_settings, tmp_path / "out", hire)
    yield made
    made.stop()
    until(lambda: made.closed)


def states(queue: FilmQueue) -> dict[str, RowState]:
    return {row.key: row.state for row in queue.rows}


def test_films_are_done_one_after_another_and_added_meanwhile(
    queue: FilmQueue, crews: list[ScriptedCrew], films: Path, tmp_path: Path
) -> None:
    assert not (tmp_path / "out").exists()
    queue.add([str(films / "a.mp4")])
    until(lambda: states(queue) == {"a": RowState.WORKING})
    queue.add([str(films / "other"), str(films / "b.mp4"), str(films / "a.mp4")])
    until(lambda: len(queue.rows) == 3 and not queue.planning)
    assert states(queue) == {"a": RowState.WORKING, "a_2": RowState.WAITING, "b": RowState.WAITING}
    crews[0].finish()
    until(lambda: states(queue)["a_2"] is RowState.WORKING)
    crews[0].fail()
    until(lambda: states(queue)["b"] is RowState.WORKING)
    crews[0].finish()
    until(queue.index.is_file)
    done, failed, _ = queue.rows
    assert (done.told, done.session) == ("30 frames, face in view 90%", tmp_path / "out" / "a")
    assert (failed.state, failed.told, failed.session) == (RowState.FAILED, "It is empty. Copy it again.", None)


def test_the_time_left_counts_what_is_still_wanted(queue: FilmQueue, crews: list[ScriptedCrew], films: Path) -> None:
    assert math.isnan(queue.left_s)
    queue.add([str(films / "a.mp4"), str(films / "b.mp4")])
    until(lambda: states(queue) == {"a": RowState.WORKING, "b": RowState.WAITING})
    until(lambda: queue.left_s > 0)
    queue.cancel("b")
    crews[0].finish()
    until(lambda: states(queue)["a"] is RowState.DONE)
    assert queue.left_s == 0.0


def test_one_can_be_cancelled_whether_it_waits_or_is_worked_on(
    queue: FilmQueue, crews: list[ScriptedCrew], films: Path
) -> None:
    queue.add([str(films)])
    until(lambda: len(queue.rows) == 3 and RowState.WORKING in states(queue).values())
    (working,) = (key for key, state in states(queue).items() if state is RowState.WORKING)
    waiting = next(key for key, state in states(queue).items() if state is RowState.WAITING)
    queue.cancel(waiting)
    queue.cancel(working)
    until(lambda: crews[0].left == [working] and len(crews[0].jobs) == 1)
    assert states(queue)[waiting] is states(queue)[working] is RowState.CANCELLED
    assert crews[0].jobs[0].folder not in (waiting, working)


def test_what_is_no_film_is_told_and_the_queue_goes_on(queue: FilmQueue, films: Path, tmp_path: Path) -> None:
    queue.add([str(tmp_path / "nothing.mp4")])
    until(lambda: "There is no" in queue.problem)
    queue.add([str(films / "a.mp4")])
    until(lambda: len(queue.rows) == 1)
    assert queue.problem == ""


def test_a_folder_that_cannot_be_written_is_told(crews: list[ScriptedCrew], films: Path, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    queue = FilmQueue(default_settings, tmp_path / "file" / "out", ScriptedCrew)
    queue.add([str(films / "a.mp4")])
    until(lambda: queue.closed)
    assert "cannot be made" in queue.problem
    assert not queue.planning
