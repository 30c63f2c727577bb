"""A run without a window: the numbers at the end, Ctrl-C, a source that fails, recording on request."""

from __future__ import annotations

import json
import signal
import threading
from pathlib import Path

import pytest

from desktop_affect.assembly import Run, RunPlan
from desktop_affect.cli import headless
from desktop_affect.cli import main as front
from desktop_affect.core.errors import SourceError
from desktop_affect.core.ports import Sink
from desktop_affect.core.settings import Settings
from desktop_affect.core.types import Frame
from desktop_affect.pipeline.analysis import AnalysisParts
from desktop_affect.pipeline.engine import Engine, EngineParts
from tests.fakes import (
    FakeClock,
    PassThrough,
    ScriptedModel,
    ScriptedSource,
    ScriptedTracker,
    clock_pair,
    scripted_crop,
)


class Stage:
    """Puts a scripted engine where the assembly would build a real one."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.source = ScriptedSource([90])
        self.tracker = ScriptedTracker()
        self.plan: RunPlan | None = None
        self.names = ""
        monkeypatch.setattr(headless, "build_run", self.build)
        monkeypatch.setattr(headless, "PROGRESS_S", 0.01)

    def build(self, plan: RunPlan, settings: Settings, sinks: tuple[Sink, ...]) -> Run:
        self.plan = plan
        clock = FakeClock()
        analysis = AnalysisParts(self.tracker, scripted_crop, ScriptedModel(), PassThrough())
        run = Run(Engine(EngineParts(self.source, analysis, clock, clock_pair, plan.live), sinks), clock)
        run.session_names = self.names
        if plan.session is not None:
            run.record(plan.session)
        return run


@pytest.fixture
def stage(monkeypatch: pytest.MonkeyPatch) -> Stage:
    return Stage(monkeypatch)


def test_the_last_line_is_one_json_object(stage: Stage, capsys: pytest.CaptureFixture[str]) -> None:
    assert front.main(["--source", "film.mp4", "--headless", "--json"]) == 0
    document = json.loads(capsys.readouterr().out.splitlines()[-1])
    assert document["frames"] == document["faces"] == document["analysed"] == 90
    assert document["dropped"] == 0
    assert document["fps"] == pytest.approx(30, abs=0.1)
    assert document["state"] == "stopped"
    assert document["model"] == "scripted"
    assert {"latency_ms_p50", "latency_ms_p95", "session", "faults"} <= set(document)


@pytest.mark.parametrize(
    ("argv", "live"),
    [
        (["--source", "film.mp4"], False),
        (["--source", "film.mp4", "--pace", "live"], True),
        (["--source", "demo"], True),
        (["--source", "demo", "--pace", "fast"], False),
    ],
)
def test_films_are_looked_at_whole_and_the_demo_live(stage: Stage, argv: list[str], live: bool) -> None:
    assert front.main([*argv, "--headless"]) == 0
    assert stage.plan is not None
    assert stage.plan.live is live


def test_words_for_people(stage: Stage, capsys: pytest.CaptureFixture[str]) -> None:
    assert front.main(["--source", "film.mp4", "--headless"]) == 0
    shown = capsys.readouterr().out
    assert "90 frames" in shown
    assert "model: scripted" in shown


@pytest.mark.expected_log
def test_a_source_that_fails_is_told_in_words_and_1(stage: Stage, capsys: pytest.CaptureFixture[str]) -> None:
    stage.source = ScriptedSource([SourceError("The camera is busy.", advice="Close the other program.")])
    assert front.main(["--source", "camera", "--headless"]) == 1
    assert "The camera is busy." in capsys.readouterr().err


def test_ctrl_c_ends_cleanly_with_a_summary(stage: Stage, capsys: pytest.CaptureFixture[str]) -> None:
    interrupted = threading.Event()

    def press(frame: Frame) -> None:
        if frame.seq == 19:  # the last: an earlier Ctrl-C may come before the source has given all of them
            signal.raise_signal(signal.SIGINT)

    stage.source = ScriptedSource([20, lambda: _wait(interrupted)])
    stage.source.interrupted = interrupted
    stage.tracker = ScriptedTracker(before=press)
    assert front.main(["--source", "film.mp4", "--headless", "--json"]) == 0
    document = json.loads(capsys.readouterr().out.splitlines()[-1])
    assert document["interrupted"] is True
    assert document["frames"] == 20


def test_recording_without_a_window(stage: Stage, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    argv = ["--source", "film.mp4", "--headless", "--json", "--record", "--output", str(tmp_path / "out")]
    assert front.main([*argv, "--participant", "P07"]) == 0
    folder = Path(json.loads(capsys.readouterr().out.splitlines()[-1])["session"])
    assert folder.is_relative_to(tmp_path / "out")
    rows = (folder / "samples.csv").read_text(encoding="utf-8").splitlines()
    assert len(rows) == 1 + 90
    assert json.loads((folder / "session.json").read_text(encoding="utf-8"))["participant"] == "P07"


@pytest.mark.parametrize(
    ("names", "folder"),
    [("", "Calm/P 7"), ("bids", "Calm/sub-P7"), ("{participant}/{condition}", "P 7/B"), ("{date} {study}", "")],
)
def test_sessions_are_called_as_the_settings_say(stage: Stage, tmp_path: Path, names: str, folder: str) -> None:
    stage.names = names
    argv = ["--source", "film.mp4", "--headless", "--record", "--output", str(tmp_path), "--study", "Calm"]
    assert front.main([*argv, "--participant", "P 7", "--condition", "B"]) == 0
    (made,) = tmp_path.rglob("session.json")
    assert made.parent.relative_to(tmp_path).as_posix().startswith(folder)
    assert json.loads(made.read_text(encoding="utf-8"))["participant"] == "P 7"


def test_a_pattern_that_cannot_work_is_told_in_words(
    stage: Stage, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    stage.names = "{partcipant}"
    assert front.main(["--source", "film.mp4", "--headless", "--record", "--output", str(tmp_path)]) == 1
    assert "{partcipant}, which does not exist" in capsys.readouterr().err


def test_a_film_needs_consent_and_is_recorded_with_it(
    stage: Stage, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    argv = ["--source", "film.mp4", "--headless", "--record", "--output", str(tmp_path), "--film", "blurred"]
    assert front.main(argv) == 1
    assert "--consent film" in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []
    assert front.main([*argv, "--consent", "film", "--consent-note", "form 3"]) == 0
    assert "film (blurred): 90 pictures, 0 dropped" in capsys.readouterr().out
    (header,) = tmp_path.rglob("session.json")
    document = json.loads(header.read_text(encoding="utf-8"))
    assert document["consent"] == {"film": "blurred", "note": "form 3"}
    assert (document["film"]["frames"], document["end"]["rows"]) == (90, 90)


@pytest.mark.parametrize(
    ("argv", "message"),
    [
        (["--film", "whole", "--consent", "film"], "nothing is recorded"),
        (["--record", "--consent", "film"], "no film is kept"),
    ],
)
def test_half_a_wish_for_a_film_is_refused(argv: list[str], message: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert front.main(["--headless", *argv]) == 1
    assert message in capsys.readouterr().err


@pytest.mark.parametrize(
    ("argv", "message"),
    [
        (["--calibrate"], "--calibrate belongs to a run without a window."),
        (["--headless", "--baseline", "b12"], "--baseline names a participant's baseline."),
    ],
)
def test_a_baseline_that_cannot_be_meant_is_refused(
    argv: list[str], message: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert front.main(argv) == 1
    assert message in capsys.readouterr().err


def test_a_participant_without_a_recording_still_has_their_baseline(stage: Stage) -> None:
    assert front.main(["--source", "film.mp4", "--headless", "--participant", "P07", "--study", "Calm"]) == 0
    assert stage.plan is not None
    assert stage.plan.session is None
    assert stage.plan.participant is not None
    assert (stage.plan.participant.participant, stage.plan.participant.baseline) == ("P07", "newest")


def _wait(event: threading.Event) -> None:
    assert event.wait(10)


@pytest.mark.expected_log
def test_a_recording_that_could_not_be_made_is_1(stage: Stage, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")
    argv = ["--source", "film.mp4", "--headless", "--record", "--output", str(tmp_path / "file")]
    assert front.main(argv) == 1
