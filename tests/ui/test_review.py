"""Recorded sessions in the window: found, read, scrubbed; a folder that is no session is told."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from pytestqt.qtbot import QtBot

from desktop_affect.core.types import Fault, Marker, RunStart
from desktop_affect.session.plan import SessionPlan
from desktop_affect.sinks.history import Channel
from desktop_affect.sinks.recorder import Recorder
from desktop_affect.system.clock import MonotonicClock
from desktop_affect.ui.recording_view import part_of, stretch_of
from desktop_affect.ui.review import NO_SESSIONS, ReviewWindow
from tests.fakes import INFO, clock_pair
from tests.ui.conftest import MakeWindow
from tests.ui.samples import no_face, sample
from tests.ui.scripted import ScriptedBackend


def record(root: Path, seconds: float = 20.0) -> Path:
    """A real session: a face, with a second without one."""
    faults: list[Fault] = []
    recorder = Recorder(SessionPlan(root, "Interview", "P07", "B"), clock=MonotonicClock(), report=faults.append)
    recorder.open(RunStart(clock_pair(), INFO, None, "test"))
    assert recorder.wait_open(10.0)
    for i in range(int(seconds * 30)):
        t_s = 100.0 + i / 30
        recorder.on_sample(no_face(t_s) if 300 <= i < 330 else sample(t_s, valence=i / 1000), None)
    recorder.on_event(Marker(105.0, "stimulus"))
    recorder.close()
    assert faults == []
    assert recorder.folder is not None
    return recorder.folder


@pytest.fixture
def review(
    make_window: MakeWindow, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, qtbot: QtBot
) -> Callable[[], ReviewWindow]:
    monkeypatch.setenv("DESKTOP_AFFECT_HOME", str(tmp_path / "home"))
    backend = ScriptedBackend()
    monkeypatch.setattr(backend, "sessions_folder", lambda: tmp_path / "sessions")
    window = make_window(backend)

    def open_review() -> ReviewWindow:
        window.show_sessions()
        assert window.review is not None
        return window.review

    return open_review


def test_without_sessions_the_place_says_how_to_get_one(review: Callable[[], ReviewWindow], qtbot: QtBot) -> None:
    opened = review()
    qtbot.waitUntil(lambda: opened.state.text() == NO_SESSIONS)


def test_a_session_is_found_read_and_scrubbed(review: Callable[[], ReviewWindow], tmp_path: Path, qtbot: QtBot) -> None:
    record(tmp_path / "sessions")
    opened = review()
    qtbot.waitUntil(lambda: opened.sessions.count() == 1)
    assert opened.sessions.item(0).text().startswith("P07 · B · Interview")
    opened.sessions.setCurrentRow(0)
    qtbot.waitUntil(lambda: opened.session is not None)
    assert opened.state.text().startswith("600 rows, 0:20")
    ((at_s, text),) = opened.view.affect.plot.marks()
    assert at_s == pytest.approx(5.0)
    assert text == "stimulus"
    opened.moments.setCurrentRow(0)
    assert opened.view.affect.time.text() == "at 0:05"
    assert opened.view.affect.valence.text == "+0.15"
    opened.search.setText("P08")
    qtbot.waitUntil(lambda: opened.sessions.count() == 0)


def test_a_folder_that_is_no_session_is_told(review: Callable[[], ReviewWindow], tmp_path: Path, qtbot: QtBot) -> None:
    opened = review()
    opened.open_session(tmp_path)
    qtbot.waitUntil(lambda: opened.state.text() not in ("", "Reading …", NO_SESSIONS))
    assert opened.session is None


def test_the_curves_are_those_of_the_file_with_their_gap(tmp_path: Path) -> None:
    from desktop_affect.session.reader import read_session

    whole = stretch_of(read_session(record(tmp_path / "sessions")))
    assert len(whole.t_s) == 600
    assert whole.values[Channel.VALENCE, 150] == pytest.approx(0.15)
    assert np.isnan(whole.values[Channel.VALENCE, 300:330]).all()
    assert whole.values[Channel.FACE, 300:330].tolist() == [0] * 30
    part = part_of(whole, 5.0, 6.0, 1000)
    assert part.t_s[0] < 5.0 < 6.0 < part.t_s[-1]
    assert len(part_of(whole, 0.0, 20.0, 100).t_s) <= 104
