"""The front door: verbs, exit codes, and words instead of tracebacks."""

from __future__ import annotations

import argparse

import pytest

from desktop_affect import __version__
from desktop_affect.cli import main as front
from desktop_affect.cli import run
from desktop_affect.core.errors import AffectError


@pytest.mark.parametrize(
    ("argv", "verb"),
    [([], "run"), (["--source", "demo"], "run"), (["run", "--headless"], "run"), (["doctor", "--json"], "doctor")],
)
def test_run_is_the_verb_when_none_is_named(argv: list[str], verb: str) -> None:
    assert front.build_parser().parse_args(front._with_verb(argv)).verb == verb


def test_version(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        front.main(["--version"])
    assert ended.value.code == 0
    assert __version__ in capsys.readouterr().out


def test_help_names_every_verb(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        front.main(["--help"])
    shown = capsys.readouterr().out
    assert all(verb in shown for verb in ("run", "doctor", "bench", "models"))


@pytest.mark.parametrize("argv", [["--duration", "0"], ["--duration", "soon"], ["--pace", "slow"], ["nonsense"]])
def test_a_wrong_command_line_ends_with_2(argv: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        front.main(argv)
    assert ended.value.code == 2
    assert capsys.readouterr().err


@pytest.mark.parametrize(
    ("argv", "word"), [(["--output", "x", "--headless"], "--record"), (["--json", "--source", "demo"], "--headless")]
)
def test_options_that_need_another_say_so(argv: list[str], word: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert front.main(argv) == 1
    assert word in capsys.readouterr().err


def test_an_error_for_a_person_is_words_and_1(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def fail(args: argparse.Namespace) -> int:
        raise AffectError("The camera is busy.", advice="Close the other program.", detail="errno 16")

    monkeypatch.setattr(run, "go", fail)
    assert front.main([]) == 1
    assert capsys.readouterr().err == "The camera is busy.\nClose the other program.\n"


def test_ctrl_c_is_130(monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupt(args: argparse.Namespace) -> int:
        raise KeyboardInterrupt

    monkeypatch.setattr(run, "go", interrupt)
    assert front.main([]) == front.INTERRUPTED
