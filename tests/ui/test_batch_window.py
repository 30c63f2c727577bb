"""Films dropped onto the window: a queue with progress, cancelling, and the way to the result."""

from __future__ import annotations

import math
from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from desktop_affect.batch import film_queue
from desktop_affect.batch.film_queue import Row, RowState
from desktop_affect.ui import batch_window
from desktop_affect.ui.batch_window import EMPTY, BatchWindow, chosen, left_words
from desktop_affect.ui.window import MainWindow
from tests.batch.films import pin
from tests.batch.scripted_crew import ScriptedCrew
from tests.batch.test_finding import MP4, tree
from tests.ui.conftest import MakeWindow
from tests.ui.scripted import ScriptedBackend


@pytest.fixture
def crews(monkeypatch: pytest.MonkeyPatch) -> list[ScriptedCrew]:
    made: list[ScriptedCrew] = []

    class Kept(ScriptedCrew):
        def __init__(self, count: int, recipe: object, root: Path, gentle: bool) -> None:
            super().__init__(recipe, root)  # type: ignore[arg-type]
            made.append(self)

    monkeypatch.setattr(film_queue, "LocalCrew", Kept)
    monkeypatch.setattr(film_queue, "choose_pin", lambda settings: pin())
    return made


@pytest.fixture
def window(make_window: MakeWindow, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> MainWindow:
    backend = ScriptedBackend()
    monkeypatch.setattr(backend, "sessions_folder", lambda: tmp_path / "sessions")
    return make_window(backend)


def drop(target: MainWindow | BatchWindow, *urls: QUrl) -> bool:
    """True when it was taken."""
    data = QMimeData()
    data.setUrls(list(urls))
    action, button, key = Qt.DropAction.CopyAction, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    enter = QDragEnterEvent(QPointF(9, 9).toPoint(), action, data, button, key)
    enter.ignore()
    QApplication.sendEvent(target, enter)
    if not enter.isAccepted():
        return False
    QApplication.sendEvent(target, QDropEvent(QPointF(9, 9), action, data, button, key))
    return True


def test_a_drop_opens_the_queue_and_results_open_in_review(
    window: MainWindow, crews: list[ScriptedCrew], tmp_path: Path, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    films = tree(tmp_path / "films", a_dot_mp4=MP4, b_dot_mp4=MP4)
    assert drop(window, QUrl.fromLocalFile(str(films)))
    queue = window.films.window
    assert queue is not None
    assert queue.isVisible()
    qtbot.waitUntil(lambda: [row.told.text() for row in queue.film_rows] == ["50%", "Waiting"])
    assert queue.state.text() == "0 of 2 films finished"
    first, second = queue.film_rows
    crews[0].finish()
    qtbot.waitUntil(lambda: first.told.text() == "Done: 30 frames, face in view 90%")
    qtbot.waitUntil(lambda: second.told.text() == "50%")
    assert first.button.text() == "Open result"
    second.button.click()
    qtbot.waitUntil(lambda: second.told.text() == "Cancelled")
    assert crews[0].left == ["b"]
    assert not second.button.isVisible()

    opened: list[Path] = []
    monkeypatch.setattr(window.films, "open_result", opened.append)
    queue.wants_result.disconnect()
    queue.wants_result.connect(window.films.open_result)
    first.button.click()
    assert [path.name for path in opened] == ["a"]
    assert opened[0].parent.parent == tmp_path / "sessions"


def test_of_many_films_those_are_shown_that_matter(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(batch_window, "MOST_SHOWN", 4)
    states = [RowState.DONE, RowState.FAILED, RowState.DONE, RowState.WORKING, RowState.WAITING, RowState.WAITING]
    rows = [Row(str(number), f"{number}.mp4", state) for number, state in enumerate(states)]
    assert [row.key for row in chosen(rows)] == ["1", "3", "4", "5"]
    assert [row.key for row in chosen(rows[:3])] == ["0", "1", "2"]


def test_a_row_that_gives_way_leaves_the_list(
    window: MainWindow, crews: list[ScriptedCrew], tmp_path: Path, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(batch_window, "MOST_SHOWN", 1)
    assert drop(window, QUrl.fromLocalFile(str(tree(tmp_path / "films", a_dot_mp4=MP4, b_dot_mp4=MP4))))
    queue = window.films.window
    assert queue is not None
    qtbot.waitUntil(lambda: [row.name.text() for row in queue.film_rows] == ["a.mp4"])
    qtbot.waitUntil(lambda: queue.state.text() == "0 of 2 films finished, 1 of them shown")
    qtbot.waitUntil(lambda: bool(crews) and bool(crews[0].jobs))
    crews[0].finish()
    qtbot.waitUntil(lambda: [row.name.text() for row in queue.film_rows] == ["b.mp4"])


@pytest.mark.parametrize(
    ("left_s", "words"),
    [
        (math.nan, ""),
        (3.0, "less than a minute left"),
        (61.0, "about 2 min left"),
        (3600.0, "about 1 h 0 min left"),
        (12_000.0, "about 3 h 20 min left"),
    ],
)
def test_the_time_left_is_told_as_people_tell_it(left_s: float, words: str) -> None:
    assert left_words(left_s) == words


def test_the_queue_takes_drops_too_and_begins_empty(
    window: MainWindow, crews: list[ScriptedCrew], tmp_path: Path, qtbot: QtBot
) -> None:
    window.films.show()
    queue = window.films.window
    assert queue is not None
    assert queue.empty.text() == EMPTY
    assert queue.empty.isVisible()
    assert not (tmp_path / "sessions").exists()
    assert drop(queue, QUrl.fromLocalFile(str(tree(tmp_path / "films", a_dot_mp4=MP4) / "a.mp4")))
    qtbot.waitUntil(lambda: len(queue.film_rows) == 1)
    assert not queue.empty.isVisible()


def test_pages_of_the_web_are_no_films(window: MainWindow) -> None:
    assert not drop(window, QUrl("https://example.org/film.mp4"))
    assert window.films.queue is None


def test_closing_the_window_ends_the_queue(
    window: MainWindow, crews: list[ScriptedCrew], tmp_path: Path, qtbot: QtBot
) -> None:
    drop(window, QUrl.fromLocalFile(str(tree(tmp_path / "films", a_dot_mp4=MP4))))
    qtbot.waitUntil(lambda: bool(crews) and bool(crews[0].jobs))
    assert window.films.working
    window.force_close()
    qtbot.waitUntil(lambda: window.films.closed)
    assert crews[0].closed.is_set()


def test_what_cannot_be_taken_is_told(
    window: MainWindow, crews: list[ScriptedCrew], tmp_path: Path, qtbot: QtBot
) -> None:
    assert drop(window, QUrl.fromLocalFile(str(tmp_path / "gone.mp4")))
    queue = window.films.window
    assert queue is not None
    qtbot.waitUntil(lambda: "There is no" in queue.problem.text())
