"""One window for a person, with real processes: the second start gives way, a killed first one does not block."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtNetwork import QLocalServer
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from desktop_affect.core.errors import AffectError
from desktop_affect.ui import single
from desktop_affect.ui.forward import FirstPaint, come_forward
from desktop_affect.ui.single import Answer, address, knock, take_place

HELPER = [sys.executable, "-m", "tests.ui.second_start"]


@contextmanager
def started(home: Path, answer: str = "shown", **environment: str) -> Iterator[subprocess.Popen[str]]:
    process = subprocess.Popen(
        [*HELPER, str(home), answer], stdout=subprocess.PIPE, text=True, env={**os.environ, **environment}
    )
    try:
        yield process
    finally:
        process.kill()
        process.wait()
        assert process.stdout is not None
        process.stdout.close()


def line(process: subprocess.Popen[str]) -> str:
    assert process.stdout is not None
    return process.stdout.readline().strip()


def test_a_second_start_brings_the_first_forward_and_ends(tmp_path: Path) -> None:
    with started(tmp_path) as first:
        assert line(first) == "first"
        with started(tmp_path, XDG_ACTIVATION_TOKEN="token-7") as second:
            assert line(second) == "gave way"
            assert second.wait(30) == 0
        assert line(first) == "knock token-7"


def test_a_killed_first_window_does_not_block_the_next(tmp_path: Path) -> None:
    with started(tmp_path) as first:
        assert line(first) == "first"
        first.kill()
        first.wait()
        with started(tmp_path) as second:
            assert line(second) == "first"
            with started(tmp_path) as third:
                assert line(third) == "gave way"


def test_who_comes_while_the_first_is_closing_waits_and_opens(tmp_path: Path) -> None:
    with started(tmp_path, "closing") as first:
        assert line(first) == "first"
        with started(tmp_path) as second:
            assert line(first) == "knock"
            first.kill()
            assert line(second) == "first"


def test_another_home_is_another_window(tmp_path: Path, qapp: object) -> None:
    with started(tmp_path / "a") as first:
        assert line(first) == "first"
        door = take_place(tmp_path / "b")
        assert door is not None
        door.close()


def test_whoever_asks_for_something_definite_gets_a_window(tmp_path: Path, qapp: object) -> None:
    with started(tmp_path) as first:
        assert line(first) == "first"
        door = take_place(tmp_path, plain=False)
        assert door is not None
        door.open(lambda token: True)  # the first keeps the address
        door.close()
        assert knock(address(tmp_path)) is Answer.SHOWN


def test_a_first_window_that_hangs_is_named(tmp_path: Path, qapp: object, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(single, "ANSWER_MS", 200)
    monkeypatch.setattr(single.knock, "__defaults__", (200,))
    first = take_place(tmp_path)
    assert first is not None
    deaf = QLocalServer()
    assert deaf.listen(address(tmp_path))
    try:
        with pytest.raises(AffectError, match="does not answer"):
            take_place(tmp_path)
    finally:
        deaf.close()
        first.close()


@pytest.mark.expected_log
def test_a_lock_that_nobody_answers_for_opens_a_window(
    tmp_path: Path, qapp: object, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(single, "STARTING_S", 0.1)
    holder = take_place(tmp_path)
    assert holder is not None
    second = take_place(tmp_path)
    assert second is not None
    assert "opening another window" in caplog.text
    second.close()
    holder.close()


@pytest.mark.qt_log_ignore("This plugin does not support", extend=True)
def test_coming_forward_unfolds_a_minimised_window_and_refuses_when_closing(qtbot: QtBot) -> None:
    window = QWidget()
    qtbot.addWidget(window)
    window.showMinimized()
    assert come_forward(window)
    assert not window.windowState() & Qt.WindowState.WindowMinimized
    window.close()
    assert not come_forward(window)


def test_the_first_paint_is_told_once(qtbot: QtBot) -> None:
    window, told = QWidget(), []
    qtbot.addWidget(window)
    FirstPaint(window, lambda: told.append(True))
    window.show()
    qtbot.waitUntil(lambda: bool(told))
    window.repaint()
    window.hide()
    window.show()
    qtbot.wait(20)
    assert told == [True]
