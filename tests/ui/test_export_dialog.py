"""Exporting from the review: everything the command line offers, off the window's thread, told and given up."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from desktop_affect.session.export import choices
from desktop_affect.session.export.options import ExportOptions, Format, Smoothing
from desktop_affect.session.export.several import Several
from desktop_affect.ui.export_dialog import ExportDialog, OptionalNumber
from desktop_affect.ui.review import ReviewWindow
from desktop_affect.ui.theme import DARK
from tests.ui.reviewed import OpenReview, record, shown


def tick(dialog: ExportDialog, key: str, value: float) -> None:
    field = dialog.fields[key]
    assert isinstance(field, OptionalNumber)
    field.set_value(value)


def test_the_dialog_offers_every_format_and_every_option_of_the_table(qtbot: QtBot, tmp_path: Path) -> None:
    dialog = ExportDialog([tmp_path], DARK)
    qtbot.addWidget(dialog)
    assert list(dialog.formats) == list(Format)
    assert list(dialog.fields) == [choice.key for choice in choices.CHOICES]
    smoothing = dialog.fields["smoothing"]
    assert not isinstance(smoothing, OptionalNumber)
    smoothing.setCurrentIndex(smoothing.findData("offline"))
    for key, value in (("baseline", 0.0), ("resample", 25.0), ("window", 30.0), ("from", 1.0), ("to", 9.0)):
        tick(dialog, key, value)
    dialog.formats[Format.REPORT].setChecked(True)
    dialog.output.setText(str(tmp_path / "out"))
    dialog.go.click()
    assert dialog.wish is not None
    assert dialog.wish.looks == (Format.CSV, Format.REPORT)
    assert dialog.wish.output == tmp_path / "out"
    assert dialog.wish.options == ExportOptions(
        Smoothing.OFFLINE, resample_hz=25.0, baseline=True, window_s=30.0, begin_s=1.0, end_s=9.0
    )


def test_what_does_not_go_together_is_told_and_the_dialog_stays(qtbot: QtBot, tmp_path: Path) -> None:
    dialog = ExportDialog([tmp_path], DARK)
    qtbot.addWidget(dialog)
    tick(dialog, "baseline", 0.0)
    dialog.go.click()
    assert dialog.wish is None
    assert "already hold the baseline" in dialog.problem.text()
    for box in dialog.formats.values():
        box.setChecked(False)
    dialog.go.click()
    assert "Tick at least one" in dialog.problem.text()


def test_the_stretch_in_view_is_exported_from_the_player(review: OpenReview, root: Path, qtbot: QtBot) -> None:
    folder = record(root)
    opened = shown(review, folder, qtbot)
    opened.player.playback.show(2.0, 3.0)
    opened.head.export_button.click()
    dialog = opened.export_desk.dialog
    assert dialog is not None
    dialog.only_in_view.setChecked(True)
    dialog.formats[Format.AGGREGATES].setChecked(True)
    dialog.go.click()
    made = folder / "exports" / f"Interview_P07_{folder.name}_live_2-5s.csv"
    qtbot.waitUntil(lambda: bool(opened.notices.notices()))
    (notice,) = opened.notices.notices()
    assert (notice.fault.message, notice.fault.advice) == ("2 files written.", str(folder / "exports"))
    assert len(made.read_text("utf-8").splitlines()) == 91


def test_the_whole_in_view_leaves_no_row_out(qtbot: QtBot) -> None:
    dialog = ExportDialog([Path("session")], DARK, (0.0, 51.2))
    qtbot.addWidget(dialog)
    begin, end = (dialog.fields[key] for key in ("from", "to"))
    assert isinstance(begin, OptionalNumber) and isinstance(end, OptionalNumber)  # noqa: PT018  for mypy
    assert (begin.number.value(), end.number.value()) == (0.0, 51.2), "offered"
    assert (begin.value, end.value) == (None, None), "and not yet wanted"
    dialog.only_in_view.setChecked(True)
    assert (begin.value, end.value) == (0.0, 51.2)


def test_several_sessions_are_exported_and_the_one_that_fails_is_told(
    review: OpenReview, root: Path, qtbot: QtBot, tmp_path: Path
) -> None:
    good, empty = record(root, "P07", 2.0), record(root, "P08", 0.0)
    opened = review()
    opened.export_desk.ask([good, empty])
    assert opened.export_desk.dialog is not None
    opened.export_desk.dialog.output.setText(str(tmp_path / "out"))
    opened.export_desk.dialog.go.click()
    qtbot.waitUntil(lambda: len(opened.notices.notices()) == 2)
    error, done = (notice.fault for notice in opened.notices.notices())
    assert done.message == "1 file written."
    assert "was not exported" in error.message
    assert "no rows" in error.message
    assert len(list((tmp_path / "out").glob("*.csv"))) == 1


@pytest.fixture
def slow_export(monkeypatch: pytest.MonkeyPatch) -> threading.Event:
    """An export that goes on until it is given up."""
    begun = threading.Event()

    def endless(session: object, look: object, options: object, path: Path, progress: object) -> Path:
        begun.set()
        rows = 0
        while True:
            rows += 1
            threading.Event().wait(0.005)
            progress(rows, 100_000)  # type: ignore[operator]

    monkeypatch.setattr("desktop_affect.session.export.several.export_session", endless)
    return begun


def begin_export(opened: ReviewWindow, folder: Path, begun: threading.Event, qtbot: QtBot) -> None:
    opened.export_desk.ask([folder])
    assert opened.export_desk.dialog is not None
    opened.export_desk.dialog.go.click()
    qtbot.waitUntil(begun.is_set)
    qtbot.waitUntil(lambda: opened.progress.isVisible() and opened.progress.bar.value() > 0)


def test_a_long_export_shows_its_progress_and_can_be_given_up(
    review: OpenReview, root: Path, qtbot: QtBot, slow_export: threading.Event
) -> None:
    folder = record(root, seconds=1.0)
    opened = review()
    begin_export(opened, folder, slow_export, qtbot)
    assert opened.progress.words.text() == f"Exporting {folder.name} …"
    opened.open_session(folder)
    qtbot.waitUntil(lambda: opened.pages.currentWidget() is opened.pages.made_player)
    opened.progress.cancel.click()
    qtbot.waitUntil(lambda: not opened.progress.isVisible())
    assert opened.notices.notices() == []
    assert not (folder / "exports").exists()


def test_closing_during_an_export_asks_first(
    review: OpenReview, root: Path, qtbot: QtBot, slow_export: threading.Event
) -> None:
    folder = record(root, seconds=1.0)
    opened = review()
    begin_export(opened, folder, slow_export, qtbot)
    answers = [False, True]
    opened.confirm = lambda title, text: answers.pop(0)
    opened.close()
    assert opened.isVisible()
    opened.close()
    assert not opened.isVisible()


def test_aggregates_of_several_sessions_are_put_together(root: Path) -> None:
    folders = [record(root, who, 2.0) for who in ("P07", "P08")]
    outcomes = list(Several([Format.AGGREGATES], ExportOptions()).run(folders, lambda *_: lambda done, rows: None))
    assert [outcome.what for outcome in outcomes] == ["aggregates", "aggregates", "conditions"]
    assert all(outcome.path is not None and outcome.path.exists() for outcome in outcomes)
