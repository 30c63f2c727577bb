"""Sessions taken together by condition: what a person would work out with pandas from the rows themselves."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop_affect.cli import main as front
from desktop_affect.core.types import Alert, AlertPhase, Quality, Sample
from desktop_affect.session.conditions import Conditions
from desktop_affect.session.export.options import ExportOptions, Smoothing
from desktop_affect.session.header import to_text
from desktop_affect.session.reader import Session, read_header, read_session
from desktop_affect.session.totals import Moments
from desktop_affect.system import crash, logs
from tests.session.export.performed import sample
from tests.session.recorded import record

RAW = ExportOptions(smoothing=Smoothing.RAW)


def shifted(seq: int, by: float) -> Sample:
    made = sample(seq)
    if made.raw is None or made.affect is None:
        return made
    return replace(made, raw=replace(made.raw, valence=made.raw.valence + by), quality=Quality(0.9, (), usable=True))


def session(folder: Path, participant: str, condition: str, rows: int, by: float, alerts: int = 0) -> Session:
    made = [shifted(seq, by) for seq in range(rows)]
    at_s = made[0].t_s
    told = [
        Alert(n + 1, AlertPhase.ENDED, "r", at_s + n * 0.1, at_s + n * 0.1, at_s + n * 0.1 + 0.05, 1.0, 0.5, ("x",))
        for n in range(alerts)
    ]
    record(folder, made, told)
    header = read_header(folder) | {"study": "Calm", "participant": participant, "condition": condition}
    (folder / "session.json").write_text(to_text(header), encoding="utf-8")
    return read_session(folder)


@pytest.fixture
def sessions(tmp_path: Path) -> list[Session]:
    return [
        session(tmp_path / "a1", "P1", "A", 60, 0.0, alerts=2),
        session(tmp_path / "a1b", "P1", "A", 120, 0.1),
        session(tmp_path / "a2", "P2", "A", 90, 0.3, alerts=1),
        session(tmp_path / "b1", "P1", "B", 60, -0.2),
    ]


def rows(sessions: list[Session]) -> dict[tuple[str, str], dict[str, str | float]]:
    conditions = Conditions(RAW)
    for one in sessions:
        conditions.add(one)
    return {(str(row["condition"]), str(row["scope"])): row for row in conditions.rows()}


def test_a_condition_is_all_its_rows_together(sessions: list[Session]) -> None:
    found = rows(sessions)["A", "condition"]
    values = np.concatenate([one["valence_raw"].astype(float) for one in sessions[:3]])
    assert found["valence_mean"] == pytest.approx(np.nanmean(values))
    assert found["valence_sd"] == pytest.approx(np.nanstd(values, ddof=1))
    assert (found["participants"], found["sessions"], found["rows"], found["alerts"]) == (2, 3, 270, 3)
    assert found["duration_s"] == pytest.approx(9.0)
    assert found["alerts_per_min"] == pytest.approx(3 / 9 * 60)
    assert 0.8 < float(found["valid_share"]) <= 1.0
    present = np.concatenate([np.nan_to_num(one["AU12_present"]) for one in sessions[:3]])
    assert 0 < float(found["AU12_count"]) <= present.sum()


def test_participants_weigh_the_same(sessions: list[Session]) -> None:
    found = rows(sessions)["A", "participants"]
    first = np.concatenate([one["valence_raw"].astype(float) for one in sessions[:2]])
    means = [np.nanmean(first), np.nanmean(sessions[2]["valence_raw"].astype(float))]
    assert found["valence_mean"] == pytest.approx(np.mean(means))
    assert found["valence_sd"] == pytest.approx(np.std(means, ddof=1))
    assert found["alerts_per_min"] == pytest.approx(np.mean([2 / 6 * 60, 1 / 3 * 60]))


def test_of_one_participant_there_is_no_spread_between(sessions: list[Session]) -> None:
    alone = rows(sessions)["B", "participants"]
    assert alone["participants"] == 1
    assert np.isnan(float(alone["valence_sd"]))


def test_who_has_no_code_is_somebody_of_their_own(tmp_path: Path) -> None:
    nobody = [session(tmp_path / name, "", "A", 30, 0.0) for name in ("x", "y")]
    assert rows(nobody)["A", "condition"]["participants"] == 2


@given(st.lists(st.lists(st.floats(-1e3, 1e3), max_size=6), min_size=1, max_size=6))
def test_moments_add_up_whatever_the_pieces(pieces: list[list[float]]) -> None:
    added = Moments()
    for piece in pieces:
        added = added + Moments.of(np.array([*piece, np.nan]))
    everything = np.array([value for piece in pieces for value in piece])
    assert added.count == len(everything)
    if len(everything):
        assert added.mean == pytest.approx(everything.mean(), abs=1e-6)
    if len(everything) > 1:
        assert added.sd == pytest.approx(everything.std(ddof=1), abs=1e-5)
    else:
        assert np.isnan(added.sd)


def test_the_export_of_several_sessions_writes_it_once(
    sessions: list[Session], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("DESKTOP_AFFECT_HOME", str(tmp_path / "home"))
    monkeypatch.setattr(logs, "set_up", lambda verbose: None)
    monkeypatch.setattr(crash, "watch", lambda: None)
    (tmp_path / ".trash").mkdir()
    session(tmp_path / ".trash" / "deleted", "P9", "Z", 30, 0.0)
    words = ["export", str(tmp_path), str(sessions[0].path), "--format", "aggregates", "--smoothing", "raw", "--json"]
    assert front.main(words) == 0
    told = json.loads(capsys.readouterr().out)
    assert [one["format"] for one in told] == ["aggregates"] * 4 + ["conditions"]
    table = pd.read_csv(told[-1]["file"])
    assert Path(told[-1]["file"]) == tmp_path / "exports" / "conditions_raw.csv"
    assert table[["scope", "condition", "sessions"]].to_numpy().tolist() == [
        ["condition", "A", 3], ["participants", "A", 3], ["condition", "B", 1], ["participants", "B", 1],
    ]  # fmt: skip
    singles = pd.concat(pd.read_csv(one["file"]) for one in told[:-1]).query("scope == 'session' and condition == 'A'")
    of_people = singles.groupby("participant").apply(
        lambda rows: rows["alerts"].sum() / rows["duration_s"].sum() * 60, include_groups=False
    )
    assert table["alerts_per_min"][1] == pytest.approx(of_people.mean(), rel=1e-4)
    assert front.main(["export", str(sessions[0].path), "--format", "aggregates", "--json"]) == 0
    assert [one["format"] for one in json.loads(capsys.readouterr().out)] == ["aggregates"]
