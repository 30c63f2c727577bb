"""The application as it ships. Runs when DESKTOP_AFFECT_BUILD names a built folder (or the .app) that
`python -m installer.build` made; `.ci/run` does both on Linux.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from desktop_affect.session.reader import read_session
from installer import smoke_test
from installer.build import started_from
from installer.sizes import LIMIT_UNPACKED_MB, MB, measure

BUILD = os.environ.get("DESKTOP_AFFECT_BUILD", "")

pytestmark = [
    pytest.mark.skipif(not BUILD, reason="DESKTOP_AFFECT_BUILD names no built application"),
    pytest.mark.timeout(900),
]


@pytest.fixture
def build() -> Path:
    return Path(BUILD).resolve()


def test_it_works_as_a_person_would_start_it(build: Path, tmp_path: Path) -> None:
    smoke_test.smoke(started_from(build), tmp_path)
    session = read_session(smoke_test.newest_session(tmp_path / "headless" / "sessions"))
    assert session.rows >= smoke_test.SAMPLES


def test_it_is_not_larger_than_it_may_be(build: Path) -> None:
    sizes = measure(build)
    assert sum(sizes.values()) / MB < LIMIT_UNPACKED_MB, sizes


def test_its_papers_are_inside(build: Path) -> None:
    for name in ("THIRD_PARTY_NOTICES.txt", "sbom.cdx.json", "LICENSE.txt"):
        assert next(build.rglob(f"legal/{name}")).stat().st_size > 1000


def test_its_bill_of_materials_meets_the_standard(build: Path) -> None:
    bill = next(build.rglob("legal/sbom.cdx.json")).read_text(encoding="utf-8")
    refs = [part["bom-ref"] for part in json.loads(bill)["components"]]
    assert len(refs) == len(set(refs))
    validation = pytest.importorskip("cyclonedx.validation.json", reason="needs the extra “installer”")
    schema = pytest.importorskip("cyclonedx.schema")
    assert validation.JsonStrictValidator(schema.SchemaVersion.V1_6).validate_str(bill) is None


@pytest.mark.skipif(sys.platform == "win32", reason="has no such signal")
def test_a_crash_leaves_a_report_that_the_next_start_shows(build: Path, tmp_path: Path) -> None:
    place = smoke_test.Place(started_from(build), tmp_path)
    logs = place.home / "logs"
    for signal_, code in ((signal.SIGSEGV, -signal.SIGSEGV), (signal.SIGTERM, 0)):
        with subprocess.Popen(
            [place.program], env=place.environment(QT_QPA_PLATFORM="offscreen"), stdout=subprocess.PIPE, text=True
        ) as window:
            assert window.stdout is not None
            assert window.stdout.readline().strip() == "window"
            window.send_signal(signal_)
            assert window.wait(60) == code
        if signal_ == signal.SIGSEGV:
            assert "Segmentation fault" in next(logs.glob("native-*.running")).read_text(encoding="utf-8")
    # What was shown is put aside when the notice is closed, here with the window.
    assert [path.name for path in logs.glob("crash-*")] == []
    shown = next(logs.glob("shown-crash-*.txt")).read_text(encoding="utf-8")
    assert "ended by" in shown
    assert "Segmentation fault" in shown


@pytest.mark.skipif(sys.platform == "win32", reason="has no polite kill")
def test_a_second_start_gives_way_to_the_first(build: Path, tmp_path: Path) -> None:
    place = smoke_test.Place(started_from(build), tmp_path)
    environment = place.environment(QT_QPA_PLATFORM="offscreen")
    first = subprocess.Popen([place.program], env=environment, stdout=subprocess.PIPE, text=True)
    try:
        assert first.stdout is not None
        assert first.stdout.readline().strip() == "window"
        second = subprocess.run(
            [place.program], env=environment, capture_output=True, text=True, timeout=120, check=True
        )
        assert "already open" in second.stdout
        first.send_signal(signal.SIGTERM)
        assert first.wait(60) == 0
    finally:
        first.kill()
        first.wait()
        assert first.stdout is not None
        first.stdout.close()
