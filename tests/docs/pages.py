"""The commands that the guide and the README tell people to type."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from tests.shared_data import ROOT

PAGES = (ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md")))
_SHELL = re.compile(r"^```sh\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_INLINE = re.compile(r"`desktop-affect( [^`]*)?`")


def shell_lines(page: Path) -> Iterator[str]:
    """Every command of a page's shell blocks, in order; a backslash joins lines, what follows # is a remark."""
    for block in _SHELL.findall(page.read_text(encoding="utf-8")):
        for line in block.replace("\\\n", " ").splitlines():
            command = re.sub(r"(^|\s)#.*$", "", line).strip()
            if command:
                yield command


def inline_commands(page: Path) -> Iterator[str]:
    """Every command in running text and tables, without the program's name."""
    for rest in _INLINE.findall(page.read_text(encoding="utf-8")):
        yield rest.strip()
