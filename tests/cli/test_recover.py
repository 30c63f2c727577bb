"""`desktop-affect recover`: finds, repairs, and says what it did."""

from __future__ import annotations

import argparse
import json
from pathlib import Path

import pytest

from desktop_affect.cli import recover
from desktop_affect.core.errors import SessionError
from desktop_affect.system.paths import HOME_VARIABLE
from tests.session.recorded import record
from tests.session.samples import bare_sample


def call(*words: str) -> int:
    parser = argparse.ArgumentParser()
    recover.add_parser(parser.add_subparsers())
    args = parser.parse_args(["recover", *words])
    return int(args.go(args))


@pytest.fixture
def sessions(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv(HOME_VARIABLE, str(tmp_path))
    root = tmp_path / "sessions"
    record(root / "P1" / "whole", [bare_sample()])
    record(root / "P1" / "cut", [bare_sample(n, 100.0 + n) for n in range(3)], closed=False)
    return root


def test_lists_repairs_and_then_finds_nothing(sessions: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert call("--list") == 0
    assert capsys.readouterr().out.strip() == str(sessions / "P1" / "cut")
    assert call("--json") == 0
    (done,) = json.loads(capsys.readouterr().out)
    assert (done["state"], done["rows"], done["duration_s"]) == ("recovered", 3, 2.0)
    assert call(str(sessions)) == 0
    assert "No session was cut short" in capsys.readouterr().out


def test_one_session_by_name(sessions: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert call(str(sessions / "P1" / "cut")) == 0
    assert "closed with 3 rows" in capsys.readouterr().out
    assert call(str(sessions / "P1" / "cut")) == 0
    assert "nothing to do" in capsys.readouterr().out


def test_a_session_that_cannot_be_repaired_ends_with_1(sessions: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (sessions / "P1" / "cut" / "session.json").write_text("{")
    assert call(str(sessions / "P1" / "cut")) == 1
    assert "cannot be read" in capsys.readouterr().out


def test_a_folder_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(SessionError, match="no folder"):
        call(str(tmp_path / "absent"))


def test_whoever_has_not_recorded_yet_has_nothing_to_repair(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv(HOME_VARIABLE, str(tmp_path / "new"))
    assert call("--list") == 0
    assert "No session was cut short" in capsys.readouterr().out
