"""`desktop-affect replay`: every row and event once, in the recording's order; what cannot be played is told."""

from __future__ import annotations

import json
import signal
from pathlib import Path

import pytest

from desktop_affect.assembly import build_replay
from desktop_affect.cli import main as front
from desktop_affect.core.errors import AffectError
from desktop_affect.core.types import Alert, AlertPhase, Frame, Marker, Sample, Seen
from tests.fakes import CollectingSink
from tests.session.recorded import record
from tests.session.samples import bare_sample, full_sample

STEP_S = 0.05


@pytest.fixture
def session(tmp_path: Path) -> Path:
    rows = [full_sample(n, 100.0 + n * STEP_S, seed=n) for n in range(19)]
    alert = Alert(1, AlertPhase.ENDED, "hesitancy", 100.3, 100.4, 100.6, 0.7, 0.55, ("looked away twice",))
    return record(tmp_path / "s1", [*rows, bare_sample(19, 100.95, Seen.NO_FACE)], [Marker(100.2, "question"), alert])


def test_everything_comes_once_and_the_numbers_are_told(session: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert front.main(["replay", str(session), "--headless", "--speed", "16", "--json"]) == 0
    assert json.loads(capsys.readouterr().out) == {
        "session": str(session), "speed": 16.0, "rows": 20, "faces": 19, "markers": 1, "alerts": 1, "duration_s": 0.95,
        "interrupted": False,
    }  # fmt: skip


def test_people_read_what_happens_in_the_time_of_the_recording(
    session: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert front.main(["replay", str(session), "--headless", "--speed", "16"]) == 0
    assert [line.strip() for line in capsys.readouterr().out.splitlines()] == [
        "0.2 s  marker: question",
        "0.3 s  alert hesitancy begins",
        "0.6 s  alert hesitancy: looked away twice",
        "20 rows, 1 markers, 1 alerts at 16 times the pace",
    ]


def test_of_a_folder_of_sessions_the_newest_is_played(
    session: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    newer = record(tmp_path / "s0", [bare_sample()])
    header = json.loads((newer / "session.json").read_text(encoding="utf-8"))
    header["clock"]["opened"]["wall_utc"] = "2027-01-01T00:00:00+00:00"
    (newer / "session.json").write_text(json.dumps(header), encoding="utf-8")
    assert front.main(["replay", str(tmp_path), "--headless", "--speed", "16", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["session"] == str(newer)


def test_from_the_middle(session: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert front.main(["replay", str(session), "--headless", "--speed", "16", "--from", "0.7", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["rows"] == 6


@pytest.mark.parametrize(
    ("more", "message"),
    [
        (["--speed", "17"], "0.25 to 16 times its pace"),
        (["--from", "1.5"], "no second 1.5"),
        (["--from", "-1"], "no second -1"),
    ],
)
def test_what_cannot_be_played_is_told(
    session: Path, more: list[str], message: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert front.main(["replay", str(session), "--headless", *more]) == 1
    assert message in capsys.readouterr().err


def test_a_folder_that_is_no_session_and_json_without_headless(
    tmp_path: Path, session: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "empty").mkdir()
    assert front.main(["replay", str(tmp_path / "empty"), "--headless"]) == 1
    assert "is not a session" in capsys.readouterr().err
    assert front.main(["replay", str(session), "--json"]) == 1
    assert "--headless" in capsys.readouterr().err


def test_it_stops_by_itself_when_the_time_is_up(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    an_hour = record(tmp_path / "s1", [full_sample(0, 100.0), full_sample(1, 3700.0)])
    assert front.main(["replay", str(an_hour), "--headless", "--duration", "0.1", "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["rows"] < 2
    assert not told["interrupted"]


def test_ctrl_c_stops_it(session: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    from desktop_affect.cli import replay

    class Impatient(replay.Teller):
        def on_sample(self, sample: Sample, frame: Frame | None) -> None:
            super().on_sample(sample, frame)
            if self.rows == 2:
                signal.raise_signal(signal.SIGINT)

    monkeypatch.setattr(replay, "Teller", Impatient)
    assert front.main(["replay", str(session), "--headless", "--speed", "0.25", "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["interrupted"] is True
    assert told["rows"] < 20


def test_a_sink_gets_what_was_recorded(session: Path) -> None:
    sink = CollectingSink()
    run = build_replay(session, (sink,), speed=16)
    run.replay.start()
    assert run.replay.finished.wait(20)
    assert run.stop()
    assert not run.failed
    assert run.position_s == run.duration_s
    assert [sample.media_t_s for sample in sink.samples] == pytest.approx([n * STEP_S for n in range(20)])
    assert sink.samples[3].raw == full_sample(3, seed=3).raw


@pytest.mark.expected_log
def test_a_recording_that_breaks_while_it_plays_is_a_failure(
    session: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def torn(*anything: object) -> None:
        raise AffectError("The drive is gone.", advice="Plug it in.")

    monkeypatch.setattr("desktop_affect.session.replay._sample", torn)
    assert front.main(["replay", str(session), "--headless"]) == 1
    assert "The drive is gone." in capsys.readouterr().out
