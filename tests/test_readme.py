"""What the README promises is what the project does."""

from __future__ import annotations

import re

import pytest

from desktop_affect.cli.main import build_parser
from desktop_affect.ui.needs import needed_libraries
from tests.shared_data import ROOT

README = (ROOT / "README.md").read_text(encoding="utf-8")


def test_two_commands_do_all_the_set_up() -> None:
    commands = re.findall(r"^python -m pip install .*$", README, re.MULTILINE)
    assert len(commands) == 2
    assert commands[0].endswith("--source demo")
    assert "pytest" in commands[1]


def test_one_line_names_every_system_package_that_the_window_may_miss() -> None:
    lines = re.findall(r"^sudo apt-get install (.*)$", README, re.MULTILINE)
    assert len(lines) == 1
    assert set(needed_libraries({"DISPLAY": ":0"}).values()) <= set(lines[0].split())


def test_every_link_and_picture_is_there() -> None:
    targets = re.findall(r"\]\(([^)#]+)\)", README)
    assert targets
    assert [t for t in targets if not t.startswith("http") and not (ROOT / t).exists()] == []


@pytest.mark.parametrize("command", re.findall(r"^\| `desktop-affect ?([^`]*)` \|", README, re.MULTILINE))
def test_every_command_of_the_table_is_understood(command: str) -> None:
    words = command.split()
    if not words or words[0].startswith("-"):
        words = ["run", *words]
    assert build_parser().parse_args(words).go
