"""A rule over recorded sessions: at its own threshold exactly what was recorded, at others what would have been."""

from __future__ import annotations

import json
import math
from collections.abc import Iterator
from pathlib import Path

import pytest

from desktop_affect.cli import main as front
from desktop_affect.core.types import Alert, AlertPhase, Sample
from desktop_affect.session.points import pooled, session_points, useful_thresholds
from desktop_affect.session.reader import Session, read_session
from desktop_affect.session.replay import samples as recorded_samples
from desktop_affect.signals.rules import parse_rule
from desktop_affect.system import crash, logs
from tests.session.recorded import record
from tests.signals.made import affect, chain, face, judged, sample

VALENCE, LOST = "valence below -0.4 for 0.5 s", "face lost for 1 s"


def performance() -> Iterator[Sample]:
    """A minute: displeasure every ten seconds, one of them too dark to believe, a lost face, skipped frames."""
    for k in range(1800):
        t_s = k / 30
        low = affect(-0.8 if t_s % 10 < 3 else 0.1)
        if 34 <= t_s < 36:
            yield sample(t_s, None)
        elif k % 7 == 3:
            yield sample(t_s, None, skipped=True)
        else:
            yield sample(t_s, face(brightness=0.02 if 20 <= t_s < 24 else 0.46), low)


@pytest.fixture(scope="module")
def session(tmp_path_factory: pytest.TempPathFactory) -> Session:
    through = chain({"alerts.rules": f"{VALENCE}; {LOST}"})
    rows, alerts = judged(through, performance())
    folder = record(tmp_path_factory.mktemp("points") / "s1", rows, [*alerts, *through.finish()])
    return read_session(folder)


def recorded(session: Session, rule: str) -> list[Alert]:
    return [alert for alert in session.alerts if alert.rule == rule]


@pytest.mark.parametrize("text", [VALENCE, LOST])
def test_at_its_own_threshold_it_gives_what_was_recorded(session: Session, text: str) -> None:
    rule = parse_rule(text, cooldown_s=5.0)
    (point,) = session_points(session, rule, [rule.threshold])
    alerts = recorded(session, text)
    assert point.alerts == len(alerts) > 0
    assert point.share * point.watched_s == pytest.approx(sum(a.end_s - a.begin_s for a in alerts), abs=1e-3)


def test_rows_that_are_read_back_give_the_same_alerts_again(session: Session) -> None:
    """Live, then replayed from the disk: the very same rules over the very same rows."""
    through = chain({"alerts.rules": f"{VALENCE}; {LOST}"})
    _, again = judged(through, recorded_samples(session))
    ended = [alert for alert in (*again, *through.finish()) if alert.phase is AlertPhase.ENDED]
    assert [(a.rule, a.number) for a in ended] == [(a.rule, a.number) for a in session.alerts]
    for one, other in zip(ended, session.alerts, strict=True):
        assert (one.begin_s, one.peak_s, one.end_s) == pytest.approx((other.begin_s, other.peak_s, other.end_s))


def test_the_dark_stretch_is_not_watched(session: Session) -> None:
    (point,) = session_points(session, parse_rule(VALENCE), [-0.4])
    assert point.alerts == 5
    assert point.watched_s < 60 - 4 - 2


def test_a_lower_threshold_never_gives_longer_alerts(session: Session) -> None:
    shares = [point.share for point in session_points(session, parse_rule(VALENCE), [-0.2, -0.4, -0.6, -0.95])]
    assert shares == sorted(shares, reverse=True)
    assert shares[-1] == 0.0


def test_thresholds_are_round_numbers_over_the_data_and_the_rules_own(session: Session) -> None:
    found = useful_thresholds([session], parse_rule("valence below -0.43 for 1 s"))
    assert found == (-0.8, -0.7, -0.6, -0.5, -0.43, -0.4, -0.3, -0.2, -0.1, 0.0, 0.1)
    assert useful_thresholds([session], parse_rule("face lost for 1 s")) == (0.5,)
    nothing = useful_thresholds([session], parse_rule("mimicry_joy above 0.5 for 1 s"))
    assert (nothing[0], nothing[-1]) == (0.0, 1.0)


def test_sessions_are_pooled_by_their_time(session: Session) -> None:
    points = session_points(session, parse_rule(VALENCE), [-0.4, -0.6])
    nothing = session_points(session, parse_rule("mimicry_joy above 0.5 for 1 s"), [-0.4, -0.6])
    both = pooled([points, points, nothing])
    assert [point.alerts for point in both] == [2 * point.alerts for point in points]
    assert [point.per_minute for point in both] == pytest.approx([point.per_minute for point in points])
    assert math.isnan(pooled([nothing])[0].per_minute)


@pytest.fixture
def quiet(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("DESKTOP_AFFECT_HOME", str(tmp_path))
    monkeypatch.setattr(logs, "set_up", lambda verbose: None)
    monkeypatch.setattr(crash, "watch", lambda: None)


@pytest.mark.usefixtures("quiet")
def test_from_the_command_line(session: Session, capsys: pytest.CaptureFixture[str]) -> None:
    assert front.main(["signals", "points", str(session.path), "--rule", VALENCE, "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    own = next(point for point in told["pooled"] if point["threshold"] == -0.4)
    assert own["alerts"] == len(recorded(session, VALENCE))
    assert told["sessions"][0]["session"] == str(session.path)
    assert front.main(["signals", "points", str(session.path), "--thresholds", "0.3", "0.55"]) == 0
    out = capsys.readouterr().out.splitlines()
    assert out[0].startswith("hesitancy (experimental): 1 session, ")
    assert [line.split()[0] for line in out[1:]] == ["threshold", "0.3", "0.55"]


@pytest.mark.usefixtures("quiet")
def test_what_cannot_be_meant_is_refused(session: Session, capsys: pytest.CaptureFixture[str]) -> None:
    assert front.main(["signals", "points", str(session.path), "--rule", "charm above 1 for 1 s"]) == 1
    assert "no signal" in capsys.readouterr().err
    assert front.main(["signals", "points", str(session.path), "--thresholds", "nan"]) == 1
    assert "is a number" in capsys.readouterr().err


@pytest.mark.usefixtures("quiet")
def test_every_signal_is_listed(capsys: pytest.CaptureFixture[str]) -> None:
    assert front.main(["signals", "list", "--json"]) == 0
    assert {"valence", "gaze_away_share", "quality"} <= {one["signal"] for one in json.loads(capsys.readouterr().out)}
    assert front.main(["signals", "list"]) == 0
    assert "lip corner puller" in capsys.readouterr().out
