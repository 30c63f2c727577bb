"""The bench measures every stage that runs, and prints what it measured. No test asserts on how fast it is."""

from __future__ import annotations

import json

import numpy as np
import pytest

from desktop_affect.cli import bench
from desktop_affect.cli import main as front
from desktop_affect.cli.bench import Whole
from desktop_affect.cli.stages import WARM_UP, StageTime, measure_stages, summarise
from desktop_affect.core.settings import Settings
from desktop_affect.pipeline.analysis import AnalysisParts
from tests.fakes import PassThrough, ScriptedModel, ScriptedSource, ScriptedTracker, scripted_crop

STAGE = StageTime("track", 3.0, 4.0, 300.0)


def measured(model: ScriptedModel | None) -> list[StageTime]:
    source = ScriptedSource([2 * (WARM_UP + 40)])  # once to decode, once to work on
    return measure_stages(source, AnalysisParts(ScriptedTracker(), scripted_crop, model, PassThrough()), 40)


def test_every_stage_is_measured() -> None:
    stages = measured(ScriptedModel())
    assert [stage.name for stage in stages] == ["decode", "track", "crop", "estimate", "signals"]
    assert all(0 < stage.median_ms <= stage.p95_ms for stage in stages)


def test_without_a_model_its_stages_are_absent_not_zero() -> None:
    assert [stage.name for stage in measured(None)] == ["decode", "track", "signals"]


def test_a_summary_says_median_p95_and_rate() -> None:
    stage = summarise("track", np.array([0.002, 0.002, 0.002, 0.006]))
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


@pytest.mark.usefixtures("scripted")
def test_json_holds_the_same_numbers(capsys: pytest.CaptureFixture[str]) -> None:
    assert front.main(["bench", "--models", "0", "--json"]) == 0
    document = json.loads(capsys.readouterr().out)
    assert document["stages"][0]["median_ms"] == 3.0
    assert document["whole"]["per_second"] == 150.0
    assert document["machine"]["cores"]
