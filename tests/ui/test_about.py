"""About, and the notice after a crash."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from desktop_affect import __version__
from desktop_affect.system import crash, papers, paths
from desktop_affect.ui.about import AboutDialog, about_text
from desktop_affect.ui.crash_notice import CrashNotice, headline, offer
from desktop_affect.ui.icon import app_icon
from desktop_affect.ui.theme import DARK


def test_it_lists_the_parts_with_version_and_licence_and_finds_among_them(qtbot: QtBot) -> None:
    dialog = AboutDialog(DARK)
    qtbot.addWidget(dialog)
    dialog.fill()
    items = (dialog.table.item(row, 0) for row in range(dialog.table.rowCount()))
    names = [item.text() for item in items if item is not None]
    if not names:
        pytest.skip("this copy is not installed as a package, so it cannot name its parts")
    assert "numpy" in names
    dialog.search.setText("numpy")
    shown = [name for row, name in enumerate(names) if not dialog.table.isRowHidden(row)]
    assert "numpy" in shown
    assert len(shown) < len(names)
    assert dialog.wordings.toPlainText()
    assert __version__ in about_text()


def test_a_build_shows_the_papers_inside_it(qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    legal = tmp_path / "resources" / "legal"
    legal.mkdir(parents=True)
    wordings = "".join(f"line {number} of the wordings\n" for number in range(5000))
    (legal / "THIRD_PARTY_NOTICES.txt").write_text(wordings, encoding="utf-8")
    (legal / "sbom.cdx.json").write_text(
        '{"components": [{"name": "Qt", "version": "6.11.3", "licenses": [{"expression": "LGPL-3.0-only"}]},'
        ' {"name": "FFmpeg", "licenses": []}]}',
        encoding="utf-8",
    )
    monkeypatch.setattr(paths, "bundle_root", lambda: tmp_path)
    assert papers.parts() == (papers.Part("FFmpeg", "", ""), papers.Part("Qt", "6.11.3", "LGPL-3.0-only"))
    dialog = AboutDialog(DARK)
    qtbot.addWidget(dialog)
    qtbot.waitUntil(lambda: dialog.wordings.toPlainText() == wordings)
    assert dialog.pages.tabText(0) == "Parts (2)"


def test_the_icon_has_every_size(qapp: object) -> None:
    assert {size.width() for size in app_icon().availableSizes()} == {48, 128, 256, 512}


@pytest.fixture
def reports(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[Path]:
    monkeypatch.setenv("DESKTOP_AFFECT_HOME", str(tmp_path))
    folder = tmp_path / "logs"
    folder.mkdir()
    for stamp in ("20260101-000000", "20260102-000000"):
        (folder / f"crash-{stamp}.txt").write_text(f"Traceback of {stamp}", encoding="utf-8")
    return crash.pending()


def test_without_reports_nothing_opens(qtbot: QtBot) -> None:
    parent = QWidget()
    qtbot.addWidget(parent)
    assert offer((), parent) is None


def test_it_shows_copies_and_puts_aside(qtbot: QtBot, reports: list[Path]) -> None:
    notice = CrashNotice(reports)
    notice.show()
    assert not notice.text.isVisible()
    notice.show_button.click()
    assert notice.text.isVisible()
    assert "Traceback of 20260102-000000" in notice.text.toPlainText()
    notice.copy_button.click()
    assert "Traceback of 20260101-000000" in QGuiApplication.clipboard().text()
    with qtbot.waitSignal(notice.finished):
        notice.keep_button.click()
    assert crash.pending() == []
    assert len(list(reports[0].parent.glob("shown-crash-*.txt"))) == 2


def test_delete_leaves_nothing(qtbot: QtBot, reports: list[Path]) -> None:
    notice = CrashNotice(reports)
    notice.show()
    with qtbot.waitSignal(notice.finished):
        notice.delete_button.click()
    assert list(reports[0].parent.iterdir()) == []


def test_the_headline_counts_what_is_older(reports: list[Path]) -> None:
    assert "one earlier report" in headline(reports)
    assert "earlier" not in headline(reports[:1])
