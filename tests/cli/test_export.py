"""`desktop-affect export`: files where they were asked for, words where it is not possible."""

from __future__ import annotations

import json
import re
import shutil
import signal
from pathlib import Path

import pytest

from desktop_affect.cli import main as front
from tests.session.export.performed import performed


@pytest.fixture(scope="module")
def recorded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return performed(tmp_path_factory.mktemp("recorded") / "s1", 1.0).path


@pytest.fixture
def folder(recorded: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(recorded, tmp_path / "study" / "s1"))


def test_the_default_is_csv_beside_the_rows(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert front.main(["export", str(folder)]) == 0
    told = Path(capsys.readouterr().out.strip())
    assert told == folder / "exports" / "Calm_P07_s1_live.csv"
    assert told.read_text("utf-8").startswith("seq,t_s,")


def test_several_formats_at_once(folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    words = [
        "export",
        str(folder),
        "--format",
        "openface",
        "--format",
        "json",
        "--smoothing",
        "raw",
        "--resample",
        "10",
    ]
    assert front.main([*words, "--baseline", "--output", str(tmp_path / "out"), "--json"]) == 0
    outcomes = json.loads(capsys.readouterr().out)
    assert [Path(outcome["file"]).name for outcome in outcomes] == [
        "Calm_P07_s1_openface_raw_10Hz_baseline.csv", "Calm_P07_s1_raw_10Hz_baseline.json",
    ]  # fmt: skip
    assert all(Path(outcome["file"]).exists() for outcome in outcomes)
    assert json.loads(Path(outcomes[1]["file"]).read_text("utf-8"))["options"]["baseline"]["seconds"] == 10


def test_two_sessions_of_one_name_do_not_share_a_file(folder: Path, tmp_path: Path) -> None:
    shutil.copytree(folder, tmp_path / "study" / "other" / "s1")
    out = tmp_path / "out"
    assert front.main(["export", str(tmp_path / "study"), "--output", str(out)]) == 0
    assert {path.name for path in out.glob("*.csv")} == {"Calm_P07_s1_live.csv", "Calm_P07_s1_live_2.csv"}


def test_a_broken_session_does_not_stop_the_others(
    folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    broken = tmp_path / "study" / "a_broken"
    broken.mkdir()
    (broken / "session.json").write_text("{")
    assert front.main(["export", str(tmp_path / "study")]) == 1
    told = capsys.readouterr()
    assert told.out.count(".csv") == 1
    assert "cannot be read" in told.err


def test_what_is_no_session_is_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert front.main(["export", str(tmp_path)]) == 1
    assert "is no session" in capsys.readouterr().err


@pytest.mark.parametrize(
    "words", [["--window", "10"], ["--resample", "0"], ["--baseline", "5"], ["--baseline", "-1", "--smoothing", "raw"]]
)
def test_options_that_cannot_be_are_told(folder: Path, words: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert front.main(["export", str(folder), *words]) == 1
    assert capsys.readouterr().err.strip()
    assert not (folder / "exports").exists()


class Terminal:
    """A console that is one."""

    def __init__(self) -> None:
        self.text = ""

    def isatty(self) -> bool:
        return True

    def write(self, text: str) -> int:
        self.text += text
        return len(text)

    def flush(self) -> None:
        """Nothing waits."""


def test_a_terminal_sees_the_progress(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    terminal = Terminal()
    monkeypatch.setattr("sys.stderr", terminal)
    assert front.main(["export", str(folder)]) == 0
    reading, writing = terminal.text.split("\r")[1:3]
    assert re.fullmatch(r"s1 reading  \[#{16}\] 100%  0\.\d of 0\.\d MB *", reading)
    assert writing.rstrip() == "s1 csv  [################] 100%  30 of 30 rows"


def test_who_is_asked_to_end_removes_what_is_half_written(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def ended(*_: object) -> None:
        assert list((folder / "exports").glob(".*.part"))
        signal.raise_signal(signal.SIGTERM)

    monkeypatch.setattr("desktop_affect.cli.export._progress_line", lambda what, *_: ended if "csv" in what else print)
    before = signal.getsignal(signal.SIGTERM)
    with pytest.raises(SystemExit):
        front.main(["export", str(folder)])
    assert list((folder / "exports").iterdir()) == []
    assert signal.getsignal(signal.SIGTERM) is before


def test_a_stretch_only(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert front.main(["export", str(folder), "--from", "0.2", "--to", "0.4"]) == 0
    told = Path(capsys.readouterr().out.strip())
    assert told.name == "Calm_P07_s1_live_0.2-0.4s.csv"
    assert len(told.read_text("utf-8").splitlines()) == 7
