"""Two sessions compared: aligned by start, by a marker or by hand; values and means side by side."""

from __future__ import annotations

import math
from itertools import pairwise
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from desktop_affect.core.errors import SessionError
from desktop_affect.session import annotations as notes
from desktop_affect.ui.compare import START, ComparePage
from desktop_affect.ui.compare_data import WHOLE, Side, common_markers, pairs, read_pair, shift_s, value_at
from tests.ui.reviewed import OpenReview, names, record


@pytest.fixture(scope="module")
def sides(tmp_path_factory: pytest.TempPathFactory) -> tuple[Side, Side]:
    """The same curve twice; the marker comes two seconds later in the second."""
    root = tmp_path_factory.mktemp("compared")
    first, second = record(root, "P07", 12.0), record(root, "P08", 9.0, marker_s=7.0)
    notes.put(second, notes.made(1.0, 2.0, "smile"))
    return read_pair((first, second), "valence", lambda done, total: None)


def test_alignment_by_start_by_marker_and_by_hand(sides: tuple[Side, Side]) -> None:
    assert common_markers(*sides) == ["stimulus"]
    assert shift_s(*sides) == 0.0
    assert shift_s(*sides, "stimulus") == pytest.approx(-2.0)
    assert shift_s(*sides, "stimulus", 0.5) == pytest.approx(-1.5)


def test_values_of_a_moment_are_unknown_outside_of_a_session(sides: tuple[Side, Side]) -> None:
    first, second = sides
    assert value_at(first, "valence", 10.0 - 1 / 30) == pytest.approx(0.299)
    assert math.isnan(value_at(first, "valence", 10.5))
    assert value_at(second, "AU12", 1.0) == pytest.approx(0.6)
    assert value_at(second, "quality", 1.0) == pytest.approx(0.9)
    assert math.isnan(value_at(second, "valence", 9.5))
    assert math.isnan(value_at(second, "valence", -0.5))


def test_means_are_matched_by_name(sides: tuple[Side, Side]) -> None:
    found = {pair.label: pair for pair in pairs(sides[0].rows, sides[1].rows, "valence")}
    whole = found[WHOLE]
    assert whole.second == pytest.approx(sum(i / 1000 for i in range(270)) / 270)
    assert whole.difference == pytest.approx(whole.second - whole.first)
    assert whole.first_valid == pytest.approx(11 / 12, abs=0.01)
    assert whole.second_valid == pytest.approx(1.0, abs=0.01)
    assert found["stimulus"].second == pytest.approx(sum(i / 1000 for i in range(210, 270)) / 60)
    assert math.isnan(found["smile"].first)
    assert math.isnan(found["smile"].difference)


def test_a_session_without_rows_is_told(tmp_path: Path) -> None:
    folders = record(tmp_path, "P07", 1.0), record(tmp_path, "P08", 0.0)
    with pytest.raises(SessionError, match="no rows to compare"):
        read_pair(folders, "valence", lambda done, total: None)


def cell(page: ComparePage, row: int, column: int) -> str:
    return str(page.at_cursor.numbers.index(row, column).data())


def test_two_sessions_are_opened_from_the_browser_and_looked_at(review: OpenReview, root: Path, qtbot: QtBot) -> None:
    first, second = record(root, "P07", 12.0), record(root, "P08", 9.0, marker_s=7.0)
    opened = review()
    qtbot.waitUntil(lambda: len(names(opened)) == 2)
    opened.browser.choose([first, second])
    assert opened.browser.details.compare.isEnabled()
    page = opened.compare
    page.open(first, second)
    qtbot.waitUntil(lambda: opened.pages.currentWidget() is page and page.up_to_date)
    assert opened.head.title.text() == "P07 · B   and   P08 · B"
    assert page.align.itemText(0) == START
    page.seek(5.0)
    page.tick()
    qtbot.waitUntil(lambda: page.up_to_date)
    assert [cell(page, 0, column) for column in range(1, 4)] == ["+0.15", "+0.15", "0.00"]
    page.align.setCurrentIndex(1)
    page.align.activated.emit(1)
    page.tick()
    qtbot.waitUntil(lambda: page.up_to_date)
    assert page.shift_s == pytest.approx(-2.0)
    assert [cell(page, 0, column) for column in range(1, 4)] == ["+0.15", "+0.21", "+0.06"]
    assert page.graph.difference.text() == "difference  +0.06"
    page.offset.setValue(1.0)
    page.tick()
    qtbot.waitUntil(lambda: page.up_to_date)
    assert [cell(page, 0, column) for column in range(1, 4)] == ["+0.15", "+0.18", "+0.03"]
    t_s, _ = page.graph.plots[0].curve_data(1)
    assert t_s[0] == pytest.approx(-1.0, abs=0.05)
    assert {text for _, text in page.graph.plots[0].marks()} == {"stimulus"}
    page.layouts.choose(1)
    assert page.graph.stack.currentIndex() == 1


def test_another_signal_is_fetched_for_both(review: OpenReview, root: Path, qtbot: QtBot) -> None:
    folders = record(root, "P07", 4.0), record(root, "P08", 4.0)
    opened = review()
    page = opened.compare
    page.open(*folders)
    qtbot.waitUntil(lambda: opened.pages.currentWidget() is page and page.up_to_date)
    page.signal.setCurrentIndex(page.signal.findData("AU12"))
    page.signal.activated.emit(page.signal.currentIndex())
    qtbot.waitUntil(lambda: page.sides is not None and page.sides[1].recording.curves.names == ("AU12",))
    page.seek(2.0)
    page.tick()
    qtbot.waitUntil(lambda: page.up_to_date)
    assert page.graph.legends[0].text() == "P07 · B  +0.60"
    assert page.graph.plots[0].curve_data(0)[1][:3].tolist() == pytest.approx([0.6] * 3)
    assert page.means.numbers.index(0, 1).data() == "+0.60"
    assert page.means.numbers.index(0, 4).data() == "100% / 100%"


def test_a_comparison_comes_piece_by_piece(review: OpenReview, root: Path, qtbot: QtBot) -> None:
    """The page, its curves, what they look like and the two tables: none waits for all."""
    folders = record(root, "P07", 4.0), record(root, "P08", 4.0)
    opened = review()
    page = opened.compare
    opened._timer.stop()
    page.open(*folders)
    qtbot.waitUntil(lambda: opened.jobs.current is None)
    opened.jobs.look()
    assert opened.pages.currentWidget() is not page
    steps: list[tuple[bool, ...]] = []

    def look() -> bool:
        opened.look()
        shown = opened.pages.currentWidget() is page
        lines, graph = page.graph.plots[0].curve_data(0)[0], page.graph
        drawn, seen = lines is not None and len(lines) > 0, not graph.plots[0]._veiled
        steps.append((shown, drawn, seen, graph.legends[0].text() != "", page.up_to_date))
        return page.up_to_date

    qtbot.waitUntil(look)  # the rows at the cursor are read by a thread
    assert steps[-1] == (True,) * 5
    changes = [sum(now) - sum(before) for before, now in pairwise(steps)]
    assert max(changes) <= 2, steps
