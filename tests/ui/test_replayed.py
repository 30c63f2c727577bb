"""A recorded session as the window's run: what is shown is what was recorded, and it is not recorded again."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from desktop_affect.core.errors import AffectError
from desktop_affect.core.settings_table import default_settings
from desktop_affect.core.types import EngineState, Fault, Seen
from desktop_affect.session.plan import SessionPlan
from desktop_affect.ui.control import Phase
from desktop_affect.ui.replayed import ReplayBackend, ReplayedRun
from desktop_affect.ui.words import status_words
from tests.fakes import INFO, MODEL_INFO, CollectingSink
from tests.session.recorded import record
from tests.session.samples import bare_sample, full_sample


@pytest.fixture
def session(tmp_path: Path) -> Path:
    rows = [full_sample(n, 100.0 + n / 20, seed=n) for n in range(10)]
    return record(tmp_path / "s1", [*rows, bare_sample(10, 100.5, Seen.SKIPPED)])


def test_the_window_sees_an_engine_that_runs_and_ends(session: Path) -> None:
    sink = CollectingSink()
    backend = ReplayBackend(default_settings(), session, 16.0, 0.0)
    run = backend.build(backend.source, (sink,))
    assert isinstance(run, ReplayedRun)
    assert run.engine.status().state is EngineState.OPENING
    run.engine.start()
    assert run.engine.finished.wait(20)
    status = run.engine.status()
    assert (status.state, status.source, status.model) == (EngineState.STOPPED, replace(INFO, live=False), MODEL_INFO)
    assert status_words(Phase.RUNNING, replace(status, state=EngineState.RUNNING)) == "Replay"
    assert (status.captured, status.analysed, status.faces, status.skipped) == (11, 10, 10, 1)
    assert run.stop()
    preview = run.engine.preview()
    assert preview is not None
    assert preview.sample.seq == 9
    assert preview.frame.pixels.shape == (48, 64, 3)
    assert not preview.frame.pixels.flags.writeable
    (notice,) = sink.events
    assert isinstance(notice, Fault)
    assert "recording of" in notice.message


def test_it_is_not_recorded_again(session: Path) -> None:
    run = ReplayedRun(session, (), 1.0, 0.0)
    with pytest.raises(AffectError, match="not recorded again"):
        run.record(SessionPlan(session.parent))
