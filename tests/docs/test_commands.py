"""Every command that the guide and the README show is run, in the order of its page.

Three things are changed: a camera becomes the demo, because a test has none; no run lasts longer than `LONGEST_S`; and
`bench` takes a short film for the whole.
"""

from __future__ import annotations

import re
import shlex
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from desktop_affect.cli import bench
from desktop_affect.cli import main as front
from desktop_affect.system import crash, logs
from desktop_affect.system.cv2_import import cv2
from desktop_affect.system.paths import bundled
from tests.docs.pages import PAGES, inline_commands, shell_lines
from tests.inference import tiny

LONGEST_S = 2.0
OURS = "desktop-affect "
NOT_RUN = {
    "python -m pip": "installing is what CI does with these very lines",
    "sudo": "changes the system",
}
FAILS_HERE = {
    "doctor": "a machine without a camera or a display has a problem, and doctor says so by its exit code",
}


@pytest.fixture(autouse=True)
def own_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DESKTOP_AFFECT_HOME", str(tmp_path / "home"))
    monkeypatch.setattr(logs, "set_up", lambda verbose: None)
    monkeypatch.setattr(crash, "watch", lambda: None)


@pytest.fixture(scope="module")
def short_film(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Half a second of the demo participant."""
    path = tmp_path_factory.mktemp("films") / "film.mp4"
    demo = cv2.VideoCapture(str(bundled("resources/demo/participant.mp4")))
    film = cv2.VideoWriter(str(path), cv2.VideoWriter.fourcc(*"mp4v"), 30.0, (1280, 720))
    for _ in range(15):
        film.write(demo.read()[1])
    film.release()
    demo.release()
    return path


@pytest.fixture
def workplace(short_film: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with what the pages take for granted: a film, a folder with films, somebody else's model."""
    shutil.copy(short_film, tmp_path / "film.mp4")
    (tmp_path / "films").mkdir()
    for name in ("P01.mp4", "P02.mp4"):
        shutil.copy(short_film, tmp_path / "films" / name)
    (tmp_path / "enet_b0_8_best_vgaf.onnx").write_bytes(tiny.classifier(8, 224))
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(bench, "WHOLE", "film.mp4")
    return tmp_path


def pages_with_commands() -> list[Path]:
    return [page for page in PAGES if any(line.startswith(OURS) for line in shell_lines(page))]


def here(line: str) -> list[str]:
    """The words of a command, changed as little as a test needs."""
    line = re.sub(r"--source camera\S*", "--source demo", line.removeprefix(OURS))
    words = [str(min(float(word), LONGEST_S)) if before in ("--duration", "--live") else word
             for before, word in _pairs(shlex.split(line))]  # fmt: skip
    # Comparing models takes a quarter of a minute and has tests of its own.
    return [*words, "--models", "0"] if words[0] == "bench" else words


def _pairs(words: list[str]) -> Iterator[tuple[str, str]]:
    return zip(["", *words], words, strict=False)


# A busy machine may say of itself that something took long; what a command does is judged by its exit code.
@pytest.mark.expected_log
@pytest.mark.timeout(400)
@pytest.mark.parametrize("page", pages_with_commands(), ids=lambda page: page.stem)
def test_the_commands_of_a_page_do_what_it_says(
    page: Path, workplace: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for line in shell_lines(page):
        if not line.startswith(OURS):
            continue
        code = front.main(here(line))
        told = capsys.readouterr()
        verb = here(line)[0]
        assert code == 0 or (code == 1 and verb in FAILS_HERE), f"{line}\n{told.out}\n{told.err}"


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_no_command_escapes_unrun(page: Path) -> None:
    others = [line for line in shell_lines(page) if not line.startswith(OURS)]
    assert [line for line in others if not line.startswith(tuple(NOT_RUN))] == []


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_every_verb_in_running_text_exists(page: Path) -> None:
    help_text = front.build_parser().format_help()
    verbs = {words.split()[0] for words in inline_commands(page) if words and not words.startswith("-")}
    assert {verb for verb in verbs if not re.search(rf"^\s+{re.escape(verb)}\b", help_text, re.MULTILINE)} == set()
