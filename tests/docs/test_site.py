"""The guide builds without a warning: links lead somewhere, every page is in it, and it reads without a network."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.shared_data import ROOT

pytest.importorskip("myst_parser", reason="the guide is built with the extra `docs`")

_LOADED = re.compile(r'(?:<script[^>]*\ssrc|<link[^>]*rel="stylesheet"[^>]*\shref|<img[^>]*\ssrc)="(https?:)?//', re.I)


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("site") / "html"
    command = [sys.executable, "-m", "sphinx", "-q", "-n", "-W", "--keep-going", "-d", str(folder.with_name("trees"))]
    made = subprocess.run([*command, "docs", str(folder)], cwd=ROOT, capture_output=True, text=True, check=False)
    assert made.returncode == 0, made.stderr
    return folder


def test_every_page_became_one_of_the_guide(site: Path) -> None:
    written = {page.stem for page in (ROOT / "docs").glob("*.md")}
    assert written <= {page.stem for page in site.glob("*.html")}


def test_reading_the_guide_needs_no_network(site: Path) -> None:
    assert [page.name for page in site.glob("*.html") if _LOADED.search(page.read_text("utf-8"))] == []
