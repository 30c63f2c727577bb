"""A baseline measured in one session is what the same participant's next session begins with, and nobody else's."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from desktop_affect.assembly import Run
from desktop_affect.core.errors import SessionError
from desktop_affect.core.ports import ModelNotice
from desktop_affect.core.settings_table import default_settings
from desktop_affect.core.types import Affect, Face, FaceCrop, Fault, Frame, ModelInfo, Sample
from desktop_affect.pipeline.analysis import AnalysisParts
from desktop_affect.pipeline.engine import Engine, EngineParts
from desktop_affect.session.baselines import BaselineStore
from desktop_affect.session.plan import NEWEST, NONE, SessionPlan
from desktop_affect.session.reader import Session, read_session
from desktop_affect.signals.chain import NOT_FOR_THIS_MODEL, SignalChain
from tests.fakes import CollectingSink, FakeClock, ScriptedSource, ScriptedTracker, clock_pair, scripted_crop
from tests.signals.made import MODEL, affect, face

REST = affect(-0.2, 0.1, {"AU04": 0.3})


class AtRest:
    """A model that sees the same slightly frowning face for ever."""

    def __init__(self, version: str = "1") -> None:
        self._info = replace(MODEL, version=version)

    def open(self) -> ModelInfo:
        return self._info

    def estimate(self, crop: FaceCrop) -> Affect:
        return REST

    def take_notices(self) -> list[ModelNotice]:
        return []

    def close(self) -> None:
        """Nothing to let go."""


class Sitting(ScriptedTracker):
    """A face that the quality rules like."""

    def track(self, frame: Frame) -> Face:
        return face()


class Lab:
    """Runs over scripted parts; every run is a start of the application."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.told: list[str] = []
        self.samples: list[Sample] = []

    def plan(self, participant: str, baseline: str = NEWEST) -> SessionPlan:
        return SessionPlan(self.root, "Calm", participant, baseline=baseline)

    def run(self, plan: SessionPlan, calibrate: bool = False, version: str = "1") -> Session:
        """A session of 4 s; with calibration over the first 3 s."""
        seen = CollectingSink()
        source = ScriptedSource([120])
        settings = default_settings().with_changes({"baseline.length_s": 3.0})
        signals = SignalChain(settings)
        parts = AnalysisParts(Sitting(), scripted_crop, AtRest(version), signals)
        run = Run(Engine(EngineParts(source, parts, FakeClock(), clock_pair, False), (seen,)), FakeClock(), signals)
        if calibrate:
            run.begin_calibration()
        recorder = run.record(plan)
        run.engine.start()
        assert run.engine.finished.wait(20)
        run.stop()
        self.told = [event.message for event in seen.events if isinstance(event, Fault)]
        self.samples = seen.samples
        self.signals = signals
        assert recorder.folder is not None
        return read_session(recorder.folder)


@pytest.fixture
def lab(tmp_path: Path) -> Lab:
    return Lab(tmp_path)


def test_the_next_session_of_the_same_participant_begins_with_it(lab: Lab) -> None:
    first = lab.run(lab.plan("P07"), calibrate=True)
    (measured,) = first.header["baselines"]
    assert measured["origin"] == "measured"
    assert 85 <= measured["from_row"] <= 95
    second = lab.run(lab.plan("P07"))
    assert second.header["baselines"] == [{**measured, "origin": "kept", "from_row": 0}]
    assert set(second["baseline_id"]) == {measured["id"]}
    assert second["valence"][-1] == pytest.approx(0.0, abs=1e-6)
    assert second["valence_raw"][-1] == pytest.approx(-0.2)
    assert second.baselines[measured["id"]]["centre"]["valence"] == pytest.approx(-0.2)
    assert any("baseline that P07 had on" in message for message in lab.told)


def test_it_is_kept_in_a_file_as_soon_as_it_is_measured(lab: Lab) -> None:
    lab.run(lab.plan("P07"), calibrate=True)
    (stored,) = BaselineStore(lab.root).shelf("Calm", "P07").stored
    assert stored.baseline.model == "made 1"
    assert json.loads(stored.path.read_text(encoding="utf-8"))["participant"] == "P07"


def test_somebody_else_begins_without_one(lab: Lab) -> None:
    lab.run(lab.plan("P07"), calibrate=True)
    other = lab.run(lab.plan("P08"))
    assert other.header["baselines"] == []
    assert set(other["baseline_id"]) == {""}
    assert other["valence"][-1] == pytest.approx(-0.2)


def test_a_session_can_ask_for_none_or_for_one_by_its_id(lab: Lab) -> None:
    first = lab.run(lab.plan("P07"), calibrate=True)
    name = first.header["baselines"][0]["id"]
    without = lab.run(lab.plan("P07", baseline=NONE))
    assert set(without["baseline_id"]) == {""}
    named = lab.run(lab.plan("P07", baseline=name))
    assert set(named["baseline_id"]) == {name}
    with pytest.raises(SessionError, match="no baseline “b0”"):
        lab.run(lab.plan("P07", baseline="b0"))


def test_one_of_another_model_is_not_used_and_that_is_told(lab: Lab) -> None:
    lab.run(lab.plan("P07"), calibrate=True)
    later = lab.run(lab.plan("P07"), version="2")
    assert set(later["baseline_id"]) == {""}
    assert lab.signals.baseline_problem == NOT_FOR_THIS_MODEL


def test_redone_it_is_kept_beside_the_first(lab: Lab) -> None:
    first = lab.run(lab.plan("P07"), calibrate=True)
    again = lab.run(lab.plan("P07"), calibrate=True)
    ids = [one["id"] for one in again.header["baselines"]]
    # The same face gives the same numbers, and those have the same name: one file, both sessions name it.
    assert ids == [first.header["baselines"][0]["id"]]
    assert len(BaselineStore(lab.root).shelf("Calm", "P07").stored) == 1


@pytest.mark.expected_log
def test_a_disk_that_refuses_the_file_costs_the_session_nothing(lab: Lab) -> None:
    (lab.root / "Calm").mkdir()
    (lab.root / "Calm" / "baselines").write_text("in the way", encoding="utf-8")
    session = lab.run(lab.plan("P07"), calibrate=True)
    assert session.rows == 120
    assert session.header["state"] == "closed"
    assert any("could not be kept" in str(event.get("message")) for event in session.events)


def test_without_a_code_it_serves_the_session_and_is_not_kept(lab: Lab) -> None:
    session = lab.run(lab.plan(""), calibrate=True)
    assert session.header["baselines"][0]["origin"] == "measured"
    assert list(lab.root.rglob("baselines")) == []
