"""A crash leaves a report in the log folder, whichever thread it was in."""

from __future__ import annotations

import logging
import sys
import threading
from pathlib import Path

import pytest

from desktop_affect.system import crash, logs


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
