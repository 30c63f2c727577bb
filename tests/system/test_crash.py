"""A crash leaves a report in the log folder, whichever thread it was in."""

from __future__ import annotations

import logging
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from desktop_affect.system import crash, file_lock, logs


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("DESKTOP_AFFECT_HOME", str(tmp_path))
    return tmp_path / "logs"


def raise_it() -> None:
    raise ValueError("a defect of ours")


@pytest.mark.expected_log
def test_an_uncaught_exception_is_reported_with_its_trace(home: Path) -> None:
    try:
        raise_it()
    except ValueError as error:
        crash._on_exception(type(error), error, error.__traceback__)
    report = next(home.glob("crash-*.txt")).read_text(encoding="utf-8")
    assert "a defect of ours" in report
    assert "raise_it" in report
    assert "Desktop Affect" in report


@pytest.mark.expected_log
def test_threads_report_too(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(threading, "excepthook", crash._on_thread_exception)
    thread = threading.Thread(target=raise_it)
    thread.start()
    thread.join()
    assert len(list(home.glob("crash-*.txt"))) == 1


@pytest.mark.expected_log
def test_a_report_that_cannot_be_written_is_logged_not_raised(home: Path, caplog: pytest.LogCaptureFixture) -> None:
    home.write_text("a file stands where the folder should be", encoding="utf-8")
    assert crash.write_report(ValueError("x")) is None
    assert "no crash report" in caplog.text


def test_a_windowed_application_without_console_logs_to_the_file(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stderr", None)
    root = logging.getLogger()
    before = list(root.handlers)
    level = root.level
    try:
        logs.set_up()
        logging.getLogger("desktop_affect.test").info("it lives")
    finally:
        for handler in [h for h in root.handlers if h not in before]:
            root.removeHandler(handler)
            handler.close()
        root.setLevel(level)
    assert "it lives" in logs.log_file().read_text(encoding="utf-8")


def test_reports_are_offered_once_the_newest_first(home: Path) -> None:
    home.mkdir()
    for name in ("crash-20260101-000000.txt", "crash-20260301-000000.txt", "desktop-affect.log"):
        (home / name).write_text("x", encoding="utf-8")
    assert [path.name for path in crash.pending()] == ["crash-20260301-000000.txt", "crash-20260101-000000.txt"]
    aside = crash.put_aside(crash.pending()[0])
    assert aside.read_text(encoding="utf-8") == "x"
    assert [path.name for path in crash.pending()] == ["crash-20260101-000000.txt"]


@pytest.mark.expected_log
def test_what_breaks_in_every_frame_does_not_fill_the_disk(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(crash, "_written", 0)
    paths_written = [crash.write_report(ValueError(str(number))) for number in range(crash.REPORTS_A_RUN + 3)]
    assert sum(path is not None for path in paths_written) == crash.REPORTS_A_RUN


ENDS = {
    "native crash": ("import ctypes; ctypes.string_at(0)", True),
    "kill": ("import os, signal; os.kill(os.getpid(), signal.SIGKILL)", False),
    "orderly end": ("pass", False),
}


@pytest.mark.skipif(sys.platform == "win32", reason="has no SIGKILL")
@pytest.mark.parametrize("ending", list(ENDS))
def test_only_a_native_crash_leaves_a_report_for_the_next_start(home: Path, ending: str) -> None:
    code, reported = ENDS[ending]
    head = "import resource; resource.setrlimit(resource.RLIMIT_CORE, (0, 0)); "
    head += "from desktop_affect.system import crash; crash.watch(); "
    subprocess.run([sys.executable, "-c", head + code], check=False, timeout=60)
    crash.collect_native(home)
    texts = [path.read_text(encoding="utf-8") for path in crash.pending()]
    assert [("Segmentation fault" in text or "SIGSEGV" in text) for text in texts] == ([True] if reported else [])
    assert not list(home.glob("*.running"))


def test_what_a_living_process_holds_is_left_alone(home: Path) -> None:
    home.mkdir()
    with (home / "native-1.running").open("w", encoding="utf-8") as file:
        file.write("Fatal Python error")
        file.flush()
        assert file_lock.hold(file.fileno())
        crash.collect_native(home)
        assert crash.pending() == []
    crash.collect_native(home)
    assert len(crash.pending()) == 1
