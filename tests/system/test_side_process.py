"""Work in a process of its own: what comes back, what goes wrong, and that nothing is left of it."""

from __future__ import annotations

import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import psutil
import pytest

from desktop_affect.core.errors import AffectError
from desktop_affect.system import side_process
from desktop_affect.system.side_process import Cancelled, SideProcess
from tests.system import side_works

PATIENCE_S = 60.0


@pytest.fixture
def side() -> Iterator[SideProcess]:
    made = SideProcess("test-side")
    yield made
    pid = made.pid
    made.close()
    assert made.pid is None
    assert pid is None or gone(pid)


def gone(pid: int) -> bool:
    """A dead process that nobody has asked about yet is gone too."""
    try:
        return bool(psutil.Process(pid).status() == psutil.STATUS_ZOMBIE)
    except psutil.NoSuchProcess:
        return True


def wait(ready: Callable[[], bool]) -> None:
    until_s = time.monotonic() + PATIENCE_S
    while not ready():
        assert time.monotonic() < until_s
        time.sleep(0.01)


def go_on(done: int, total: int) -> None:
    """Nobody wants to stop it."""


def stop(done: int, total: int) -> None:
    if done:
        raise Cancelled


def test_a_result_comes_back_with_its_arrays_and_the_process_stays(side: SideProcess) -> None:
    count = 3 * side_process._PIECE_BYTES // 4 + 5
    first, second = (side.do(side_works.made, n, tell=go_on) for n in (count, 0))
    assert np.array_equal(first.numbers, np.arange(count, dtype=np.float32))
    assert not first.numbers.flags.writeable
    assert first.words == ("a", "b")
    assert len(second.numbers) == 0
    assert first.pid == second.pid == side.pid


def test_an_error_in_words_and_any_other_come_back(side: SideProcess) -> None:
    with pytest.raises(AffectError) as told:
        side.do(side_works.in_words, tell=go_on)
    assert (told.value.message, told.value.advice, told.value.detail) == ("The disk is full.", "Make room.", "ENOSPC")
    with pytest.raises(RuntimeError, match="ZeroDivisionError: division by zero"):
        side.do(side_works.breaks, tell=go_on)
    assert side.do(side_works.made, 1, tell=go_on).pid == side.pid


def test_what_is_given_up_leaves_no_half_file_and_the_process_goes_on(side: SideProcess, tmp_path: Path) -> None:
    lost: list[int] = []
    with pytest.raises(Cancelled):
        side.do(side_works.writes_for_ever, tmp_path / "table.csv", tell=stop, lost=lost.append)
    assert list(tmp_path.iterdir()) == []
    assert side.do(side_works.made, 1, tell=go_on).pid == side.pid
    assert lost == []


def test_what_does_not_hear_is_killed(side: SideProcess, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(side_process, "_GRACE_S", 0.2)
    begun, lost = tmp_path / "begun", list[int]()
    side.start()
    pid = side.pid

    def when_begun(done: int, total: int) -> None:
        if begun.exists():
            raise Cancelled

    with pytest.raises(Cancelled):
        side.do(side_works.hears_nothing, begun, tell=when_begun, lost=lost.append)
    assert pid is not None
    assert lost == [pid]
    wait(lambda: gone(pid))


@pytest.mark.expected_log
def test_a_process_that_is_killed_is_told_and_replaced(side: SideProcess, tmp_path: Path) -> None:
    begun, lost = tmp_path / "begun", list[int]()
    side.start()
    pid = side.pid
    assert pid is not None

    def kill() -> None:
        wait(begun.exists)
        psutil.Process(pid).kill()

    killer = threading.Thread(target=kill)
    killer.start()
    with pytest.raises(AffectError, match="ended in the middle of it") as told:
        side.do(side_works.hears_nothing, begun, tell=go_on, lost=lost.append)
    killer.join()
    assert told.value.advice
    assert str(pid) in told.value.detail
    assert lost == [pid]
    assert side.do(side_works.made, 1, tell=go_on).pid != pid


def test_it_ends_with_whoever_started_it(tmp_path: Path) -> None:
    path = tmp_path / "table.csv"
    started = [sys.executable, "-m", "tests.system.side_works", str(path)]
    done = subprocess.run(started, capture_output=True, text=True, timeout=PATIENCE_S, check=False)
    assert done.returncode == 9, done.stderr
    pid = int(done.stdout)
    wait(lambda: gone(pid))
    assert list(tmp_path.iterdir()) == []


def test_what_the_window_has_done_aside_loads_neither_qt_nor_the_networks(side: SideProcess) -> None:
    for prefix in ("PySide6", "pyqtgraph", "cv2", "mediapipe", "onnxruntime", "openvino"):
        assert side.do(side_works.loaded, prefix, tell=go_on) == []
