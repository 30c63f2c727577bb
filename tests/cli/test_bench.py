"""The bench measures every stage that runs, and prints what it measured. No test asserts on how fast it is."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from desktop_affect.assembly import Run, RunPlan
from desktop_affect.cli import bench, bench_live, bench_start
from desktop_affect.cli import main as front
from desktop_affect.cli.bench import Whole
from desktop_affect.cli.bench_live import Live
from desktop_affect.cli.bench_start import Start
from desktop_affect.cli.stages import WARM_UP, StageTime, measure_stages, summarise
from desktop_affect.core.errors import AffectError
from desktop_affect.core.ports import Sink
from desktop_affect.core.settings import Settings
from desktop_affect.core.settings_table import default_settings
from desktop_affect.core.types import Alert, Sample
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

STAGE = StageTime("track", 3.0, 4.0, 300.0, 2.5)


def measured(model: ScriptedModel | None) -> list[StageTime]:
    source = ScriptedSource([2 * (WARM_UP + 40)])  # once to decode, once to work on
    return measure_stages(source, AnalysisParts(ScriptedTracker(), scripted_crop, model, PassThrough()), 40)


def test_every_stage_is_measured() -> None:
    stages = measured(ScriptedModel())
    assert [stage.name for stage in stages] == ["decode", "track", "crop", "estimate", "signals"]
    assert all(0 < stage.median_ms <= stage.p95_ms for stage in stages)


def test_the_signals_judge_what_the_model_said(monkeypatch: pytest.MonkeyPatch) -> None:
    judged: list[Sample] = []

    def judge(self: PassThrough, sample: Sample) -> tuple[Sample, tuple[Alert, ...]]:
        judged.append(sample)
        return sample, ()

    monkeypatch.setattr(PassThrough, "judge", judge)
    measured(ScriptedModel())
    assert all(sample.affect is not None and sample.raw is sample.affect for sample in judged if sample.face)
    assert sum(sample.face is not None for sample in judged) > 0


def test_without_a_model_its_stages_are_absent_not_zero() -> None:
    assert [stage.name for stage in measured(None)] == ["decode", "track", "signals"]


def test_a_summary_says_median_p95_and_rate() -> None:
    stage = summarise("track", np.array([0.002, 0.002, 0.002, 0.006]), np.array([0.002, 0.002, 0.001, 0.001]))
    assert stage.processor_ms == pytest.approx(1.5)
    assert stage.median_ms == pytest.approx(2.0)
    assert 2.0 < stage.p95_ms <= 6.0
    assert stage.per_second == pytest.approx(1 / 0.003)


@pytest.fixture
def scripted(monkeypatch: pytest.MonkeyPatch) -> None:
    def stages(settings: Settings, frames: int) -> list[StageTime]:
        return [STAGE]

    def whole(settings: Settings) -> Whole:
        return Whole(1800, 12.0, 150.0)

    monkeypatch.setattr(bench, "_stages", stages)
    monkeypatch.setattr(bench, "_whole", whole)


@pytest.mark.usefixtures("scripted")
def test_the_table_has_ratios(capsys: pytest.CaptureFixture[str]) -> None:
    assert front.main(["bench", "--models", "0"]) == 0
    shown = capsys.readouterr().out
    assert "10.0×" in shown  # 300 per second of 30 fps
    assert "5.0 times real time" in shown
    assert "3.00 ms (sum of the medians, decoding left out), 2.50 ms of processor time" in shown


@pytest.mark.usefixtures("scripted")
def test_json_holds_the_same_numbers(capsys: pytest.CaptureFixture[str]) -> None:
    assert front.main(["bench", "--models", "0", "--json"]) == 0
    document = json.loads(capsys.readouterr().out)
    assert document["stages"][0]["median_ms"] == 3.0
    assert (document["frame_ms"], document["frame_processor_ms"]) == (3.0, 2.5)
    assert document["whole"]["per_second"] == 150.0
    assert document["machine"]["cores"]


@pytest.mark.usefixtures("scripted")
def test_live_and_start_are_measured_when_asked(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    live = Live(10.0, 300, 0, 9.0, 12.0, 0.32, 301.0, 0.25)
    monkeypatch.setattr(bench_live, "measure_live", lambda settings, seconds: live)
    monkeypatch.setattr(bench_start, "measure_start", lambda: Start(1.74, 0.46))
    argv = ["bench", "--models", "0", "--live", "10", "--start"]
    assert front.main(argv) == 0
    shown = capsys.readouterr().out
    assert "0.32 of one core, 301 MB of memory, +0.2 MB in the last three quarters" in shown
    assert "1.7 s with nothing prepared, 0.5 s with what the first start left" in shown
    assert front.main([*argv, "--json"]) == 0
    document = json.loads(capsys.readouterr().out)
    assert document["live"]["memory_growth_mb"] == 0.25
    assert document["start"] == {"first_s": 1.74, "again_s": 0.46}


def test_the_live_measurement_runs_the_engine_and_counts(monkeypatch: pytest.MonkeyPatch) -> None:
    def scripted_run(plan: RunPlan, settings: Settings, sinks: tuple[Sink, ...]) -> Run:
        clock = FakeClock()
        analysis = AnalysisParts(ScriptedTracker(), scripted_crop, ScriptedModel(), PassThrough())
        return Run(Engine(EngineParts(ScriptedSource([500]), analysis, clock, clock_pair, plan.live), sinks), clock)

    monkeypatch.setattr("desktop_affect.assembly.build_run", scripted_run)
    live = bench_live.measure_live(default_settings(), 0.2)
    assert live.analysed > 0
    assert live.processor_share > 0
    assert 10 < live.memory_mb < 10_000
    assert abs(live.memory_growth_mb) < live.memory_mb


def test_the_start_is_measured_in_a_home_of_its_own_first_empty_then_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    homes: list[tuple[str, list[str]]] = []

    def run(command: list[str], env: dict[str, str], **rest: object) -> None:
        home = Path(env["DESKTOP_AFFECT_HOME"])
        homes.append((str(home), [file.name for file in home.iterdir()]))
        assert {"--headless", "demo"} < set(command)
        (home / "cache").mkdir(exist_ok=True)

    monkeypatch.setattr(subprocess, "run", run)
    start = bench_start.measure_start()
    assert min(start.first_s, start.again_s) >= 0
    assert [left for _, left in homes] == [[], ["cache"]]
    assert homes[0][0] == homes[1][0] != os.environ["DESKTOP_AFFECT_HOME"]
    assert not Path(homes[0][0]).exists()


def test_a_program_that_does_not_come_up_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bench_start, "program", lambda: [sys.executable, "-c", "import sys; sys.exit('broken')"])
    with pytest.raises(AffectError, match="could not be started") as failed:
        bench_start.measure_start()
    assert "broken" in failed.value.detail


def test_a_frozen_program_starts_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    assert bench_start.program() == [sys.executable, "-m", "desktop_affect"]
    monkeypatch.setattr(sys, "frozen", True, raising=False)
    assert bench_start.program() == [sys.executable]
