"""The smoke test's own instruments: they must see what they are there to see."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

from desktop_affect.core.types import Seen
from installer import network_watch
from installer.smoke_test import Place, SmokeError, log_of, must_be_whole, newest_session, quiet, recorded_rows
from tests.session.recorded import record
from tests.session.samples import bare_sample, full_sample

REACHES_OUT = """
import socket, time
line = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
line.connect(("127.0.0.1", 9))
print("connected", flush=True)
time.sleep(1)
"""
STAYS_IN = """
import socket
here, there = socket.socketpair()
here.sendall(b"x")
print("done", flush=True)
"""


def watched(code: str, folder: Path) -> tuple[list[str], list[str]]:
    with network_watch.started([sys.executable, "-c", code], dict(os.environ), folder) as watch:
        lines = [line.strip() for line in watch.lines(60)]
        assert watch.wait(60) == 0, watch.errors()
    return lines, watch.attempts()


def test_a_program_that_reaches_for_the_network_is_seen(tmp_path: Path) -> None:
    lines, attempts = watched(REACHES_OUT, tmp_path)
    assert lines == ["connected"]
    assert any("127.0.0.1" in attempt for attempt in attempts)


def test_one_that_talks_to_itself_is_not_blamed(tmp_path: Path) -> None:
    assert watched(STAYS_IN, tmp_path) == (["done"], [])


def test_one_that_hangs_is_ended(tmp_path: Path) -> None:
    code = "import time; print('up', flush=True); time.sleep(60)"
    with network_watch.started([sys.executable, "-c", code], dict(os.environ), tmp_path) as watch:
        assert next(watch.lines(60)).strip() == "up"
        with pytest.raises(TimeoutError):
            list(watch.lines(0.1))
        watch.wait(60)


def test_rows_are_counted_in_closed_sessions_alone(tmp_path: Path) -> None:
    samples = [full_sample(seq, 100.0 + seq, seed=seq + 1) for seq in range(3)]
    whole = record(tmp_path / "a" / "whole", [*samples, bare_sample(3, 103.0, Seen.NO_FACE)])
    assert recorded_rows(whole) == 3
    assert newest_session(tmp_path) == whole
    torn = record(tmp_path / "b" / "torn", samples, closed=False)
    with pytest.raises(SmokeError, match="not closed"):
        recorded_rows(torn)
    with pytest.raises(SmokeError, match="no session"):
        newest_session(tmp_path / "c")


def test_times_that_do_not_grow_are_found(tmp_path: Path) -> None:
    session = record(tmp_path / "s", [full_sample(0, 100.0), full_sample(1, 100.5)])
    text = (session / "samples.csv").read_text(encoding="utf-8")
    (session / "samples.csv").write_text(text.replace("0.500000", "0.000000", 1), encoding="utf-8")
    with pytest.raises(SmokeError, match="do not grow"):
        recorded_rows(session)


def test_an_error_in_the_log_or_a_crash_report_is_found(tmp_path: Path) -> None:
    place = Place(tmp_path / "program", tmp_path)
    assert log_of(place) == ""
    quiet(place)
    (tmp_path / "logs").mkdir()
    log = tmp_path / "logs" / "desktop-affect.log"
    log.write_text("2026-01-01 WARNING x: slow\n", encoding="utf-8")
    quiet(place)
    log.write_text("2026-01-01 ERROR   x: broke\n", encoding="utf-8")
    with pytest.raises(SmokeError, match="broke"):
        quiet(place)


def test_the_environment_hides_what_could_hide_a_missing_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYTHONPATH", "/somewhere")
    monkeypatch.setenv("LD_LIBRARY_PATH", "/somewhere")
    found = Place(tmp_path / "program", tmp_path).environment(QT_QPA_PLATFORM="offscreen")
    assert "PYTHONPATH" not in found
    assert "LD_LIBRARY_PATH" not in found
    assert found["QT_QPA_PLATFORM"] == "offscreen"
    assert found["DESKTOP_AFFECT_HOME"] == str(tmp_path)


def test_what_this_machine_lacks_is_not_the_build_s_fault() -> None:
    assert must_be_whole("model mobilenetv4-mixer")
    assert must_be_whole("versions")
    assert not must_be_whole("cameras")
    assert not must_be_whole("display")
