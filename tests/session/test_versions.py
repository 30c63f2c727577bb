"""Sessions of every schema version there ever was open today as they were recorded.

`versions/vN` holds a session as version N wrote it, and is never made anew. Whoever raises the schema adds a folder.
"""

from __future__ import annotations

import shutil
from pathlib import Path

import numpy as np
import pytest

from desktop_affect.session import format as fmt
from desktop_affect.session.labels import read_labels
from desktop_affect.session.library import Library
from desktop_affect.session.reader import RENAMED, Session, read_session
from tests.session.samples import full_sample

VERSIONS = Path(__file__).resolve().parent / "versions"


def test_every_version_that_can_be_read_has_a_session_here() -> None:
    assert set(RENAMED) == set(range(1, fmt.SCHEMA + 1))
    assert {int(folder.name[1:]) for folder in VERSIONS.iterdir()} == set(RENAMED)


@pytest.fixture(params=sorted(RENAMED))
def session(request: pytest.FixtureRequest, tmp_path: Path) -> Session:
    folder = tmp_path / "sessions" / "old"
    shutil.copytree(VERSIONS / f"v{request.param}", folder)
    return read_session(folder)


def test_rows_and_values_are_as_they_were_recorded(session: Session) -> None:
    assert (session.rows, session.bad_rows, session.torn_bytes) == (10, 0, 0)
    assert np.allclose(session["t_s"], np.arange(10) / 10, atol=1e-6)
    first = full_sample(0, 100.0, seed=1)
    assert first.affect is not None
    assert session["valence"][0] == np.float32(first.affect.valence)
    assert np.isnan(session["valence"][8:]).all()
    assert list(session["seen"]) == ["face"] * 8 + ["skipped", "no_face"]


def test_what_happened_and_what_was_written_afterwards_is_there(session: Session) -> None:
    assert [(marker.text, marker.kind) for marker in session.markers] == [
        ("stimulus, with a comma", "marker"),
        ("note “quoted”", "note"),
    ]
    assert [(alert.rule, alert.peak, alert.reasons) for alert in session.alerts] == [
        ("hesitancy", 0.875, ("lips 0.8",))
    ]
    assert [annotation.label for annotation in session.annotations] == ["behaviour: hesitates"]
    assert read_labels(session.path).tags == ("pilot", "checked")


def test_it_stands_in_the_library(session: Session) -> None:
    library = Library(session.path.parent)
    library.refresh()
    assert [entry.path for entry in library.search()] == [session.path]


def test_the_old_files_are_not_touched(session: Session) -> None:
    session["arousal"]
    for original in (VERSIONS / f"v{session.header['schema']}").iterdir():
        assert (session.path / original.name).read_bytes() == original.read_bytes()
