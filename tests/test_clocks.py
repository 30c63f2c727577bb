"""Clocks that jump: the wall clock changes nothing about the rows, a sleep is a gap in them and never garbage."""

from __future__ import annotations

import json
import math
from datetime import datetime, timedelta, timezone
from pathlib import Path

import numpy as np
import pytest

from desktop_affect.core.types import AlertPhase, ClockPair, Sample
from desktop_affect.session.aggregate import aggregate
from desktop_affect.session.export.options import ExportOptions, Smoothing
from desktop_affect.session.export.table import ExportTable
from desktop_affect.session.plan import SessionPlan
from desktop_affect.session.reader import read_session
from desktop_affect.signals.calibration import Calibration, CalibrationState
from desktop_affect.sinks.background_sync import AtOnce
from desktop_affect.sinks.inbox import Inbox
from desktop_affect.sinks.recording import GUARD_STEPS, Outside, Recording
from tests.fakes import FakeClock
from tests.session.recorded import QuickDisk, record
from tests.session.samples import bare_sample, start
from tests.signals.made import MODEL, affect, chain, face, judged, sample, still

NOON = datetime(2026, 3, 29, 12, tzinfo=timezone.utc)
SLEEP_S = 3600.0


class Lab:
    """A recording with a wall clock that somebody may set."""

    def __init__(self, root: Path) -> None:
        self.clock = FakeClock(100.0)
        self.set_by = timedelta(0)
        self.inbox = Inbox(waits=False)
        outside = Outside(QuickDisk(), self.clock, self.read, lambda fault: None, AtOnce())
        self.recording = Recording(SessionPlan(root), start(), self.inbox, outside)
        self.seq = 0

    def read(self) -> ClockPair:
        wall = NOON + timedelta(seconds=self.clock.now_s() - 100.0) + self.set_by
        return ClockPair(self.clock.now_s(), wall.isoformat(), 0.0)

    def record(self, seconds: int) -> None:
        for _ in range(seconds * 10):
            self.inbox.put(bare_sample(self.seq, self.clock.now_s()))
            self.seq += 1
            self.clock.advance(0.1)
        for _ in range(GUARD_STEPS):
            self.recording.step()

    def log(self) -> list[dict[str, object]]:
        assert self.recording.folder is not None
        lines = (self.recording.folder / "events.log").read_text(encoding="utf-8").splitlines()
        return [event for line in lines if (event := json.loads(line))["event"] == "clock_jump"]


@pytest.mark.parametrize("hours", [-25.0, 25.0])
def test_a_wall_clock_that_is_set_changes_no_row_and_is_written_down(tmp_path: Path, hours: float) -> None:
    lab = Lab(tmp_path)
    assert lab.recording.begin()
    lab.record(5)
    lab.set_by = timedelta(hours=hours)
    lab.record(5)
    lab.record(5)
    assert lab.recording.finish()
    assert lab.recording.folder is not None
    session = read_session(lab.recording.folder)
    assert session["t_s"] == pytest.approx(np.arange(150) / 10, abs=1e-6)
    assert session.header["end"]["duration_s"] == pytest.approx(14.9)
    (jump,) = lab.log()
    assert (jump["row"], jump["by_s"]) == (100, hours * 3600)
    later = datetime.fromisoformat(str(jump["wall_utc"])) - datetime.fromisoformat(
        session.header["clock"]["opened"]["wall_utc"]
    )
    assert later == timedelta(seconds=10, hours=hours)


def test_small_corrections_of_the_wall_clock_are_not_news(tmp_path: Path) -> None:
    lab = Lab(tmp_path)
    assert lab.recording.begin()
    for _ in range(4):
        lab.set_by += timedelta(seconds=0.5)
        lab.record(1)
    assert lab.recording.finish()
    assert lab.log() == []


def smiling(begin_s: float, seconds: float = 5.0, valence: float = 0.8) -> list[Sample]:
    count = round(seconds * 30)
    return [sample(begin_s + k / 30, face(), affect(valence, units={"AU12": 0.9})) for k in range(count)]


def test_an_alert_ends_before_the_sleep_and_the_sleep_counts_for_nothing() -> None:
    through = chain({"alerts.rules": "valence above 0.5 for 20 s; AU12 present for 2 s", "alerts.cooldown_s": 0.0})
    _, alerts = judged(through, [*smiling(0.0), *smiling(SLEEP_S)])
    ended = [alert for alert in (*alerts, *through.finish()) if alert.phase is AlertPhase.ENDED]
    assert [alert.rule for alert in ended] == ["AU12 present for 2 s"] * 2, "20 s were never watched in a row"
    assert [alert.end_s - alert.begin_s for alert in ended] == pytest.approx([5.0, 5.0], abs=0.1)
    assert ended[1].begin_s == pytest.approx(SLEEP_S, abs=0.05)


def test_after_a_sleep_the_filter_begins_anew_and_rates_count_watched_time_only() -> None:
    out, _ = judged(chain(), [*smiling(0.0, 20.0), *smiling(SLEEP_S, 2.0, valence=-0.6)])
    first = next(s for s in out if s.t_s == SLEEP_S)
    assert first.affect is not None
    assert first.affect.valence == pytest.approx(-0.6), "nothing of the smile of an hour ago"
    assert math.isnan(first.cues["gaze_away_share"]) or first.cues["gaze_away_share"] == 0.0
    assert all(s.quality.usable for s in out)


def test_a_calibration_counts_no_sleep() -> None:
    calibration = Calibration(10.0, MODEL)
    for each in [*still(4.0), *still(4.0, begin_s=SLEEP_S)]:
        status = calibration.feed(judged(chain(), [each])[0][0])
    assert status.state is CalibrationState.GATHERING
    assert status.progress == pytest.approx(0.8, abs=0.02)


def test_on_disk_a_sleep_is_a_gap(tmp_path: Path) -> None:
    rows, _ = judged(chain(), [*smiling(100.0), *smiling(100.0 + SLEEP_S)])
    session = read_session(record(tmp_path / "s", rows))
    assert session.rows == 300
    assert np.diff(session["t_s"]).max() == pytest.approx(SLEEP_S - 5 + 1 / 30)
    table = ExportTable(session, ExportOptions(smoothing=Smoothing.OFFLINE, resample_hz=1.0))
    asleep = (table.t_s > 6) & (table.t_s < SLEEP_S - 1)
    assert asleep.sum() > 3500
    assert np.isnan(table["valence"][asleep]).all()
    (whole,) = aggregate(ExportTable(session, ExportOptions()))
    assert whole["face_share"] == pytest.approx((10 + 0.5) / (SLEEP_S + 5), rel=0.01)
    assert whole["valence_mean"] == pytest.approx(0.8, abs=0.01)
