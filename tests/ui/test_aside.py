"""The window of recorded sessions with the real process that reads and writes for it."""

from __future__ import annotations

from pathlib import Path

import psutil
import pytest
from pytestqt.qtbot import QtBot

from desktop_affect.session.export.options import ExportOptions, Format
from desktop_affect.system import side_process
from desktop_affect.ui.exporting import ExportWish
from desktop_affect.ui.jobs import Jobs
from desktop_affect.ui.review import ReviewWindow
from tests.ui.reviewed import OpenReview, record, shown


def held(review: ReviewWindow, jobs: Jobs, qtbot: QtBot) -> psutil.Process:
    """The jobs' process, made to stand still."""
    jobs.warm_up()
    qtbot.waitUntil(lambda: jobs.current is None)
    process = psutil.Process(jobs._side.pid)
    process.suspend()
    return process


def begin(review: ReviewWindow, folder: Path, qtbot: QtBot) -> Path:
    """An export, and half a file of it as a killed process would leave it."""
    (folder / "exports").mkdir()
    part = folder / "exports" / f".table.csv.00ff-{review.export_desk.jobs._side.pid}.part"
    part.write_text("half", encoding="utf-8")
    review.export_desk.carry_out(ExportWish((folder,), (Format.CSV,), ExportOptions(), None))
    progress = review.progress  # which may still show that sessions are looked for
    qtbot.waitUntil(lambda: progress.isVisible() and progress.words.text().startswith("Exporting"))
    return part


@pytest.mark.far
def test_opened_and_exported_by_processes_that_end_with_the_window(
    review: OpenReview, root: Path, qtbot: QtBot
) -> None:
    folder = record(root)
    opened = shown(review, folder, qtbot)
    assert opened.session is not None
    assert opened.session.rows == 600
    opened.player.seek(5.0)
    opened.player.tick()
    assert opened.player.view.affect.valence.text == "+0.15"
    opened.export_desk.carry_out(ExportWish((folder,), (Format.CSV, Format.AGGREGATES), ExportOptions(), None))
    qtbot.waitUntil(lambda: bool(opened.notices.notices()))
    assert opened.notices.notices()[0].fault.message == "2 files written."
    pids = [jobs._side.pid for jobs in (opened.jobs, opened.export_desk.jobs)]
    opened.close()
    qtbot.waitUntil(lambda: opened.closed)
    assert not any(pid is None or psutil.pid_exists(pid) for pid in pids)


@pytest.mark.far
@pytest.mark.expected_log
def test_a_process_that_is_killed_is_told_and_its_half_file_goes(review: OpenReview, root: Path, qtbot: QtBot) -> None:
    folder = record(root, seconds=2.0)
    opened = review()
    process = held(opened, opened.export_desk.jobs, qtbot)
    part = begin(opened, folder, qtbot)
    process.kill()
    qtbot.waitUntil(lambda: bool(opened.notices.notices()))
    (notice,) = opened.notices.notices()
    assert "ended in the middle of it" in notice.fault.message
    assert notice.fault.advice
    assert not part.exists()
    opened.export_desk.carry_out(ExportWish((folder,), (Format.CSV,), ExportOptions(), None))
    qtbot.waitUntil(lambda: len(opened.notices.notices()) == 2)
    assert len(list((folder / "exports").glob("*.csv"))) == 1


@pytest.mark.far
def test_one_that_does_not_answer_is_ended_when_it_is_given_up(
    review: OpenReview, root: Path, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(side_process, "_GRACE_S", 0.2)
    folder = record(root, seconds=2.0)
    opened = review()
    process = held(opened, opened.export_desk.jobs, qtbot)
    part = begin(opened, folder, qtbot)
    opened.progress.cancel.click()
    qtbot.waitUntil(lambda: not part.exists())
    qtbot.waitUntil(lambda: not process.is_running())
    assert opened.notices.notices() == []


@pytest.mark.far
def test_closing_the_window_ends_what_is_being_exported(
    review: OpenReview, root: Path, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(side_process, "_GRACE_S", 0.2)
    opened = review()
    process = held(opened, opened.export_desk.jobs, qtbot)
    begin(opened, record(root, seconds=2.0), qtbot)
    opened.confirm = lambda title, text: True
    opened.close()
    qtbot.waitUntil(lambda: opened.closed)
    qtbot.waitUntil(lambda: not process.is_running())
